// Building the page's elements. Text goes in as text: labels, names and hints come from strangers.

/**
 * A new element. `attributes`: functions become listeners ("onclick"), true and false switch, undefined is left out.
 * Children are elements or strings; null is left out.
 */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name.slice(2), value);
    else if (typeof value === "boolean") element.toggleAttribute(name, value);
    else if (value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== null));
  return element;
}

/** A button that does not submit a form. */
export function button(text, onclick, attributes = {}) {
  return make("button", { type: "button", onclick, ...attributes }, text);
}

// What keeps spelling services, password managers and translators from taking or keeping what stands in a field. Its
// direction is that of its text: a key must not be rearranged because the page speaks Arabic.
export const PRIVATE_FIELD = {
  dir: "auto",
  autocomplete: "off",
  autocapitalize: "off",
  autocorrect: "off",
  spellcheck: "false",
  translate: "no",
  "data-1p-ignore": "",
  "data-lpignore": "true",
  "data-bwignore": "",
  "data-form-type": "other",
  "data-gramm": "false",
};

/** A list of names and values; entries without a value are left out. */
export function facts(...entries) {
  const present = entries.filter(([, value]) => value);
  return make("dl", {}, ...present.map(([name, value]) => make("div", {}, make("dt", {}, name), make("dd", {}, make("bdi", {}, value)))));
}
