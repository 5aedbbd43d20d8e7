// One file from wherever it comes: chosen, dropped, pasted. Knows no element.

import { hasLoneSurrogate } from "./bytes.js";

/** A file that cannot be taken: `reason` is "empty", "too-large", "many" or "unreadable". */
export class RefusedFileError extends Error {
  constructor(reason) {
    super(reason);
    this.reason = reason;
  }
}

/** Whether somebody drags or pastes files and not a piece of text. */
export function hasFiles(transfer) {
  return transfer !== null && Array.from(transfer.types).includes("Files");
}

/** {name, type, body} of the one file in `files`, of at most `most` bytes. Throws RefusedFileError. */
export async function takeFile(files, most) {
  if (files.length !== 1) throw new RefusedFileError("many");
  const [file] = files;
  // Before it is read: what is too large must not come into memory first.
  if (file.size > most) throw new RefusedFileError("too-large");
  let body;
  try {
    body = new Uint8Array(await file.arrayBuffer());
  } catch {
    throw new RefusedFileError("unreadable"); // a folder, or gone since
  }
  if (body.length === 0) throw new RefusedFileError("empty");
  const name = hasLoneSurrogate(file.name) ? file.name.replace(/\p{Surrogate}/gu, "_") : file.name;
  return { name, type: file.type, body };
}
