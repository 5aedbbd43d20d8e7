// The passphrase of what is sealed here: made, or typed by somebody who knows that the recipient knows it too.

import { wordlist } from "./bip39-english.js";
import { textOf } from "./bytes.js";
import { canon } from "./passphrase_v1.js";
import { UnusablePassphraseError } from "./refusals.js";

const WORDS = 4;
const FEWEST_CHARACTERS = 4;
const TRIES = 5; // of one round, before it is locked

// What people put between digits, and nothing that a keyboard's number row is not.
const ONLY_DIGITS = /^[\s0-9.\-/()+]*[0-9][\s0-9.\-/()+]*$/;
// Two words at least: of one word somebody may mean just these capitals.
const ONLY_WORDS = /^\s*[A-Za-z]{2,}(?:(?:\s+|\s*-\s*)[A-Za-z]{2,})+\s*$/;

/** A random whole number under `count`, each as likely as any other. */
export function randomBelow(count) {
  const drawn = new Uint16Array(1);
  // The last, incomplete round of numbers would make the first ones likelier.
  const fair = 0x10000 - (0x10000 % count);
  do crypto.getRandomValues(drawn);
  while (drawn[0] >= fair);
  return drawn[0] % count;
}

/** {text, form, wasMade}: four words of BIP-39's list, 2048 to the power of 4 in all. */
export function makePassphrase() {
  const text = Array.from({ length: WORDS }, () => wordlist[randomBelow(wordlist.length)]).join(" ");
  return { text, form: "words", wasMade: true };
}

function formOf(text) {
  // Full-width digits are digits too.
  const plain = text.normalize("NFKC");
  if (ONLY_DIGITS.test(plain)) return "digits";
  return ONLY_WORDS.test(plain) ? "words" : "free";
}

/** {text, form, wasMade} of what was typed. Throws UnusablePassphraseError, with "too-short" under four characters. */
export function typedPassphrase(text) {
  const form = formOf(text);
  if (Array.from(textOf(canon(form, text))).length < FEWEST_CHARACTERS) throw new UnusablePassphraseError("too-short");
  return { text, form, wasMade: false };
}

/** "1 in N within five tries" for digits, where that can be said; null for anything else. */
export function triesForOne(text) {
  if (formOf(text) !== "digits") return null;
  const count = canon("digits", text).length;
  return count >= FEWEST_CHARACTERS && count <= 15 ? 10 ** count / TRIES : null;
}
