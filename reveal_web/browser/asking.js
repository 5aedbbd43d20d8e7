// The small requests to the sender: a new drop, more tries, the passphrase, and "that was not me".

import { button, make } from "./elements.js";
import { complain, tell } from "./scene.js";
import { say } from "./saying.js";

/** A button that sends one request and is replaced by the sentence `done` when the server has taken it. */
export function requestButton(text, done, send, attributes = {}) {
  const pressed = async () => {
    control.disabled = true;
    complain("");
    const answer = await send();
    if (answer.slug === null) {
      // Said by being there: one sentence, seen and spoken.
      const said = make("p", { class: "done", role: "status", tabindex: "-1" });
      control.replaceWith(said);
      said.textContent = done;
      // The button had the focus; without it a keyboard would start again at the top.
      said.focus({ preventScroll: true });
    } else {
      control.disabled = false;
      complain(say("trouble.small"));
    }
  };
  const control = button(text, pressed, attributes);
  return control;
}

/** "I don't have the passphrase", which explains and offers to ask. */
export function lostPassphrase(drop) {
  const sender = drop.sender;
  return make(
    "details",
    {},
    make("summary", {}, say("lost_passphrase")),
    make("p", {}, say("lost_passphrase.text", { sender })),
    requestButton(say("lost_passphrase.ask", { sender }), say("lost_passphrase.done", { sender }), () => drop.server.ask("passphrase"), {
      class: "quiet",
    }),
  );
}

/** "I was not expecting this", for a drop that can still be opened: quiet, and it leaves the drop as it is. */
export function unexpected(drop) {
  const sender = drop.sender;
  return make(
    "details",
    {},
    make("summary", {}, say("unexpected")),
    make("p", {}, say("unexpected.text", { sender })),
    requestButton(say("unexpected.tell", { sender }), say("unexpected.done"), () => drop.server.notMe(), {
      class: "quiet",
    }),
  );
}

/** "Copy this link for another device". */
export function carryLink(drop) {
  return button(
    say("carry"),
    async () => {
      try {
        await navigator.clipboard.writeText(drop.href);
        tell(say("carry.done"));
      } catch {
        complain(say("carry.failed"));
      }
    },
    { class: "text" },
  );
}
