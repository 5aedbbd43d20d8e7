// The composer's formats as one object, for tests that hold them against Python's.

import { sealLink } from "./delivery_v1.js";
import { decode, encode } from "./base64url.js";
import { CutLinkError } from "./refusals.js";
import { parseOrderLink } from "./order_link_v1.js";
import { makePassphrase, randomBelow, triesForOne, typedPassphrase } from "./passphrases.js";

/** The answer of `act`, or the kind of its refusal. */
async function tried(act) {
  try {
    return await act();
  } catch (error) {
    return { refused: error instanceof CutLinkError ? "cut" : (error.reason ?? "malformed") };
  }
}

globalThis.formats = {
  parseOrderLink: (id, fragment) => tried(() => parseOrderLink(id, fragment)),
  sealLink: (key, id, link) => tried(async () => encode(await sealLink(decode(key), decode(id), link))),
  typed: (text) => tried(() => typedPassphrase(text)),
  made: () => makePassphrase(),
  below: (count) => randomBelow(count),
  odds: (text) => triesForOne(text),
};
