// Sealing a whole drop, format v1: link, header and envelope from one call. For pages on which a secret is typed;
// the reader's page does not load it.

import { encode } from "./base64url.js";
import { dropKeys, linkSecrets } from "./derivation_v1.js";
import { sealEnvelope } from "./envelope_v1.js";
import { writeHeader } from "./header_v1.js";
import { DROP, fragmentOf } from "./link_v1.js";

/**
 * Seal `secret`, {text} or {file: {name, type, body}}. `members` are the header's but v, id and mode.
 * `passphrase` is canonical bytes, or null for mode "n"; `stretch(passphrase, salt)` is Argon2id at v1's costs.
 * Returns {idText, fragment, header, envelope, linkProof, authToken}; the last two are what the server may verify.
 */
export async function seal(secret, members, passphrase, stretch) {
  const id = crypto.getRandomValues(new Uint8Array(16));
  const mode = passphrase === null ? "n" : "p";
  const link = { id, idText: encode(id), key: crypto.getRandomValues(new Uint8Array(32)), mode, kind: DROP };
  const header = writeHeader({ ...members, id: link.idText, mode });
  const { linkProof, argonSalt } = await linkSecrets(link);
  const keys = await dropKeys(link, passphrase === null ? null : await stretch(passphrase, argonSalt));
  const envelope = await sealEnvelope(keys, header, secret, crypto.getRandomValues(new Uint8Array(12)));
  const fragment = await fragmentOf(link);
  return { idText: link.idText, fragment, header, envelope, linkProof, authToken: keys.authToken };
}
