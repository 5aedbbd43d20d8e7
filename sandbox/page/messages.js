// The messages of one conversation as one person sees them, with threads folded below their parents.
import { control } from "./api.js";
import { drawBlocks } from "./blocks.js";
import { avatar, nameOf } from "./directory.js";
import { make } from "./dom.js";
import { mrkdwn } from "./mrkdwn.js";

/** `list` is the element that holds them; returns { show(conversation) }. */
export function messageList(user, list, complain) {
  const nodes = new Map();
  const open = new Set();
  let shown = null;
  let place = null;

  function show(conversation, always) {
    place = conversation;
    const changed = shown !== conversation.id;
    if (changed) {
      nodes.clear();
      list.replaceChildren();
      shown = conversation.id;
    }
    const near = changed || always || list.scrollHeight - list.scrollTop - list.clientHeight < 80;
    const parents = conversation.messages.filter((one) => !one.thread_ts || one.thread_ts === one.ts);
    const wanted = parents.map((one) => {
      const replies = conversation.messages.filter((other) => other.thread_ts === one.ts && other.ts !== one.ts);
      return keyed(one, replies);
    });
    if (!wanted.length) wanted.push(make("p", { class: "empty" }, empty(conversation)));
    // Only what differs is touched, so that a focused button keeps its focus.
    wanted.forEach((node, index) => {
      if (list.children[index] !== node) list.insertBefore(node, list.children[index] || null);
    });
    while (list.children.length > wanted.length) list.lastChild.remove();
    if (near) list.scrollTop = list.scrollHeight;
  }

  function keyed(message, replies) {
    const sign = JSON.stringify([message, replies, open.has(message.ts)]);
    const known = nodes.get(message.ts);
    if (known?.sign === sign) return known.node;
    const node = draw(message, replies);
    if (known) known.node.replaceWith(node);
    nodes.set(message.ts, { sign, node });
    return node;
  }

  function draw(message, replies) {
    const item = make("article", { class: `message ${message.seen_by ? "ephemeral" : ""}`, "data-ts": message.ts },
      avatar(message.user), body(message));
    if (replies.length) item.lastChild.append(thread(message, replies));
    return item;
  }

  function body(message) {
    const when = new Date(Number(message.ts) * 1000);
    const app = message.bot_id ? make("span", { class: "badge" }, "app") : null;
    const content = message.blocks?.length
      ? drawBlocks(message.blocks, desk(message))
      : [make("div", { class: "text" }, mrkdwn(message.text))];
    return make("div", { class: "message-body" },
      make("p", { class: "byline" }, make("strong", {}, nameOf(message.user)), app,
        make("time", { datetime: when.toISOString(), title: when.toString() },
          when.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" }))),
      message.seen_by ? make("p", { class: "only-you" }, "Only visible to you") : null,
      content,
      message.edited ? make("span", { class: "edited" }, "(edited)") : null,
      message.warned ? make("p", { class: "error", role: "alert" }, "⚠ This app did not answer. Try again.") : null);
  }

  function desk(message) {
    const press = async (part, block, chosen) => {
      try {
        await control("click", {
          user, conversation: message.conversation, ts: message.ts, action_id: part.action_id,
          block_id: block.block_id, chosen,
        });
      } catch (error) {
        complain(error.message);
      }
    };
    return { user, press, errors: {}, entered: () => undefined, enter() {}, conversations: () => [place] };
  }

  function thread(message, replies) {
    const unfolded = open.has(message.ts);
    const turn = () => {
      if (unfolded) open.delete(message.ts);
      else open.add(message.ts);
      show(place);
      nodes.get(message.ts).node.querySelector(".fold")?.focus();
    };
    const words = `${replies.length} ${replies.length === 1 ? "reply" : "replies"}`;
    return make("div", { class: "thread" },
      make("button", { type: "button", class: "fold plain", "aria-expanded": String(unfolded), onclick: turn },
        `${unfolded ? "▾" : "▸"} ${words}`),
      unfolded ? replies.map((one) => make("div", { class: "reply" }, avatar(one.user), body(one))) : null);
  }

  function empty(conversation) {
    if (conversation.kind === "bot_im") return "No messages from this app yet.";
    return conversation.archived ? "This channel is archived." : "No messages yet. Type / to see what the app can do.";
  }

  return { show };
}
