// The view on top of somebody's stack, drawn over that person's screen only, which rests meanwhile.
import { control } from "./api.js";
import { drawBlocks } from "./blocks.js";
import { avatar, BOT } from "./directory.js";
import { make } from "./dom.js";
import { drafts } from "./drafts.js";

const signs = (place) => [...place.querySelectorAll("[data-block]")];

/** `place` is where the modal is drawn; returns { show(views, conversations) }. */
export function modals(user, place, complain, ask) {
  let drawn = "";
  let back = null;
  let shownId = "";

  function show(views, conversations) {
    const view = views[views.length - 1];
    const sign = view ? JSON.stringify([view.id, view.hash, view.errors, view.trouble, view.waiting, views.length]) : "";
    if (sign === drawn) return;
    const before = drawn;
    drawn = sign;
    if (!view) {
      const mine = place.contains(document.activeElement) || document.activeElement === document.body;
      shownId = "";
      place.hidden = true;
      place.replaceChildren();
      below().inert = false;
      drafts.forget(user);
      if (mine && back?.isConnected) back.focus();
      return;
    }
    if (!before) back = document.activeElement;
    const active = place.contains(document.activeElement) ? document.activeElement : null;
    const kept = { block: active?.closest("[data-block]")?.dataset.block, caret: active?.selectionStart };
    const were = new Set(signs(place).flatMap((node) => [node.dataset.block, node.dataset.content]));
    const scrolled = place.querySelector(".modal-blocks")?.scrollTop || 0;
    place.replaceChildren(draw(view, views.length, conversations));
    place.hidden = false;
    below().inert = true;
    place.querySelector(".modal-blocks").scrollTop = view.trouble ? 0 : scrolled;
    const added = signs(place).filter((node) => !were.has(node.dataset.block) && !were.has(node.dataset.content));
    const opening = view.id !== shownId;
    shownId = view.id;
    focus(kept, opening ? [] : added, opening);
  }

  function below() {
    return place.parentElement.querySelector(".workspace");
  }

  // What an update added is brought into sight: a warning below the fold would look like a dead button.
  function focus(kept, added, opening) {
    // Typing must not jump to another person's screen: focus moves only where somebody already is.
    const active = document.activeElement;
    const elsewhere = active && active !== document.body && !place.parentElement.contains(active);
    if (elsewhere) return;
    const wrong = place.querySelector("[aria-invalid]");
    const fields = [...place.querySelectorAll(".modal-blocks input, .modal-blocks textarea, .modal-blocks select")];
    const untouched = (field) => !field.value && !field.closest(".picker")?.querySelector(".token");
    const first = place.querySelector("[autofocus]") || fields.find(untouched) || fields[0];
    const fresh = added.map((node) => node.querySelector("input, select, textarea")).find(Boolean);
    const same = fields.find((field) => kept.block && field.closest("[data-block]")?.dataset.block === kept.block);
    const target = wrong || same || fresh || (opening && first) || place.querySelector(".modal-title");
    target.focus({ preventScroll: added.length > 0 });
    if (target === same && Number.isInteger(kept.caret) && target.setSelectionRange) target.setSelectionRange(kept.caret, kept.caret);
    added.at(-1)?.scrollIntoView({ block: "nearest" });
  }

  function draw(view, depth, conversations) {
    const close = (everything) => attempt(() => control("close_view", { view: view.id, everything }));
    const title = make("h2", { class: "modal-title", tabindex: "-1", id: `title-${view.id}` }, view.title.text);
    const desk = { ...drafts.desk(user, view, conversations, press(view)), key: view.id, ask };
    const trouble = view.trouble ? make("p", { class: "error trouble", role: "alert" }, view.trouble) : null;
    const footer = make("footer", {},
      make("button", { type: "button", class: "button", onclick: () => close(false) }, view.close?.text || (depth > 1 ? "Back" : "Close")),
      view.submit ? make("button", { type: "submit", class: "button primary", disabled: view.waiting }, view.waiting ? [make("span", { class: "spinner", "aria-hidden": "true" }), "Sending…"] : view.submit.text) : null);
    const form = make("form", {
      class: "modal", role: "dialog", "aria-modal": "false", "aria-labelledby": `title-${view.id}`, novalidate: true,
      onsubmit: (event) => { event.preventDefault(); submit(view); },
      onkeydown: (event) => { if (event.key === "Escape") close(false); },
    },
      make("header", {}, avatar(BOT, "tiny"), title, make("button", { type: "button", class: "plain", "aria-label": "Close", onclick: () => close(true) }, "✕")),
      make("div", { class: "modal-blocks" }, trouble, drawBlocks(view.blocks, desk)),
      footer);
    return form;
  }

  function press(view) {
    return (part, block, chosen) => attempt(async () => {
      await control("fill", { view: view.id, values: drafts.values(user, view) });
      await control("click", { user, view: view.id, action_id: part.action_id, block_id: block.block_id, chosen });
    });
  }

  function submit(view) {
    attempt(async () => {
      await control("fill", { view: view.id, values: drafts.values(user, view) });
      await control("submit", { view: view.id });
    });
  }

  async function attempt(work) {
    try {
      await work();
    } catch (error) {
      complain(error.message);
    }
  }

  return { show };
}
