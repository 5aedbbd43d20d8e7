// Who gave what to whom, for whoever has a token in the fragment. A name is shown once its digest was found in the receipt.

import { readDisclosure } from "./disclosure_v1.js";
import { facts, make } from "./elements.js";
import { UnprovenError } from "./proof_refusals.js";
import { post, textFrom } from "./receipt_files.js";
import { readReceipt } from "./receipt_v1.js";
import { MalformedError } from "./refusals.js";
import { harmless, say } from "./saying.js";

const KNOWN = { 404: "not-found", 410: "names-over" };
const moments = new Intl.DateTimeFormat("en-GB", { dateStyle: "long", timeStyle: "short", timeZone: "UTC" });

function paragraph(name, values, attributes) {
  return make("p", attributes ?? {}, say(name, values));
}

/** The disclosures of an answer as an object of texts. Throws MalformedError and UnprovenError. */
async function namesIn(disclosures, digests) {
  const found = await Promise.all(disclosures.map((each) => readDisclosure(each, digests)));
  return Object.fromEntries(found.map(({ name, value }) => [name, value]));
}

function shown(names, until) {
  const from = names.sender_name ?? names.sender;
  const to = names.recipient_name ?? names.recipient;
  const ids = [names.team, names.sender, names.recipient].filter(Boolean).map(harmless).join(" · ");
  return [
    facts(
      [say("names.heading.from"), from && harmless(from)],
      [say("names.heading.to"), to && harmless(to)],
      [say("names.heading.label"), names.label && harmless(names.label)],
    ),
    names.label === undefined ? paragraph("names.no_label") : null,
    paragraph("names.checked", {}, { class: "help" }),
    ids ? paragraph("names.ids", { ids }, { class: "help" }) : null,
    paragraph("names.until", { time: `${moments.format(new Date(until * 1000))} UTC` }, { class: "help" }),
  ].filter((each) => each !== null);
}

/**
 * Ask for the names and show them in `place`. Resolves to the disclosures that are shown, none where there are none.
 * `jws` is the address of the signed receipt.
 */
export async function showNames(place, token, address, jws) {
  place.replaceChildren(paragraph("names.waiting"));
  const only = (name) => {
    place.replaceChildren(paragraph(name));
    return [];
  };
  if (!globalThis.crypto?.subtle) return only("names.insecure");
  const [{ status, text }, signed] = await Promise.all([post(address, { token }), textFrom(jws)]);
  if (status in KNOWN) return only(`names.${KNOWN[status]}`);
  if (status !== 200 || signed === null) return only("names.away");
  try {
    const { disclosures, until } = JSON.parse(text);
    if (disclosures.length === 0) return only("names.none");
    place.replaceChildren(...shown(await namesIn(disclosures, readReceipt(signed).payload._sd), until));
    return disclosures;
  } catch (error) {
    if (error instanceof UnprovenError || error instanceof MalformedError) return only("names.digest");
    return only("names.away");
  }
}

/** That these disclosures are of this receipt. Throws MalformedError and UnprovenError. */
export async function requireNamed(disclosures, receipt) {
  await namesIn(disclosures, receipt.payload._sd);
}
