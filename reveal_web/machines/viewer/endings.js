// The scenes in which nothing can be read: not any more, not for now, or not on this page any longer.

import { button, make } from "./elements.js";
import { showReload } from "./plain_notices.js";
import { has, say } from "./saying.js";
import { show } from "./scene.js";
import { moment } from "./times.js";

/** `answer` is the server's: slug "not-found" tells nothing, "ended" tells what happened and when. */
export function showEnded({ slug, state, at }) {
  const name = has(`ended.${state}`) ? `ended.${state}` : "ended.other";
  const dated = typeof at === "number" ? say(name, { time: moment(at) }) : say("ended.undated");
  const told = slug === "ended" ? dated : say("dead.stranger");
  const more = slug === "ended" ? make("p", {}, say("ended.again")) : null;
  show(say("dead.heading"), [make("p", {}, told), more]);
}

/** All guesses are used; `look` asks the server again. */
export function showLocked({ sender }, look) {
  const text = sender ? say("locked.text", { sender }) : say("locked.text.unknown");
  show(say("locked.heading"), [make("p", {}, text), button(say("look"), look)]);
}

/** What came cannot be opened; it can be fetched again. */
export function showDamaged() {
  showReload("damaged");
}

/** After clearing; `why` is "text" (asked for) or "timed". The link is still in the address, and the passphrase nowhere. */
export function showCleared(why) {
  show(say("cleared.heading"), [
    make("p", {}, say(`cleared.${why}`)),
    button(say("cleared.again"), () => location.reload()),
  ]);
}
