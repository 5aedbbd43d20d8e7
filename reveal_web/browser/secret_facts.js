// What can be said about a secret without showing it, and how to hand it over as a file. Knows no server.

import { harmless, say } from "./saying.js";

/** "42 characters, ends with a line break". A line break counts as one character, however it is written. */
export function lengthOf(text) {
  if (text === "") return say("secret.nothing");
  const breaks = text.match(/\r\n|\r|\n/g) ?? [];
  const ends = /[\r\n]$/.test(text);
  const lines = breaks.length + (ends ? 0 : 1);
  const count = Array.from(text).length - text.split("\r\n").length + 1;
  const name = lines > 1 ? "secret.lines" : "secret.length";
  return say(ends ? `${name}.break` : name, { count, lines });
}

/** Whether a text has more than one line: the kind that belongs into a file, such as a key in PEM. */
export function hasLines(text) {
  return /[\r\n]./s.test(text);
}

/** A name that is only a name: no path, no control, no leading dot, not endless. It came from a stranger. */
export function fileName(name) {
  const plain = harmless(name)
    .replace(/[\\/:*?"<>|\ufffd]/g, "_")
    .replace(/^[.\s]+|[.\s]+$/g, "");
  return Array.from(plain).slice(0, 120).join("") || say("file.unnamed");
}

/** Offer `content` (text or bytes) as a download named `name`. Its type is always plain bytes, so nothing renders it. */
export function save(content, name) {
  const address = URL.createObjectURL(new Blob([content], { type: "application/octet-stream" }));
  const anchor = document.createElement("a");
  anchor.href = address;
  anchor.download = fileName(name);
  anchor.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
