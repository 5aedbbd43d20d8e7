// Ed25519 by the browser's own WebCrypto, where it has it.

import { CannotCheckError } from "./proof_refusals.js";

/** Whether `signature` over `signed` is of the key with these 32 bytes. Throws CannotCheckError. */
export async function isSignedBy(publicKey, signature, signed) {
  let key;
  try {
    key = await crypto.subtle.importKey("raw", publicKey, { name: "Ed25519" }, false, ["verify"]);
  } catch (error) {
    // An algorithm that the browser does not know; a key that it refuses is a DataError, and signs nothing.
    if (error.name === "NotSupportedError") throw new CannotCheckError("Ed25519");
    return false;
  }
  return crypto.subtle.verify({ name: "Ed25519" }, key, signature, signed);
}
