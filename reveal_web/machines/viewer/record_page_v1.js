// Record page, format v1: commit[32] | inner | box, what a page receives for the right passphrase. Knows no server.
//   inner = nonce[12] | AES-256-GCM(L("key") from the root, data_key, aad = L("key") | version | SHA-256(header))
//   box   = nonce[12] | AES-256-GCM(data_key, pad(value), aad = L("value") | version)

import { joined, sameBytes, textOf, utf8 } from "./bytes.js";
import { fromRoot, label } from "./derivation_v1.js";
import { isPaddedSize, unpad } from "./payload_v1.js";
import { DamagedEnvelopeError } from "./refusals.js";

const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const INNER_AT = 32;
const BOX_AT = INNER_AT + NONCE_BYTES + 32 + TAG_BYTES;
const MOST_VERSIONS = 2 ** 31 - 1;

/** {wrapping, authToken, commit}, 32 bytes each; `stretched` is Argon2id's answer. */
export async function recordKeys(link, stretched) {
  const key = await fromRoot(link, stretched);
  return { wrapping: await key("key"), authToken: await key("auth"), commit: await key("commit") };
}

async function decrypted(key, layer, additionalData) {
  const imported = await crypto.subtle.importKey("raw", key, "AES-GCM", false, ["decrypt"]);
  const how = { name: "AES-GCM", iv: layer.subarray(0, NONCE_BYTES), additionalData };
  try {
    return new Uint8Array(await crypto.subtle.decrypt(how, imported, layer.subarray(NONCE_BYTES)));
  } catch {
    throw new DamagedEnvelopeError("tag");
  }
}

/** The value, text. `received` is what the server handed out for this `version`. Throws DamagedEnvelopeError. */
export async function openRecord(link, keys, headerText, version, received) {
  if (!Number.isInteger(version) || version < 1 || version > MOST_VERSIONS) throw new DamagedEnvelopeError("version");
  if (!isPaddedSize(received.length - BOX_AT - NONCE_BYTES - TAG_BYTES)) throw new DamagedEnvelopeError("size");
  if (!sameBytes(received.subarray(0, INNER_AT), keys.commit)) throw new DamagedEnvelopeError("commit");
  const number = new Uint8Array(4);
  new DataView(number.buffer).setUint32(0, version);
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", utf8(headerText)));
  const bound = joined(label("key", link), number, digest);
  const dataKey = await decrypted(keys.wrapping, received.subarray(INNER_AT, BOX_AT), bound);
  const padded = await decrypted(dataKey, received.subarray(BOX_AT), joined(label("value", link), number));
  dataKey.fill(0);
  const text = textOf(unpad(padded));
  if (text === null) throw new DamagedEnvelopeError("text");
  return text;
}
