"""What `sendsecret open` says of a drop and of its server. How a drop ended it says as the reader's page does."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from store.formats.errors import PassphraseFault
from store.formats.header_v1 import Form

ENDED: Final[Mapping[str, str]] = {
    "viewed": "The secret was opened and shown on {time}, and then destroyed.",
    "released": (
        "The secret was given out on {time}, and cannot be given out again. "
        "Whether it was shown has not been confirmed."
    ),
    "revoked": "It was taken back on {time}. Nobody opened it.",
    "expired": "It expired on {time}. Nobody opened it.",
    "undelivered": (
        "Nobody confirmed that the message with this link arrived, or it came back, so the secret was destroyed on "
        "{time}. Nobody opened it."
    ),
    "locked_out": "Too many wrong passphrases were tried, so it was destroyed on {time}. Nobody opened it.",
    "lost": "Its key was found missing on {time}, so nobody can open it any more.",
    "other": "It ended on {time}.",
    "undated": "It has ended.",
    "elsewhere": "Somebody else got it on {time}, before this command did. It is given out only once.",
    "unsure": (
        "It was given out on {time}, while this command had no connection: perhaps to this command, whose answer was "
        "lost, or to somebody else. It is given out only once."
    ),
}
GIVEN_OUT: Final = {"viewed", "released"}
DEAD: Final = "This link no longer exists."
STRANGER: Final = (
    "It was opened, taken back, or has expired; or the address is not complete. Copy the whole link again from your "
    "message. If that does not help, ask the person who sent it for a new one."
)
AGAIN: Final = "If you need it, the sender can send you a new one."
NOT_ME: Final = "If you did not open it yourself, tell the sender: it must be replaced."

REFUSED: Final[Mapping[str, str]] = {
    "locked": (
        "Locked: all tries are used up. The secret is still there, and nobody can open it for now. Ask the sender, who "
        "may be able to allow more tries or can send you a new one; then run this again with the same link."
    ),
    "paused": (
        "Paused: the person this was sent to said in Slack that they were not expecting it. The secret is still there, "
        "and nobody can open it until the sender says that it is right. If you are waiting for it, call the sender; "
        "then run this again with the same link."
    ),
    "verification-required": (
        "Open it from Slack again: press Open in the message from Sendsecret, and within ten minutes run this again "
        "with the same link. No try was used up."
    ),
    "refused": (
        "The server refused this in a way that this command does not know. Run it again: it will say how many tries "
        "are left, or what happened. A newer version of this command may help."
    ),
}

VERIFY_UNSURE: Final = (
    "Open it from Slack again: press Open in the message from Sendsecret, and within ten minutes run this again with "
    "the same link. An answer was lost on the way, so whether your try was counted is not known."
)

WHY: Final[Mapping[str, str]] = {
    "": "The server does not answer",
    "unreachable": "The server cannot be reached",
    "certificate": "The server's certificate is not one that this computer trusts",
    "proxy": "The proxy that this computer is set to use does not let this through",
    "redirected": "The server sends this elsewhere, and no redirect is followed",
    "too-large": "The answer is larger than any that belongs to a link",
    "slow": "The server is too slow to answer",
    "not-ours": "The answer is not one of a Sendsecret server",
    "slow-down": "Too many requests come from your network",
    "key-unreadable": "The server cannot reach its key at the moment",
}

FIELD: Final[Mapping[Form, str]] = {
    "free": "Passphrase (capitals count; not shown while you type): ",
    "digits": "Passphrase, in digits (spaces and dashes do not matter; not shown while you type): ",
    "words": "Passphrase, in words (capitals do not matter; not shown while you type): ",
}

UNUSABLE: Final[Mapping[PassphraseFault, str]] = {
    "empty": "That holds nothing that a passphrase of this kind is made of. No try is used up.",
    "too-long": "That is longer than a passphrase can be. No try is used up.",
    "surrogate": "That holds half a character, so it was not copied whole. No try is used up.",
    "unassigned": "That holds a character which no passphrase has. No try is used up.",
    "unprintable": "That holds an invisible character, perhaps from copying. Type it by hand. No try is used up.",
}

NO_TERMINAL: Final = "Give link and passphrase on standard input, a line each: `sendsecret open - --passphrase-stdin`."
ARGUMENT_SEEN: Final = (
    "Note: given like this, the link can be seen by others of this computer while this runs, and your shell may keep "
    "it in its history. Without it on the line, this command asks for it."
)
FOREIGN: Final = (
    "What the server says about this secret does not fit the link, so this stopped before asking for anything. Nothing "
    "is used up. Tell the person who sent it."
)
DAMAGED: Final = (
    "The secret arrived damaged: it was given out to this command, but what arrived cannot be opened, and it is given "
    "out only once. Tell the person who sent it, and ask for a new one."
)
UNSURE: Final = (
    "Whether this try was counted is not known. Run this again with the same link: it will say how many tries are "
    "left, or what happened."
)


def tries_left(count: int) -> str:
    """How often one may still guess."""
    return "1 try left." if count == 1 else f"{count} tries left."


def moment(seconds: int) -> str:
    """A moment, Unix seconds, in this computer's own zone, with its name."""
    try:
        return datetime.fromtimestamp(seconds).astimezone().strftime("%A, %d %B %Y, %H:%M %Z")
    # A header may hold any integer; the year 300,000,000 has no name.
    except (ValueError, OverflowError, OSError):
        return "a day beyond all calendars"


def duration(seconds: float) -> str:
    """Like 0:45 or 4:05: no words, so that it fits into any sentence."""
    whole = max(0, round(seconds + 0.499))
    return f"{whole // 60}:{whole % 60:02}"


def ended(outcome: str, at: int | None, *, met: str = "") -> str:
    """What happened to a drop; `met` is "elsewhere" or "unsure" where a claim of ours found that it was given out."""
    if at is None:
        return f"{DEAD} {ENDED['undated']} {AGAIN}"
    key = met if met and outcome in GIVEN_OUT else outcome if outcome in ENDED else "other"
    not_me = f" {NOT_ME}" if outcome in GIVEN_OUT and key != "unsure" else ""
    return f"{DEAD} {ENDED[key].format(time=moment(at))} {AGAIN}{not_me}"
