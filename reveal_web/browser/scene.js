// The one card of the page: what it shows, what it says aloud, where the focus is.
// Knows no drop and no server.

import { make } from "./elements.js";

const view = document.getElementById("view");
const after = document.getElementById("after");
const more = document.getElementById("more");
const status = document.getElementById("status");
const problem = document.getElementById("problem");
const bar = document.getElementById("progress");

/**
 * Show a heading and what follows it; earlier messages go. Messages appear below `children`, where the hand just was,
 * and above `below`; `extras` stand apart at the end. The focus moves to `focus`, else to the heading.
 */
export function show(heading, children, { below = [], extras = [], focus = null } = {}) {
  const title = make("h1", { tabindex: "-1" }, heading);
  view.replaceChildren(title, ...children.filter((child) => child !== null));
  after.replaceChildren(...below);
  more.replaceChildren(...extras);
  document.title = heading;
  quiet();
  (focus ?? title).focus({ preventScroll: true });
  scrollTo(0, 0);
}

/** Say politely what goes on. */
export function tell(text) {
  status.textContent = text;
}

/** Say at once what went wrong. */
export function complain(text) {
  problem.textContent = text;
}

/** Take every message and the progress away. */
export function quiet() {
  tell("");
  complain("");
  work(null);
}

/** What the page says outside its scenes, in the catalogue's language: `waiting`, `demo`, `progress`. */
export function greet({ waiting, demo, progress }) {
  view.querySelector("h1").textContent = waiting;
  document.querySelector(".demo").textContent = demo;
  bar.setAttribute("aria-label", progress);
}

/** Progress: null hides it, undefined says "some", a number from 0 to 1 says how much. */
export function work(share) {
  bar.hidden = share === null;
  if (typeof share === "number") bar.value = share;
  else bar.removeAttribute("value");
}

/** Take everything off the page at once, fields included. */
export function wipe() {
  for (const field of view.querySelectorAll("input, textarea")) field.value = "";
  for (const part of [view, after, more]) part.replaceChildren();
  quiet();
}
