"""What ends `sendsecret open` without a secret: a word for programs, a sentence for people, an exit code."""

from collections.abc import Mapping
from enum import IntEnum
from typing import Final

from sendsecret.talking import stopping


class Exit(IntEnum):
    """The exit codes. They are documented and never change their meaning."""

    OPENED = 0
    GONE = 1
    NOT_ASKED = 2
    LOCAL = 3
    PASSPHRASE = 4
    NOT_NOW = 5
    NO_ANSWER = 6
    DAMAGED = 7
    INTERRUPTED = 130


CODES: Final[Mapping[str, Exit]] = {
    "not-found": Exit.GONE,
    "ended": Exit.GONE,
    "wrong-use": Exit.NOT_ASKED,
    "cut-link": Exit.NOT_ASKED,
    "unknown-link": Exit.NOT_ASKED,
    "insecure-link": Exit.NOT_ASKED,
    "no-terminal": Exit.NOT_ASKED,
    "unwritable": Exit.LOCAL,
    "not-written": Exit.LOCAL,
    "no-memory": Exit.LOCAL,
    "unusable-passphrase": Exit.PASSPHRASE,
    "wrong-passphrase": Exit.PASSPHRASE,
    "locked": Exit.PASSPHRASE,
    "too-soon": Exit.PASSPHRASE,
    "paused": Exit.NOT_NOW,
    "verification-required": Exit.NOT_NOW,
    "unavailable": Exit.NO_ANSWER,
    "foreign-header": Exit.DAMAGED,
    "damaged": Exit.DAMAGED,
    "interrupted": Exit.INTERRUPTED,
}


class StoppedError(stopping.StoppedError):
    """Nothing was handed out."""

    codes = CODES
