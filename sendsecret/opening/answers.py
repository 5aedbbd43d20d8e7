"""
What an answer of the reader's routes means. Anything that is not one of ours, a proxy's error page or a captive
portal, is "unavailable": it says nothing about the drop, whatever its status.
"""

from dataclasses import dataclass, field
from typing import Final, cast

from sendsecret.talking.exchange import Reply
from sendsecret.talking.refusals import Refused, members, not_ours, number_of, seconds_of, text_of
from store.formats import base64url
from store.formats.errors import MalformedError
from store.formats.strict_json import is_text

_STATES: Final = {"sealed", "locked", "paused"}
# The problems that people are told apart. Every other word, of today or of a later version, goes by its status.
_WORDS: Final = {
    "not-found", "ended", "locked", "paused", "wrong-passphrase", "verification-required", "too-soon", "slow-down",
    "key-unreadable", "unavailable",
}  # fmt: skip
_BY_STATUS: Final = {404: "not-found", 408: "unavailable", 410: "ended", 423: "locked", 429: "slow-down"}


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
        return not_ours(reply)
    return Door(
        state=state,
        header=cast("str", header),
        hint=text_of(said.get("hint")),
        tries_left=number_of(said.get("tries_left")),
        retry_after_seconds=number_of(said.get("retry_after_seconds")),
    )


def claim(reply: Reply) -> Released | Refused:
    """The answer to a claim: in JSON, or, if it is large, the envelope's bytes alone."""
    # The header tells an envelope from any other download that something on the way answers with.
    if reply.status == 200 and reply.content_type == "application/octet-stream" and "Sends-Left" in reply.headers:
        return Released(reply.body, seconds_of(reply.headers, "Sends-Left"))
    said = _members(reply)
    if isinstance(said, Refused):
        return said
    try:
        envelope = base64url.decode(text_of(said.get("envelope")))
    except MalformedError:
        return not_ours(reply)
    return Released(envelope, number_of(said.get("sends_left"))) if envelope else not_ours(reply)


def acknowledged(reply: Reply) -> Acknowledged | Refused:
    """The answer to an acknowledgement."""
    said = _members(reply)
    if isinstance(said, Refused):
        return said
    return Acknowledged(text_of(said.get("receipt"))) if said.get("state") == "destroyed" else not_ours(reply)


def _members(reply: Reply) -> dict[str, object] | Refused:
    return members(reply, _WORDS, _BY_STATUS)
