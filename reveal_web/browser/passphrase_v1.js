// Passphrase, format v1: one spelling for what people type, whichever keyboard, phone or clipboard it came through.
// The frozen table (Unicode 14) is asked before normalize(): a browser with a later Unicode then gives the same bytes.
// A refusal happens here and costs no guess.

import { utf8 } from "./bytes.js";
import { RANGES } from "./passphrase_v1_table.js";
import { UnusablePassphraseError } from "./refusals.js";

const MOST_BYTES = 256;

/** Whether `character` lies in one of the ranges of a flat list: first, last, first, last, … */
function within(bounds, character) {
  const point = character.codePointAt(0);
  let low = 0;
  let high = bounds.length / 2 - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    if (point < bounds[2 * middle]) high = middle - 1;
    else if (point > bounds[2 * middle + 1]) low = middle + 1;
    else return true;
  }
  return false;
}

function mapped(text, change) {
  return Array.from(text, change).join("");
}

// A space for what Unicode 14 does not know: it drops out of both forms as the unknown character would.
function compatible(text) {
  return mapped(text, (character) => (within(RANGES.assigned, character) ? character : " ")).normalize("NFKC");
}

function digits(text) {
  return compatible(text).replace(/[^0-9]+/g, "");
}

function words(text) {
  // Not toLowerCase() on the whole: it would also make a-z letters of characters like U+0130 and U+212A.
  const lower = compatible(text).replace(/[A-Z]+/g, (upper) => upper.toLowerCase());
  return lower.replace(/[^a-z]+/g, "-").replace(/^-+|-+$/g, "");
}

/**
 * The 1 to 256 bytes that stand for what was typed; `form` is "free", "digits" or "words".
 * Throws UnusablePassphraseError.
 */
export function canon(form, typed) {
  const text = form === "digits" ? digits(typed) : form === "words" ? words(typed) : typed;
  for (const character of text) {
    if (/\p{Surrogate}/u.test(character)) throw new UnusablePassphraseError("surrogate");
    if (!within(RANGES.assigned, character)) throw new UnusablePassphraseError("unassigned");
  }
  const visible = mapped(text, (character) => (within(RANGES.deleted, character) ? "" : character));
  const spaced = mapped(visible.normalize("NFKC"), (character) => (within(RANGES.space, character) ? " " : character));
  // Not trim(): languages disagree about what white space is (U+001C, U+0085, U+FEFF).
  const kept = spaced.replace(/^[ \t\n\r]+/, "").replace(/[ \t\n\r]+$/, "");
  for (const character of kept) {
    if (within(RANGES.unprintable, character)) throw new UnusablePassphraseError("unprintable");
  }
  const bytes = utf8(kept);
  if (bytes.length === 0) throw new UnusablePassphraseError("empty");
  if (bytes.length > MOST_BYTES) throw new UnusablePassphraseError("too-long");
  return bytes;
}
