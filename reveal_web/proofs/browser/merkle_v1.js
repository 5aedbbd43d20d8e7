// The log's Merkle tree (RFC 6962, section 2.1, SHA-256): whether a leaf is in the tree of a root.
// Numbers are BigInt, because a log may be larger than a Number is exact.

import { joined, sameBytes } from "./bytes.js";
import { UnprovenError } from "./proof_refusals.js";

const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);

async function sha256(...parts) {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", joined(...parts)));
}

/** The hash of one leaf's bytes. */
export function leafHash(leaf) {
  return sha256(LEAF, leaf);
}

/** For each hash of a proof, the one nearest to the leaf first: whether it stands to the right. Section 2.1.1. */
function sides(index, size) {
  const found = [];
  let [start, end] = [0n, size];
  while (end - start > 1n) {
    let split = 1n;
    while (split * 2n < end - start) split *= 2n;
    const isRight = index < start + split;
    if (isRight) end = start + split;
    else start += split;
    found.unshift(isRight);
  }
  return found;
}

/** That the leaf with this hash is number `index` of `size` under `root`. Throws UnprovenError. */
export async function requireInclusion(index, size, hash, proof, root) {
  if (index >= size) throw new UnprovenError("index");
  const path = sides(index, size);
  if (path.length !== proof.length) throw new UnprovenError("length");
  let result = hash;
  for (const [at, isRight] of path.entries()) {
    result = await (isRight ? sha256(NODE, result, proof[at]) : sha256(NODE, proof[at], result));
  }
  if (!sameBytes(result, root)) throw new UnprovenError("root");
}
