// Whether what the page shows is what was signed. The page was written by the server; here its text is compared with the
// receipt, member by member.

import { UnprovenError } from "./proof_refusals.js";
import { SAID } from "./receipt_words.js";

// What the page does not show: the numbers of the format, the digests, and what stands on the page in other words.
const UNSHOWN = /^(?:v|iat|evt|n|_sd_alg|_sd\.\d+|events\.\d+\.leaf|header\.(?:alg|typ))$/;

/** [path, value] of every member down to texts, numbers and nulls; "attests.0" is the first of a list. */
function leaves(value, path = "") {
  if (typeof value !== "object" || value === null) return [[path, value]];
  return Object.entries(value).flatMap(([name, each]) => leaves(each, path ? `${path}.${name}` : name));
}

function moment(text) {
  const found = /^(\d{4})-(\d\d)-(\d\d)T(\d\d:\d\d:\d\d)Z$/.exec(text);
  return found ? `${Number(found[3])} ${SAID.months[Number(found[2]) - 1]} ${found[1]}, ${found[4]} UTC` : text;
}

/** How the page says a signed value; `kind` is the catalogue's name for it, "" for a value that stands as it is. */
function inWords(value, kind) {
  const words = Object.hasOwn(SAID, kind) ? SAID[kind] : {};
  if (Object.hasOwn(words, String(value))) return words[String(value)];
  return kind === "time" ? moment(String(value)) : String(value);
}

/** That every member stands on the page, once and as it was signed, and nothing else does. Throws UnprovenError. */
export function requireShown(page, { header, payload }) {
  const signed = new Map(leaves({ ...payload, header }).filter(([path]) => !UNSHOWN.test(path)));
  const shown = page.querySelectorAll("[data-says]");
  if (shown.length !== signed.size) throw new UnprovenError("not-shown");
  for (const element of shown) {
    const path = element.dataset.says;
    if (!signed.has(path)) throw new UnprovenError("not-shown");
    if (element.textContent !== inWords(signed.get(path), element.dataset.words ?? "")) throw new UnprovenError("shown-otherwise");
    signed.delete(path);
  }
}
