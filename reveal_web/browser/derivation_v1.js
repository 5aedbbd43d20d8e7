// Key derivation, format v1: HKDF-SHA256 around one Argon2id. Costs belong to the version and stand in the workers;
// no message from a server can lower them. Knows neither envelope nor page.

import { joined, utf8 } from "./bytes.js";

/** L(x) = "sendsecret/v1/" | x | 0x00 | id; a record's link has a label of its own. */
export function label(name, { kind, id }) {
  return joined(utf8(`${kind.label}/${name}`), new Uint8Array(1), id);
}

async function hmac(key, message) {
  const imported = await crypto.subtle.importKey("raw", key, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  return new Uint8Array(await crypto.subtle.sign("HMAC", imported, message));
}

// WebCrypto's HKDF does extract and expand in one step; format v1 expands one extraction several times and writes
// both steps down (RFC 5869, 2.2 and 2.3), so they are spelled with HMAC.
const extract = hmac;

/** RFC 5869, 2.3, for at most one block: 32 bytes or fewer. */
async function expand(prk, info, length) {
  return (await hmac(prk, joined(info, new Uint8Array([1])))).subarray(0, length);
}

/** {linkProof: 32 bytes, argonSalt: 16 bytes}; the salt is never sent and never stored. */
export async function linkSecrets(link) {
  const prk = await extract(utf8(link.kind.label), link.key);
  return {
    linkProof: await expand(prk, label("link-proof", link), 32),
    argonSalt: await expand(prk, label("argon2-salt", link), 16),
  };
}

/** What else follows from link and passphrase: a function of its label's name that resolves to 32 bytes. */
export async function fromRoot(link, stretched) {
  const salt = new Uint8Array(await crypto.subtle.digest("SHA-256", label("root", link)));
  const root = await extract(salt, joined(link.key, utf8(link.mode), stretched ?? new Uint8Array(32)));
  return (name) => expand(root, label(name, link), 32);
}

/**
 * {encKey, authToken, commit}, 32 bytes each. `stretched` is Argon2id's answer for mode "p" and null for mode "n".
 */
export async function dropKeys(link, stretched) {
  const key = await fromRoot(link, stretched);
  return { encKey: await key("enc"), authToken: await key("auth"), commit: await key("commit") };
}
