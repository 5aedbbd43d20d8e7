"""What a pack shows for each control, and what it does not show for any."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Control:
    """One requirement of a standard, what in the pack speaks for it, and where that stands."""

    name: str
    asks: str
    shown: str
    where: str


CONTROLS: Final = (
    Control(
        "SOC 2 C1.2, CC6.5",
        "Confidential information is disposed of",
        "A signed receipt for every drop that ended: when its key was erased, how, on what medium, and that the live "
        "row no longer holds the envelope. The list of drops is complete and can be recomputed.",
        "receipts/, population.csv (destroyed_at, receipt_id), leaves.txt",
    ),
    Control(
        "SOC 2 CC6.1",
        "Access to information is restricted",
        "At most one claim a drop, whether a passphrase was checked for it, how many guesses failed, and whether Slack "
        "verified the account of the recipient.",
        "population.csv (passphrase, failed_guesses, recipient_verification, sends)",
    ),
    Control(
        "SOC 2 CC6.7",
        "The movement of information is restricted to those who may have it",
        "Every step of each handoff with its time: created, delivered, opened, claimed, destroyed.",
        "events/, population.csv",
    ),
    Control(
        "SOC 2 CC7.2",
        "Anomalies are monitored",
        "Links used a second time, lock-outs, and recipients who did not expect one, each recorded when it happened.",
        "this page (exceptions), population.csv (second_consumers_*, not_me)",
    ),
    Control(
        "ISO 27001 A.5.14",
        "Information transfer",
        "One defined way of handing over a credential, with its recipient's class, its template and its course.",
        "population.csv",
    ),
    Control(
        "ISO 27001 A.8.10",
        "Information deletion",
        "The method (cryptographic erase at application level) and the result of each deletion.",
        "receipts/",
    ),
    Control(
        "ISO 27001 A.8.15",
        "Logging",
        "A log in which nothing can be changed, removed or put in between without being seen by whoever kept a "
        "checkpoint.",
        "leaves.txt, checkpoint, checkpoints/, tile/",
    ),
    Control(
        "ISO 27001 A.8.24",
        "Use of cryptography",
        "Which keys sign events and log, every receipt's statement on keys, and key changes as entries of the log.",
        "jwks.json, log.vkey, receipts/, leaves.txt",
    ),
)

NOT_CLAIMED: Final = (
    "That no copy exists: backups and WAL may hold ciphertext, and a copy of the keyring could have been made outside.",
    "Who read a secret, and what the reader did with it. Viewed means that the page said that it had decrypted it.",
    "NIST SP 800-88 Purge. It is a cryptographic erase at application level; the storage under it decides more.",
    "SOC 2 CC6.8 (unauthorised or malicious software): nothing here speaks for it.",
    "That a credential was revoked or rotated at its provider.",
    "That the clocks were right: times are those of the operator's computers.",
    "Anything about credentials that were handed over without this product.",
)
