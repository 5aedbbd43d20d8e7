// From a secret to the one request that hands it in: sealed drop, and its link sealed to the bot. Knows no element.

import { decode, encode } from "./base64url.js";
import { joined, utf8 } from "./bytes.js";
import { sealLink } from "./delivery_v1.js";
import { stretch } from "./kdf.js";
import { canon } from "./passphrase_v1.js";
import { seal } from "./seal_v1.js";

/** n[4] | JSON[n] | envelope, as the server takes it. */
function bodyOf(members, envelope) {
  const said = utf8(JSON.stringify(members));
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, said.length);
  return joined(length, said, envelope);
}

/**
 * Seal `secret`, {text} or {file}, under `order` as it was just looked at. {body, until}: the bytes to hand in, and the
 * second at which it expires. `progress`: onSlow(), onShare(share) while the key is derived. Throws NoDerivationError.
 */
export async function sealUnder(order, tokenText, secret, passphrase, progress) {
  // The server's time and not this computer's, whose clock may be wrong by anything.
  const until = order.now + order.lives_seconds;
  const members = {
    form: passphrase.form,
    kind: secret.file ? "file" : "text",
    created_at: order.now,
    expires_at: until,
    sender: order.sender,
    label: order.label,
  };
  const canonical = canon(passphrase.form, passphrase.text);
  const stretched = (bytes, salt) => stretch(bytes, salt, progress);
  const { idText, fragment, header, envelope, linkProof, authToken } = await seal(secret, members, canonical, stretched);
  canonical.fill(0);
  const link = `${order.public_url.replace(/\/+$/, "")}/s/${idText}#${fragment}`;
  const sealed = await sealLink(decode(order.delivery_key, 65), decode(idText, 16), link);
  const said = {
    token: tokenText,
    header,
    link_proof: encode(linkProof),
    auth_token: encode(authToken),
    sealed_link: encode(sealed),
  };
  return { body: bodyOf(said, envelope), until };
}
