// Joining, comparing and spelling bytes.

const encoder = new TextEncoder();

/** UTF-8 of `text`. The caller has refused lone surrogates, which this would replace silently. */
export function utf8(text) {
  return encoder.encode(text);
}

/** Text of `bytes`, or null when they are not UTF-8. A byte order mark is kept: nothing is trimmed. */
export function textOf(bytes) {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** Whether `text` holds a half of a UTF-16 pair without its other half. */
export function hasLoneSurrogate(text) {
  return /\p{Surrogate}/u.test(text);
}

/** All of `parts` in one new array. */
export function joined(...parts) {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** Whether two byte strings are equal, in a time that depends on their lengths only. */
export function sameBytes(left, right) {
  if (left.length !== right.length) return false;
  let difference = 0;
  for (let at = 0; at < left.length; at++) difference |= left[at] ^ right[at];
  return difference === 0;
}
