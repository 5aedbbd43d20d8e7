// What becomes of a drop after it was handed in: whether the bot has brought its link. Knows no element.

import { has, harmless, say } from "./saying.js";

const WAITS = [1, 1, 2, 2, 3, 5];
const LAST_WAIT = 10;
const QUIET_SECONDS = 20;
const WATCHED_SECONDS = 16 * 60;

function arrived(way, recipient) {
  const name = `delivered.${way}`;
  return say(has(name) ? name : "delivered.other", { recipient });
}

/**
 * Look until the link was delivered or was not, for as long as one may wait for the bot; `onWord(sentence)` gets each new
 * sentence. `order` has recipientName, and perhaps `way` and `kind`.
 */
export async function follow(look, order, onWord) {
  const began = Date.now();
  const recipient = order.recipientName;
  let last = "";
  const word = (sentence) => {
    if (sentence !== last) onWord(sentence);
    last = sentence;
  };
  word(say("delivery.pending"));
  for (let round = 0; ; round += 1) {
    const answer = await look();
    if (answer.slug === null && answer.delivery === "delivered") return word(arrived(order.way, recipient || harmless(answer.recipient ?? "")));
    if (answer.slug === null && answer.delivery === "undelivered") return word(say("delivery.undelivered"));
    const seconds = (Date.now() - began) / 1000;
    if (answer.slug === "not-found" || seconds > WATCHED_SECONDS) return word(say("delivery.unknown"));
    if (seconds > QUIET_SECONDS) word(say("delivery.away", { count: Math.max(1, Math.floor(seconds / 60)) }));
    await new Promise((resolve) => setTimeout(resolve, (WAITS[round] ?? LAST_WAIT) * 1000));
  }
}
