// Builds elements. Text always goes in as text: what people and the app wrote is never parsed as HTML.

/** An element with properties (class, on…, aria-…) and children (nodes or texts; null is skipped). */
export function make(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "value") node.value = value;
    else if (value === true) node.setAttribute(name, "");
    else node.setAttribute(name, value);
  }
  for (const child of children.flat()) {
    if (child !== null && child !== undefined) node.append(child);
  }
  return node;
}

/** Words for screen readers only. */
export function aside(words) {
  return make("span", { class: "sr" }, words);
}

let counter = 0;

/** An id that no other element of the page has. */
export function freshId(word) {
  counter += 1;
  return `${word}-${counter}`;
}

const signs = new WeakMap();

/** Fill `root` anew if `sign` changed. The focus stays on the child with the same data-key. */
export function refill(root, sign, build) {
  const text = JSON.stringify(sign);
  if (signs.get(root) === text) return;
  signs.set(root, text);
  keepFocus(root, () => root.replaceChildren(...[build()].flat(2).filter(Boolean)));
}

/** Change what is in `root` by `work`; who was on an element with a data-key finds themselves there again. */
export function keepFocus(root, work) {
  const key = root.contains(document.activeElement) ? document.activeElement.closest("[data-key]")?.dataset.key : null;
  work();
  if (key) root.querySelector(`[data-key="${CSS.escape(key)}"]`)?.focus({ preventScroll: true });
}
