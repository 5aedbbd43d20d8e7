// Reads inputs with the modules that pages read them with. A line of standard input is [reader, ...arguments]; a line
// of standard output is what was read, or {"no": the refusal's class}. Anything but a refusal ends the program.

import { createInterface } from "node:readline";

const folder = process.argv[2];
const module = (name) => import(`${folder}/${name}`);
const { decode } = await module("base64url.js");
const { readHeader } = await module("header_v1.js");
const { DROP, parseLink } = await module("link_v1.js");
const { parseOrderLink } = await module("order_link_v1.js");
const { canon } = await module("passphrase_v1.js");
const { readPayload } = await module("payload_v1.js");
const { readCheckpoint, readLogKey } = await module("checkpoint_v1.js");
const { readDisclosure } = await module("disclosure_v1.js");
const { readProof } = await module("tlog_proof_v1.js");
const refusals = new Set(Object.values(await module("refusals.js")));

const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
const bytes = (text) => Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));

const readers = {
  base64url: (text) => hex(decode(text)),
  link: async (id, fragment) => {
    const link = await parseLink(id, fragment, DROP);
    return [hex(link.id), hex(link.key), link.mode];
  },
  "order-link": async (id, fragment) => Object.values(await parseOrderLink(id, fragment)),
  header: (text, idText, mode) => readHeader(text, { idText, mode }),
  payload: (payload) => {
    const { text, file } = readPayload(bytes(payload));
    return file ? [file.name, file.type, hex(file.body)] : [text];
  },
  canon: (form, typed) => hex(canon(form, typed)),
  checkpoint: (note) => {
    const { origin, size, root, signatures } = readCheckpoint(note);
    return [origin, String(size), hex(root), signatures.map(({ name, blob }) => [name, hex(blob)])];
  },
  "log-key": async (text) => {
    const { origin, key } = await readLogKey(text);
    return [origin, hex(key)];
  },
  "tlog-proof": (text) => {
    const { index, hashes, note } = readProof(text);
    return [String(index), hashes.map(hex), note];
  },
  disclosure: async (text, digest) => Object.values(await readDisclosure(text, [digest])),
};

for await (const line of createInterface({ input: process.stdin })) {
  const [reader, ...given] = JSON.parse(line);
  let said;
  try {
    said = await readers[reader](...given);
  } catch (error) {
    if (!refusals.has(error.constructor)) throw error;
    said = { no: error.constructor.name };
  }
  console.log(JSON.stringify(said));
}
