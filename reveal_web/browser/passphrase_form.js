// The door of a drop with a passphrase: who sent what, the field, tries left, and the wait between tries.

import { carryLink, lostPassphrase, unexpected } from "./asking.js";
import { facts, make, PRIVATE_FIELD } from "./elements.js";
import { warmUp } from "./kdf.js";
import { canon } from "./passphrase_v1.js";
import { UnusablePassphraseError } from "./refusals.js";
import { has, harmless, say } from "./saying.js";
import { complain, quiet, show, tell } from "./scene.js";
import { showToggle } from "./show_toggle.js";
import { countDown, duration, moment } from "./times.js";

/** What both doors say about a drop: heading, facts, and that looking costs nothing. */
export function doorParts(drop) {
  const { header, hint } = drop;
  return {
    heading: say("door.heading", { sender: drop.sender }),
    children: [
      facts(
        [say("door.label"), harmless(header.label)],
        [say("door.hint"), harmless(hint ?? "")],
        [say("door.until"), moment(header.expires_at)],
      ),
      make("p", { class: "safe" }, make("strong", {}, say(`door.safe.${header.mode}`)), " ", say("door.once")),
    ],
  };
}

function passphraseField(form) {
  const field = make("input", {
    id: "passphrase",
    type: "password",
    maxlength: "1024",
    enterkeyhint: "go",
    inputmode: form === "digits" ? "numeric" : undefined,
    "aria-describedby": "passphrase-help tries problem",
    // Loading begins while the person types, so that the wait afterwards is the derivation's alone.
    onfocus: warmUp,
    oninput: warmUp,
    ...PRIVATE_FIELD,
  });
  const toggle = showToggle(field);
  return { field, toggle };
}

/**
 * Show the door. `onTyped(bytes)` gets each canonical passphrase and resolves when the form should take the next one,
 * to {triesLeft, wait, wrong, told}, or to null when another scene has taken over. `triesLeft` is null
 * where nobody knows. What was `told` is no fault of what was typed, which stays.
 */
export function showPassphraseForm(drop, onTyped) {
  const { form } = drop.header;
  const { heading, children } = doorParts(drop);
  const { field, toggle } = passphraseField(form);
  const tries = make("p", { id: "tries", class: "help" });
  const submit = make("button", { type: "submit" }, say("open"));
  const box = make("fieldset", {}, make("div", { class: "joined" }, field, toggle));
  let waiting = false;

  const hold = (seconds) => {
    waiting = submit.disabled = true;
    const over = () => {
      waiting = submit.disabled = false;
      tell(say("wait.over"));
    };
    const count = (left) => {
      // The button counts silently; the status speaks once, not each second.
      if (!submit.isConnected) return stop();
      submit.textContent = say("wait.button", { time: duration(left) });
    };
    let stop = () => {};
    stop = countDown(Date.now() + seconds * 1000, count, () => {
      submit.textContent = say("open");
      over();
    });
  };

  const settle = ({ triesLeft, wait = 0, wrong = false, told = "" }) => {
    box.disabled = submit.disabled = false;
    quiet();
    tries.textContent = wrong || triesLeft === null ? "" : say("tries.left", { count: triesLeft });
    if (wrong) {
      field.value = "";
      complain(say("wrong", { count: triesLeft }));
    }
    if (told) tell(told);
    if (wait > 0) {
      tell(say("wait"));
      hold(wait);
    }
  };

  const typed = async (event) => {
    event.preventDefault();
    if (waiting) return;
    quiet();
    let bytes;
    try {
      bytes = canon(form, field.value);
    } catch (error) {
      if (!(error instanceof UnusablePassphraseError)) throw error;
      const special = `refused.${error.reason}.${form}`;
      complain(say(has(special) ? special : `refused.${error.reason}`));
      return field.focus();
    }
    box.disabled = submit.disabled = true;
    const next = await onTyped(bytes);
    bytes.fill(0);
    if (!next) return;
    settle(next);
    field.focus();
  };

  const sheet = make(
    "form",
    { onsubmit: typed, autocomplete: "off" },
    make("label", { for: "passphrase" }, say(`field.${form}`)),
    box,
    make("p", { id: "passphrase-help", class: "help" }, say(`field.${form}.help`)),
    submit,
    tries,
  );
  // On a phone the focus would raise the keyboard over the very text that says what this is.
  const focus = matchMedia("(hover: hover)").matches ? field : null;
  show(heading, [...children, sheet], { extras: [lostPassphrase(drop), carryLink(drop), unexpected(drop)], focus });
  settle({ triesLeft: drop.triesLeft, wait: drop.wait });
}
