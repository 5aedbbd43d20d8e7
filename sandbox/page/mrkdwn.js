// Slack's mrkdwn as nodes: bold, italics, strike, code, quotes, links, mentions, dates, a few emoji.
import { channelName, handleOf } from "./directory.js";
import { make } from "./dom.js";

const EMOJI = {
  lock: "🔒", unlock: "🔓", key: "🔑", white_check_mark: "✅", x: "❌", warning: "⚠️", rotating_light: "🚨",
  hourglass: "⌛", eyes: "👀", wastebasket: "🗑️", no_entry: "⛔", information_source: "ℹ️", fire: "🔥",
  envelope: "✉️", calendar: "📅", bell: "🔔", hourglass_flowing_sand: "⏳", wave: "👋", closed_lock_with_key: "🔐",
};
const PIECE = new RegExp(
  [
    "```(?<pre>[\\s\\S]+?)```", "`(?<code>[^`\\n]+)`", "<(?<angle>[^<>\\n]+)>",
    "(?<![\\w*])\\*(?<bold>[^*\\n]+)\\*(?![\\w*])", "(?<![\\w_])_(?<italic>[^_\\n]+)_(?![\\w_])",
    "(?<![\\w~])~(?<strike>[^~\\n]+)~(?![\\w~])", ":(?<emoji>[a-z0-9_+-]+):",
  ].join("|"),
  "g",
);

export function unescaped(text) {
  return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}

/** Nodes for a text object: plain_text as it is (but for emoji), mrkdwn with its marks. */
export function textNodes(object) {
  return object.type === "mrkdwn" ? mrkdwn(object.text) : [plain(object.text)];
}

function plain(text) {
  return text.replace(/:([a-z0-9_+-]+):/g, (whole, name) => EMOJI[name] || whole);
}

/** Nodes for a whole mrkdwn text, quotes included. */
export function mrkdwn(text) {
  const nodes = [];
  let quoted = [];
  const flush = () => {
    if (quoted.length) nodes.push(make("blockquote", {}, inline(quoted.join("\n"))));
    quoted = [];
  };
  let lines = [];
  const say = () => {
    if (lines.length) nodes.push(...inline(lines.join("\n")));
    lines = [];
  };
  for (const line of text.split("\n")) {
    const quote = /^(?:&gt;|>)\s?(.*)$/.exec(line);
    if (quote) {
      say();
      quoted.push(quote[1]);
    } else {
      flush();
      lines.push(line);
    }
  }
  say();
  flush();
  return nodes;
}

function inline(text) {
  const nodes = [];
  let at = 0;
  for (const found of text.matchAll(PIECE)) {
    if (found.index > at) nodes.push(unescaped(text.slice(at, found.index)));
    at = found.index + found[0].length;
    nodes.push(marked(found));
  }
  if (at < text.length) nodes.push(unescaped(text.slice(at)));
  return nodes;
}

function marked(found) {
  const { pre, code, angle, bold, italic, strike, emoji } = found.groups;
  if (pre !== undefined) return make("pre", {}, unescaped(pre.replace(/^\n/, "")));
  if (code !== undefined) return make("code", {}, unescaped(code));
  if (angle !== undefined) return bracketed(angle);
  if (bold !== undefined) return make("strong", {}, inline(bold));
  if (italic !== undefined) return make("em", {}, inline(italic));
  if (strike !== undefined) return make("s", {}, inline(strike));
  return EMOJI[emoji] || found[0];
}

function bracketed(angle) {
  const [target, label] = angle.split(/\|(.*)/s);
  if (target.startsWith("@")) return make("span", { class: "mention" }, `@${handleOf(target.slice(1))}`);
  if (target.startsWith("#")) return make("span", { class: "mention" }, `#${label || channelName(target.slice(1))}`);
  if (target.startsWith("!date^")) return date(target, label);
  if (target.startsWith("!")) return make("span", { class: "mention loud" }, `@${target.slice(1).split("^")[0]}`);
  return link(unescaped(target), unescaped(label || target.replace(/^mailto:/, "")));
}

function link(url, words) {
  if (!/^(https?:|mailto:)/.test(url)) return words;
  return make("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, words);
}

const DAY = { month: "long", day: "numeric", year: "numeric" };
const SHORT = { month: "short", day: "numeric", year: "numeric" };
const TOKENS = {
  date_num: (d) => d.toLocaleDateString("en-CA"),
  date: (d) => d.toLocaleDateString("en-US", DAY),
  date_short: (d) => d.toLocaleDateString("en-US", SHORT),
  date_long: (d) => d.toLocaleDateString("en-US", { weekday: "long", ...DAY }),
  date_pretty: (d) => pretty(d, DAY),
  date_short_pretty: (d) => pretty(d, SHORT),
  date_long_pretty: (d) => pretty(d, { weekday: "long", ...DAY }),
  time: (d) => d.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" }),
  time_secs: (d) => d.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", second: "2-digit" }),
  ago: (d) => ago((Date.now() - d.getTime()) / 1000),
};

function pretty(when, form) {
  const days = Math.round((when.setHours(12, 0, 0, 0) - new Date().setHours(12, 0, 0, 0)) / 86400000);
  const near = { "-1": "yesterday", 0: "today", 1: "tomorrow" }[days];
  return near || when.toLocaleDateString("en-US", form);
}

function ago(seconds) {
  const units = [["day", 86400], ["hour", 3600], ["minute", 60], ["second", 1]];
  const [word, size] = units.find(([, one]) => Math.abs(seconds) >= one) || units[3];
  return new Intl.RelativeTimeFormat("en", { numeric: "auto" }).format(-Math.round(seconds / size), word);
}

function date(target, fallback) {
  const [, seconds, form, url] = target.split("^");
  const when = new Date(Number(seconds) * 1000);
  if (Number.isNaN(when.getTime()) || !form) return unescaped(fallback || "");
  const words = unescaped(form).replace(/\{(\w+)\}/g, (whole, name) =>
    TOKENS[name] ? TOKENS[name](new Date(when)) : whole,
  );
  const shown = make("time", { datetime: when.toISOString(), title: when.toString() }, words);
  return url ? make("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, shown) : shown;
}
