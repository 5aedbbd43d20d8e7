"""
The note on top of the form: that a secret has been through Slack, and what was made of it.

A note's block id is its name, so that a form which is shown again shows the same note; where the secret stood in a
message, the id says whose and where that is, and nothing of what it said.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Final

from bot import form_wording, leak_wording
from bot.block_kit import Json, context
from bot.mrkdwn import Markup
from bot.policy import Policy


class Note(StrEnum):
    """What a note says; the second half is about a message, for which the form was opened by its shortcut."""

    TRAVELLED = "travelled"
    REWRITTEN = "rewritten"
    TOO_LONG = "too_long"
    NOT_TAKEN = "not_taken"
    NOT_FROM_LINE = "not_from_line"
    LEAKED = "leaked"
    LEAKED_REWRITTEN = "leaked_rewritten"
    LEAKED_TOO_LONG = "leaked_too_long"
    LEAKED_NOT_TAKEN = "leaked_not_taken"
    LEAKED_OUTSIDE = "leaked_outside"


_BEFORE_DETAILS: Final = "~"
_SENTENCES: Final = {
    Note.TRAVELLED: form_wording.TRAVELLED,
    Note.REWRITTEN: form_wording.REWRITTEN,
    Note.TOO_LONG: form_wording.TOO_LONG,
    Note.NOT_TAKEN: form_wording.NOT_TAKEN,
    Note.NOT_FROM_LINE: form_wording.NOT_FROM_LINE,
    Note.LEAKED: leak_wording.LEAKED,
    Note.LEAKED_REWRITTEN: leak_wording.LEAKED_REWRITTEN,
    Note.LEAKED_TOO_LONG: leak_wording.LEAKED_TOO_LONG,
    Note.LEAKED_NOT_TAKEN: leak_wording.LEAKED_NOT_TAKEN,
    Note.LEAKED_OUTSIDE: leak_wording.LEAKED_OUTSIDE,
}


def block(block_id: str) -> Json:
    """The note of this id."""
    return {**context(Markup(_SENTENCES[Note(_name(block_id))])), "block_id": block_id}


def for_code(*, is_offered: bool, policy: Policy) -> list[Json]:
    """Where it is done otherwise, for a program: in words, because no button stands beside a secret."""
    return [context(Markup(form_wording.FOR_CODE))] if is_offered and not policy.outside_only else []


def id_of(note: Note, details: str = "") -> str:
    """A note's block id; `details` come back from `details_in`."""
    return f"{note}{_BEFORE_DETAILS}{details}" if details else note.value


def ids_in(shown: Mapping[str, Any]) -> tuple[str, ...]:
    """The ids of the notes in a form that Slack says is shown."""
    ids = (str(one.get("block_id")) for one in shown.get("blocks", []))
    return tuple(block_id for block_id in ids if _name(block_id) in set(Note))


def details_in(block_id: str) -> str:
    """What `id_of` was given."""
    return block_id.partition(_BEFORE_DETAILS)[2]


def _name(block_id: str) -> str:
    return block_id.partition(_BEFORE_DETAILS)[0]
