// Envelope, format v1: 0x01 | nonce[12] | commit[32] | AES-256-GCM(pad(payload), aad = header text).
// The commitment makes one envelope open under one key only (AES-GCM alone does not). Knows no link and no server.

import { joined, sameBytes, utf8 } from "./bytes.js";
import { isPaddedSize, pad, readPayload, unpad, writePayload } from "./payload_v1.js";
import { DamagedEnvelopeError } from "./refusals.js";

const NONCE_AT = 1;
const COMMIT_AT = 13;
const SEALED_AT = 45;
const TAG_BYTES = 16;

function aesKey(keys, use) {
  return crypto.subtle.importKey("raw", keys.encKey, "AES-GCM", false, [use]);
}

/** Opening steps 2 to 6: {text} or {file: {name, type, body}}. Throws DamagedEnvelopeError. */
export async function openEnvelope(keys, headerText, envelope) {
  if (envelope[0] !== 1 || !isPaddedSize(envelope.length - SEALED_AT - TAG_BYTES)) {
    throw new DamagedEnvelopeError("size");
  }
  if (!sameBytes(envelope.subarray(COMMIT_AT, SEALED_AT), keys.commit)) throw new DamagedEnvelopeError("commit");
  let padded;
  try {
    padded = await crypto.subtle.decrypt(
      { name: "AES-GCM", iv: envelope.subarray(NONCE_AT, COMMIT_AT), additionalData: utf8(headerText) },
      await aesKey(keys, "decrypt"),
      envelope.subarray(SEALED_AT),
    );
  } catch {
    throw new DamagedEnvelopeError("tag");
  }
  return readPayload(unpad(new Uint8Array(padded)));
}

/** The envelope of `secret`, {text} or {file: {name, type, body}}; `nonce` is 12 random bytes, used once. */
export async function sealEnvelope(keys, headerText, secret, nonce) {
  const sealed = await crypto.subtle.encrypt(
    { name: "AES-GCM", iv: nonce, additionalData: utf8(headerText) },
    await aesKey(keys, "encrypt"),
    pad(writePayload(secret)),
  );
  return joined(new Uint8Array([1]), nonce, keys.commit, new Uint8Array(sealed));
}
