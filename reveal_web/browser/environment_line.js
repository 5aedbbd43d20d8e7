// A secret as the line `NAME=value` that a shell and the readers of .env files take alike. Knows no element of the page.

const NAME = /^[A-Z_][A-Z0-9_]{0,63}$/;
// No "=" and no ":" where zsh would look for a command or a home folder after it.
const BARE = /^[\w./@%+,-][\w./@%+,=-]*$/;
// Between single quotes a shell takes everything as it is, but has no way to write a single quote; of the readers of .env
// files some take a backslash there as it is, and some take it for the beginning of an escape. A line break in quotes is
// one for a shell, and for several of those readers the end of the value. Where they differ nothing is offered: a key that
// is wrong by one character costs more time than a second press.
const UNSAFE = /['\\\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u;

/** The line, or null where `name` is no name of a variable, or no one line means `value` to all of them. */
export function environmentLine(name, value) {
  if (typeof name !== "string" || !NAME.test(name) || value === "" || UNSAFE.test(value)) return null;
  return BARE.test(value) ? `${name}=${value}` : `${name}='${value}'`;
}
