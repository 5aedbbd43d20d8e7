"""
A server's no, and what is none of ours: a proxy's error page or a captive portal says nothing, whatever its status.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final, cast

from sendsecret.talking.exchange import Reply
from store.formats.errors import MalformedError
from store.formats.strict_json import is_text, parse_object

_PROBLEM: Final = "urn:sendsecret:problem:"
_JSON: Final = {"application/json", "application/problem+json"}


@dataclass(frozen=True, slots=True)
class Refused:
    """A no. `word` is the problem's name; "unavailable" also when nobody of ours answered, and `why` then says more."""

    word: str
    why: str = ""
    outcome: str = ""
    at: int | None = None
    tries_left: int = 0
    retry_after_seconds: int = 0
    objection: str = ""
    """What the server holds against the request, in its own words: a stranger's text."""


def members(
    reply: Reply, words: Collection[str], by_status: Mapping[int, str], good: Collection[int] = (200,)
) -> dict[str, object] | Refused:
    """
    The members of a good answer, or the refusal.

    `words` are the problems that are told apart. Every other word, of today or of a later version, goes by its status.
    """
    try:
        said = parse_object(reply.body.decode()) if reply.content_type in _JSON else None
    except (UnicodeDecodeError, MalformedError):
        said = None
    if said is None:
        return not_ours(reply)
    if reply.status in good:
        return said
    kind = text_of(said.get("type"))
    if not kind.startswith(_PROBLEM):
        return not_ours(reply)
    word = kind.removeprefix(_PROBLEM)
    if word not in words:
        word = by_status.get(reply.status, "unavailable" if reply.status >= 500 else "refused")
    at = said.get("at")
    return Refused(
        word,
        outcome=text_of(said.get("state")),
        at=at if type(at) is int else None,
        tries_left=number_of(said.get("tries_left")),
        retry_after_seconds=number_of(said.get("retry_after_seconds")) or seconds_of(reply.headers, "Retry-After"),
        objection=text_of(said.get("why")),
    )


def not_ours(reply: Reply) -> Refused:
    """Whatever answered, it was no server of ours."""
    return Refused("unavailable", why="not-ours", retry_after_seconds=seconds_of(reply.headers, "Retry-After"))


def text_of(value: object) -> str:
    """A text, or an empty one."""
    return cast("str", value) if is_text(value) else ""


def number_of(value: object) -> int:
    """A number, or 0."""
    return value if type(value) is int else 0


def seconds_of(headers: Mapping[str, str], name: str) -> int:
    """The whole number in a header, or 0."""
    text = headers.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
