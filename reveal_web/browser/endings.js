// The scenes in which nothing can be opened any more, or not by this page: dead link, damage, the cleared page.

import { requestButton } from "./asking.js";
import { make } from "./elements.js";
import { showNotice } from "./plain_notices.js";
import { has, say } from "./saying.js";
import { show } from "./scene.js";
import { moment } from "./times.js";

const OPENED = ["viewed", "released", "other", "elsewhere", "unsure"];

/** "Ask for a new one", the way on from every drop that is gone. */
function askAgain(drop, attributes) {
  return requestButton(say("again"), say("again.done"), () => drop.server.ask("again"), attributes);
}

/** What happened to a drop that ended, and when; `attempt` is the claim that met the end, null at the door. */
function outcomeOf({ state, at }, attempt) {
  if (typeof at !== "number") return { outcome: "other", text: say("dead.undated") };
  const wasGiven = state === "viewed" || state === "released";
  // Whose claim it was the server does not say, and a page that got every answer knows that it was not its own.
  const met = attempt && (attempt.troubled ? "unsure" : "elsewhere");
  const outcome = wasGiven && met ? met : has(`dead.${state}`) ? state : "other";
  return { outcome, text: say(`dead.${outcome}`, { time: moment(at) }) };
}

/**
 * `answer` is the server's: slug "not-found" tells nothing, "ended" tells what happened and when. `attempt` is
 * {troubled} when a claim got this answer; troubled: an earlier answer to it was lost.
 */
export function showDeadLink(drop, answer, attempt = null) {
  if (answer.slug !== "ended") return show(say("dead.heading"), [make("p", {}, say("dead.stranger"))]);
  const { outcome, text } = outcomeOf(answer, attempt);
  const [prompt, objection, done] = OPENED.includes(outcome)
    ? [say("dead.not_me"), say("not_me"), say("not_me.done")]
    : [say("dead.unexpected"), say("unexpected"), say("unexpected.done")];
  show(say("dead.heading"), [make("p", {}, text), make("p", {}, say("dead.again")), askAgain(drop)], {
    extras: [make("p", {}, prompt), requestButton(objection, done, () => drop.server.notMe(), { class: "quiet" })],
  });
}

/** The envelope came and could not be opened: it is spent, a new one is the only way. */
export function showDamaged(drop) {
  showNotice("damaged", askAgain(drop));
}

/** After clearing; `why` is "text" (asked for), "timed" or "before" (an earlier load of this address); `receipt` leads on. */
export function showCleared(why, receipt = null) {
  show(say("cleared.heading"), [make("p", {}, say(`cleared.${why}`)), receipt]);
}
