// Everything that can be checked of a receipt's files. Pure: texts in, findings out; knows no page and no server.

import { readCheckpoint, readLogKey, requireSignedByLog, rootText } from "./checkpoint_v1.js";
import { utf8 } from "./bytes.js";
import { leafHash, requireInclusion } from "./merkle_v1.js";
import { CannotCheckError, UnprovenError } from "./proof_refusals.js";
import { keyIn, readReceipt, requireSigned } from "./receipt_v1.js";
import { MalformedError } from "./refusals.js";
import { readProof } from "./tlog_proof_v1.js";

/**
 * What became of one check: {state: "ok", facts} | {state: "failed", why} | {state: "open", why}. "open" is neither: the
 * browser cannot, or something to check with is not there.
 */
export async function finding(check) {
  try {
    return { state: "ok", facts: (await check()) ?? {} };
  } catch (error) {
    if (error instanceof UnprovenError) return { state: "failed", why: error.what };
    if (error instanceof MalformedError) return { state: "failed", why: "malformed" };
    if (error instanceof CannotCheckError) return { state: "open", why: "browser" };
    throw error;
  }
}

function missing(why) {
  return { state: "open", why };
}

/** The log's key for this checkpoint: the one that the person kept, else the one of its name among those served. */
async function logKey(kept, served, origin) {
  if (kept) {
    try {
      return await readLogKey(kept);
    } catch (error) {
      if (error instanceof MalformedError) throw new UnprovenError("kept-key");
      throw error;
    }
  }
  const line = served.split("\n").find((each) => each.startsWith(`${origin}+`));
  if (!line) throw new UnprovenError("no-log-key");
  return readLogKey(line);
}

/**
 * {signature, inclusion, checkpoint, receipt}; `receipt` is what was read, or null. `files` holds the texts `jws`, `jwks`,
 * `proof` and `vkeys`, null for what could not be fetched; `notYet`: the log has not taken the receipt so far.
 */
export async function checkFiles(rid, files, kept, notYet = false) {
  let receipt = null;
  const signature = files.jws === null || files.jwks === null ? missing("unfetched") : await finding(async () => {
    receipt = readReceipt(files.jws);
    await requireSigned(receipt, rid, keyIn(files.jwks, receipt.header.kid));
  });
  if (files.proof === null || files.jws === null) {
    const why = missing(notYet ? "not-yet" : "unfetched");
    return { signature, inclusion: why, checkpoint: why, receipt };
  }
  let proof = null;
  let checkpoint = null;
  const proofRead = await finding(() => void (proof = readProof(files.proof)));
  if (!proof) return { signature, inclusion: proofRead, checkpoint: missing("unread"), receipt };
  const noteRead = await finding(() => void (checkpoint = readCheckpoint(proof.note)));
  if (!checkpoint) return { signature, inclusion: missing("unread"), checkpoint: noteRead, receipt };
  const inclusion = await finding(async () => {
    await requireInclusion(proof.index, checkpoint.size, await leafHash(utf8(files.jws)), proof.hashes, checkpoint.root);
    return { index: String(proof.index), size: String(checkpoint.size), root: rootText(checkpoint) };
  });
  if (!kept && files.vkeys === null) return { signature, inclusion, checkpoint: missing("unfetched"), receipt };
  const signedByLog = await finding(async () => {
    await requireSignedByLog(checkpoint, await logKey(kept, files.vkeys, checkpoint.origin));
    return { origin: checkpoint.origin };
  });
  return { signature, inclusion, checkpoint: signedByLog, receipt };
}
