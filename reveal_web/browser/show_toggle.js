// The button beside a field whose text is hidden: shows it, and hides it again.

import { button } from "./elements.js";
import { say } from "./saying.js";

/** For a password field that has an id. */
export function showToggle(field) {
  const toggle = button(
    say("show"),
    () => {
      const hidden = field.type === "text";
      field.type = hidden ? "password" : "text";
      toggle.textContent = say(hidden ? "show" : "hide");
      toggle.setAttribute("aria-pressed", String(!hidden));
      field.focus();
    },
    { class: "toggle", "aria-pressed": "false", "aria-controls": field.id },
  );
  return toggle;
}
