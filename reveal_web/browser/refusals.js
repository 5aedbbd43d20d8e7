// The ways in which format v1 says no. Each carries a fact for the page, never a secret.

/** Bytes or text that this format never produces. */
export class MalformedError extends Error {}

/** The end of the link is missing or changed: nothing was asked of the server, no guess is used. */
export class CutLinkError extends Error {}

/** The header is not of this format or not of this link (opening step 1). */
export class WrongHeaderError extends Error {}

/** The envelope or what is in it is not what was sealed (opening steps 2 to 6). */
export class DamagedEnvelopeError extends Error {}

/** The typed passphrase cannot be one: `reason` is "empty", "too-long", "surrogate", "unassigned" or "unprintable". */
export class UnusablePassphraseError extends Error {
  constructor(reason) {
    super(reason);
    this.reason = reason;
  }
}
