// A name behind a digest: SD-JWT disclosures (RFC 9901, section 4.2).

import { decode, encode } from "./base64url.js";
import { textOf, utf8 } from "./bytes.js";
import { UnprovenError } from "./proof_refusals.js";
import { MalformedError } from "./refusals.js";
import { parseStrictly } from "./strict_json.js";

/** {name, value} of a disclosure whose digest the receipt holds. Throws MalformedError, and UnprovenError for another's. */
export async function readDisclosure(text, digests) {
  const json = textOf(decode(text));
  const parts = json === null ? null : parseStrictly(json);
  if (!Array.isArray(parts) || parts.length !== 3 || !parts.every((part) => typeof part === "string")) {
    throw new MalformedError("not a disclosure");
  }
  const digest = encode(new Uint8Array(await crypto.subtle.digest("SHA-256", utf8(text))));
  if (!Array.isArray(digests) || !digests.includes(digest)) throw new UnprovenError("digest");
  return { name: parts[1], value: parts[2] };
}
