// Puts what the receipt's page checks within reach of a test.

import { readCheckpoint, readLogKey, requireSignedByLog } from "./checkpoint_v1.js";
import { utf8 } from "./bytes.js";
import { readDisclosure } from "./disclosure_v1.js";
import { leafHash, requireInclusion } from "./merkle_v1.js";
import { checkFiles, finding } from "./receipt_check.js";
import { readReceipt } from "./receipt_v1.js";
import { readProof } from "./tlog_proof_v1.js";

const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
const bytes = (text) => Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));

globalThis.formats = {
  leaf: async ({ text }) => ({ hash: hex(await leafHash(utf8(text))) }),
  inclusion: ({ index, size, leaf, proof, root }) =>
    finding(() => requireInclusion(BigInt(index), BigInt(size), bytes(leaf), proof.map(bytes), bytes(root))),
  key: ({ text }) =>
    finding(async () => {
      const { origin, id, key } = await readLogKey(text);
      return { origin, id: hex(id), key: hex(key) };
    }),
  checkpoint: ({ note, key }) =>
    finding(async () => {
      const checkpoint = readCheckpoint(note);
      await requireSignedByLog(checkpoint, await readLogKey(key));
      return { origin: checkpoint.origin, size: String(checkpoint.size), root: hex(checkpoint.root) };
    }),
  proof: ({ text }) =>
    finding(() => {
      const { index, hashes, note } = readProof(text);
      return { index: String(index), hashes: hashes.map(hex), note };
    }),
  receipt: ({ text }) =>
    finding(() => {
      const { header, payload } = readReceipt(text);
      return { header, payload };
    }),
  disclosure: ({ text, digests }) => finding(() => readDisclosure(text, digests)),
  files: async ({ rid, files, kept }) => {
    const { signature, inclusion, checkpoint } = await checkFiles(rid, files, kept);
    return { signature, inclusion, checkpoint };
  },
};
