// The reader's page from address to secret. This file decides which scene comes next; the scenes do not know each other.

import { forgetKey, isSpent, readAddress, readPasted } from "./address.js";
import { claimDrop } from "./claiming.js";
import { showDeliberateAct } from "./deliberate_act.js";
import { linkSecrets } from "./derivation_v1.js";
import { showCleared, showDamaged, showDeadLink } from "./endings.js";
import { readHeader } from "./header_v1.js";
import { NoDerivationError } from "./kdf.js";
import { showPassphraseForm } from "./passphrase_form.js";
import { untilAnswered } from "./patience.js";
import { showCutLink, showNotice, showReload } from "./plain_notices.js";
import { receiptAddress } from "./receipt_link.js";
import { WrongHeaderError } from "./refusals.js";
import { harmless, has, say } from "./saying.js";
import { greet, quiet, tell, wipe, work } from "./scene.js";
import { showSecret } from "./secret_shown.js";
import { serverFor } from "./server.js";
import { showLocked, showPaused } from "./stopped.js";
import { duration, moment } from "./times.js";
import { DIRECTION, LANGUAGE } from "./words.js";

const ACKNOWLEDGE_MILLISECONDS = 90_000;

/** Say why nothing moves, in the words for this stage ("door", "claim", or "act" for mode "n") and this trouble. */
function tellTrouble(stage) {
  return ({ slug }, seconds) => {
    const special = `trouble.${stage}.${slug}`;
    tell(say(has(special) ? special : `trouble.${stage}`, { time: duration(seconds) }));
  };
}

/** Scenes for the refusals that end the stay at the door; `attempt` is the claim that was refused, null for a look. */
function turnAway(drop, answer, attempt) {
  const { slug } = answer;
  if (slug === "not-found" || slug === "ended") showDeadLink(drop, answer, attempt);
  else if (attempt && slug === "locked") showLocked(drop, () => lookAgain(drop, "locked"));
  else if (attempt && slug === "paused") {
    showPaused(drop, () => lookAgain(drop, "paused"), attempt.troubled ? "unsure" : attempt.stage);
  } else showReload(attempt ? "confused.claim" : "confused.door");
}

/**
 * Acknowledge until the server has heard it; by itself it ends the drop a minute after the claim. `onWord` gets a sentence,
 * and in the end the address of the receipt, or null.
 */
async function acknowledge(drop, won, onWord) {
  onWord(say("ack.waiting"));
  const answer = await untilAnswered(
    () => drop.server.acknowledge(won.claim),
    () => onWord(say("ack.trying")),
    Date.now() + ACKNOWLEDGE_MILLISECONDS,
  );
  won.acknowledged = answer.slug === null;
  onWord(say(won.acknowledged ? "ack.done" : "ack.failed"), receiptAddress(drop.base, answer.receipt));
}

function reveal(drop, won) {
  forgetKey();
  drop.href = null;
  showSecret(
    drop,
    won.secret,
    (onWord) => acknowledge(drop, won, onWord),
    () => won.acknowledged || drop.server.acknowledge(won.claim, true),
  );
}

/** One passphrase, or null for mode "n"; resolves to what the form needs for the next one, or to null. */
async function spend(drop, passphrase) {
  const attempt = { stage: passphrase ? "claim" : "act", troubled: false };
  const sayTrouble = tellTrouble(attempt.stage);
  let answer;
  try {
    tell(say(passphrase ? "checking" : "fetching"));
    work(undefined);
    answer = await claimDrop(drop, passphrase, {
      onSlow: () => tell(say("checking.slow")),
      onShare: work,
      onFetching() {
        tell(say("fetching"));
        work(undefined);
      },
      onTrouble(answer, seconds) {
        // Only an answer that was lost may have been a yes; a refusal of the server's is one.
        attempt.troubled ||= answer.slug === "unavailable";
        sayTrouble(answer, seconds);
      },
    });
  } catch (error) {
    showReload(error instanceof NoDerivationError ? "nokdf" : "broken");
    return null;
  }
  quiet();
  const wait = answer.retry_after_seconds ?? 0;
  if (answer.slug === "wrong-passphrase") {
    drop.triesLeft = answer.tries_left;
    return { triesLeft: drop.triesLeft, wait, wrong: true };
  }
  if (answer.slug === "too-soon") return { triesLeft: drop.triesLeft, wait: Math.max(wait, 1) };
  if (answer.slug === "verification-required") {
    // The door stays, with what was typed: after the press in Slack the same can be sent from here.
    const known = attempt.troubled ? null : drop.triesLeft;
    return { triesLeft: known, told: say(`verify.${attempt.troubled ? "unsure" : attempt.stage}`) };
  }
  if (answer.damaged) showDamaged(drop);
  else if (answer.slug === null) reveal(drop, answer);
  else turnAway(drop, answer, attempt);
  return null;
}

/** Ask what stands behind the link, and show the door that belongs to it. */
async function knock(drop) {
  drop.state = null;
  quiet();
  work(undefined);
  const asking = untilAnswered(() => drop.server.door(), tellTrouble("door"));
  // A browser's first date and its first number in words take it tens of milliseconds: those in which the server answers.
  moment(0);
  say("tries.left", { count: 1 });
  const answer = await asking;
  quiet();
  if (answer.slug !== null) return turnAway(drop, answer, null);
  try {
    drop.header = readHeader(answer.header, drop.link);
  } catch (error) {
    if (!(error instanceof WrongHeaderError)) throw error;
    return showNotice("foreign");
  }
  drop.state = answer.state;
  drop.headerText = answer.header;
  drop.sender = harmless(drop.header.sender);
  drop.hint = typeof answer.hint === "string" ? answer.hint : "";
  drop.variable = answer.variable;
  drop.triesLeft = answer.tries_left;
  drop.wait = answer.retry_after_seconds ?? 0;
  if (answer.state === "locked") return showLocked(drop, () => lookAgain(drop, "locked"));
  if (answer.state === "paused") return showPaused(drop, () => lookAgain(drop, "paused"), "door");
  if (drop.link.mode === "p") showPassphraseForm(drop, (bytes) => spend(drop, bytes));
  else showDeliberateAct(drop, () => spend(drop, null));
}

/** The way back from a drop that is `stopped` ("locked", "paused"); says so when nothing has changed. One look at a time. */
async function lookAgain(drop, stopped) {
  if (drop.looking) return;
  drop.looking = true;
  await knock(drop).catch(() => showReload("broken"));
  drop.looking = false;
  if (drop.state === stopped) tell(say(`${stopped}.still`));
}

async function begin() {
  document.documentElement.lang = LANGUAGE;
  document.documentElement.dir = DIRECTION;
  greet({ waiting: say("opening"), demo: say("demo"), progress: say("progress") });
  if (!globalThis.crypto?.subtle) return showNotice("insecure");
  if (isSpent()) return showCleared("before");
  const { base, link, refused } = await readAddress(location);
  if (refused) return showCutLink(refused, readPasted, "open");
  const { linkProof, argonSalt } = await linkSecrets(link);
  return knock({ base, link, argonSalt, href: location.href, server: serverFor(base, link, linkProof) });
}

// A page that the browser kept whole and brings back would show an old door; one that left takes everything along.
addEventListener("pagehide", wipe);
addEventListener("pageshow", (event) => event.persisted && location.reload());
// Another link pasted over this one changes nothing but the fragment, and nothing would load.
addEventListener("hashchange", () => location.reload());

begin().catch(() => showReload("broken"));
