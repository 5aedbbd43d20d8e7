// The "⋯" menu: a button and a list that the arrow keys walk; Escape goes back to the button.
import { freshId, make } from "./dom.js";
import { roving } from "./roving.js";

/** `lines`: [{ words, note, take() }]; `key` finds the button again after a redraw; `label` says of what it is. */
export function overflow(lines, key, label = "More actions") {
  const id = freshId("menu");
  const open = make("button", {
    type: "button", class: "button more", "aria-label": label, "aria-haspopup": "menu", "aria-expanded": "false", "aria-controls": id,
    "data-key": key, onclick: () => turn(menu.hidden), onkeydown: (event) => {
      if (event.key !== "ArrowDown") return;
      event.preventDefault();
      turn(true);
    },
  }, "⋯");
  const menu = roving(make("div", { class: "menu", id, role: "menu", hidden: true, onkeydown: (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    turn(false);
    open.focus();
  } }, lines.map((one) => make("button", { type: "button", role: "menuitem", tabindex: "-1", onclick: () => take(one) },
    one.words, one.note ? make("span", { class: "note" }, one.note) : null))));
  const root = make("div", { class: "overflow", onfocusout: (event) => {
    if (!root.contains(event.relatedTarget)) turn(false);
  } }, open, menu);

  function turn(on) {
    menu.hidden = !on;
    menu.classList.remove("up");
    if (on && menu.getBoundingClientRect().bottom > edge()) menu.classList.add("up");
    open.setAttribute("aria-expanded", String(on));
    if (on) menu.querySelector("button").focus();
  }

  /** Where what is below gets cut off: the end of the nearest part that scrolls. */
  function edge() {
    const around = root.closest(".messages, .home, .modal-blocks");
    return around ? around.getBoundingClientRect().bottom : window.innerHeight;
  }

  function take(one) {
    turn(false);
    open.focus();
    one.take();
  }

  return root;
}
