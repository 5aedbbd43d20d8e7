"""
A line in the audit channel for what happens to a record.

Pure.  The label only where the operator asked for it; never a key, a value, or an address that somebody came from.
"""

from collections.abc import Mapping
from typing import Any

from bot import audit_wording, record_wording
from bot.block_kit import section
from bot.message import Message
from bot.mrkdwn import Markup, fill, moment
from store.record_doors import RecordDoor
from store.words import Event, RecordEnd


def line(about: Mapping[str, Any], label: str | None = None) -> Message:
    """One event of a record, in a message of its own; `label` where it is to be shown."""
    facts = {name: about.get(name) for name in ("most_reads", "count", "event", "tries_left", "guesses")}
    until = moment(int(about.get("expires_at", 0)) * 1000)
    what = fill(_sentence(about), record=Markup(str(about["record"])), until=until, **facts)
    if about.get("kept") is True:
        what = fill(record_wording.KEPT, what=what)
    if about.get("escrow") is True:
        what = fill(record_wording.IN_ESCROW, what=what)
    if label is not None:
        what = fill(record_wording.LABELLED, what=what, label=label)
    told = fill(audit_wording.ENTRY, at=moment(int(about["at"])), what=what)
    return Message(text=told, blocks=[section(told)])


def _sentence(about: Mapping[str, Any]) -> str:
    is_page = about.get("door") == RecordDoor.PAGE
    match about["event"]:
        case Event.RECORD_CREATED if about.get("most_reads") is None:
            return record_wording.MADE_PAGE if is_page else record_wording.MADE
        case Event.RECORD_CREATED:
            return record_wording.MADE_PAGE_BOUNDED if is_page else record_wording.MADE_BOUNDED
        case Event.RECORD_READ:
            return record_wording.READ_PAGE if is_page else record_wording.READ
        case Event.RECORD_REFUSED:
            return record_wording.REFUSED_PAGE if is_page else record_wording.REFUSED
        case Event.RECORD_LOCKED:
            return record_wording.LOCKED
        case Event.RECORD_UNLOCKED:
            return record_wording.UNLOCKED
        case Event.RECORD_ROTATED:
            return record_wording.ROTATED_PAGE if is_page else record_wording.ROTATED
        case Event.RECORD_REVOKED:
            return record_wording.REVOKED
        case Event.RECORD_EXPIRED:
            return record_wording.EXPIRED[RecordEnd(about["why"])]
    return record_wording.OTHER
