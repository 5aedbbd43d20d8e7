"""
The stored words, pinned for ever.

They stand in the database, in signed events, in JSON answers and on receipts, so that a word is never
renamed: a retired one stays here with a comment.
"""

from enum import StrEnum
from typing import Final


class State(StrEnum):
    """Where a drop is in its life.  Everything but DESTROYED holds an envelope."""

    SEALED = "sealed"
    LOCKED = "locked"
    CLAIMED = "claimed"
    ENDING = "ending"
    DESTROYED = "destroyed"


OPEN: Final = (State.SEALED, State.LOCKED)
"""What nobody has claimed, and nothing has ended."""
LIVE: Final = tuple(state for state in State if state is not State.DESTROYED)
"""All but what is over; by name, because "not destroyed" would read a row for everything that was ever sent."""


class Outcome(StrEnum):
    """How a drop ended; the same seven words everywhere."""

    VIEWED = "viewed"
    RELEASED = "released"
    REVOKED = "revoked"
    EXPIRED = "expired"
    UNDELIVERED = "undelivered"
    LOCKED_OUT = "locked_out"
    LOST = "lost"


OPENED: Final = (Outcome.VIEWED, Outcome.RELEASED)
"""How what a page was given ends."""


class RecordState(StrEnum):
    """Where a record is in its life.  LIVE alone holds a value, and can be read."""

    LIVE = "live"
    REVOKED = "revoked"
    EXPIRED = "expired"


class RecordEnd(StrEnum):
    """Why a record expired."""

    TIME = "time"
    READS = "reads"
    """It was read as often as it may be."""
    LOST = "lost"
    """Its key was found erased, so that nobody can read it any more."""


class Delivery(StrEnum):
    """Whether the link went its way."""

    PENDING = "pending"
    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"


class Way(StrEnum):
    """How the link comes to the recipient."""

    DM = "dm"
    SHOWN = "shown"
    """To the sender, who passes it on."""
    HERE = "here"
    """Posted into a conversation, where it cannot be edited later."""
    MAIL = "mail"
    """To an e-mail address; what is mailed cannot be edited later."""


class Verify(StrEnum):
    """How it is found out, before a claim, that it is the recipient who is there."""

    NONE = "none"
    SLACK = "slack"
    """Their Slack account has pressed the button, within ten minutes before the claim."""


class Watch(StrEnum):
    """What is told once, at a time that was set before."""

    UNVIEWED = "unviewed"
    """It was delivered a while ago, and nobody has opened it."""
    HOUR_LEFT = "hour_left"
    """An hour more, and it expires unopened."""
    ROTATE = "rotate"
    """The day by which the key is to be changed at its provider."""


class Event(StrEnum):
    """One entry of the audit log."""

    CREATED = "drop.created"
    DELIVERED = "drop.delivered"
    UNDELIVERED = "drop.undelivered"
    DOOR_OPENED = "drop.door_opened"
    RECIPIENT_VERIFIED = "drop.recipient_verified"
    RECIPIENT_REFUSED = "drop.recipient_refused"
    PASSPHRASE_FAILED = "drop.passphrase_failed"
    LOCKED = "drop.locked"
    UNLOCKED = "drop.unlocked"
    CLAIMED = "drop.claimed"
    REDELIVERED = "drop.redelivered"
    ACKNOWLEDGED = "drop.acknowledged"
    REVOKED = "drop.revoked"
    EXPIRED = "drop.expired"
    DESTROYED = "drop.destroyed"
    RECEIPT = "drop.receipt"
    SECOND_CONSUMER = "drop.second_consumer"
    NOT_ME = "drop.not_me"
    ASKED = "drop.asked"
    REMINDED = "drop.reminded"
    UNVIEWED = "drop.unviewed"
    ROTATE_DUE = "drop.rotate_due"
    ROTATED = "drop.rotated"
    RECORD_CREATED = "record.created"
    RECORD_READ = "record.read"
    RECORD_REFUSED = "record.refused"
    RECORD_LOCKED = "record.locked"
    RECORD_UNLOCKED = "record.unlocked"
    RECORD_ROTATED = "record.rotated"
    RECORD_REVOKED = "record.revoked"
    RECORD_EXPIRED = "record.expired"
    RECORD_RENEWED = "record.renewed"
    """The key at its provider was rotated, as somebody says."""
    TOKEN_CREATED = "token.created"
    TOKEN_USED = "token.used"
    TOKEN_REVOKED = "token.revoked"
    LEAK_REPLACED = "leak.replaced"
    PERSON_FORGOTTEN = "person.forgotten"
    KEY_ROTATED = "key.rotated"
    LOG_OPENED = "log.opened"


