// The ways in which a receipt is not proven. Each names in one word what failed; words.js has the sentences.

/** Well-formed, and it does not prove what it should. `what` is a word of the catalogue's `why.` entries. */
export class UnprovenError extends Error {
  constructor(what) {
    super(what);
    this.what = what;
  }
}

/** This browser cannot check it at all. */
export class CannotCheckError extends Error {}
