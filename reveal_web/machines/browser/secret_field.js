// The field for a text. A browser's field rewrites line ends, so what was pasted and what would be sealed may differ: the page
// says so and offers the exact bytes.

import { hasLoneSurrogate, utf8 } from "./bytes.js";
import { button, make, PRIVATE_FIELD } from "./elements.js";
import { say } from "./saying.js";
import { lengthOf } from "./secret_facts.js";

const MOST_COUNTED = 100_000; // counting characters and lines of more would be felt at each key

function described(text) {
  if (text === "") return "";
  return text.length > MOST_COUNTED ? say("file.bytes", { count: utf8(text).length }) : lengthOf(text);
}

/** The text after `pasted` has taken the place of what is selected. */
function replaced(field, pasted) {
  return field.value.slice(0, field.selectionStart) + pasted + field.value.slice(field.selectionEnd);
}

/** {box, field} for the text of `draft`; `onExact(file)` takes a pasted text that is to be sealed byte for byte. */
export function secretField(draft, onExact) {
  let exact = null;
  const length = make("p", { id: "secret-length", class: "help" });
  const keep = button(
    say("exact.keep"),
    () => {
      const body = utf8(exact);
      exact = null;
      onExact({ name: "secret.txt", type: "text/plain", body });
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
  const field = make("textarea", {
    id: "secret",
    class: "secret typed",
    rows: "6",
    "aria-describedby": "secret-length secret-help problem",
    onpaste: ({ clipboardData }) => {
      const pasted = clipboardData.getData("text/plain");
      // Half a character would be a question mark in a file; as text it is refused in words.
      exact = hasLoneSurrogate(pasted) ? null : replaced(field, pasted);
    },
    ondrop: ({ dataTransfer }) => {
      exact = field.value === "" ? dataTransfer.getData("text/plain") : null;
    },
    oninput: settle,
    ...PRIVATE_FIELD,
  });
  field.value = draft.text;
  settle();
  return { field, box: [make("label", { for: "secret" }, say("secret.label")), field, length, note] };
}
