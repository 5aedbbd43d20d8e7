"""
What happens to a record, said to people: a line in the audit channel, and news for whoever made it.

Pure.  In the channel the label only where the operator asked for it, and names without mentions; never a key, a value,
or an address that somebody came from.
"""

from collections.abc import Mapping
from typing import Any

from bot import audit_wording, record_wording
from bot.block_kit import actions, section
from bot.message import Message
from bot.mrkdwn import Markup, fill, moment
from bot.record_acts import not_at_provider
from bot.record_views import renew_button, unlock_button
from store.own_records import is_due
from store.record_doors import RecordDoor
from store.record_pages import unlocks_after
from store.records import Held
from store.words import Actor, Event, RecordEnd


def line(
    about: Mapping[str, Any], label: str | None = None, *, owner: str | None = None, recipient: str | None = None
) -> Message:
    """
    One event of a record, in a message of its own; `label` where it is to be shown.

    `owner` and `recipient` are names, None where there is nobody, or nobody is known any more.
    """
    facts = {name: about.get(name) for name in ("most_reads", "count", "event", "tries_left", "guesses")}
    facts["owner"] = owner or record_wording.SOMEBODY
    facts["recipient"] = recipient or record_wording.NOBODY_NAMED
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


def news(about: Mapping[str, Any], held: Held) -> Message | None:
    """What whoever made it is told; None for what they did themselves, or where its name is kept no more."""
    if held.named is None:
        return None
    is_page = held.door is RecordDoor.PAGE
    match about["event"]:
        case Event.RECORD_READ:
            sentence = record_wording.YOURS_READ_PAGE if is_page else record_wording.YOURS_READ
            told = fill(sentence, label=held.named.label)
        case Event.RECORD_REFUSED:
            sentence = record_wording.YOURS_REFUSED_PAGE if is_page else record_wording.YOURS_REFUSED
            told = fill(sentence, label=held.named.label, count=about["count"])
        case Event.RECORD_LOCKED:
            can_be_unlocked = unlocks_after(about["guesses"], about["unlocks"]) > 0
            sentence = record_wording.YOURS_LOCKED if can_be_unlocked else record_wording.YOURS_LOCKED_FOR_GOOD
            told = fill(sentence, label=held.named.label)
            blocks = [section(told), *([actions(unlock_button(held))] if can_be_unlocked else [])]
            return Message(text=told, blocks=blocks)
        case Event.RECORD_EXPIRED:
            over = fill(record_wording.YOURS_OVER[RecordEnd(about["why"])], label=held.named.label)
            blocks = [section(Markup(f"{over} {not_at_provider(held.named)}"))]
            return Message(text=over, blocks=[*blocks, *([actions(renew_button(held))] if is_due(held) else [])])
        case _:
            return None
    return Message(text=told, blocks=[section(told)])


def _sentence(about: Mapping[str, Any]) -> str:
    is_page = about.get("door") == RecordDoor.PAGE
    by = Actor.SENDER if about.get("by") == Actor.SENDER else Actor.ADMIN
    match about["event"]:
        case Event.RECORD_CREATED if about.get("most_reads") is None:
            return (record_wording.MADE_PAGE if is_page else record_wording.MADE)[by]
        case Event.RECORD_CREATED:
            return (record_wording.MADE_PAGE_BOUNDED if is_page else record_wording.MADE_BOUNDED)[by]
        case Event.RECORD_READ:
            return record_wording.READ_PAGE if is_page else record_wording.READ
        case Event.RECORD_REFUSED:
            return record_wording.REFUSED_PAGE if is_page else record_wording.REFUSED
        case Event.RECORD_LOCKED:
            return record_wording.LOCKED
        case Event.RECORD_UNLOCKED:
            return record_wording.UNLOCKED[by]
        case Event.RECORD_ROTATED:
            return (record_wording.ROTATED_PAGE if is_page else record_wording.ROTATED)[by]
        case Event.RECORD_REVOKED:
            return record_wording.REVOKED[by]
        case Event.RECORD_RENEWED:
            return record_wording.RENEWED[by]
        case Event.RECORD_EXPIRED:
            return record_wording.EXPIRED[RecordEnd(about["why"])]
    return record_wording.OTHER