class Audience(StrEnum):
    """Whom a notice is for; the order of notices is kept for each audience of a drop."""

    AUDIT = "audit"
    SENDER = "sender"
    RECIPIENT = "recipient"


class Actor(StrEnum):
    """Who caused a change."""

    HOLDER = "holder"
    SENDER = "sender"
    RECIPIENT = "recipient"
    ADMIN = "admin"
    CLOCK = "clock"
    DELIVERY = "delivery"
    KEYRING = "keyring"


class Ask(StrEnum):
    """What a holder may ask the sender for."""

    PASSPHRASE = "passphrase"
    AGAIN = "again"
    TRIES = "tries"


class Scope(StrEnum):
    """What a token is for; one that was made before there were any is for SEND alone."""

    SEND = "send"
    READ = "read"
    """Its owner's drops: what, to whom, how it stands and what happened.  Never a link or a secret."""
    REVOKE = "revoke"


class Read(StrEnum):
    """What somebody looked at with a token, as token.used says it."""

    LIST = "list"
    DROP = "drop"
    EVENTS = "events"
    RECEIPT = "receipt"
    RECORDS = "records"
    RECORD = "record"


class OrderKind(StrEnum):
    """What made an order, under which somebody may seal a drop outside the bot."""

    COMPOSER = "composer"
    REQUEST = "request"
    CLIENT = "client"


class OrderState(StrEnum):
    """Where an order is in its life."""

    ASKED = "asked"
    """A client has asked for it, and no bot has answered so far."""
    OPEN = "open"
    REFUSED = "refused"
    USED = "used"


class SealedBy(StrEnum):
    """Who vouches that a passphrase went into the key."""

    BOT = "bot"
    PAGE = "page"
    CLIENT = "client"


class LinkFault(StrEnum):
    """Why a link that somebody else sealed was not delivered; beside Slack's own words for why it took none."""

    UNREADABLE = "link_unreadable"
    """No delivery key opens it."""
    FOREIGN = "link_foreign"
    """It is no link of its drop, or opens something else."""
    UNORDERED = "link_unordered"
    """Nobody ordered this drop, or another one."""
    NOT_ALLOWED = "link_not_allowed"
    """The policy has changed since it was ordered, and no longer allows it."""
    HERE_ONLY = "link_opens_here_only"
    """PUBLIC_URL is on localhost."""


class MailFault(StrEnum):
    """
    Why an e-mail with a link did not go out.

    Beside `smtp_` with a verb and a code for what the server refused, and `bounced_` with a status of RFC 3463 for what
    came back later.
    """

    NOT_SET_UP = "mail_not_set_up"
    """No mail server is named in the settings."""
    UNENCRYPTED = "mail_unencrypted"
    """The server offers no TLS; nothing was said to it."""
    UNTRUSTED = "mail_untrusted"
    """Its certificate is not to be believed; nothing was said to it."""
    LOGIN = "mail_login"
    """It does not take our user name and password."""
    AWAY = "mail_away"
    """It could not be reached, or asked to be left alone, until there was no time left."""
    UNANSWERED = "mail_unanswered"
    """It had the message, and did not say whether it took it."""


class PackFailure(StrEnum):
    """Why an evidence pack that somebody asked for was not made."""

    NO_LOG = "no_log"
    SEVERAL_LOGS = "several_logs"
    NO_ROOM = "no_room"
    TOO_LONG = "too_long"
    GAVE_UP = "gave_up"
    """Tried as often as it may be."""


class WebhookFault(StrEnum):
    """Why an endpoint did not take an event; beside `answered_` with a status of HTTP."""

    NAME = "name"
    """Its name leads to no address."""
    ADDRESS = "address"
    """It leads to an address at which an endpoint must not be."""
    AWAY = "away"
    """Nobody is there, or the connection broke."""
    UNTRUSTED = "untrusted"
    """Its certificate is not to be believed; nothing was said to it."""
    UNANSWERED = "unanswered"
    """No answer in time."""
    NO_HTTP = "no_http"
    """What answered does not speak HTTP."""
