"""The words for what clients ask the bot, each with one spelling, in the database and in answers alike."""

from enum import StrEnum


class AskedRevoke(StrEnum):
    """How it stands with what a client asks to be revoked."""

    ASKED = "asked"
    BEGUN = "begun"
    """Nobody can claim it any more, and its destruction is under way; or it had been claimed, or had ended."""
    DONE = "done"
    REFUSED = "refused"


class NotRevoked(StrEnum):
    """Why the bot does not revoke what a client asks it to."""

    NO_TOKEN = "no-token"
    WRONG_SCOPE = "wrong-scope"
    NOT_FOUND = "not-found"


class Revocable(StrEnum):
    """What is to be revoked."""

    DROP = "drop"
    RECORD = "record"


class AskedRecord(StrEnum):
    """How a record stands that a client asks for."""

    ASKED = "asked"
    DONE = "done"
    REFUSED = "refused"


class NotMade(StrEnum):
    """Why the bot does not make a record that a client asks for."""

    NO_TOKEN = "no-token"
    WRONG_SCOPE = "wrong-scope"
    TOO_MANY = "too-many-records"
    TOO_OFTEN = "sent-too-often"
    TOO_LONG = "too-long"
    MAY_NOT_SEND = "may-not-send"
    WRONG_NAME = "wrong-name"
    """Its page calls whoever made it by a name that is not theirs."""
