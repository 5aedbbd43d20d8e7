// The scenes that every page has: a heading with a sentence, and a link that was cut.

import { button, make, PRIVATE_FIELD } from "./elements.js";
import { say } from "./saying.js";
import { complain, show } from "./scene.js";

/** A heading, a sentence, and perhaps a way on. */
export function showNotice(name, ...controls) {
  show(say(`${name}.heading`), [make("p", {}, say(`${name}.text`)), ...controls]);
}

/** A notice whose way on is to load the page again. */
export function showReload(name) {
  showNotice(name, button(say("reload"), () => location.reload()));
}

/** `refused` is "cut" or "newer": both get a field for the whole link. `goOn` names the word on its button. */
export function showCutLink(refused, readPasted, goOn) {
  const field = make("textarea", { id: "whole", rows: "3", "aria-describedby": "whole-help problem", ...PRIVATE_FIELD });
  const submit = async (event) => {
    event.preventDefault();
    const { url, host } = await readPasted(field.value);
    if (url) {
      // In place of this entry, which holds most of the key or token too, and which nothing takes away later.
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
    make("button", { type: "submit" }, say(goOn)),
  );
  show(say(`${refused}.heading`), [make("p", {}, say(`${refused}.text`)), form]);
}
