// Header, format v1: what is sealed in the open. It is the envelope's additional data byte for byte, so the text is
// kept as it came and only read here. Knows no envelope.

import { hasLoneSurrogate, utf8 } from "./bytes.js";
import { MalformedError, WrongHeaderError } from "./refusals.js";
import { hasExactly, parseStrictly } from "./strict_json.js";

const MEMBERS = ["v", "id", "mode", "form", "kind", "created_at", "expires_at", "sender", "label"];
const ALLOWED = { mode: ["p", "n"], form: ["free", "digits", "words"], kind: ["text", "file"] };
const MOST_BYTES = 4096;

/**
 * Opening step 1: the header's members, checked against `link`. Times are Unix seconds.
 * Throws WrongHeaderError; nothing has been asked of the person or the server by then.
 */
export function readHeader(text, link) {
  if (typeof text !== "string" || hasLoneSurrogate(text) || utf8(text).length > MOST_BYTES) {
    throw new WrongHeaderError("shape");
  }
  let header;
  try {
    header = parseStrictly(text);
  } catch (error) {
    if (error instanceof MalformedError) throw new WrongHeaderError(error.message);
    throw error;
  }
  if (!hasExactly(header, MEMBERS)) throw new WrongHeaderError("members");
  for (const [name, values] of Object.entries(ALLOWED)) {
    if (!values.includes(header[name])) throw new WrongHeaderError(name);
  }
  for (const name of ["sender", "label"]) {
    if (typeof header[name] !== "string") throw new WrongHeaderError(name);
  }
  for (const name of ["created_at", "expires_at"]) {
    if (typeof header[name] !== "number" || header[name] < 0) throw new WrongHeaderError(name);
  }
  if (header.v !== 1 || header.id !== link.idText || header.mode !== link.mode) throw new WrongHeaderError("link");
  return header;
}

/** Header text for a drop sealed here; `members` holds all of them but v. */
export function writeHeader(members) {
  return JSON.stringify(Object.fromEntries(MEMBERS.map((name) => [name, name === "v" ? 1 : members[name]])));
}
