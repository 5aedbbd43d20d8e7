// The formats of a record's page as one object, for tests that hold them against the frozen vectors.

import { decode, encode } from "./base64url.js";
import { linkSecrets } from "./derivation_v1.js";
import { readHeader } from "./header_v1.js";
import { stretch } from "./kdf.js";
import { parseRecordLink } from "./record_link.js";
import { openRecord, recordKeys } from "./record_page_v1.js";
import { CutLinkError, DamagedEnvelopeError, MalformedError, WrongHeaderError } from "./refusals.js";

const KINDS = new Map([
  [CutLinkError, "cut"],
  [DamagedEnvelopeError, "damaged"],
  [MalformedError, "malformed"],
  [WrongHeaderError, "header"],
]);

const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
const bytes = (text) => Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));

/** The answer, or the kind of refusal. Anything but a refusal of the format is a failure of the test. */
async function outcome(attempt) {
  try {
    return await attempt();
  } catch (error) {
    const refused = KINDS.get(error.constructor);
    if (!refused) throw error;
    return { refused };
  }
}

globalThis.formats = {
  link: ({ id_text, fragment }) => outcome(async () => ({ key: encode((await parseRecordLink(id_text, fragment)).key) })),
  open: ({ id_text, fragment, header, passphrase, version, given }) =>
    outcome(async () => {
      const link = await parseRecordLink(id_text, fragment);
      readHeader(header, link);
      const { linkProof, argonSalt } = await linkSecrets(link);
      const stretched = await stretch(bytes(passphrase), argonSalt);
      const keys = await recordKeys(link, stretched);
      const value = await openRecord(link, keys, header, version, decode(encode(bytes(given))));
      const { wrapping, authToken, commit } = keys;
      const shown = { link_proof: linkProof, salt: argonSalt, stretched, wrapping, auth_token: authToken, commit };
      return { value, ...Object.fromEntries(Object.entries(shown).map(([name, one]) => [name, hex(one)])) };
    }),
};
