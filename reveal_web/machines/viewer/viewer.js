// The page of a record from address to value, and back to the passphrase. This file decides which scene comes next; the scenes
// do not know each other. The link stays in the address: it opens again, and opens nothing without the passphrase.

import { linkSecrets } from "./derivation_v1.js";
import { showDamaged, showEnded, showLocked } from "./endings.js";
import { readHeader } from "./header_v1.js";
import { NoDerivationError } from "./kdf.js";
import { showPassphraseForm } from "./passphrase_form.js";
import { untilAnswered } from "./patience.js";
import { showCutLink, showNotice, showReload } from "./plain_notices.js";
import { readAddress, readPasted } from "./record_link.js";
import { recordAt } from "./record_server.js";
import { WrongHeaderError } from "./refusals.js";
import { harmless, has, say } from "./saying.js";
import { greet, quiet, tell, wipe, work } from "./scene.js";
import { showSecret } from "./secret_shown.js";
import { duration, moment } from "./times.js";
import { viewRecord } from "./viewing.js";
import { DIRECTION, LANGUAGE } from "./words.js";

/** Say why nothing moves, in the words for this stage ("door" or "view") and this trouble. */
function tellTrouble(stage) {
  return ({ slug }, seconds) => {
    const special = `trouble.${stage}.${slug}`;
    tell(say(has(special) ? special : `trouble.${stage}`, { time: duration(seconds) }));
  };
}

/** Scenes for the refusals that end the stay at the door; `stage` is where it was refused. */
function turnAway(record, answer, stage) {
  if (answer.slug === "not-found" || answer.slug === "ended") showEnded(answer);
  else if (answer.slug === "locked") showLocked(record, () => lookAgain(record));
  else showReload(`confused.${stage}`);
}

/** Until when, and how often, whoever has link and passphrase can look again. */
function howOften({ header }, count) {
  const time = moment(header.expires_at);
  if (typeof count !== "number") return say("left.any", { time });
  return count === 0 ? say("left.none") : say("left.some", { count, time });
}

/** One passphrase; resolves to what the form needs for the next one, or to null when another scene has taken over. */
async function spend(record, passphrase) {
  let answer;
  try {
    tell(say("checking"));
    work(undefined);
    answer = await viewRecord(record, passphrase, {
      onSlow: () => tell(say("checking.slow")),
      onShare: work,
      onFetching() {
        tell(say("fetching"));
        work(undefined);
      },
      onTrouble: tellTrouble("view"),
    });
  } catch (error) {
    showReload(error instanceof NoDerivationError ? "nokdf" : "broken");
    return null;
  }
  quiet();
  const wait = answer.retry_after_seconds ?? 0;
  if (answer.slug === "wrong-passphrase") {
    record.triesLeft = answer.tries_left;
    return { triesLeft: record.triesLeft, wait, wrong: true };
  }
  if (answer.slug === "too-soon") return { triesLeft: record.triesLeft, wait: Math.max(wait, 1) };
  if (answer.damaged) showDamaged();
  else if (answer.slug === null) {
    const told = howOften(record, answer.reads_left);
    showSecret(record, { text: answer.text }, (onWord) => onWord(told), () => {});
  } else turnAway(record, answer, "view");
  return null;
}

/** Ask what stands behind the link, and show the door that belongs to it. */
async function knock(record) {
  record.state = null;
  quiet();
  work(undefined);
  const answer = await untilAnswered(() => record.server.door(), tellTrouble("door"));
  quiet();
  if (answer.slug !== null) return turnAway(record, answer, "door");
  try {
    record.header = readHeader(answer.header, record.link);
  } catch (error) {
    if (!(error instanceof WrongHeaderError)) throw error;
    return showNotice("foreign");
  }
  record.state = answer.state;
  record.headerText = answer.header;
  record.sender = harmless(record.header.sender);
  record.hint = typeof answer.hint === "string" ? answer.hint : "";
  record.triesLeft = answer.tries_left;
  record.wait = answer.retry_after_seconds ?? 0;
  if (answer.state === "locked") return showLocked(record, () => lookAgain(record));
  showPassphraseForm(record, (bytes) => spend(record, bytes));
}

/** The way back from a lock; says so when nothing has changed. One look at a time. */
async function lookAgain(record) {
  if (record.looking) return;
  record.looking = true;
  await knock(record).catch(() => showReload("broken"));
  record.looking = false;
  if (record.state === "locked") tell(say("locked.still"));
}

async function begin() {
  document.documentElement.lang = LANGUAGE;
  document.documentElement.dir = DIRECTION;
  greet({ waiting: say("opening"), demo: say("demo"), progress: say("progress") });
  if (!globalThis.crypto?.subtle) return showNotice("insecure");
  const { base, link, refused } = await readAddress(location);
  if (refused) return showCutLink(refused, readPasted, "open");
  const { linkProof, argonSalt } = await linkSecrets(link);
  return knock({ base, link, argonSalt, href: location.href, server: recordAt(base, link, linkProof) });
}

// A page that the browser kept whole and brings back would show what was wiped; one that left takes everything along.
addEventListener("pagehide", wipe);
addEventListener("pageshow", (event) => event.persisted && location.reload());
// Another link pasted over this one changes nothing but the fragment, and nothing would load.
addEventListener("hashchange", () => location.reload());

begin().catch(() => showReload("broken"));
