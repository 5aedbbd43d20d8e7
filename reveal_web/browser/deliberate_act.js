// The door of a drop without a passphrase: one deliberate act, so that no stray click, preview or script of a mail
// scanner opens it. Three ways to do it, for hand, keyboard and voice.

import { carryLink, unexpected } from "./asking.js";
import { make, PRIVATE_FIELD } from "./elements.js";
import { doorParts } from "./passphrase_form.js";
import { say } from "./saying.js";
import { show, tell } from "./scene.js";

const HOLD_MILLISECONDS = 1000;
const TYPED = "open";

/** Show the door; `onAct()` is called once per act and resolves to {told} when the door should take another, else to null. */
export function showDeliberateAct(drop, onAct) {
  const { heading, children } = doorParts(drop);
  let timer = null;
  let busy = false;

  const act = async () => {
    release();
    if (busy) return;
    // A disabled control loses the focus, and the act must be possible again without looking for it.
    const acted = document.activeElement;
    busy = box.disabled = true;
    const next = await onAct();
    if (!next) return;
    busy = box.disabled = false;
    typed.value = "";
    acted.focus({ preventScroll: true });
    tell(next.told ?? "");
  };
  const press = () => {
    if (timer !== null || busy) return;
    hold.classList.add("held");
    timer = setTimeout(act, HOLD_MILLISECONDS);
  };
  const release = () => {
    clearTimeout(timer);
    timer = null;
    hold.classList.remove("held");
  };
  const hold = make(
    "button",
    {
      type: "button",
      class: "hold",
      "aria-describedby": "hold-help",
      onpointerdown: press,
      onpointerup: release,
      onpointerleave: release,
      onpointercancel: release,
      onblur: release,
      onkeydown: (event) => {
        if (event.key !== " ") return;
        event.preventDefault();
        press();
      },
      onkeyup: release,
      // A long touch would open a menu over the button.
      oncontextmenu: (event) => event.preventDefault(),
    },
    make("span", {}, say("act.hold")),
  );
  const typed = make("input", {
    id: "act",
    type: "text",
    oninput: () => typed.value.trim().toLowerCase() === TYPED && act(),
    ...PRIVATE_FIELD,
  });
  const box = make(
    "fieldset",
    {},
    hold,
    make("p", { id: "hold-help", class: "help" }, say("act.help")),
    make("label", { for: "act" }, say("act.type", { word: TYPED })),
    typed,
  );
  show(heading, [...children, box], { extras: [carryLink(drop), unexpected(drop)] });
}
