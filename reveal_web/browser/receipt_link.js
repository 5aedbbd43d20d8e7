// The way from a shown secret to its receipt: an address that came with an answer, and is followed by a person's own press.

import { make } from "./elements.js";
import { say } from "./saying.js";

/**
 * The address of a receipt of this very server, or null for anything else: an answer must not lead whoever has just
 * opened a secret to another site. `base` is what stands before the path, as readAddress gives it.
 */
export function receiptAddress(base, text) {
  if (typeof text !== "string" || !URL.canParse(text)) return null;
  const url = new URL(text);
  const path = url.pathname.startsWith(`${base}/receipts/`) ? url.pathname.slice(`${base}/receipts/`.length) : "";
  // Written again and compared, so that nothing stands in it besides: no name, no query, no fragment.
  return /^[0-9a-f]{32}$/.test(path) && text === `${location.origin}${base}/receipts/${path}` ? text : null;
}

/** A link to it, in a tab of its own: this one holds the secret. */
export function receiptLink(address) {
  return make("a", { href: address, target: "_blank", rel: "noopener" }, say("receipt"));
}
