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

let counter = 0;

/** An id that no other element of the page has. */
export function freshId(word) {
  counter += 1;
  return `${word}-${counter}`;
}
