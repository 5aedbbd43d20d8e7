// The scene in which a secret is typed, or a file is chosen, and sealed.

import { button, facts, make } from "./elements.js";
import { hasFiles, RefusedFileError, takeFile } from "./file_taking.js";
import { warmUp } from "./kdf.js";
import { orderFacts, whoSees } from "./order_shown.js";
import { passphraseChoice } from "./passphrase_choice.js";
import { harmless, say } from "./saying.js";
import { complain, quiet, show, tell } from "./scene.js";
import { secretField } from "./secret_field.js";
import { countDown, duration, moment } from "./times.js";

const SOON_SECONDS = 3600;
const MEBIBYTE = 1024 * 1024;

/** Until when this page can be used: a clock for the last hour, before that a moment. */
function timeLeft(order) {
  const line = make("p", { class: "help clock-line" });
  const until = order.askedAt + order.seconds_left * 1000;
  if (order.seconds_left > SOON_SECONDS) {
    line.textContent = say("left.until", { time: moment(until / 1000) });
    return { line, stop: () => {} };
  }
  const stop = countDown(
    until,
    (left) => {
      line.textContent = say("left", { time: duration(left) });
    },
    () => {
      line.textContent = say("left.over");
    },
  );
  return { line, stop };
}

function fileCard(file, onRemove) {
  return make(
    "div",
    { class: "file" },
    facts([say("file.name"), harmless(file.name)], [say("file.size"), say("file.bytes", { count: file.body.length })]),
    button(say("file.remove"), onRemove, { class: "quiet" }),
  );
}

/**
 * Show the form for `draft`; it takes files dropped or pasted anywhere on the page for as long as it is shown. `onSeal(passphrase)`
 * resolves to true when the form should take the next one; then it has been said why.
 */
export function showForm(order, draft, kept, onSeal) {
  const most = order.most_bytes;
  let busy = false;
  let asked = 0; // a file on a slow disk comes when something else may be there already
  const where = make("div", { class: "where" });
  const picker = make("input", {
    type: "file",
    hidden: true,
    "aria-label": say("file.choose"),
    async onchange() {
      await take(picker.files);
      picker.value = ""; // else choosing the same one again would be no change
    },
  });
  const choose = button(say("file.choose"), () => picker.click(), { class: "quiet", "aria-describedby": "secret-help" });
  const help = make("p", { id: "secret-help", class: "help" }, say("file.help", { size: Math.floor(most / MEBIBYTE) }));

  const showDraft = (focus = true) => {
    const { field, box } = draft.file ? { box: [fileCard(draft.file, remove)] } : secretField(draft, takeExact, takeLong);
    where.replaceChildren(...box);
    choose.textContent = say(draft.file ? "file.choose_another" : "file.choose");
    if (focus) (field ?? where.querySelector("button")).focus();
    return field ?? null;
  };
  const remove = () => {
    asked += 1;
    draft.wipe();
    quiet();
    showDraft();
  };
  const takeExact = (file) => {
    if (busy) return;
    asked += 1;
    draft.wipe();
    draft.file = file;
    showDraft();
    tell(say("file.taken"));
  };
  const takeLong = (file) => {
    if (file === null) return complain(say("refused.secret.unclear"));
    if (file.body.length > most) return complain(say("refused.secret.too-large"));
    takeExact(file);
    tell(say("file.taken.long"));
  };
  const take = async (files) => {
    if (busy || files.length === 0) return;
    quiet();
    // One link carries one secret; what was typed must not vanish because something was dropped beside it.
    if (draft.text !== "") return complain(say("file.beside_text"));
    asked += 1;
    const mine = asked;
    try {
      const file = await takeFile(files, most);
      if (busy || mine !== asked) return;
      if (draft.text !== "") return complain(say("file.beside_text"));
      draft.wipe();
      draft.file = file;
      showDraft();
      tell(say("file.taken"));
    } catch (error) {
      if (!(error instanceof RefusedFileError)) throw error;
      complain(say(`file.refused.${error.reason}`));
    }
  };

  const { box: passphraseBox, chosen } = passphraseChoice(order.recipientName, kept);
  const submit = make("button", { type: "submit" }, say("seal"));
  const sheet = make("fieldset", {}, where, make("div", { class: "row" }, choose), picker, help, passphraseBox);
  const { line, stop } = timeLeft(order);

  const sealed = async (event) => {
    event.preventDefault();
    if (busy) return;
    quiet();
    const refusal = draft.refusal(most);
    if (refusal) {
      complain(say(`refused.secret.${refusal}`));
      return where.querySelector("textarea, button").focus();
    }
    const passphrase = chosen();
    if (passphrase === null) return;
    busy = sheet.disabled = submit.disabled = true;
    if (!(await onSeal(passphrase))) return leave();
    busy = sheet.disabled = submit.disabled = false;
    submit.focus();
  };
  const form = make("form", { class: "composer", onsubmit: sealed, autocomplete: "off" }, sheet, submit, line);

  const mark = (isOver) => document.documentElement.classList.toggle("dropping", isOver);
  const over = (event) => hasFiles(event.dataTransfer) && mark(true);
  const out = (event) => event.relatedTarget === null && mark(false);
  const dropped = (event) => {
    mark(false);
    if (hasFiles(event.dataTransfer)) take(event.dataTransfer.files);
  };
  const pasted = (event) => {
    // A table copied from an office program is text and a picture of it; the text is meant.
    if (!hasFiles(event.clipboardData) || event.clipboardData.getData("text/plain") !== "") return;
    event.preventDefault();
    take(event.clipboardData.files);
  };
  const listeners = { dragover: over, dragleave: out, drop: dropped, paste: pasted };
  for (const [name, listener] of Object.entries(listeners)) addEventListener(name, listener);
  const leave = () => {
    stop();
    // Out of the document they would keep what was typed; the draft has it, for as long as it may be needed.
    for (const field of form.querySelectorAll("input, textarea")) field.value = "";
    mark(false);
    for (const [name, listener] of Object.entries(listeners)) removeEventListener(name, listener);
  };

  const field = showDraft(false);
  // Loading begins while the person types, so that the wait afterwards is the derivation's alone.
  form.addEventListener("focusin", warmUp, { once: true });
  const heading = say(order.kind === "request" ? "form.heading.request" : "form.heading", { recipient: order.recipientName });
  // On a phone the focus would raise the keyboard over the very text that says what this is.
  const focus = matchMedia("(hover: hover)").matches ? field : null;
  show(heading, [orderFacts(order), make("p", { class: "safe" }, say("form.safe")), form], { extras: [whoSees(order)], focus });
}
