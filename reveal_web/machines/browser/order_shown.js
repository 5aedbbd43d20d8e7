// What an order says, to whoever seals under it: from whom to whom, what, how long, and who will see which part of it.

import { facts, make } from "./elements.js";
import { has, harmless, say } from "./saying.js";

const SPANS = [
  ["days", 86_400],
  ["hours", 3600],
  ["minutes", 60],
];

/** "24 hours": the largest unit that leaves no rest, as whoever ordered it chose it. */
function span(seconds) {
  const [name, size] = SPANS.find(([, unit]) => seconds % unit === 0 && seconds >= 2 * unit) ?? SPANS[2];
  return say(`span.${name}`, { count: Math.max(1, Math.round(seconds / size)) });
}

/** The order as the scenes need it: `answer` of a look, its names made harmless, and when it was asked for, in milliseconds. */
export function orderOf(answer) {
  return { ...answer, askedAt: Date.now(), recipientName: harmless(answer.recipient), senderName: harmless(answer.sender) };
}

function recipientOf(order) {
  const name = `class.${order.recipient_class}`;
  return has(name) ? say(name, { recipient: order.recipientName }) : order.recipientName;
}

/** The facts, before anything is typed. */
export function orderFacts(order) {
  return facts(
    [say("fact.label"), harmless(order.label)],
    [say("fact.recipient"), recipientOf(order)],
    [say("fact.sender"), order.senderName],
    [say("fact.way"), wayOf(order)],
    [say("fact.opens"), say("fact.opens.for", { time: span(order.lives_seconds) })],
    [say("fact.hint"), harmless(order.hint ?? "")],
  );
}

/** How the link will reach the recipient. */
function wayOf(order) {
  const name = `way.${order.way}`;
  return say(has(name) ? name : "way.other", { recipient: order.recipientName });
}

/** Who sees what, for whoever wants to know before typing. */
export function whoSees(order) {
  const recipient = order.recipientName;
  const lines = ["secret", "slack", "server", "bot", "team", "page"];
  return make(
    "details",
    {},
    make("summary", {}, say("sees")),
    make("ul", {}, ...lines.map((name) => make("li", {}, say(`sees.${name}`, { recipient })))),
  );
}
