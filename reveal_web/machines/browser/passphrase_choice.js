// Which passphrase: made here and shown after sealing, or one that the recipient knows already.

import { button, make, PRIVATE_FIELD } from "./elements.js";
import { makePassphrase, triesForOne, typedPassphrase } from "./passphrases.js";
import { UnusablePassphraseError } from "./refusals.js";
import { say } from "./saying.js";
import { complain } from "./scene.js";
import { showToggle } from "./show_toggle.js";

function typedField() {
  const odds = make("p", { id: "odds", class: "help" }, say("passphrase.typed.help"));
  const field = make("input", {
    id: "passphrase",
    type: "password",
    maxlength: "1024",
    "aria-describedby": "odds problem",
    oninput: () => {
      const count = triesForOne(field.value);
      odds.textContent = count === null ? say("passphrase.typed.help") : say("passphrase.odds", { count });
    },
    ...PRIVATE_FIELD,
  });
  const toggle = showToggle(field);
  return { field, parts: [make("div", { class: "joined" }, field, toggle), odds] };
}

/**
 * {box, chosen}: `chosen()` is the passphrase, or null when what was typed cannot be one; then it has been said why. `kept` is
 * one that was used before on this page: made once, it stays the same however often sealing is tried.
 */
export function passphraseChoice(recipient, kept) {
  let typed = null;
  const box = make("div", { class: "choice", role: "group", "aria-labelledby": "passphrase-label" });
  const offerMade = () => {
    typed = null;
    box.replaceChildren(
      make("p", { id: "passphrase-label", class: "label" }, say("passphrase.label")),
      make("p", {}, say("passphrase.made")),
      button(say("passphrase.use_known", { recipient }), () => offerTyped().focus(), { class: "text" }),
    );
  };
  const offerTyped = () => {
    const { field, parts } = typedField();
    typed = field;
    const back = () => {
      offerMade();
      // The button that was pressed is gone; without this a keyboard would start again at the top.
      box.querySelector("button").focus();
    };
    box.replaceChildren(
      make("label", { id: "passphrase-label", for: "passphrase" }, say("passphrase.known", { recipient })),
      ...parts,
      button(say("passphrase.use_made"), back, { class: "text" }),
    );
    return field;
  };
  if (kept && !kept.wasMade) offerTyped().value = kept.text;
  else offerMade();

  const chosen = () => {
    if (typed === null) return kept?.wasMade ? kept : makePassphrase();
    try {
      return typedPassphrase(typed.value);
    } catch (error) {
      if (!(error instanceof UnusablePassphraseError)) throw error;
      complain(say(`refused.${error.reason}`));
      typed.focus();
      return null;
    }
  };
  return { box, chosen };
}
