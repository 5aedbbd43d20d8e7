"""JSON objects read without forgiveness, for text that must mean the same to every program that reads it.

Refused beyond RFC 8259: duplicate members (two readers would believe two values), numbers other than plain
non-negative integers up to 2^53 - 1 (JavaScript cannot tell 1 from 1.0 and rounds beyond), lone surrogates.
"""

import json
import re

from store.formats.errors import MalformedError

_INTEGER = re.compile(r"0|[1-9][0-9]{0,15}")
_LARGEST = 2**53 - 1


def parse_object(text: str) -> dict[str, object]:
    """The members of the one object in `text`. Raises MalformedError; no message repeats the text."""
    try:
        text.encode("utf-8")
        value: object = json.loads(
            text, object_pairs_hook=_members, parse_int=_integer, parse_float=_refuse, parse_constant=_refuse
        )
    # Deep nesting ends in RecursionError; a stranger must not be able to turn that into a crash.
    except (ValueError, RecursionError):
        raise MalformedError("not a strict JSON object") from None
    if not isinstance(value, dict):
        raise MalformedError("not a JSON object")
    return value


def is_text(value: object) -> bool:
    """Whether a parsed value is a string of whole characters: an escape can still hide half of one."""
    return isinstance(value, str) and not any("\ud800" <= character <= "\udfff" for character in value)


def _members(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise MalformedError("a member stands twice")
    return members


def _integer(digits: str) -> int:
    if not _INTEGER.fullmatch(digits) or int(digits) > _LARGEST:
        raise MalformedError("not a plain integer")
    return int(digits)


def _refuse(_literal: str) -> None:
    raise MalformedError("not a plain integer")
