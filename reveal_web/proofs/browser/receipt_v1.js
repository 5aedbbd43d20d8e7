// A receipt as it was signed: a compact EdDSA JWS whose type says what it is (RFC 7515, RFC 8037).

import { decode } from "./base64url.js";
import { textOf, utf8 } from "./bytes.js";
import { isSignedBy } from "./ed25519.js";
import { UnprovenError } from "./proof_refusals.js";
import { MalformedError } from "./refusals.js";
import { hasExactly, parseStrictly } from "./strict_json.js";

const TYPE = "deletion-receipt+sd-jwt";

function objectIn(part) {
  const text = textOf(decode(part));
  const value = text === null ? null : parseStrictly(text);
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new MalformedError("not an object");
  return value;
}

/** {header, payload, signed, signature} of a JWS, believing nothing of it. Throws MalformedError. */
export function readReceipt(text) {
  const parts = text.split(".");
  if (parts.length !== 3) throw new MalformedError("not a compact JWS");
  const header = objectIn(parts[0]);
  // Exactly these: a header that asks for more could mean something else to another program.
  if (!hasExactly(header, ["alg", "kid", "typ"]) || header.alg !== "EdDSA" || header.typ !== TYPE) {
    throw new MalformedError("not a receipt");
  }
  return { header, payload: objectIn(parts[1]), signed: utf8(`${parts[0]}.${parts[1]}`), signature: decode(parts[2], 64) };
}

/** The 32 bytes of the key of this id in a key set. Throws MalformedError, and UnprovenError where it is not there, once. */
export function keyIn(keySet, kid) {
  const { keys } = parseStrictly(keySet);
  if (!Array.isArray(keys)) throw new MalformedError("not a key set");
  const found = keys.filter((key) => key?.kid === kid && key.kty === "OKP" && key.crv === "Ed25519");
  if (found.length !== 1) throw new UnprovenError("unknown-key");
  return decode(found[0].x, 32);
}

/** That a receipt is the one with this id and signed by that key. Throws UnprovenError and CannotCheckError. */
export async function requireSigned(receipt, rid, key) {
  if (receipt.payload.jti !== `rc_${rid}`) throw new UnprovenError("other-receipt");
  if (!(await isSignedBy(key, receipt.signature, receipt.signed))) throw new UnprovenError("signature");
}
