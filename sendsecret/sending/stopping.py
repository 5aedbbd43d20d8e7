"""What ends `sendsecret send` and `login` without what was asked for: a word for programs, and an exit code."""

from collections.abc import Mapping
from enum import IntEnum
from typing import Final

from sendsecret.talking import stopping


class Exit(IntEnum):
    """The exit codes. They are documented and never change their meaning."""

    DELIVERED = 0
    UNDELIVERED = 1
    NOT_ASKED = 2
    LOCAL = 3
    NO_TOKEN = 4
    REFUSED = 5
    NO_ANSWER = 6
    WAITING = 7
    UNTOLD = 8
    FAILED = 9
    INTERRUPTED = 130


CODES: Final[Mapping[str, Exit]] = {
    "undelivered": Exit.UNDELIVERED,
    "wrong-use": Exit.NOT_ASKED,
    "no-terminal": Exit.NOT_ASKED,
    "no-label": Exit.NOT_ASKED,
    "empty": Exit.NOT_ASKED,
    "too-large": Exit.NOT_ASKED,
    "unusable-passphrase": Exit.NOT_ASKED,
    "needs-passphrase": Exit.NOT_ASKED,
    "tells-secret": Exit.NOT_ASKED,
    "unreadable": Exit.LOCAL,
    "unwritable": Exit.LOCAL,
    "no-memory": Exit.LOCAL,
    "not-logged-in": Exit.NO_TOKEN,
    "unsafe-login": Exit.NO_TOKEN,
    "cut-token": Exit.NO_TOKEN,
    "no-token": Exit.NO_TOKEN,
    "wrong-scope": Exit.NO_TOKEN,
    "refused": Exit.REFUSED,
    "other-order": Exit.REFUSED,
    "unavailable": Exit.NO_ANSWER,
    "no-bot": Exit.NO_ANSWER,
    "running": Exit.NO_ANSWER,
    "unsure": Exit.NO_ANSWER,
    "waiting": Exit.WAITING,
    "untold": Exit.UNTOLD,
    "failed": Exit.FAILED,
    "interrupted": Exit.INTERRUPTED,
}


class StoppedError(stopping.StoppedError):
    """It was not delivered, as far as anybody knows here."""

    codes = CODES
