// A checkpoint and the log's key: C2SP signed-note and tlog-checkpoint.

import { fromBase64, toBase64 } from "./base64.js";
import { joined, sameBytes, utf8 } from "./bytes.js";
import { isSignedBy } from "./ed25519.js";
import { UnprovenError } from "./proof_refusals.js";
import { MalformedError } from "./refusals.js";

const MOST_CHARACTERS = 8192;
const KIND = Uint8Array.of(1); // Ed25519
const NAME = /^[!-*,-~]{1,255}$/; // visible characters but "+", which ends a name in a vkey
const SIZE = /^(?:0|[1-9][0-9]{0,18})$/;
// Not \s: languages disagree about what white space is (U+001C, U+0085, U+FEFF); these are Unicode's.
const SIGNATURE = /^\u2014 ([^\t-\r \x85\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000+]+) ([A-Za-z0-9+/]+={0,2})$/;
const CONTROL = /[\x00-\x09\x0b-\x1f\x7f]/;
const ID_BYTES = 4;

async function keyId(origin, key) {
  const hash = await crypto.subtle.digest("SHA-256", joined(utf8(`${origin}\n`), KIND, key));
  return new Uint8Array(hash).subarray(0, ID_BYTES);
}

/** A vkey as {origin, id, key}. Throws MalformedError. */
export async function readLogKey(text) {
  const [origin, id, ...rest] = text.split("+");
  if (!NAME.test(origin) || !/^[0-9a-f]{8}$/.test(id ?? "")) throw new MalformedError("not a log key");
  const raw = fromBase64(rest.join("+"), 33);
  const key = raw.subarray(1);
  const expected = await keyId(origin, key);
  const written = Array.from(expected, (byte) => byte.toString(16).padStart(2, "0")).join("");
  if (raw[0] !== KIND[0] || written !== id) throw new MalformedError("not a log key");
  return { origin, id: expected, key };
}

/** A note as {origin, size, root, body, signatures: [{name, blob}]}, believing nothing of it. Throws MalformedError. */
export function readCheckpoint(note) {
  const gap = note.lastIndexOf("\n\n");
  if (note.length > MOST_CHARACTERS || CONTROL.test(note) || gap < 0 || !note.endsWith("\n") || note.length === gap + 2) {
    throw new MalformedError("not a note");
  }
  const lines = note.slice(0, gap).split("\n");
  if (lines.length !== 3 || !NAME.test(lines[0]) || !SIZE.test(lines[1])) throw new MalformedError("not a checkpoint");
  const signatures = note.slice(gap + 2, -1).split("\n").map((line) => {
    const found = SIGNATURE.exec(line);
    const blob = found && fromBase64(found[2]);
    if (!blob || blob.length <= ID_BYTES) throw new MalformedError("not a signature");
    return { name: found[1], blob };
  });
  const [origin, size, root] = lines;
  return { origin, size: BigInt(size), root: fromBase64(root, 32), body: note.slice(0, gap + 1), signatures };
}

/** That the checkpoint is of this key's log, and signed by it, once. Throws UnprovenError and CannotCheckError. */
export async function requireSignedByLog(checkpoint, { origin, id, key }) {
  if (checkpoint.origin !== origin) throw new UnprovenError("origin");
  const ours = checkpoint.signatures.filter(({ name, blob }) => name === origin && sameBytes(blob.subarray(0, ID_BYTES), id));
  if (ours.length !== 1) throw new UnprovenError("unsigned");
  if (!(await isSignedBy(key, ours[0].blob.subarray(ID_BYTES), utf8(checkpoint.body)))) throw new UnprovenError("log-signature");
}

/** A root as people compare it. */
export function rootText(checkpoint) {
  return toBase64(checkpoint.root);
}
