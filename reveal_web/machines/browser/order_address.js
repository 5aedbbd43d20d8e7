// The address of the page: which order, which token.

import { parseOrderLink } from "./order_link_v1.js";
import { addressOf, pastedAddress } from "./whole_link.js";

/** Which order and which token an address names, as `addressOf` says it. */
export function readAddress(url) {
  return addressOf(url, /^(.*)\/c\/([^/]*)$/, parseOrderLink);
}

/** What a person pasted, as `pastedAddress` says it. */
export function readPasted(text) {
  return pastedAddress(text, /%23(?=1\.)/, readAddress);
}
