// Reading a link with its key or token, out of the address of a page and out of what a person pasted. Knows no kind of link.

import { CutLinkError, MalformedError } from "./refusals.js";

/**
 * {base, link} for a whole link; {refused: "cut" | "newer"} for another. `path` finds what stands before the path and the id;
 * `base` is the first, without a final slash: the routes of the server begin there. `parse(id, fragment)` makes the link.
 */
export async function addressOf(url, path, parse) {
  const found = path.exec(url.pathname);
  if (!found) return { refused: "cut" };
  try {
    return { base: found[1], link: await parse(found[2], url.hash.slice(1)) };
  } catch (error) {
    if (error instanceof CutLinkError) return { refused: "cut" };
    if (error instanceof MalformedError) return { refused: "newer" };
    throw error;
  }
}

/**
 * What a person pasted, as {url} of a whole link of this server, {host} of another server, or {} for anything else.
 * `escaped` is a "#" that was written as %23.
 */
export async function pastedAddress(text, escaped, readAddress) {
  let url;
  try {
    // Mail programs break lines, put angles around, and write "#" as %23.
    url = new URL(text.replace(/\s+/g, "").replace(/^<|>$/g, "").replace(escaped, "#"));
  } catch {
    return {};
  }
  // Only an address of this very origin is ever followed: no script address, no other site.
  if (!["https:", "http:"].includes(url.protocol) || !(await readAddress(url)).link) return {};
  return url.origin === location.origin ? { url } : { host: url.host };
}
