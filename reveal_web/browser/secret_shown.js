// The scene with the secret: masked, copied or saved on request, and taken away again by hand, by clock, or with the page.
// Knows the server only as something to acknowledge to.

import { showCleared } from "./endings.js";
import { button, facts, make, PRIVATE_FIELD } from "./elements.js";
import { environmentLine } from "./environment_line.js";
import { receiptLink } from "./receipt_link.js";
import { fileName, hasLines, lengthOf, save } from "./secret_facts.js";
import { complain, quiet, show, tell, wipe } from "./scene.js";
import { countDown, duration } from "./times.js";
import { harmless, say } from "./saying.js";

const SHOWN_SECONDS = 300;
const WARN_SECONDS = 60;
const MASK = "•".repeat(16); // always as many, so that the mask does not tell the length

/** A read-only field that shows dots or the text, and copies the exact text either way. */
function secretField(text) {
  const rows = String(Math.min(Math.max(text().split(/\r\n|\r|\n/).length, 2), 8));
  const label = (hidden) => say(hidden ? "secret.field.hidden" : "secret.field");
  const field = make("textarea", {
    id: "secret",
    class: "secret",
    readonly: true,
    rows,
    "aria-label": label(true),
    // A field rewrites line ends and shows dots; what is copied by hand has to be what was sealed all the same.
    oncopy: (event) => {
      const whole = field.selectionStart === 0 && field.selectionEnd === field.value.length;
      // Without a selection the copy keys are still meant for the one thing on this page.
      if (field.value !== MASK && !whole && field.selectionStart !== field.selectionEnd) return;
      event.clipboardData.setData("text/plain", text());
      event.preventDefault();
      tell(say("copy.done"));
    },
    ...PRIVATE_FIELD,
  });
  field.value = MASK;
  const toggle = button(
    say("show"),
    () => {
      const hide = field.value !== MASK;
      field.value = hide ? MASK : text();
      field.setAttribute("aria-label", label(hide));
      toggle.textContent = say(hide ? "show" : "hide");
      toggle.setAttribute("aria-pressed", String(!hide));
    },
    { class: "quiet", "aria-pressed": "false", "aria-controls": "secret" },
  );
  return { field, toggle };
}

/** A button `caption` that copies `text()` and then says `done`. */
function copyButton(caption, text, done, attributes) {
  const pressed = async () => {
    complain("");
    try {
      await navigator.clipboard.writeText(text());
      tell(done);
    } catch {
      complain(say("copy.failed"));
    }
  };
  return button(caption, pressed, attributes);
}

/** "Copy as NAME=value"; null where the drop has no `name` for it, or the text does not fit on such a line. */
function copyLineButton(name, text) {
  if (environmentLine(name, text()) === null) return null;
  const line = () => environmentLine(name, text());
  return copyButton(say("copy.line", { name }), line, say("copy.line.done"), { class: "quiet" });
}

function saveButton(content, name, attributes) {
  const saved = () => {
    save(content(), name);
    tell(say("save.done"));
  };
  return button(say("save"), saved, attributes);
}

/** Elements for a text that is called `variable` in an environment, and the one that gets the focus; null is the heading. */
function textParts(text, variable) {
  if (text() === "") return { focus: null, parts: [make("p", {}, lengthOf(""))] };
  const { field, toggle } = secretField(text);
  const long = hasLines(text());
  return {
    focus: field,
    parts: [
      field,
      make("p", { class: "help" }, lengthOf(text())),
      make(
        "div",
        { class: "row" },
        copyButton(say("copy"), text, say("copy.done")),
        toggle,
        copyLineButton(variable, text),
        long ? saveButton(text, "secret.txt", { class: "quiet" }) : null,
      ),
      long ? make("p", { class: "help" }, say("save.help")) : null,
    ],
  };
}

function fileParts(file) {
  const control = saveButton(() => file().body, file().name);
  return {
    focus: control,
    parts: [
      facts([say("file.name"), fileName(file().name)], [say("file.size"), say("file.bytes", { count: file().body.length })]),
      make("div", { class: "row" }, control),
      make("p", { class: "help" }, say("save.help")),
    ],
  };
}

/**
 * Show `secret`, {text} or {file}. `acknowledge(onWord)` tells the server in the background and reports sentences, with
 * the last one the receipt's address or null; `leaving()` is called when the page goes away with the secret on it.
 */
export function showSecret(drop, secret, acknowledge, leaving) {
  let held = secret;
  const { focus, parts } = held.file ? fileParts(() => held.file) : textParts(() => held.text, drop.variable);
  const word = make("p", { class: "ack", role: "status" });
  // Last on the page, so that nothing moves under a finger when the link comes; and it goes along to the cleared page.
  const receipt = make("p", { class: "receipt" });
  const remaining = make("span", {});
  const longer = button(say("ends.more"), () => extend(), { class: "quiet", hidden: true });

  const forget = () => {
    stop();
    removeEventListener("pagehide", gone);
    held.file?.body.fill(0);
    held = { text: "" };
    wipe();
  };
  const clear = (why) => {
    forget();
    showCleared(why, receipt);
  };
  const gone = () => {
    leaving();
    forget();
  };
  let stop = () => {};
  const start = () => {
    stop();
    longer.hidden = true;
    quiet();
    stop = countDown(
      Date.now() + SHOWN_SECONDS * 1000,
      (left) => {
        remaining.textContent = say("ends", { time: duration(left) });
        if (left > WARN_SECONDS || !longer.hidden) return;
        longer.hidden = false;
        complain(say("ends.soon"));
      },
      () => clear("timed"),
    );
  };
  const extend = () => {
    // The button goes away; without this a keyboard would start again at the top.
    if (document.activeElement === longer) (focus ?? document.querySelector("h1")).focus();
    start();
    tell(say("ends.extended"));
  };

  addEventListener("pagehide", gone);
  show(
    say(held.file ? "secret.heading.file" : "secret.heading"),
    [
      facts([say("door.label"), harmless(drop.header.label)]),
      ...parts,
    ],
    {
      focus,
      below: [
        make("p", {}, say("secret.once")),
        word,
        button(say("clear"), () => clear("text"), { class: "quiet wide" }),
        make("div", { class: "row clock" }, remaining, longer),
        receipt,
      ],
    },
  );
  start();
  acknowledge((sentence, address = null) => {
    word.textContent = sentence;
    if (address !== null) receipt.replaceChildren(receiptLink(address));
  });
}
