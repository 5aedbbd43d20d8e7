// Link, format v1: {PUBLIC_URL}/s/{id}#{v}{f}.{k}.{chk}, a record's with /v/ and labels of its own. Whether it is whole is known without asking anybody.
// The checksum protects from nobody: it is public arithmetic. Knows neither the address bar nor the server.

import { decode, encode } from "./base64url.js";
import { joined, utf8 } from "./bytes.js";
import { CutLinkError, MalformedError } from "./refusals.js";

const ID_CHARACTERS = 22;
const FRAGMENT_CHARACTERS = 51;

/** What a link leads to: its labels keep apart what follows from a key, and `modes` are those that it may have. */
export const DROP = Object.freeze({ label: "sendsecret/v1", check: "chk", modes: "pn" });

/** First 3 bytes of SHA-256("chk" | id_text | v | f | k), the key as its 32 bytes; as text. */
async function checksum({ idText, key, mode, kind }) {
  const digest = await crypto.subtle.digest("SHA-256", joined(utf8(`${kind.check}${idText}1${mode}`), key));
  return encode(new Uint8Array(digest).subarray(0, 3));
}

/**
 * {id, idText, key, mode, kind} of a link of this `kind`, mode being "p" or "n"; `fragment` is without "#".
 * Throws CutLinkError when a length or the checksum is wrong, MalformedError for another version or mode or for
 * characters that no link holds.
 */
export async function parseLink(idText, fragment, kind = DROP) {
  if (idText.length !== ID_CHARACTERS || fragment === "") throw new CutLinkError("length");
  const id = decode(idText, 16);
  // The version comes before the length: a link of a later version may have any length and is not cut.
  if (fragment[0] !== "1") throw new MalformedError("version");
  if (fragment.length !== FRAGMENT_CHARACTERS) throw new CutLinkError("length");
  if (fragment[2] !== "." || fragment[46] !== ".") throw new MalformedError("parts");
  const mode = fragment[1];
  const keyText = fragment.slice(3, 46);
  const check = fragment.slice(47);
  const key = decode(keyText, 32);
  decode(check, 3);
  if (!kind.modes.includes(mode)) throw new MalformedError("mode");
  const link = { id, idText, key, mode, kind };
  if (check !== (await checksum(link))) throw new CutLinkError("checksum");
  return link;
}

/** The fragment, without "#", of a link made here. */
export async function fragmentOf(link) {
  return `1${link.mode}.${encode(link.key)}.${await checksum(link)}`;
}
