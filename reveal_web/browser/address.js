// The address of the page: which drop, which key. Knows no drop beyond its link.

import { parseLink } from "./link_v1.js";
import { addressOf, pastedAddress } from "./whole_link.js";

/** Which drop and which key an address names, as `addressOf` says it. */
export function readAddress(url) {
  return addressOf(url, /^(.*)\/s\/([^/]*)$/, parseLink);
}

/** What a person pasted, as `pastedAddress` says it. */
export function readPasted(text) {
  return pastedAddress(text, /%23(?=1[pn]\.)/, readAddress);
}

/** Whether this history entry showed its secret already; its fragment is gone then. */
export function isSpent() {
  return location.hash === "" && history.state?.spent === true;
}

/**
 * Take the link key out of the address bar and the history. After the secret was shown, not at load: until then
 * people carry the link to another device or "open in browser", and need all of it.
 */
export function forgetKey() {
  history.replaceState({ spent: true }, "", location.pathname);
}
