// The composer's page from address to delivered link. This file decides which scene comes next; the scenes do not know each
// other.

import { showForm } from "./composing.js";
import { newDraft } from "./draft.js";
import { showSending, showSent } from "./handed_in.js";
import { NoDerivationError } from "./kdf.js";
import { showUsed } from "./notices.js";
import { readAddress, readPasted } from "./order_address.js";
import { orderOf } from "./order_shown.js";
import { ordersAt } from "./orders.js";
import { untilAnswered } from "./patience.js";
import { showCutLink, showNotice, showReload } from "./plain_notices.js";
import { has, say } from "./saying.js";
import { complain, greet, quiet, tell, wipe, work } from "./scene.js";
import { sealUnder } from "./sealing.js";
import { untilTaken } from "./sending.js";
import { duration } from "./times.js";
import { DIRECTION, LANGUAGE } from "./words.js";

const AFTER_HANDING_IN = {
  "not-found": "refused.over",
  "order-used": "refused.used",
  "unacceptable": "refused.unacceptable",
  "too-large": "refused.secret.too-large",
};

const draft = newDraft();
let passphrase = null;
let isUnderway = false; // sealed here, and nobody has said yet that it arrived and was passed on

/** Everything that must not outlive the page. */
function forget() {
  draft.wipe();
  passphrase = null;
  isUnderway = false;
}

function tellTrouble({ slug }, seconds) {
  const special = `look.${slug}`;
  tell(say(has(special) ? special : "look.unavailable", { time: duration(seconds) }));
}

/** Say why nothing was sealed, on the form, which keeps what was typed and takes the next one. */
function refuse(name) {
  quiet();
  complain(say(name));
  return true;
}

/** Back to the form after the scene has left it. */
function giveBack(page, order, name) {
  isUnderway = false;
  showForm(order, draft, passphrase, (chosen) => seal(page, chosen));
  complain(say(name));
  return false;
}

/** Why nothing can be sealed after this answer to a look, or null. */
function refusalOf({ slug, state }) {
  if (slug === "not-found") return "refused.over";
  if (slug !== null) return "refused.unavailable";
  if (state === "used") return "refused.used";
  return state === "open" ? null : "refused.confused";
}

/** Seal what the form holds, and hand it in. Resolves to whether the form should take the next one. */
async function seal(page, chosen) {
  passphrase = chosen;
  tell(say("checking"));
  work(undefined);
  // Anew each time: the delivery key may have changed since, and this computer's clock is not asked.
  const seen = await page.orders.look();
  const refusal = refusalOf(seen);
  if (refusal) return refuse(refusal);
  const order = orderOf(seen);
  tell(say("deriving"));
  let made;
  try {
    made = await sealUnder(order, page.link.tokenText, draft.secret(), passphrase, {
      onSlow: () => tell(say("deriving.slow")),
      onShare: work,
    });
  } catch (error) {
    return refuse(error instanceof NoDerivationError ? "refused.nokdf" : "refused.broken");
  }
  return handIn(page, order, made);
}

async function handIn(page, order, { body, until }) {
  isUnderway = true;
  const scene = showSending(order, passphrase);
  const { slug, troubled } = await untilTaken(() => page.orders.handIn(body, scene.share), scene.wait, scene.retry);
  if (slug !== null) {
    const lost = slug === "not-found" && troubled;
    return giveBack(page, order, lost ? "refused.unsure" : (AFTER_HANDING_IN[slug] ?? "refused.confused"));
  }
  draft.wipe();
  isUnderway = passphrase.wasMade;
  showSent(order, passphrase, until, page.orders.look, forget);
  return false;
}

async function begin() {
  document.documentElement.lang = LANGUAGE;
  document.documentElement.dir = DIRECTION;
  greet({ waiting: say("opening"), demo: say("demo"), progress: say("progress") });
  if (!globalThis.crypto?.subtle) return showNotice("insecure");
  const { base, link, refused } = await readAddress(location);
  if (refused) return showCutLink(refused, readPasted, "cut.go");
  const page = { link, orders: ordersAt(base, link) };
  work(undefined);
  const answer = await untilAnswered(() => page.orders.look(), tellTrouble);
  quiet();
  if (answer.slug === "not-found") return showNotice("over");
  if (answer.slug !== null) return showReload("confused");
  if (answer.state === "used") return showUsed(answer, page.orders.look);
  if (answer.state !== "open") return showReload("confused");
  const order = orderOf(answer);
  return showForm(order, draft, null, (chosen) => seal(page, chosen));
}

addEventListener("pagehide", () => {
  forget();
  wipe();
});
// A page that the browser kept whole and brings back would show a form whose text is gone.
addEventListener("pageshow", (event) => event.persisted && location.reload());
// Another link pasted over this one changes nothing but the fragment, and nothing would load.
addEventListener("hashchange", () => location.reload());
addEventListener("beforeunload", (event) => {
  if (isUnderway || !draft.isEmpty()) event.preventDefault();
});
// Wherever it lands: a browser opens a dropped file in place of the page, and everything on it is gone.
for (const name of ["dragover", "drop"]) {
  addEventListener(name, (event) => event.dataTransfer?.types.includes("Files") && event.preventDefault());
}

begin().catch(() => showReload("broken"));
