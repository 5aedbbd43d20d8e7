// Delivery, format v1: a finished link, sealed to the bot alone (HPKE, RFC 9180, base mode), who brings it to the recipient.
// Knows neither order nor server.

import { joined, utf8 } from "./bytes.js";
import { Aes256Gcm } from "./hpke-aesGcm.js";
import { CipherSuite, DhkemP256HkdfSha256, HkdfSha256 } from "./hpke-native.js";

/**
 * enc[65] | ciphertext | tag[16] of the text `link`, which belongs to the drop `id`; `key` is the delivery key's public
 * half, a point of 65 bytes. Rejects for what is no such key.
 */
export async function sealLink(key, id, link) {
  const suite = new CipherSuite({ kem: new DhkemP256HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes256Gcm() });
  // The id stands in `info`, so that what was sealed for one drop opens for no other.
  const info = joined(utf8("sendsecret/v1/delivery"), new Uint8Array(1), id);
  const context = await suite.createSenderContext({ recipientPublicKey: await suite.kem.deserializePublicKey(key), info });
  const sealed = await context.seal(utf8(link));
  return joined(new Uint8Array(context.enc), new Uint8Array(sealed));
}
