// JSON without the freedoms in which two readers could see two different objects.
// JSON.parse keeps the last of two equal members and hides whether a number had a fraction.

import { hasLoneSurrogate } from "./bytes.js";
import { MalformedError } from "./refusals.js";

const TOKEN = /"(?:[^"\\]|\\.)*"|[{}]|-?\d[\d.eE+-]*/gs;

/** Parse `text`. Throws MalformedError for invalid JSON, repeated members, lone surrogates, numbers but plain 0 to 2^53 - 1. */
export function parseStrictly(text) {
  let value;
  try {
    value = JSON.parse(text);
  } catch {
    throw new MalformedError("not JSON");
  }
  const open = [];
  for (const { 0: token, index } of text.matchAll(TOKEN)) {
    if (token === "{") open.push(new Set());
    else if (token === "}") open.pop();
    else if (token[0] === '"') {
      const string = JSON.parse(token);
      if (hasLoneSurrogate(string)) throw new MalformedError("lone surrogate");
      // In valid JSON a string before a colon is a member's name.
      if (!/^[ \t\n\r]*:/.test(text.slice(index + token.length))) continue;
      if (open.at(-1).has(string)) throw new MalformedError("repeated member");
      open.at(-1).add(string);
    } else if (!/^(?:0|[1-9]\d*)$/.test(token) || !Number.isSafeInteger(Number(token))) {
      throw new MalformedError("not a plain integer");
    }
  }
  return value;
}

/** Whether `value` is an object with exactly the members `names`. */
export function hasExactly(value, names) {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const present = Object.keys(value);
  return present.length === names.length && names.every((name) => Object.hasOwn(value, name));
}
