// Unpadded, canonical base64url: one text for each byte string, and every other text is refused.
// Knows nothing of what the bytes mean.

import { MalformedError } from "./refusals.js";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const STEP = 0x3000; // a multiple of 3, and small enough to pass as arguments of one call

/** Text of `bytes`, without padding. */
export function encode(bytes) {
  const parts = [];
  for (let at = 0; at < bytes.length; at += STEP) {
    parts.push(btoa(String.fromCharCode(...bytes.subarray(at, at + STEP))));
  }
  return parts.join("").replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

/** Bytes of `text`; with `length`, exactly that many. Throws MalformedError. */
export function decode(text, length) {
  if (typeof text !== "string" || !/^[A-Za-z0-9_-]*$/.test(text) || text.length % 4 === 1) {
    throw new MalformedError("not base64url");
  }
  // Two texts for the same bytes would be two links for one drop: bits that encode nothing must be 0.
  const spare = { 0: 0, 2: 15, 3: 3 }[text.length % 4];
  if (spare && ALPHABET.indexOf(text.at(-1)) & spare) throw new MalformedError("not canonical base64url");
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  if (length !== undefined && binary.length !== length) throw new MalformedError("wrong length");
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}
