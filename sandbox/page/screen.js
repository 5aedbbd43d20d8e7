// One person's screen: their conversations, the one they look at, the composer, and their modals.
import { control } from "./api.js";
import { drawBlocks } from "./blocks.js";
import { composer } from "./composer.js";
import { avatar, nameOf } from "./directory.js";
import { make } from "./dom.js";
import { drafts } from "./drafts.js";
import { messageList } from "./messages.js";
import { modals } from "./modal.js";

const BOT = "U0SENDSEC1";

/** `person` = { user, name, role, first } where `first` is the conversation shown at the start. */
export function screen(person) {
  const { user } = person;
  let current = person.first;
  let tab = "messages";
  let state = null;
  let homeSign = "";

  const toast = make("p", { class: "toast", role: "alert", hidden: true });
  const chips = make("nav", { class: "chips", "aria-label": `${person.name}'s conversations` });
  const title = make("div", { class: "place" });
  const list = make("div", { class: "messages", tabindex: "0", "aria-label": "Messages", role: "log" });
  const home = make("div", { class: "home", hidden: true });
  const overlay = make("div", { class: "overlay", hidden: true });
  const writer = composer((text) => attempt(() => control("type", { user, conversation: current, text })));
  const root = make("section", { class: "screen", "aria-label": `${person.name}'s screen`, "data-user": user },
    make("header", { class: "person" }, avatar(user),
      make("div", {}, make("h1", {}, person.name), make("p", {}, person.role))),
    chips, title, list, home, writer.root, toast, overlay);
  const messages = messageList(user, list, complain);
  const modal = modals(user, overlay, complain);

  function update(next) {
    state = next;
    if (!place()) current = state.conversations[0].id;
    draw(false);
  }

  function place() {
    return state.conversations.find((one) => one.id === current);
  }

  function draw(always) {
    const here = place();
    drawChips();
    drawTitle(here);
    const atHome = here.kind === "bot_im" && tab === "home";
    list.hidden = atHome;
    home.hidden = !atHome;
    writer.root.hidden = atHome;
    if (atHome) drawHome();
    else messages.show(here, always);
    writer.show(here, state);
    modal.show(state.views, () => state.conversations);
    if (here.unread && visible()) control("mark_read", { user, conversation: here.id }).catch(() => {});
  }

  function visible() {
    return !document.hidden && root.offsetParent !== null;
  }

  function drawChips() {
    const known = state.conversations.filter((one) => !one.archived || one.id === current);
    const chosen = known.map((one) => {
      const name = one.kind === "bot_im" ? nameOf(BOT) : one.with ? nameOf(one.with).split(" ")[0] : `#${one.name}`;
      return chip(name, one.id === current, one.unread, () => look(one.id));
    });
    if (!state.conversations.some((one) => one.kind === "bot_im")) chosen.push(chip(nameOf(BOT), false, 0, meet));
    chips.replaceChildren(...chosen);
  }

  function chip(name, on, unread, press) {
    return make("button", { type: "button", class: `chip ${unread ? "unread" : ""}`, "aria-pressed": String(on), onclick: press },
      name, unread ? make("span", { class: "count", "aria-label": `${unread} unread` }, String(unread)) : null);
  }

  async function meet() {
    await attempt(async () => {
      const { channel } = await control("open_home", { user, tab: "messages" });
      current = channel;
    });
  }

  function look(id) {
    current = id;
    tab = "messages";
    draw(true);
  }

  function drawTitle(here) {
    const words = here.kind === "bot_im" ? nameOf(BOT) : here.with ? nameOf(here.with) : `#${here.name}`;
    const tabs = here.kind === "bot_im" && state.home_tab
      ? make("div", { class: "tabs" },
        ...["messages", "home"].map((one) =>
          make("button", { type: "button", "aria-pressed": String(tab === one), onclick: () => turn(one) },
            one === "home" ? "Home" : "Messages")))
      : null;
    const topic = here.external ? `Shared with another company. ${here.topic}` : here.topic;
    title.replaceChildren(make("h2", {}, words), tabs || make("p", {}, topic));
  }

  function turn(next) {
    tab = next;
    attempt(() => control("open_home", { user, tab }));
    draw(true);
  }

  function drawHome() {
    const view = state.home;
    const sign = view ? view.hash + view.trouble : "none";
    if (sign === homeSign) return;
    homeSign = sign;
    if (!view) {
      home.replaceChildren(make("p", { class: "empty" }, "The app has not shown anything here yet."));
      return;
    }
    const press = (part, block, chosen) => attempt(() =>
      control("click", { user, view: view.id, action_id: part.action_id, block_id: block.block_id, chosen }));
    const desk = drafts.desk(user, view, () => state.conversations, press);
    const trouble = view.trouble ? make("p", { class: "error", role: "alert" }, view.trouble) : "";
    home.replaceChildren(trouble, ...drawBlocks(view.blocks, desk));
  }

  async function attempt(work) {
    try {
      await work();
      return true;
    } catch (error) {
      complain(error.message);
      return false;
    }
  }

  function complain(words) {
    toast.textContent = words;
    toast.hidden = false;
    setTimeout(() => { toast.hidden = true; }, 6000);
  }

  const unread = () => state?.conversations.reduce((sum, one) => sum + one.unread, 0) || 0;
  return { root, user, update, unread, refresh: () => state && draw(false) };
}
