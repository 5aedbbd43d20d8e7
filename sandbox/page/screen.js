// One person's screen: their conversations, the one they look at, the thread beside it, and their modals.
import { control } from "./api.js";
import { drawAbout, drawHome } from "./app_tabs.js";
import { composer } from "./composer.js";
import { asking } from "./confirm.js";
import { placeName, titleOf } from "./directory.js";
import { make, refill } from "./dom.js";
import { drafts } from "./drafts.js";
import { messageList } from "./messages.js";
import { modals } from "./modal.js";
import { roving } from "./roving.js";
import { sidebar } from "./sidebar.js";
import { threadPane } from "./thread.js";

/** `person` = { user, name, role, first } where `first` is the conversation shown at the start. */
export function screen(person) {
  const { user } = person;
  let current = person.first;
  let coming = null;
  let turns = 0;
  let tab = "messages";
  let state = null;
  let watched = "";
  let line = null;

  const toast = make("p", { class: "toast", role: "alert", hidden: true });
  const title = make("header", { class: "place" });
  const list = make("div", { class: "messages", tabindex: "0", "aria-label": "Messages", role: "log" });
  const home = make("div", { class: "home", role: "tabpanel", "aria-label": "Home", hidden: true });
  const about = make("div", { class: "home about", role: "tabpanel", "aria-label": "About", hidden: true });
  const overlay = make("div", { class: "overlay", hidden: true });
  const question = make("div", { class: "overlay asks", hidden: true });
  const writer = composer((text) => attempt(() => control("type", { user, conversation: place().id, text })));
  const places = sidebar(person, look);
  const thread = threadPane(deskFor,
    (ts, text) => attempt(() => control("type", { user, conversation: place().id, text, thread_ts: ts })), leftThread);
  const workspace = make("div", { class: "workspace" }, places.root,
    make("div", { class: "main" }, title, list, home, about, writer.root), thread.root);
  const root = make("section", { class: "screen", "aria-label": `${person.name}'s screen`, "data-user": user },
    workspace, toast, overlay, question);
  const ask = asking(question);
  const messages = messageList(list, deskFor, openThread);
  const modal = modals(user, overlay, complain, ask);
  roving(title);

  function update(next) {
    state = next;
    draw(false);
  }

  // A conversation that was opened a moment ago may be in the next state only: until then nothing moves.
  function place() {
    if (state.conversations.some((one) => one.id === coming)) {
      current = coming;
      coming = null;
    }
    return state.conversations.find((one) => one.id === current) || state.conversations[0];
  }

  function draw(always) {
    const here = place();
    const shown = tabOf(here);
    attend(here, shown);
    places.show(state, here.id);
    drawTitle(here, shown);
    for (const [name, node] of [["messages", list], ["home", home], ["about", about]]) node.hidden = shown !== name;
    writer.root.hidden = shown !== "messages";
    if (shown === "home") drawHome(home, state.home, homeDesk());
    else if (shown === "about") drawAbout(about, state);
    else messages.show(here, line, always);
    thread.show(here);
    workspace.classList.toggle("threaded", !thread.root.hidden);
    writer.show(here, state);
    modal.show(state.views, () => state.conversations);
  }

  function tabOf(here) {
    return here.kind === "bot_im" && (tab !== "home" || state.home_tab) ? tab : "messages";
  }

  // Read is what was in front of somebody; the line above what is new stays until they look elsewhere.
  function attend(here, shown) {
    const looking = visible() && shown === "messages" ? here.id : "";
    if (looking && looking !== watched) line = here.unread ? here.read : null;
    watched = looking;
    if (looking && here.unread) control("mark_read", { user, conversation: here.id }).catch(() => {});
  }

  function visible() {
    return !document.hidden && root.offsetParent !== null;
  }

  async function look(id) {
    thread.close();
    coming = null;
    turns += 1;
    if (id !== null) current = id;
    if (id !== null && place().kind !== "bot_im") {
      tab = "messages";
      draw(true);
      return;
    }
    // As in Slack, an app that has nothing to say shows its Home first.
    const said = place().kind === "bot_im" && place().messages.length > 0;
    await turn(said || !state.home_tab ? "messages" : "home");
  }

  async function turn(next) {
    turns += 1;
    const mine = turns;
    tab = next;
    await attempt(async () => {
      if (next === "about") return;
      const { channel } = await control("open_home", { user, tab: next });
      // Whoever looked elsewhere meanwhile stays there.
      if (mine === turns) coming = channel;
    });
    draw(true);
  }

  function drawTitle(here, shown) {
    const words = placeName(here);
    const topic = here.with && here.kind === "im" ? titleOf(here.with)
      : here.external ? `Shared with another company. ${here.topic}` : here.topic;
    const tabs = here.kind === "bot_im" ? ["home", "messages", "about"].filter((one) => one !== "home" || state.home_tab) : [];
    refill(title, [words, topic, tabs, shown], () => [
      make("h2", {}, words),
      tabs.length ? make("div", { class: "tabs", role: "tablist" }, tabs.map((one) => tabButton(one, one === shown))) : make("p", {}, topic),
    ]);
  }

  function tabButton(one, on) {
    return make("button", {
      type: "button", role: "tab", "aria-selected": String(on), tabindex: on ? "0" : "-1", "data-key": one, onclick: () => turn(one),
    }, one[0].toUpperCase() + one.slice(1));
  }

  function openThread(ts) {
    thread.open(ts);
    draw(false);
  }

  function leftThread(key) {
    workspace.classList.remove("threaded");
    if (key) list.querySelector(`[data-key="${CSS.escape(key)}"]`)?.focus();
  }

  function deskFor(message) {
    const press = (part, block, chosen) => attempt(() => control("click", {
      user, conversation: message.conversation, ts: message.ts, action_id: part.action_id, block_id: block.block_id, chosen,
    }));
    const shortcuts = () => state.shortcuts.map((one) => ({ words: one.words, note: "Sendsecret", take: () => attempt(() =>
      control("use_shortcut", { user, conversation: message.conversation, ts: message.ts, callback_id: one.callback_id })) }));
    return { user, key: message.ts, press, ask, shortcuts, errors: {}, entered: () => undefined, enter() {}, conversations: () => state.conversations };
  }

  function homeDesk() {
    const view = state.home;
    if (!view) return null;
    const press = (part, block, chosen) => attempt(() =>
      control("click", { user, view: view.id, action_id: part.action_id, block_id: block.block_id, chosen }));
    return { ...drafts.desk(user, view, () => state.conversations, press), key: view.id, ask };
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
