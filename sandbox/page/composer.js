// Where somebody types: messages, slash commands, mentions. Suggestions for `/` and `@`.
import { avatar, everybody, nameOf, placeName, standing } from "./directory.js";
import { freshId, make } from "./dom.js";

/** `send(text)` returns a promise; returns { root, show(conversation, screen) }. */
export function composer(send) {
  const listId = freshId("suggestions");
  const unsent = new Map();
  let commands = [];
  let place = null;
  let at = -1;
  const list = make("ul", { class: "offers above", id: listId, role: "listbox", "aria-label": "Suggestions", hidden: true });
  const box = make("textarea", {
    rows: 1, "aria-label": "Message", "aria-controls": listId, "aria-autocomplete": "list", oninput: suggest, onkeydown: key,
    spellcheck: "false", onblur: () => setTimeout(hide, 150),
  });
  const go = make("button", { type: "submit", class: "button primary go", "aria-label": "Send" }, "➤");
  const off = make("p", { class: "off", hidden: true });
  const row = make("div", { class: "row" }, box, go);
  const keys = make("p", { class: "keys", "aria-hidden": "true" }, "/ for commands, @ for people, Shift + Enter for a new line");
  const root = make("form", { class: "composer", onsubmit: submit }, list, row, keys, off);

  function show(conversation, screen) {
    commands = screen.commands;
    if (place?.id !== conversation.id) {
      // What was half typed stays with its conversation: elsewhere other people would read it.
      if (place) unsent.set(place.id, box.value);
      box.value = unsent.get(conversation.id) || "";
      hide();
      grow();
    }
    place = conversation;
    const why = conversation.archived ? "This channel is archived."
      : conversation.read_only ? "Sending messages to this app is turned off." : "";
    off.textContent = why;
    off.hidden = !why;
    row.hidden = Boolean(why);
    keys.hidden = Boolean(why);
    box.placeholder = `Message ${placeName(conversation)}, or type /`;
  }

  function offers() {
    const text = box.value;
    if (/^\/\S*$/.test(text)) {
      return commands.filter((one) => one.command.startsWith(text))
        .map((one) => ({ put: `${one.command} `, name: one.command, usage: one.usage, note: one.description }));
    }
    // Behind the command, what it takes stays in sight until something is typed.
    const begun = commands.find((one) => text === `${one.command} `);
    if (begun) return [{ put: text, name: begun.command, usage: begun.usage, note: begun.description, only: true }];
    const word = /(?:^|\s)@([\w.-]*)$/.exec(text.slice(0, box.selectionEnd));
    if (!word) return [];
    return everybody()
      .filter((one) => !one.deleted && `${one.name} ${nameOf(one.id)}`.toLowerCase().includes(word[1].toLowerCase()))
      .slice(0, 6)
      .map((one) => ({
        put: `@${one.name} `, face: one.id, name: nameOf(one.id), note: [`@${one.name}`, standing(one)].filter(Boolean).join(", "),
        cut: word[1].length + 1,
      }));
  }

  function suggest() {
    grow();
    const found = offers();
    if (at >= found.length) at = -1;
    list.replaceChildren(...found.map((one, index) =>
      make("li", {
        role: "option", "aria-selected": index === at ? "true" : "false", id: `${listId}-${index}`,
        onmousedown: (event) => { event.preventDefault(); take(one); },
      },
      one.face ? avatar(one.face, "tiny") : null,
      make("span", { class: "name" }, one.name), one.usage ? make("code", { class: "usage" }, one.usage) : null,
      make("span", { class: "note" }, one.note))));
    list.hidden = found.length === 0;
    if (at >= 0) box.setAttribute("aria-activedescendant", `${listId}-${at}`);
    else box.removeAttribute("aria-activedescendant");
  }

  function take(one) {
    const end = box.selectionEnd;
    const before = one.cut ? box.value.slice(0, end - one.cut) : "";
    box.value = before + one.put + (one.cut ? box.value.slice(end) : "");
    at = -1;
    box.focus();
    suggest();
  }

  /** Whether the word under the caret is already one that is offered: then Enter sends and does not complete. */
  function isWhole(found) {
    const word = /\S*$/.exec(box.value.slice(0, box.selectionEnd))[0];
    return found.some((one) => one.only || one.put.trim() === word);
  }

  function hide() {
    list.hidden = true;
    at = -1;
    box.removeAttribute("aria-activedescendant");
  }

  function grow() {
    box.rows = Math.min(6, Math.max(1, box.value.split("\n").length));
  }

  function key(event) {
    const found = list.hidden ? [] : offers().filter((one) => !one.only);
    if (found.length && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      at = (at + (event.key === "ArrowDown" ? 1 : found.length - (at < 0 ? 0 : 1)) + found.length) % found.length;
      suggest();
    } else if (found.length && (event.key === "Tab" || (event.key === "Enter" && (at >= 0 || !isWhole(found)))) && !event.shiftKey) {
      event.preventDefault();
      take(found[Math.max(at, 0)]);
    } else if (event.key === "Escape") {
      hide();
    } else if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      root.requestSubmit();
    }
  }

  async function submit(event) {
    event.preventDefault();
    const text = box.value;
    const where = place?.id;
    if (!text.trim() || !where) return;
    box.value = "";
    hide();
    grow();
    if (await send(text)) return;
    if (place.id === where) box.value ||= text;
    else unsent.set(where, text);
  }

  return { root, show };
}
