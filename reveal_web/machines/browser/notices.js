// The scenes in which nothing is sealed: cut link, a link that is over or used, refusals of the page itself, the cleared page.

import { button, make, PRIVATE_FIELD } from "./elements.js";
import { follow } from "./following.js";
import { readPasted } from "./order_address.js";
import { harmless, say } from "./saying.js";
import { complain, show } from "./scene.js";

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
    if (url) {
      // In place of this entry, which holds most of the token too.
      location.replace(url);
      return;
    }
    complain(host ? say("cut.elsewhere", { host }) : say("cut.still"));
    field.focus();
  };
  const form = make(
    "form",
    { onsubmit: submit },
    make("label", { for: "whole" }, say("cut.field")),
    field,
    make("p", { id: "whole-help", class: "help" }, say("cut.help")),
    make("button", { type: "submit" }, say("cut.go")),
  );
  show(say(`${refused}.heading`), [make("p", {}, say(`${refused}.text`)), form]);
}

/** Something was sealed under this order: what became of it, and nothing to seal. */
export function showUsed(answer, look) {
  const word = make("p", { class: "ack", role: "status" });
  show(say("used.heading"), [make("p", {}, say("used.text"))], { below: [word] });
  follow(look, { recipientName: harmless(answer.recipient ?? "") }, (sentence) => {
    word.textContent = sentence;
  });
}

/** After everything was passed on; `word` goes on saying what became of the link. */
export function showCleared(word) {
  show(say("cleared.heading"), [make("p", {}, say("cleared.text"))], { below: [word] });
}
