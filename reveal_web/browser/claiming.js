// One typed passphrase, from keys to secret: derive, claim, open. Keeps the claim in this call and nowhere else, so
// that only this page load can ask again for what it won. Knows no element of the page.

import { dropKeys } from "./derivation_v1.js";
import { openEnvelope } from "./envelope_v1.js";
import { stretch } from "./kdf.js";
import { untilAnswered } from "./patience.js";
import { DamagedEnvelopeError } from "./refusals.js";

/**
 * Spend `passphrase` (canonical bytes; null for mode "n") on `drop`.
 * Resolves to the server's answer; a yes carries `claim` and `secret`, or `damaged: true` when nothing could be opened.
 * `progress`: onSlow(), onShare(share), onFetching(), onTrouble(answer, seconds). Throws NoDerivationError.
 */
export async function claimDrop(drop, passphrase, progress) {
  const stretched = passphrase === null ? null : await stretch(passphrase, drop.argonSalt, progress);
  const keys = await dropKeys(drop.link, stretched);
  // A fresh claim for each typed passphrase; repeating this pair after a lost answer is not paid for again.
  const claim = crypto.getRandomValues(new Uint8Array(32));
  progress.onFetching();
  const ask = () => untilAnswered(() => drop.server.claim(keys.authToken, claim), progress.onTrouble);
  const answer = await ask();
  if (answer.slug !== null) return answer;
  try {
    return { ...answer, claim, secret: await openEnvelope(keys, drop.headerText, answer.sealed) };
  } catch (error) {
    if (!(error instanceof DamagedEnvelopeError)) throw error;
  }
  // Perhaps only this transfer was damaged, and the same claim may ask again for a while.
  const second = answer.sends_left === 0 ? answer : await ask();
  try {
    return { ...second, claim, secret: await openEnvelope(keys, drop.headerText, second.sealed) };
  } catch {
    return { slug: null, claim, damaged: true };
  }
}
