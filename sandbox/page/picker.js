// A field that picks people or conversations by typing: chosen ones as tokens, matches in a list below.
import { avatar } from "./directory.js";
import { freshId, make } from "./dom.js";

/** `offers`: [{id, name, note, face, words}]; `change(ids)` is called with every change. */
export function picker({ offers, chosen, most, placeholder, id, change, ...aria }) {
  const ids = [...chosen];
  const listId = freshId("list");
  let at = 0;
  const tokens = make("span", { class: "tokens" });
  const list = make("ul", { class: "offers", id: listId, role: "listbox", hidden: true });
  const box = make("input", {
    type: "text", id, role: "combobox", "aria-expanded": "false", "aria-controls": listId, autocomplete: "off",
    placeholder: placeholder || null, ...aria,
    oninput: show, onclick: show, onblur: () => setTimeout(hide, 150), onkeydown: key,
  });
  const root = make("div", { class: "picker" }, tokens, box, list);

  function matching() {
    const words = box.value.trim().toLowerCase().replace(/^[@#]/, "");
    if (most > 1 && ids.length >= most) return [];
    return offers.filter((one) => !ids.includes(one.id) && one.words.toLowerCase().includes(words)).slice(0, 8);
  }

  function draw() {
    tokens.replaceChildren(...ids.map((one) => {
      const offer = offers.find((other) => other.id === one);
      const name = offer?.name || one;
      const drop = () => {
        set(ids.filter((other) => other !== one));
        box.focus();
        hide();
      };
      return make("span", { class: "token" }, offer?.face ? avatar(offer.face, "tiny") : null, name,
        make("button", { type: "button", "aria-label": `Remove ${name}`, onclick: drop }, "×"));
    }));
    box.placeholder = ids.length ? "" : placeholder || "";
  }

  function set(next) {
    ids.splice(0, ids.length, ...next);
    draw();
    change([...ids]);
  }

  function choose(one) {
    set(most === 1 ? [one.id] : [...ids, one.id].slice(0, most));
    box.value = "";
    hide();
    box.focus();
    hide();
  }

  function show() {
    const found = matching();
    at = Math.min(at, Math.max(found.length - 1, 0));
    list.replaceChildren(...found.map((one, place) =>
      make("li", {
        role: "option", id: `${listId}-${place}`, "aria-selected": place === at ? "true" : "false",
        onmousedown: (event) => { event.preventDefault(); choose(one); },
      }, one.face ? avatar(one.face, "tiny") : null, make("span", { class: "name" }, one.name),
      one.note ? make("span", { class: "note" }, one.note) : null)));
    const full = most > 1 && ids.length >= most;
    if (!found.length) list.append(make("li", { class: "none", role: "presentation" }, full ? `At most ${most}.` : "Nobody and nothing is called that."));
    list.hidden = false;
    list.scrollIntoView({ block: "nearest" });
    box.setAttribute("aria-expanded", "true");
    if (found.length) box.setAttribute("aria-activedescendant", `${listId}-${at}`);
  }

  function hide() {
    list.hidden = true;
    box.setAttribute("aria-expanded", "false");
    box.removeAttribute("aria-activedescendant");
  }

  function key(event) {
    const found = matching();
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      at = (at + (event.key === "ArrowDown" ? 1 : found.length - 1)) % Math.max(found.length, 1);
      show();
    } else if (event.key === "Enter" && !list.hidden) {
      event.preventDefault();
      if (found[at]) choose(found[at]);
    } else if (event.key === "Escape" && !list.hidden) {
      event.stopPropagation();
      hide();
    } else if (event.key === "Backspace" && !box.value && ids.length) {
      set(ids.slice(0, -1));
    }
  }

  draw();
  return root;
}
