// Sentences of the catalogue with their values in them, and text from strangers made harmless. Knows no drop.

import { LANGUAGE, WORDS } from "./words.js";

let plurals = null;
let numbers = null;
const FENCE = ["\u2068", "\u2069"]; // first strong isolate, pop directional isolate

/** What a stranger wrote, without the controls that could reorder or hide what stands around it. */
export function harmless(text) {
  // Joiners and direction marks belong to names in several scripts and stay within the fence.
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (found) => (/[\u200c-\u200f]/.test(found) ? found : "\ufffd"));
}

// A browser takes tens of milliseconds for its first one, and most sentences need none.
function plural(count) {
  plurals ??= new Intl.PluralRules(LANGUAGE);
  return plurals.select(count);
}

function number(value) {
  numbers ??= new Intl.NumberFormat(LANGUAGE);
  return numbers.format(value);
}

/**
 * The sentence `name` with `values` in it; `count` chooses the plural form. A value from outside is fenced, so that its
 * writing direction cannot rearrange the sentence.
 */
export function say(name, values = {}) {
  const entry = WORDS[name];
  const sentence = typeof entry === "string" ? entry : (entry[plural(values.count)] ?? entry.other);
  return sentence.replace(/\{(\w+)\}/g, (_, key) => {
    const value = values[key];
    return typeof value === "number" ? number(value) : FENCE[0] + value + FENCE[1];
  });
}

/** Whether the catalogue has a sentence of this name. */
export function has(name) {
  return Object.hasOwn(WORDS, name);
}
