"""What an answer of the routes for those who seal means."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Final

from sendsecret.talking.exchange import Reply
from sendsecret.talking.refusals import Refused, members, not_ours, number_of, text_of
from sendsecret.talking.strangers_text import harmless
from store.formats import base64url, delivery_v1
from store.formats.errors import MalformedError
from store.formats.order_link_v1 import ID_BYTES, TOKEN_BYTES, OrderLink
from store.words import Scope

_WORDS: Final = {
    "no-token", "wrong-scope", "wrong-tokens", "asked-too-often", "not-found", "order-used", "unacceptable", "busy",
    "too-large", "slow-down", "unavailable", "malformed", "idempotency-mismatch", "idempotency-running",
    "unacceptable-record", "id-taken", "may-not-send", "too-late", "too-many-records", "sent-too-often",
}  # fmt: skip
_BY_STATUS: Final = {401: "no-token", 404: "not-found", 408: "unavailable", 413: "too-large", 429: "slow-down"}
_GOOD: Final = (200, 201, 202)
_MOST_NAMES: Final = 10


@dataclass(frozen=True, slots=True)
class Open:
    """
    An order under which a drop can be sealed; `now` is the server's time, Unix seconds.

    `passphrase` is "own" where it must be one that the recipient knows; `rotate_by`, Unix seconds, is 0 for no day.
    """

    sender: str
    recipient: str
    recipient_class: str
    label: str
    hint: str
    lives_seconds: int
    now: int
    delivery_key: bytes
    public_url: str
    way: str = "dm"
    template: str = "anything"
    passphrase: str = "made"
    rotate_by: int = 0
    variable: str = ""
    verify: str = "none"


@dataclass(frozen=True, slots=True)
class Before:
    """It was sent before, under the same key: the drop's id, how it stands, and whether its link arrived."""

    drop: str
    now: str
    delivery: str


@dataclass(frozen=True, slots=True)
class NotYet:
    """No bot has answered so far."""


@dataclass(frozen=True, slots=True)
class Declined:
    """The bot does not order it; `names` are made harmless for a terminal."""

    why: str
    names: list[str]


@dataclass(frozen=True, slots=True)
class Used:
    """Something was sealed under it; `delivery` is pending, delivered or undelivered."""

    delivery: str


Standing = Open | NotYet | Declined | Used


@dataclass(frozen=True, slots=True)
class Known:
    """The server takes the token, until then (Unix seconds)."""

    until: int


@dataclass(frozen=True, slots=True)
class Sealed:
    """The server has it."""


def members_of(reply: Reply, good: Collection[int] = _GOOD) -> dict[str, object] | Refused:
    """The members of a good answer, or the refusal."""
    said = members(reply, _WORDS, _BY_STATUS, good)
    # Too slow is not wrong, whatever word stands beside it: the same comes through when it is sent again.
    return replace(said, word="unavailable") if isinstance(said, Refused) and reply.status == 408 else said


def known(reply: Reply) -> Known | Refused:
    """The answer about a token."""
    said = members_of(reply, (200,))
    if isinstance(said, Refused):
        return said
    scopes = said.get("scopes", [Scope.SEND])  # a server of before has no others
    if said.get("state") != "valid" or not isinstance(scopes, list):
        return not_ours(reply)
    return Known(number_of(said.get("until"))) if Scope.SEND in scopes else Refused("wrong-scope")


def asked(reply: Reply) -> OrderLink | Before | Refused:
    """The answer to asking for an order: what opens it, or what was made of the same before."""
    said = members_of(reply)
    if isinstance(said, Refused):
        return said
    if reply.status == 200:
        before = Before(*(harmless(text_of(said.get(name))) for name in ("drop", "state", "delivery")))
        return before if before.drop and before.now else not_ours(reply)
    try:
        return OrderLink(
            base64url.decode(text_of(said.get("order")), ID_BYTES),
            base64url.decode(text_of(said.get("token")), TOKEN_BYTES),
        )
    except MalformedError:
        return not_ours(reply)


def standing(reply: Reply) -> Standing | Refused:
    """The answer to a look at an order."""
    said = members_of(reply)
    if isinstance(said, Refused):
        return said
    match said.get("state"):
        case "asked":
            return NotYet()
        case "refused":
            names = said.get("names")
            listed = names[:_MOST_NAMES] if isinstance(names, list) else []
            return Declined(text_of(said.get("why")), [harmless(text_of(name)) for name in listed])
        case "used":
            return Used(text_of(said.get("delivery")))
        case "open":
            return _open(said) or not_ours(reply)
    return not_ours(reply)


def sealed(reply: Reply) -> Sealed | Refused:
    """The answer to a drop."""
    said = members_of(reply)
    if isinstance(said, Refused):
        return said
    return Sealed() if said.get("state") == "sealed" else not_ours(reply)


def _open(said: dict[str, object]) -> Open | None:
    try:
        key = base64url.decode(text_of(said.get("delivery_key")), delivery_v1.PUBLIC_BYTES)
    except MalformedError:
        return None
    public_url = text_of(said.get("public_url"))
    if not public_url:
        return None
    return Open(
        sender=text_of(said.get("sender")),
        recipient=text_of(said.get("recipient")),
        recipient_class=text_of(said.get("recipient_class")),
        label=text_of(said.get("label")),
        hint=text_of(said.get("hint")),
        lives_seconds=number_of(said.get("lives_seconds")),
        now=number_of(said.get("now")),
        delivery_key=key,
        public_url=public_url,
        way=text_of(said.get("way")),
        template=text_of(said.get("template")) or "anything",
        passphrase=text_of(said.get("passphrase")) or "made",
        rotate_by=number_of(said.get("rotate_by")),
        variable=text_of(said.get("variable")),
        verify=text_of(said.get("verify")) or "none",
    )
