// The scenes in which nothing is sealed: a link that was used, the cleared page.

import { make } from "./elements.js";
import { follow } from "./following.js";
import { harmless, say } from "./saying.js";
import { show } from "./scene.js";

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
