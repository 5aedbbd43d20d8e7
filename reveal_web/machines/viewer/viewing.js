// One typed passphrase, from keys to value: derive, ask, open. Knows no element of the page.

import { stretch } from "./kdf.js";
import { untilAnswered } from "./patience.js";
import { openRecord, recordKeys } from "./record_page_v1.js";
import { DamagedEnvelopeError } from "./refusals.js";

/**
 * Spend `passphrase` (canonical bytes) on `record`. Resolves to the server's answer; a yes carries `text`, or `damaged: true`
 * when it cannot be opened. `progress`: onSlow(), onShare(share), onFetching(), onTrouble(answer, seconds). Throws
 * NoDerivationError.
 */
export async function viewRecord(record, passphrase, progress) {
  const keys = await recordKeys(record.link, await stretch(passphrase, record.argonSalt, progress));
  // Fresh for each typed passphrase; repeating this pair after a lost answer is no second guess.
  const attempt = crypto.getRandomValues(new Uint8Array(32));
  progress.onFetching();
  const answer = await untilAnswered(() => record.server.view(keys.authToken, attempt), progress.onTrouble);
  if (answer.slug !== null) return answer;
  try {
    return { ...answer, text: await openRecord(record.link, keys, record.headerText, answer.version, answer.sealed) };
  } catch (error) {
    if (!(error instanceof DamagedEnvelopeError)) throw error;
    return { ...answer, damaged: true };
  }
}
