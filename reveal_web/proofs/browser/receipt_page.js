// The receipt's page: names for whoever has a token, and the button that checks. What it says of the receipt the server wrote.

import { make } from "./elements.js";
import { requireNamed, showNames } from "./names.js";
import { checkFiles, finding } from "./receipt_check.js";
import { fetchFiles } from "./receipt_files.js";
import { say } from "./saying.js";
import { requireShown } from "./shown.js";

const RECEIPT = /^(.*)\/receipts\/([0-9a-f]{32})$/;

const [, base, rid] = RECEIPT.exec(location.pathname);
const addresses = {
  jws: `${base}/receipts/${rid}.jws`,
  proof: `${base}/receipts/${rid}.tlog-proof`,
  jwks: `${base}/.well-known/jwks.json`,
  vkeys: `${base}/log/vkey`,
};
const form = document.getElementById("check");
const kept = document.getElementById("kept");
const lines = document.getElementById("lines");
const verdict = document.getElementById("verdict");
let named = [];

/** One line: what was checked, what came of it, and why. */
function line(name, { state, why, facts }) {
  const sentence = say(state === "ok" ? name : `${name.replace(".kept", "")}.${state}`, facts);
  const parts = [make("strong", {}, say(`check.${state}`)), " ", make("span", {}, sentence)];
  return make("li", { class: state }, ...parts, why ? make("span", { class: "why" }, ` ${say(`why.${why}`)}`) : null);
}

/** The last line: the receipt as a whole. */
function judged(findings, isKept) {
  const states = findings.map(([, { state }]) => state);
  if (states.includes("failed")) return say("all.failed");
  if (states.includes("open")) return say("all.open");
  return say(isKept ? "all.ok.kept" : "all.ok");
}

async function check() {
  const key = kept.value.trim();
  const { files, notYet } = await fetchFiles(addresses);
  const { signature, inclusion, checkpoint, receipt } = await checkFiles(rid, files, key, notYet);
  // Values that nobody signed are worth no comparison.
  const shown = signature.state === "ok" ? await finding(() => requireShown(document, receipt)) : { state: "open", why: "no-signature" };
  const findings = [
    ["check.signature", signature],
    ["check.shown", shown],
    ["check.inclusion", inclusion],
    [key ? "check.checkpoint.kept" : "check.checkpoint", checkpoint],
  ];
  if (named.length && receipt) findings.push(["check.names", await finding(() => requireNamed(named, receipt))]);
  lines.replaceChildren(...findings.map(([name, found]) => line(name, found)));
  verdict.textContent = judged(findings, key !== "");
}

async function checking(event) {
  event.preventDefault();
  const press = form.querySelector("button");
  press.disabled = true;
  lines.replaceChildren();
  verdict.textContent = say("check.working");
  try {
    if (globalThis.crypto?.subtle) await check();
    else verdict.textContent = say("all.insecure");
  } catch {
    lines.replaceChildren();
    verdict.textContent = say("all.broken");
  }
  press.disabled = false;
  press.focus({ preventScroll: true });
}

form.hidden = false;
form.addEventListener("submit", checking);
// Another token pasted over this one changes nothing but the fragment, and nothing would load.
addEventListener("hashchange", () => location.reload());
const token = location.hash.slice(1);
if (token) {
  showNames(document.getElementById("names"), token, `${base}/receipts/${rid}/names`, addresses.jws).then((disclosures) => {
    named = disclosures;
  });
}
