// The messages of one conversation as one person sees them: days, what is new, and how many answers each has.
import { avatar, placeName } from "./directory.js";
import { keepFocus, make } from "./dom.js";
import { clockTime, continues, drawMessage, whenOf } from "./message.js";

/** `list` holds them; `openThread(ts)` shows one's answers. Returns { show(conversation, line, always) }. */
export function messageList(list, deskFor, openThread) {
  const nodes = new Map();
  let shown = null;

  /** `line` is the ts up to which everything was read when the person came, or null. */
  function show(conversation, line, always) {
    const changed = shown !== conversation.id;
    if (changed) {
      nodes.clear();
      list.replaceChildren();
      shown = conversation.id;
    }
    const near = changed || always || list.scrollHeight - list.scrollTop - list.clientHeight < 80;
    keepFocus(list, () => place(wanted(conversation, line)));
    const mark = list.querySelector(".new");
    if (changed && mark && list.scrollHeight > list.clientHeight) mark.scrollIntoView({ block: "center" });
    else if (near) list.scrollTop = list.scrollHeight;
  }

  // Only what differs is touched, so that a focused button keeps its focus and a reader their place.
  function place(all) {
    all.forEach((node, index) => {
      if (list.children[index] !== node) list.insertBefore(node, list.children[index] || null);
    });
    while (list.children.length > all.length) list.lastChild.remove();
  }

  function wanted(conversation, line) {
    const all = [];
    let before = null;
    let lined = line === null;
    for (const one of conversation.messages) {
      if (one.thread_ts && one.thread_ts !== one.ts) continue;
      const day = dayOf(one.ts);
      if (!before || dayOf(before.ts) !== day) {
        all.push(keyed(`day ${one.ts}`, [day, wordsFor(one.ts)], () => divider("day", wordsFor(one.ts))));
        before = null;
      }
      if (!lined && one.ts > line) {
        all.push(keyed("new", [line], () => divider("new", "New")));
        lined = true;
        before = null;
      }
      const replies = conversation.messages.filter((other) => other.thread_ts === one.ts && other.ts !== one.ts);
      const joined = continues(before, one);
      all.push(keyed(one.ts, [one, replies.map((other) => [other.ts, other.user]), joined], () =>
        drawMessage(one, deskFor(one), { joined, more: replies.length ? fold(one, replies) : null })));
      before = one;
    }
    return all.length ? all : [keyed("empty", [conversation.kind, conversation.archived], () => beginning(conversation))];
  }

  function keyed(key, sign, draw) {
    const text = JSON.stringify(sign);
    const known = nodes.get(key);
    if (known?.text === text) return known.node;
    const node = draw();
    if (known) known.node.replaceWith(node);
    nodes.set(key, { text, node });
    return node;
  }

  function fold(message, replies) {
    const faces = [...new Set(replies.map((one) => one.user))].slice(0, 3).map((id) => avatar(id, "tiny"));
    const words = `${replies.length} ${replies.length === 1 ? "reply" : "replies"}`;
    return make("button", { type: "button", class: "fold", "data-key": `thread ${message.ts}`, onclick: () => openThread(message.ts) },
      faces, make("span", { class: "how-many" }, words), make("span", { class: "soft" }, "Last at ", clockTime(replies.at(-1).ts)));
  }

  return { show };
}

function divider(kind, words) {
  return make("div", { class: `divider ${kind}`, role: "separator", "aria-label": kind === "new" ? "New messages" : words },
    make("span", {}, words));
}

function dayOf(ts) {
  return whenOf(ts).toDateString();
}

function wordsFor(ts) {
  const ago = (new Date().setHours(0, 0, 0, 0) - whenOf(ts).setHours(0, 0, 0, 0)) / 86_400_000;
  if (ago < 1) return "Today";
  if (ago < 2) return "Yesterday";
  return whenOf(ts).toLocaleDateString([], { weekday: "long", day: "numeric", month: "long" });
}

function beginning(conversation) {
  const words = conversation.kind === "bot_im" ? "No messages from this app yet."
    : conversation.archived ? "This channel is archived." : "No messages yet. Type / to see what the app can do.";
  return make("div", { class: "beginning" }, make("strong", {}, placeName(conversation)), make("p", { class: "empty" }, words));
}
