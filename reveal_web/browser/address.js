// The address of the page: which drop, which key. Knows no drop beyond its link.

import { parseLink } from "./link_v1.js";
import { CutLinkError, MalformedError } from "./refusals.js";

const PATH = /^(.*)\/s\/([^/]*)$/;

/**
 * {base, link} for a whole link; {refused: "cut" | "newer"} for another. `base` is what stands before the path,
 * without a final slash: the routes of the server begin there.
 */
export async function readAddress(url) {
  const found = PATH.exec(url.pathname);
  if (!found) return { refused: "cut" };
  try {
    return { base: found[1], link: await parseLink(found[2], url.hash.slice(1)) };
  } catch (error) {
    if (error instanceof CutLinkError) return { refused: "cut" };
    if (error instanceof MalformedError) return { refused: "newer" };
    throw error;
  }
}

/** What a person pasted, as {url} of a whole link of this server, {host} of another server, or {} for anything else. */
export async function readPasted(text) {
  let url;
  try {
    // Mail programs break lines, put angles around, and write "#" as %23.
    url = new URL(text.replace(/\s+/g, "").replace(/^<|>$/g, "").replace(/%23(?=1[pn]\.)/, "#"));
  } catch {
    return {};
  }
  // Only an address of this very origin is ever followed: no script address, no other site.
  if (!["https:", "http:"].includes(url.protocol) || !(await readAddress(url)).link) return {};
  return url.origin === location.origin ? { url } : { host: url.host };
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
