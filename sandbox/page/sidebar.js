// The list of conversations: channels, direct messages, the app; bold and counted where something is new.
import { avatar, BOT, nameOf, placeName, presence } from "./directory.js";
import { aside, make, refill } from "./dom.js";
import { roving } from "./roving.js";

const SECTIONS = [
  ["Channels", (one) => ["channel", "private"].includes(one.kind)],
  ["Direct messages", (one) => ["im", "mpim"].includes(one.kind)],
  ["Apps", (one) => one.kind === "bot_im"],
];

/** `look(id)` shows a conversation; the app's is null until it exists. Returns { root, show(state, current) }. */
export function sidebar(person, look) {
  const entries = make("div", { class: "entries" });
  const root = make("nav", { class: "sidebar", "aria-label": `${person.name}'s conversations` },
    make("header", { class: "person" }, avatar(person.user),
      make("div", {}, make("h1", {}, nameOf(person.user)), make("p", {}, person.role))),
    roving(entries));

  function show(state, current) {
    const known = state.conversations.filter((one) => !one.archived || one.id === current);
    // The app is always there to be met, as in Slack, before it has written anything.
    if (!known.some((one) => one.kind === "bot_im")) known.push({ id: null, kind: "bot_im", unread: 0 });
    const sign = known.map((one) => [one.id, one.name, one.with, one.unread, one.external, one.id === current]);
    refill(entries, sign, () => SECTIONS.map(([heading, belongs]) => {
      const here = known.filter(belongs);
      return here.length ? [make("h2", {}, heading), make("ul", {}, here.map((one) => entry(one, one.id === current)))] : null;
    }));
  }

  function entry(one, on) {
    const name = one.kind === "bot_im" ? nameOf(BOT) : one.with ? placeName(one) : one.name;
    return make("li", {}, make("button", {
      type: "button", class: `entry ${one.unread ? "unread" : ""}`, "aria-current": on ? "true" : null,
      tabindex: on ? "0" : "-1", "data-key": one.id || "app", onclick: () => look(one.id),
    },
    sign(one), make("span", { class: "name" }, name),
    one.external ? make("span", { class: "shared", title: "shared with another company" }, "⇄", aside("shared with another company")) : null,
    one.unread ? make("span", { class: "count", "aria-label": `${one.unread} unread` }, String(one.unread)) : null));
  }

  function sign(one) {
    if (one.kind === "bot_im") return avatar(BOT, "tiny");
    if (one.with) return make("span", { class: "face" }, avatar(one.with, "tiny"), presence(one.with));
    return make("span", { class: "mark", "aria-hidden": "true" }, one.kind === "private" ? "🔒" : "#");
  }

  return { root, show };
}
