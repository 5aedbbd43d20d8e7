// Puts format v1, as the reader's page has it, within reach of a test; and the line that it copies for an environment.

import { decode, encode } from "./base64url.js";
import { dropKeys, linkSecrets } from "./derivation_v1.js";
import { environmentLine } from "./environment_line.js";
import { openEnvelope, sealEnvelope } from "./envelope_v1.js";
import { readHeader } from "./header_v1.js";
import { stretch } from "./kdf.js";
import { fragmentOf, parseLink } from "./link_v1.js";
import { canon } from "./passphrase_v1.js";
import { writePayload } from "./payload_v1.js";
import { CutLinkError, DamagedEnvelopeError, MalformedError, UnusablePassphraseError, WrongHeaderError } from "./refusals.js";
import { seal } from "./seal_v1.js";

const KINDS = new Map([
  [CutLinkError, "cut"],
  [DamagedEnvelopeError, "damaged"],
  [MalformedError, "malformed"],
  [UnusablePassphraseError, "unusable"],
  [WrongHeaderError, "header"],
]);

const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
const bytes = (text) => Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
const plainly = ({ text, file }) => (file ? { file: { ...file, body: hex(file.body) } } : { text });
const secretOf = ({ text, file }) => (file ? { file: { ...file, body: bytes(file.body) } } : { text });

/** The answer, or the kind of refusal. Anything but a refusal of the format is a failure of the test. */
async function outcome(attempt) {
  try {
    return await attempt();
  } catch (error) {
    const refused = KINDS.get(error.constructor);
    if (!refused) throw error;
    return { refused, reason: error.reason ?? null };
  }
}

async function keysFor(link, passphrase) {
  const { linkProof, argonSalt } = await linkSecrets(link);
  const stretched = passphrase === null ? null : await stretch(bytes(passphrase), argonSalt);
  return { linkProof, argonSalt, stretched, ...(await dropKeys(link, stretched)) };
}

globalThis.environmentLine = environmentLine;
globalThis.formats = {
  base64url: (text) => outcome(() => ({ hex: hex(decode(text)), text: encode(decode(text)) })),
  link: ({ id_text, fragment }) =>
    outcome(async () => {
      const link = await parseLink(id_text, fragment);
      const { linkProof } = await linkSecrets(link);
      return { id: hex(link.id), key: hex(link.key), mode: link.mode, link_proof: hex(linkProof), fragment: await fragmentOf(link) };
    }),
  canon: ({ form, typed }) => outcome(() => ({ hex: hex(canon(form, typed)) })),
  open: ({ id_text, fragment, header, passphrase, envelope }) =>
    outcome(async () => {
      const link = await parseLink(id_text, fragment);
      readHeader(header, link);
      const keys = await keysFor(link, passphrase);
      const content = await openEnvelope(keys, header, bytes(envelope));
      const found = Object.entries({ ...keys, stretched: keys.stretched ?? new Uint8Array(32) });
      return { content: plainly(content), ...Object.fromEntries(found.map(([name, value]) => [name, hex(value)])) };
    }),
  sealAgain: async ({ id_text, fragment, header, passphrase, content, nonce }) => {
    const keys = await keysFor(await parseLink(id_text, fragment), passphrase);
    return {
      payload: hex(writePayload(secretOf(content))),
      envelope: hex(await sealEnvelope(keys, header, secretOf(content), bytes(nonce))),
    };
  },
  seal: async ({ content, members, passphrase }) => {
    const sealed = await seal(secretOf(content), members, passphrase === null ? null : bytes(passphrase), stretch);
    const { envelope, linkProof, authToken, ...texts } = sealed;
    return { ...texts, envelope: hex(envelope), link_proof: hex(linkProof), auth_token: hex(authToken) };
  },
};
