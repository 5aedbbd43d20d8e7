// Lists of buttons that one walks with the arrow keys: Tab stops once, Home and End go to the ends.

const STEPS = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 };

/** Let arrow keys move among the visible buttons in `root`. */
export function roving(root) {
  root.addEventListener("keydown", (event) => {
    const all = [...root.querySelectorAll("button")].filter((one) => !one.disabled && one.offsetParent);
    const at = all.indexOf(document.activeElement);
    if (at < 0) return;
    const to = event.key === "Home" ? 0 : event.key === "End" ? all.length - 1
      : STEPS[event.key] ? (at + STEPS[event.key] + all.length) % all.length : -1;
    if (to < 0) return;
    event.preventDefault();
    all[to].focus();
  });
  return root;
}
