// The address of the page: which order, which token.

import { parseOrderLink } from "./order_link_v1.js";
import { CutLinkError, MalformedError } from "./refusals.js";

const PATH = /^(.*)\/c\/([^/]*)$/;

/**
 * {base, link} for a whole link; {refused: "cut" | "newer"} for another. `base` is what stands before the path, without a
 * final slash: the routes of the server begin there.
 */
export async function readAddress(url) {
  const found = PATH.exec(url.pathname);
  if (!found) return { refused: "cut" };
  try {
    return { base: found[1], link: await parseOrderLink(found[2], url.hash.slice(1)) };
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
    url = new URL(text.replace(/\s+/g, "").replace(/^<|>$/g, "").replace(/%23(?=1\.)/, "#"));
  } catch {
    return {};
  }
  // Only an address of this very origin is ever followed: no script address, no other site.
  if (!["https:", "http:"].includes(url.protocol) || !(await readAddress(url)).link) return {};
  return url.origin === location.origin ? { url } : { host: url.host };
}
