// One leaf's way into the log, as a text: C2SP tlog-proof@v1.

import { fromBase64 } from "./base64.js";
import { MalformedError } from "./refusals.js";

const FIRST_LINE = "c2sp.org/tlog-proof@v1";
const MOST_HASHES = 63;
const MOST_CHARACTERS = 64 * 1024;

/** {index, hashes, note} of a proof, believing nothing of it. Throws MalformedError. */
export function readProof(text) {
  const gap = text.indexOf("\n\n");
  if (text.length > MOST_CHARACTERS || gap < 0) throw new MalformedError("not a proof");
  const [first, second, ...lines] = text.slice(0, gap).split("\n");
  const index = /^index (0|[1-9][0-9]{0,18})$/.exec(second ?? "");
  if (first !== FIRST_LINE || !index || lines.length > MOST_HASHES) throw new MalformedError("not a proof");
  return { index: BigInt(index[1]), hashes: lines.map((line) => fromBase64(line, 32)), note: text.slice(gap + 2) };
}
