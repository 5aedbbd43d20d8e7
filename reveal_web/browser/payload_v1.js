// Payload, format v1: a JSON head, one zero byte, the body; padded so that its length says little.
// Byte-exact: nothing is trimmed or normalised. Knows no key.

import { hasLoneSurrogate, joined, textOf, utf8 } from "./bytes.js";
import { DamagedEnvelopeError, MalformedError } from "./refusals.js";
import { hasExactly, parseStrictly } from "./strict_json.js";

const SMALL_SIZES = [256, 1024, 4096];

function paddedSize(length) {
  return SMALL_SIZES.find((size) => length + 4 <= size) ?? Math.ceil((length + 4) / 4096) * 4096;
}

/** Whether padding can produce `size` bytes. */
export function isPaddedSize(size) {
  return SMALL_SIZES.includes(size) || (size > 0 && size % 4096 === 0);
}

/** 4-byte big-endian length, payload, zeros. */
export function pad(payload) {
  const padded = new Uint8Array(paddedSize(payload.length));
  new DataView(padded.buffer).setUint32(0, payload.length);
  padded.set(payload, 4);
  return padded;
}

/** Opening step 5: the payload in `padded`. Throws DamagedEnvelopeError. */
export function unpad(padded) {
  const length = new DataView(padded.buffer, padded.byteOffset, padded.byteLength).getUint32(0);
  if (length + 4 > padded.length || paddedSize(length) !== padded.length) throw new DamagedEnvelopeError("length");
  if (padded.subarray(4 + length).some((byte) => byte !== 0)) throw new DamagedEnvelopeError("padding");
  return padded.slice(4, 4 + length);
}

/** {text} or {file: {name, type, body}} as payload bytes. Throws MalformedError for lone surrogates. */
export function writePayload(secret) {
  const { body, ...described } = secret.file ?? {};
  const head = secret.file ? { file: { name: described.name, type: described.type } } : { text: secret.text };
  if (Object.values(head.file ?? head).some(hasLoneSurrogate)) throw new MalformedError("lone surrogate");
  return joined(utf8(JSON.stringify(head)), new Uint8Array(1), body ?? new Uint8Array(0));
}

/** Opening step 6: {text} or {file: {name, type, body}}. Throws DamagedEnvelopeError. */
export function readPayload(payload) {
  const end = payload.indexOf(0);
  const headText = end < 0 ? null : textOf(payload.subarray(0, end));
  if (headText === null) throw new DamagedEnvelopeError("head");
  let head;
  try {
    head = parseStrictly(headText);
  } catch (error) {
    if (error instanceof MalformedError) throw new DamagedEnvelopeError("head");
    throw error;
  }
  const body = payload.slice(end + 1);
  if (hasExactly(head, ["text"]) && typeof head.text === "string" && body.length === 0) return { text: head.text };
  const file = hasExactly(head, ["file"]) && hasExactly(head.file, ["name", "type"]) ? head.file : null;
  if (typeof file?.name !== "string" || typeof file.type !== "string") throw new DamagedEnvelopeError("head");
  return { file: { name: file.name, type: file.type, body } };
}
