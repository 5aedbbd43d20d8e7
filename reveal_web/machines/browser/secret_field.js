// The field for a text. A browser's field rewrites line ends, so what was pasted and what would be sealed may differ: the page
// says so and offers the exact bytes.

import { hasLoneSurrogate, utf8 } from "./bytes.js";
import { button, make, PRIVATE_FIELD } from "./elements.js";
import { say } from "./saying.js";
import { lengthOf } from "./secret_facts.js";

const MOST_COUNTED = 100_000; // counting characters and lines of more would be felt at each key
const MOST_SHOWN = 256 * 1024; // a field with a longer text lets the whole page stand still

function described(text) {
  if (text === "") return "";
  return text.length > MOST_COUNTED ? say("file.bytes", { count: utf8(text).length }) : lengthOf(text);
}

/** The text after `pasted` has taken the place of what is selected. */
function replaced(field, pasted) {
  return field.value.slice(0, field.selectionStart) + pasted + field.value.slice(field.selectionEnd);
}

function asFile(text) {
  return { name: "secret.txt", type: "text/plain", body: utf8(text) };
}

/**
 * {box, field} for the text of `draft`. As files, {name, type, body}: `onExact` takes a pasted text that is to be sealed byte
 * for byte, `onLong` one that is too long for the field,
 * null where its bytes cannot be told.
 */
export function secretField(draft, onExact, onLong) {
  let exact = null;
  const length = make("p", { id: "secret-length", class: "help" });
  const keep = button(
    say("exact.keep"),
    () => {
      const file = asFile(exact);
      exact = null;
      onExact(file);
    },
    { class: "quiet" },
  );
  const note = make("div", { class: "note", role: "status" });
  const settle = () => {
    draft.text = field.value;
    length.textContent = described(draft.text);
    const differs = exact !== null && exact !== field.value && exact.replace(/\r\n?/g, "\n") === field.value;
    if (!differs) note.replaceChildren();
    else if (!note.hasChildNodes()) note.append(make("p", {}, say("exact")), keep);
  };
  const receive = (event, transfer, whole) => {
    const text = transfer.getData("text/plain");
    // Half a character would be a question mark in a file; as text it is refused in words.
    const isHalf = hasLoneSurrogate(text);
    exact = isHalf ? null : whole(text);
    if (text.length <= MOST_SHOWN) return;
    event.preventDefault();
    onLong(exact === null ? null : asFile(exact));
    exact = null;
  };
  const field = make("textarea", {
    id: "secret",
    class: "secret typed",
    rows: "6",
    "aria-describedby": "secret-length secret-help problem",
    onpaste: (event) => receive(event, event.clipboardData, (text) => replaced(field, text)),
    // Where in a longer text it lands, only the browser knows.
    ondrop: (event) => receive(event, event.dataTransfer, (text) => (field.value === "" ? text : null)),
    oninput: settle,
    ...PRIVATE_FIELD,
  });
  field.value = draft.text;
  settle();
  return { field, box: [make("label", { for: "secret" }, say("secret.label")), field, length, note] };
}
