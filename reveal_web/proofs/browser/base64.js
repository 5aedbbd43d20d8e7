// Standard base64 in its one canonical spelling, as C2SP's notes and proofs write it.

import { MalformedError } from "./refusals.js";

/** Bytes of `text`; with `length`, exactly that many. Throws MalformedError. */
export function fromBase64(text, length) {
  let binary;
  try {
    binary = atob(text);
  } catch {
    throw new MalformedError("not base64");
  }
  // atob forgives spaces, missing padding and bits that encode nothing.
  if (btoa(binary) !== text) throw new MalformedError("not canonical base64");
  if (length !== undefined && binary.length !== length) throw new MalformedError("wrong length");
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}

/** Standard base64 of `bytes`. */
export function toBase64(bytes) {
  return btoa(String.fromCharCode(...bytes));
}
