"""
The window of somebody's records, and what Home shows of those that are over.  Pure.

Nothing secret is in it: a button's value is a record's id, which opens nothing.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

from bot import record_window_wording as wording
from bot.block_kit import Json, actions, button, confirm, context, divider, plain, section
from bot.mrkdwn import Markup, fill, mention, moment
from bot.record_acts import page_of
from store.formats import base64url
from store.formats.errors import MalformedError
from store.formats.record_key_v1 import ID_BYTES
from store.listing import After
from store.own_records import Page, is_due, is_renewed
from store.record_doors import RecordDoor
from store.records import Held
from store.words import RecordState

CALLBACK: Final = "records"
MAKE: Final = "record_for_code"
ROTATE: Final = "record_another_key"
REVOKE: Final = "record_revoke"
UNLOCK: Final = "record_unlock"
RENEW: Final = "record_renewed"
OLDER: Final = "records_older"
NEWEST: Final = "records_newest"
MOST_ROWS: Final = 15
MOST_AT_HOME: Final = 3
_NONE: Final[Mapping[bytes, int]] = MappingProxyType({})
_ROTATE: Final = {RecordDoor.API: wording.ROTATE, RecordDoor.PAGE: wording.ROTATE_PAGE}
_REVOKE_QUESTION: Final = {RecordDoor.API: wording.REVOKE_QUESTION, RecordDoor.PAGE: wording.REVOKE_QUESTION_PAGE}
_NEVER_READ: Final = {RecordDoor.API: wording.NEVER_READ, RecordDoor.PAGE: wording.NEVER_READ_PAGE}
_READ_ONCE: Final = {RecordDoor.API: wording.READ_ONCE, RecordDoor.PAGE: wording.READ_ONCE_PAGE}
_READ: Final = {RecordDoor.API: wording.READ, RecordDoor.PAGE: wording.READ_PAGE}
_WRONG: Final = {RecordDoor.API: wording.WRONG, RecordDoor.PAGE: wording.WRONG_PAGE}


def window(
    page: Page,
    *,
    may_act: bool,
    begins: After | None = None,
    said: Markup | None = None,
    ended: Held | None = None,
    locked: Mapping[bytes, int] = _NONE,
) -> Json:
    """
    A page of somebody's records; `said` is what a press was answered with, and `ended` what that was about.

    `locked` are those whose guesses are used up, and how often each can be unlocked.
    """
    blocks = [section(Markup(wording.WHAT_FOR))]
    if may_act:
        blocks.append(actions(button(wording.FOR_CODE, MAKE, "make")))
    if said is not None:
        is_left = ended is not None and not is_renewed(ended)
        blocks.append(section(said, accessory=renew_button(ended) if ended is not None and is_left else None))
    blocks.append(divider())
    for held in page.records:
        blocks += rows(held, may_act=may_act, unlocks=locked.get(held.id))
    if not page.records:
        blocks.append(section(Markup(wording.NONE)))
    turns = [] if begins is None else [button(wording.FIRST, NEWEST, "newest")]
    if page.after is not None:
        turns.append(button(wording.MORE, OLDER, text_of(page.after)))
    return _modal([*blocks, *([actions(*turns)] if turns else [])])


def said(sentence: str) -> Json:
    """The window with nothing but a sentence."""
    return _modal([section(Markup(sentence))])


def rows(
    held: Held,
    *,
    may_act: bool,
    may_rotate: bool = True,
    is_named: bool = True,
    has_recipient: bool = True,
    unlocks: int | None = None,
) -> list[Json]:
    """
    A record: what it is and how it stands, and what can be done with it; at most two blocks.

    Its label and its provider's page stand there where `is_named`, and who it is for where `has_recipient`.  `unlocks`
    is how often a locked one can be unlocked, None for one that is not locked.
    """
    record = base64url.encode(held.id)
    acts = [renew_button(held)] if not is_renewed(held) else []
    if held.state is RecordState.LIVE:
        question = confirm(wording.REVOKE_TITLE, _REVOKE_QUESTION[held.door], wording.REVOKE_YES, wording.REVOKE_NO)
        acts.insert(0, button(wording.REVOKE, REVOKE, record, style="danger", confirm=question))
        if may_rotate and held.named is not None:
            acts.insert(0, button(_ROTATE[held.door], ROTATE, record))
        if unlocks:
            acts.insert(0, unlock_button(held))
    what = _what(held, has_recipient=has_recipient) if is_named else fill(wording.ROW_UNNAMED, record=Markup(record))
    told = section(Markup("\n".join((what, standing(held, is_named=is_named, unlocks=unlocks)))))
    return [told, {**actions(*acts), "block_id": f"record-{record}"}] if may_act and acts else [told]


def renew_button(held: Held) -> Json:
    """Say that the key was rotated at its provider."""
    question = confirm(wording.RENEW_TITLE, wording.RENEW_QUESTION, wording.RENEW_YES, wording.RENEW_NO)
    return button(wording.RENEW, RENEW, base64url.encode(held.id), confirm=question)


def unlock_button(held: Held) -> Json:
    """Grant more tries."""
    question = confirm(wording.UNLOCK_TITLE, wording.UNLOCK_QUESTION, wording.UNLOCK_YES, wording.UNLOCK_NO)
    return button(wording.UNLOCK, UNLOCK, base64url.encode(held.id), confirm=question)


def at_home(due: Sequence[Held], count: int) -> list[Json]:
    """The records that are over while nobody has said that their key was rotated; the first few of many."""
    shown = [
        section(fill(wording.HOME_DUE, label=label_of(held), standing=standing(held)), accessory=renew_button(held))
        for held in due[:MOST_AT_HOME]
    ]
    return [*shown, context(Markup(wording.HOME_DUE_MORE))] if count > len(shown) else shown


def label_of(held: Held) -> str:
    """What a record is called, or that this cannot be read."""
    return wording.UNREADABLE if held.named is None else held.named.label


def standing(held: Held, *, is_named: bool = True, unlocks: int | None = None) -> Markup:
    """How a record stands, in sentences; with the provider's page where `is_named`, and `unlocks` as `rows` has it."""
    told = [_until(held)]
    if unlocks is not None:
        told.insert(0, Markup(wording.LOCKED if unlocks else wording.LOCKED_FOR_GOOD))
    if held.reads_left is not None and held.state is RecordState.LIVE:
        told.append(fill(wording.LEFT, left=f"{held.reads_left:,}"))
    if held.refused:
        told.append(fill(_WRONG[held.door], count=f"{held.refused:,}"))
    if held.master is not None and held.state is RecordState.LIVE:
        told.append(Markup(wording.IN_ESCROW))
    if is_due(held):
        url = page_of(held.named) if is_named else None
        told.append(Markup(wording.DUE) if url is None else fill(wording.DUE_THERE, url=url))
    elif is_renewed(held):
        told.append(fill(wording.RENEWED, at=moment(held.renewed_at or 0)))
    return Markup(" ".join(told))


