// The pane beside the conversation: one message, its answers, and a place to answer.
import { placeName } from "./directory.js";
import { make, refill } from "./dom.js";
import { continues, drawMessage } from "./message.js";

/** `reply(ts, text)` promises whether it was sent. Returns { root, open(ts), close(), show(conversation) }. */
export function threadPane(deskFor, reply, closed) {
  let parent = null;
  let place = null;
  let back = null;
  const where = make("p", {});
  const list = make("div", { class: "messages", tabindex: "0", role: "log", "aria-label": "Thread messages" });
  const box = make("textarea", {
    rows: 1, "aria-label": "Reply", placeholder: "Reply…", onkeydown: (event) => {
      if (event.key !== "Enter" || event.shiftKey) return;
      event.preventDefault();
      form.requestSubmit();
    },
  });
  const form = make("form", { class: "composer", onsubmit: submit },
    make("div", { class: "row" }, box, make("button", { type: "submit", class: "button primary go", "aria-label": "Send reply" }, "➤")));
  const leave = make("button", { type: "button", class: "plain", "aria-label": "Close thread", onclick: close }, "✕");
  const root = make("aside", {
    class: "thread", "aria-label": "Thread", hidden: true,
    onkeydown: (event) => { if (event.key === "Escape") close(); },
  }, make("header", { class: "place" }, make("h2", {}, "Thread"), where, leave), list, form);

  function open(ts) {
    back = document.activeElement?.dataset.key;
    parent = ts;
  }

  function close() {
    if (parent === null) return;
    parent = null;
    root.hidden = true;
    closed(back);
  }

  function show(conversation) {
    place = conversation;
    if (parent === null) return;
    const first = conversation.messages.find((one) => one.ts === parent);
    // Deleted, or the workspace was reset: there is nothing to stand beside any more.
    if (!first) {
      close();
      return;
    }
    const replies = conversation.messages.filter((one) => one.thread_ts === parent && one.ts !== parent);
    const opening = root.hidden;
    root.hidden = false;
    where.textContent = placeName(conversation);
    form.hidden = conversation.archived || conversation.read_only;
    const near = opening || list.scrollHeight - list.scrollTop - list.clientHeight < 80;
    refill(list, [first, replies], () => [
      drawMessage(first, deskFor(first)),
      make("div", { class: "divider day", role: "separator" }, make("span", {}, `${replies.length} ${replies.length === 1 ? "reply" : "replies"}`)),
      replies.map((one, index) => drawMessage(one, deskFor(one), { joined: continues(replies[index - 1], one) })),
    ]);
    if (near) list.scrollTop = list.scrollHeight;
    if (opening) (form.hidden ? leave : box).focus({ preventScroll: true });
  }

  async function submit(event) {
    event.preventDefault();
    const text = box.value;
    if (!text.trim() || !place) return;
    box.value = "";
    if (!(await reply(parent, text))) box.value ||= text;
  }

  return { root, open, close, show };
}
