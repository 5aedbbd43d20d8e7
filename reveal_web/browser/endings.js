// The scenes in which nothing can be opened: cut link, dead link, locked, and the refusals of the page itself.

import { readPasted } from "./address.js";
import { requestButton } from "./asking.js";
import { button, make, PRIVATE_FIELD } from "./elements.js";
import { complain, show } from "./scene.js";
import { moment } from "./times.js";
import { has, say } from "./words.js";

/** A heading, a sentence, and perhaps a way on. */
export function showNotice(name, ...controls) {
  show(say(`${name}.heading`), [make("p", {}, say(`${name}.text`)), ...controls]);
}

/** A notice whose way on is to load the page again. */
export function showReload(name) {
  showNotice(name, button(say("reload"), () => location.reload()));
}

/** `refused` is "cut" or "newer": both get a field for the whole link. */
export function showCutLink(refused) {
  const field = make("textarea", { id: "whole", rows: "3", "aria-describedby": "whole-help problem", ...PRIVATE_FIELD });
  const submit = async (event) => {
    event.preventDefault();
    const { url, host } = await readPasted(field.value);
    if (!url) return complain(host ? say("cut.elsewhere", { host }) : say("cut.still"));
    // In place of this entry: forgetKey() reaches one entry only, and this one holds most of the key too.
    location.replace(url);
  };
  const form = make(
    "form",
    { onsubmit: submit },
    make("label", { for: "whole" }, say("cut.field")),
    field,
    make("p", { id: "whole-help", class: "help" }, say("cut.help")),
    make("button", { type: "submit" }, say("open")),
  );
  show(say(`${refused}.heading`), [make("p", {}, say(`${refused}.text`)), form]);
}

/** `answer` is the server's: slug "not-found" tells nothing, "ended" tells what happened and when. */
export function showDeadLink(drop, answer) {
  if (answer.slug !== "ended") return show(say("dead.heading"), [make("p", {}, say("dead.stranger"))]);
  const outcome = has(`dead.${answer.state}`) ? answer.state : "other";
  const wasOpened = ["viewed", "released", "other"].includes(outcome);
  const dated = typeof answer.at === "number";
  show(say("dead.heading"), [
    make("p", {}, dated ? say(`dead.${outcome}`, { time: moment(answer.at) }) : say("dead.undated")),
    wasOpened ? make("p", {}, say("dead.not_me")) : null,
    make(
      "div",
      { class: "row" },
      ...(wasOpened ? [requestButton(say("not_me"), say("not_me.done"), () => drop.server.notMe())] : []),
      requestButton(say("again"), say("again.done"), () => drop.server.ask("again")),
    ),
  ]);
}

/** All guesses are used; `look` asks the server again. */
export function showLocked(drop, look) {
  const sender = drop.sender;
  show(say("locked.heading"), [
    make("p", {}, say("locked.text", { sender })),
    make(
      "div",
      { class: "row" },
      requestButton(say("locked.ask", { sender }), say("locked.asked", { sender }), () => drop.server.ask("tries")),
      button(say("locked.look"), look, { class: "quiet" }),
    ),
  ]);
}

/** The envelope came and could not be opened: it is spent, a new one is the only way. */
export function showDamaged(drop) {
  showNotice("damaged", requestButton(say("again"), say("again.done"), () => drop.server.ask("again")));
}

/** After clearing; `why` is "text" (asked for), "timed" or "before" (an earlier load of this address). */
export function showCleared(why) {
  show(say("cleared.heading"), [make("p", {}, say(`cleared.${why}`))]);
}
