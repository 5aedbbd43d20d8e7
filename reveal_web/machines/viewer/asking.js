// What somebody can do who cannot open it: nothing here is sent, for a record belongs to no sender whom the server could ask.

import { button, make } from "./elements.js";
import { complain, tell } from "./scene.js";
import { say } from "./saying.js";

function explained(summary, text) {
  return make("details", {}, make("summary", {}, summary), make("p", {}, text));
}

/** "I don't have the passphrase". */
export function lostPassphrase({ sender }) {
  return explained(say("lost_passphrase"), say("lost_passphrase.text", { sender }));
}

/** "I was not expecting this". */
export function unexpected({ sender }) {
  return explained(say("unexpected"), say("unexpected.text", { sender }));
}

/** "Copy this link for another device". */
export function carryLink({ href }) {
  const copied = async () => {
    try {
      await navigator.clipboard.writeText(href);
      tell(say("carry.done"));
    } catch {
      complain(say("carry.failed"));
    }
  };
  return button(say("carry"), copied, { class: "text" });
}
