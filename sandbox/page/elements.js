// Draws interactive elements. In an input block they only remember what was entered; elsewhere they tell.
import { everybody, nameOf, placeName, standing } from "./directory.js";
import { make } from "./dom.js";
import { textNodes } from "./mrkdwn.js";
import { overflow } from "./overflow.js";
import { picker } from "./picker.js";

/** One element; `field` = { id, described, invalid } inside an input block. */
export function element(part, block, desk, field = {}) {
  return (DRAW[part.type] || (() => make("span", {}, `(${part.type})`)))(part, block, desk, field);
}

function told(part, block, desk, value) {
  desk.enter(block, part, value);
  if (block.type !== "input" || block.dispatch_action) desk.press(part, block, value);
}

/** What says which element this is after its message was drawn anew. */
function keyOf(part, desk) {
  return `${desk.key || ""} ${part.action_id} ${part.value ?? ""}`;
}

function button(part, block, desk) {
  const common = {
    class: `button ${part.style || ""}`, "aria-label": part.accessibility_label || null, "data-key": keyOf(part, desk),
  };
  const act = async (open) => {
    if (!(await desk.ask(part.confirm))) return;
    if (open) window.open(part.url, "_blank", "noopener,noreferrer");
    desk.press(part, block, null);
  };
  if (!part.url) return make("button", { type: "button", ...common, onclick: () => act(false) }, textNodes(part.text));
  // Without a question the browser follows the link by itself, however it was clicked.
  const follow = (event) => {
    if (part.confirm) event.preventDefault();
    act(Boolean(part.confirm));
  };
  const link = { ...common, href: part.url, target: "_blank", rel: "noopener noreferrer" };
  return make("a", { ...link, onclick: follow, onauxclick: (event) => event.button === 1 && follow(event) }, textNodes(part.text));
}

function common(field) {
  return { id: field.id, "aria-describedby": field.described, "aria-invalid": field.invalid ? "true" : null };
}

function textInput(part, block, desk, field) {
  const most = part.max_length || 3000;
  const left = make("span", { class: "left", "aria-live": "polite" });
  const typed = (event) => {
    desk.enter(block, part, event.target.value);
    const spare = most - event.target.value.length;
    left.textContent = spare <= 100 ? `${spare} characters left` : "";
  };
  const properties = {
    ...common(field), maxlength: most, placeholder: part.placeholder?.text, oninput: typed, autocomplete: "off",
    spellcheck: "false", autofocus: part.focus_on_load || null, value: desk.entered(block, part) || "",
  };
  const box = part.multiline ? make("textarea", { ...properties, rows: 4 }) : make("input", { type: "text", ...properties });
  return make("div", { class: "text-input" }, box, left);
}

function staticSelect(part, block, desk, field) {
  const chosen = desk.entered(block, part);
  const choose = async (event) => {
    if (await desk.ask(part.confirm)) told(part, block, desk, event.target.value);
    else event.target.value = chosen || "";
  };
  const offer = (one) => make("option", { value: one.value, selected: one.value === chosen }, one.text.text);
  const groups = (part.option_groups || []).map((group) =>
    make("optgroup", { label: group.label.text }, group.options.map(offer)));
  const nothing = make("option", { value: "", disabled: true, selected: !chosen }, part.placeholder?.text || "Choose");
  return make("select", { ...common(field), onchange: choose }, nothing, (part.options || []).map(offer), groups);
}

function ticks(kind) {
  return (part, block, desk, field) => {
    const chosen = new Set([desk.entered(block, part) ?? []].flat());
    const name = `${field.id || part.action_id}-choice`;
    const change = (value, on) => {
      if (kind === "radio") chosen.clear();
      if (on) chosen.add(value);
      else chosen.delete(value);
      told(part, block, desk, kind === "radio" ? value : [...chosen]);
    };
    return make("div", { class: "ticks", id: field.id }, part.options.map((one) =>
      make("label", {},
        make("input", {
          type: kind, name, value: one.value, checked: chosen.has(one.value),
          onchange: (event) => change(one.value, event.target.checked),
        }),
        make("span", {}, textNodes(one.text),
          one.description ? make("span", { class: "hint" }, textNodes(one.description)) : null))));
  };
}

function datepicker(part, block, desk, field) {
  const choose = (event) => event.target.value && told(part, block, desk, event.target.value);
  return make("input", {
    type: "date", ...common(field), value: desk.entered(block, part) || "", onchange: choose,
    "aria-label": field.id ? null : part.placeholder?.text || "Date",
  });
}

function menu(part, block, desk) {
  const choose = async (one) => {
    if (!(await desk.ask(part.confirm))) return;
    if (one.url) window.open(one.url, "_blank", "noopener,noreferrer");
    desk.press(part, block, one.value);
  };
  return overflow(part.options.map((one) => ({ words: one.text.text, note: one.description?.text, take: () => choose(one) })), keyOf(part, desk));
}

function people(most) {
  return (part, block, desk, field) => {
    const offers = everybody()
      .filter((one) => !one.deleted)
      .map((one) => ({ id: one.id, name: nameOf(one.id), note: standing(one) || one.profile.title, face: one.id, words: `${one.name} ${nameOf(one.id)}` }));
    return pick(part, block, desk, field, offers, part.max_selected_items || most);
  };
}

function places(part, block, desk, field) {
  const filter = part.filter || {};
  const kinds = { im: "im", bot_im: "im", channel: "public", private: "private", mpim: "mpim" };
  const offers = desk.conversations()
    .filter((one) => !one.archived && !(filter.exclude_external_shared_channels && one.external))
    .filter((one) => !filter.include || filter.include.includes(kinds[one.kind]))
    .filter((one) => !(filter.exclude_bot_users && one.kind === "bot_im"))
    .map((one) => ({ id: one.id, name: placeName(one), note: one.external ? "shared" : "", face: one.with, words: `${one.name} ${placeName(one)}` }));
  return pick(part, block, desk, field, offers, 1);
}

function pick(part, block, desk, field, offers, most) {
  const before = [desk.entered(block, part) ?? []].flat().filter(Boolean);
  const single = part.type !== "multi_users_select";
  const change = (ids) => told(part, block, desk, single ? ids[0] || "" : ids);
  return picker({ offers, chosen: before, most: single ? 1 : most, placeholder: part.placeholder?.text, ...common(field), change });
}

const DRAW = {
  button,
  plain_text_input: textInput,
  static_select: staticSelect,
  checkboxes: ticks("checkbox"),
  radio_buttons: ticks("radio"),
  datepicker,
  overflow: menu,
  users_select: people(1),
  multi_users_select: people(100),
  conversations_select: places,
};
