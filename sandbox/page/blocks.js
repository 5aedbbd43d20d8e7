// Draws Block Kit blocks. What is pressed or entered goes to `desk`, which knows the message or view.
//
// A desk is { user, press(element, block, chosen), entered(block, element), enter(block, element, value),
// errors: {block_id: words} }.
import { element } from "./elements.js";
import { freshId, make } from "./dom.js";
import { textNodes } from "./mrkdwn.js";

export function drawBlocks(blocks, desk) {
  return blocks.map((block) => {
    const node = (DRAW[block.type] || unknown)(block, desk);
    // By content too: Slack gives a block without an id another one with each update.
    node.dataset.block = block.block_id;
    node.dataset.content = JSON.stringify({ ...block, block_id: undefined });
    return node;
  });
}

function unknown(block) {
  return make("p", { class: "unknown" }, `(a ${block.type} block)`);
}

function section(block, desk) {
  const body = make("div", { class: "section-body" });
  if (block.text) body.append(make("div", { class: "text" }, textNodes(block.text)));
  if (block.fields) {
    body.append(make("div", { class: "fields" }, block.fields.map((one) => make("div", {}, textNodes(one)))));
  }
  const beside = block.accessory ? make("div", { class: "beside" }, element(block.accessory, block, desk)) : null;
  return make("div", { class: "block section" }, body, beside);
}

function context(block) {
  return make("div", { class: "block context" }, block.elements.map((one) => make("span", {}, textNodes(one))));
}

function actions(block, desk) {
  return make("div", { class: "block actions" }, block.elements.map((one) => element(one, block, desk)));
}

function input(block, desk) {
  const id = freshId("field");
  const said = desk.errors[block.block_id];
  const hint = block.hint ? make("p", { class: "hint", id: `${id}-hint` }, textNodes(block.hint)) : null;
  const error = said ? make("p", { class: "error", id: `${id}-error`, role: "alert" }, said) : null;
  const optional = block.optional ? make("span", { class: "optional" }, " (optional)") : null;
  const grouped = ["checkboxes", "radio_buttons"].includes(block.element.type);
  const described = [said && `${id}-error`, block.hint && `${id}-hint`].filter(Boolean).join(" ") || null;
  const field = element(block.element, block, desk, { id, described, invalid: Boolean(said) });
  const words = [textNodes(block.label), optional];
  if (grouped) {
    return make("fieldset", { class: "block input", "aria-describedby": described },
      make("legend", {}, words), field, error, hint);
  }
  return make("div", { class: "block input" }, make("label", { for: id }, words), field, error, hint);
}

const DRAW = {
  section,
  context,
  actions,
  input,
  header: (block) => make("h3", { class: "block header" }, textNodes(block.text)),
  divider: () => make("hr", { class: "block" }),
};
