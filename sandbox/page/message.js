// One message: face, name, time, what it says, who else sees it, and what became of it.
import { drawBlocks } from "./blocks.js";
import { avatar, badge, nameOf } from "./directory.js";
import { make } from "./dom.js";
import { mrkdwn } from "./mrkdwn.js";
import { overflow } from "./overflow.js";

export function whenOf(ts) {
  return new Date(Number(ts) * 1000);
}

const CLOCK = new Intl.DateTimeFormat([], { hour: "2-digit", minute: "2-digit" });

/** The time of day; `short` without "AM" or "PM", where there is no room and the message above says it. */
export function clockTime(ts, short = false) {
  const when = whenOf(ts);
  const parts = CLOCK.formatToParts(when).filter((part) => !short || part.type !== "dayPeriod");
  return make("time", { datetime: when.toISOString(), title: when.toString() }, parts.map((part) => part.value).join("").trim());
}

/** `more` goes below what it says; `joined` = the same person wrote the message just above; the desk has its menu. */
export function drawMessage(message, desk, { joined = false, more = null } = {}) {
  const names = make("p", { class: "byline" },
    make("strong", {}, nameOf(message.user)), badge(message.user), clockTime(message.ts));
  const body = make("div", { class: "message-body" },
    message.seen_by ? make("p", { class: "only-you" }, "👁 Only visible to you") : null,
    joined ? null : names,
    message.blocks?.length ? drawBlocks(message.blocks, desk) : make("div", { class: "text" }, mrkdwn(message.text)),
    message.edited ? make("span", { class: "edited" }, "(edited)") : null,
    message.warned ? make("p", { class: "error", role: "alert" }, "⚠ This app did not answer. Try again.") : null,
    more);
  const side = joined ? make("span", { class: "gutter" }, clockTime(message.ts, true)) : avatar(message.user);
  const look = `message ${message.seen_by ? "ephemeral" : ""} ${joined ? "joined" : ""}`;
  return make("article", { class: look, "data-ts": message.ts }, side, body, menuOf(message, desk));
}

// As in Slack, one that only you see has none.
function menuOf(message, desk) {
  const lines = message.seen_by ? [] : desk.shortcuts();
  return lines.length ? make("div", { class: "message-menu" }, overflow(lines, `menu ${message.ts}`, "More actions on this message")) : null;
}

/** Whether `next` continues what `before` said: one person, five minutes, nothing between. */
export function continues(before, next) {
  return Boolean(before) && before.user === next.user && !before.seen_by && !next.seen_by
    && Number(next.ts) - Number(before.ts) < 300;
}
