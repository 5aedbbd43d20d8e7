"""
What an answer of the reader's routes means. Anything that is not one of ours, a proxy's error page or a captive
portal, is "unavailable": it says nothing about the drop, whatever its status.
"""

from dataclasses import dataclass, field
from typing import Final, cast

from sendsecret.opening.exchange import Reply
from store.formats import base64url
from store.formats.errors import MalformedError
from store.formats.strict_json import is_text, parse_object

_PROBLEM: Final = "urn:sendsecret:problem:"
_JSON: Final = {"application/json", "application/problem+json"}
_STATES: Final = {"sealed", "locked", "paused"}
# The problems that people are told apart. Every other word, of today or of a later version, goes by its status.
_WORDS: Final = {
    "not-found", "ended", "locked", "paused", "wrong-passphrase", "verification-required", "too-soon", "slow-down",
    "key-unreadable", "unavailable",
}  # fmt: skip
_BY_STATUS: Final = {404: "not-found", 408: "unavailable", 410: "ended", 423: "locked", 429: "slow-down"}


@dataclass(frozen=True, slots=True)
class Refused:
    """A no. `word` is the problem's name; "unavailable" also when nobody of ours answered, and `why` then says more."""

    word: str
    why: str = ""
    outcome: str = ""
    at: int | None = None
    tries_left: int = 0
    retry_after_seconds: int = 0


@dataclass(frozen=True, slots=True)
class Door:
    """What stands at the door of a drop that has not ended."""

    state: str
    header: str
    hint: str
    tries_left: int
    retry_after_seconds: int


@dataclass(frozen=True, slots=True)
class Released:
    """The envelope, and how often the same claim may still ask for it."""

    envelope: bytes = field(repr=False)
    sends_left: int


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """The server has heard that the secret was opened; `receipt` is what it said about one."""

    receipt: str


def door(reply: Reply) -> Door | Refused:
    """The answer at the door."""
    said = _members(reply)
    if isinstance(said, Refused):
        return said
    state, header = said.get("state"), said.get("header")
    if not isinstance(state, str) or state not in _STATES or not is_text(header):
        return _not_ours(reply)
    return Door(
        state=state,
        header=cast("str", header),
        hint=_text(said.get("hint")),
        tries_left=_number(said.get("tries_left")),
        retry_after_seconds=_number(said.get("retry_after_seconds")),
    )


def claim(reply: Reply) -> Released | Refused:
    """The answer to a claim: in JSON, or, if it is large, the envelope's bytes alone."""
    # The header tells an envelope from any other download that something on the way answers with.
    if reply.status == 200 and reply.content_type == "application/octet-stream" and "Sends-Left" in reply.headers:
        return Released(reply.body, _seconds(reply.headers["Sends-Left"]))
    said = _members(reply)
    if isinstance(said, Refused):
        return said
    try:
        envelope = base64url.decode(_text(said.get("envelope")))
    except MalformedError:
        return _not_ours(reply)
    return Released(envelope, _number(said.get("sends_left"))) if envelope else _not_ours(reply)


def acknowledged(reply: Reply) -> Acknowledged | Refused:
    """The answer to an acknowledgement."""
    said = _members(reply)
    if isinstance(said, Refused):
        return said
    return Acknowledged(_text(said.get("receipt"))) if said.get("state") == "destroyed" else _not_ours(reply)


def _members(reply: Reply) -> dict[str, object] | Refused:
    try:
        said = parse_object(reply.body.decode()) if reply.content_type in _JSON else None
    except (UnicodeDecodeError, MalformedError):
        said = None
    if said is None:
        return _not_ours(reply)
    if reply.status == 200:
        return said
    kind = _text(said.get("type"))
    if not kind.startswith(_PROBLEM):
        return _not_ours(reply)
    word = kind.removeprefix(_PROBLEM)
    if word not in _WORDS:
        word = _BY_STATUS.get(reply.status, "unavailable" if reply.status >= 500 else "refused")
    at = said.get("at")
    return Refused(
        word,
        outcome=_text(said.get("state")),
        at=at if type(at) is int else None,
        tries_left=_number(said.get("tries_left")),
        retry_after_seconds=_number(said.get("retry_after_seconds")),
    )


def _not_ours(reply: Reply) -> Refused:
    later = _seconds(reply.headers.get("Retry-After", ""))
    return Refused("unavailable", why="not-ours", retry_after_seconds=later)


def _text(value: object) -> str:
    return cast("str", value) if is_text(value) else ""


def _number(value: object) -> int:
    return value if type(value) is int else 0


def _seconds(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
