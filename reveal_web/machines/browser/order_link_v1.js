// Order link, format v1: {PUBLIC_URL}/c/{id}#1.{token}.{chk}. Whether it is whole is known without asking anybody.
// Knows neither the address bar nor the server.

import { decode, encode } from "./base64url.js";
import { joined, utf8 } from "./bytes.js";
import { CutLinkError, MalformedError } from "./refusals.js";

const ID_CHARACTERS = 22;
const FRAGMENT_CHARACTERS = 50;

/** First 3 bytes of SHA-256("sendsecret/order/v1/chk" | 00 | id | token), as text. */
async function checksum(id, token) {
  const digest = await crypto.subtle.digest("SHA-256", joined(utf8("sendsecret/order/v1/chk"), new Uint8Array(1), id, token));
  return encode(new Uint8Array(digest).subarray(0, 3));
}

/**
 * {idText, tokenText} of an order's link; `fragment` is without "#".
 * Throws CutLinkError when a length or the checksum is wrong, MalformedError for another version or for characters that
 * no order link holds.
 */
export async function parseOrderLink(idText, fragment) {
  if (idText.length !== ID_CHARACTERS || fragment === "") throw new CutLinkError("length");
  const id = decode(idText, 16);
  // The version comes before the length: a link of a later version may have any length and is not cut.
  if (fragment[0] !== "1") throw new MalformedError("version");
  if (fragment.length !== FRAGMENT_CHARACTERS) throw new CutLinkError("length");
  if (fragment[1] !== "." || fragment[45] !== ".") throw new MalformedError("parts");
  const tokenText = fragment.slice(2, 45);
  const check = fragment.slice(46);
  const token = decode(tokenText, 32);
  decode(check, 3);
  if (check !== (await checksum(id, token))) throw new CutLinkError("checksum");
  return { idText, tokenText };
}