def text_of(after: After) -> str:
    """Where a page begins, for a button's value."""
    return f"{after.created_at}.{base64url.encode(after.id)}"


def after_of(text: str) -> After | None:
    """The same out of a button's value; None, for the first page, for what is none."""
    created_at, _, record = text.partition(".")
    try:
        return After(int(created_at), base64url.decode(record, ID_BYTES))
    except (ValueError, MalformedError):
        return None


def _what(held: Held, *, has_recipient: bool) -> Markup:
    record, recipient = Markup(base64url.encode(held.id)), None if held.named is None else held.named.recipient
    if recipient is None or not has_recipient:
        return fill(wording.ROW_NOBODY, label=label_of(held), record=record)
    return fill(wording.ROW, label=label_of(held), recipient=mention(recipient), record=record)


def _until(held: Held) -> Markup:
    if held.state is not RecordState.LIVE:
        return fill(wording.ENDED[held.state], at=moment(held.ended_at or held.expires_at))
    until = moment(held.expires_at)
    if held.read_at is None:
        return fill(_NEVER_READ[held.door], until=until)
    sentence = (_READ_ONCE if held.reads == 1 else _READ)[held.door]
    return fill(sentence, until=until, count=f"{held.reads:,}", at=moment(held.read_at))


def _modal(blocks: Sequence[Json]) -> Json:
    return {
        "type": "modal",
        "callback_id": CALLBACK,
        "title": plain(wording.WINDOW),
        "close": plain(wording.CLOSE),
        "blocks": list(blocks),
    }
