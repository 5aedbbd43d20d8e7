// The address of the page: which record, which key. A link of a drop is none of a record, and the other way round.

import { parseLink } from "./link_v1.js";
import { addressOf, pastedAddress } from "./whole_link.js";

/** What a record's link is; nobody opens one without a passphrase. */
export const RECORD = Object.freeze({ label: "sendsecret/record/v1", check: "sendsecret/record/v1/chk", modes: "p" });

/** The link of a record, as `parseLink` says it. */
export function parseRecordLink(idText, fragment) {
  return parseLink(idText, fragment, RECORD);
}

/** Which record and which key an address names, as `addressOf` says it. */
export function readAddress(url) {
  return addressOf(url, /^(.*)\/v\/([^/]*)$/, parseRecordLink);
}

/** What a person pasted, as `pastedAddress` says it. */
export function readPasted(text) {
  return pastedAddress(text, /%23(?=1p\.)/, readAddress);
}
