"""
What the sender sees in their DM with the bot: one message a form, kept up to date for all its recipients.

Pure.  What an edit cannot do, ring a bell, is bot/sender_news.py's.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

from bot import rotation_wording, sent_wording
from bot import sender_wording as wording
from bot.block_kit import Json, actions, context, date_picker, divider, section, words
from bot.drop_buttons import buttons_of
from bot.message import Message
from bot.mrkdwn import Markup, fill, moment
from bot.receipt_buttons import receipt_button
from store.drops import Drop
from store.formats import base64url
from store.guesses import MOST_UNLOCKS
from store.personal import ERASED
from store.words import Delivery, Event, State, Way

ROTATE_ON: Final = "rotate_on"
_ROTATE_BLOCK: Final = "rotate-"
_NO_RECEIPTS: Final[Mapping[bytes, str]] = MappingProxyType({})
_WAITING: Final[dict[Way, str]] = {
    Way.DM: wording.STATUS_WAITING,
    Way.SHOWN: wording.STATUS_SHOWN,
    Way.HERE: wording.STATUS_POSTED,
    Way.MAIL: wording.STATUS_MAILED,
}


def status(
    drops: Sequence[Drop], about: Mapping[str, Any], about_drop: Drop, receipts: Mapping[bytes, str] = _NO_RECEIPTS
) -> Message:
    """
    How the drops of one form stand, with what the sender can do about each; for each recipient the latest counts.

    `about` is the notice that is being told, `about_drop` the drop that it concerns, and `receipts` has the addresses
    of those that have one, by the drop's id.
    """
    # Whoever was forgotten is nobody else who was.
    latest = list({drop.recipient_id or drop.id: drop for drop in drops}.values())
    first = latest[0]
    labels = [drop.header.label for drop in latest]
    blocks = [words(next((label for label in labels if label != ERASED), ERASED))]
    for drop in latest:
        blocks += _paragraph(drop, receipts.get(drop.id), is_one_of_several=len(latest) > 1)
        if drop.id == about_drop.id and about["event"] == Event.SECOND_CONSUMER and about.get("stage") == "door":
            blocks.append(context(fill(wording.LOOKED_AT_AGAIN, at=moment(about["at"]))))
    blocks += _rotation(latest)
    if len(latest) == 1:
        return Message(text=fill(wording.STATUS, recipient=first.recipient_name), blocks=blocks)
    return Message(text=fill(wording.STATUS_OF_SEVERAL, count=len(latest)), blocks=blocks)


def asks_for_a_day(drop: str, text: Markup | None = None, chosen: str | None = None) -> Json:
    """On which day the sender is to be reminded to rotate the key; `drop` is the id as text of any of its form."""
    picker = date_picker(ROTATE_ON, rotation_wording.CHOOSE, chosen)
    return section(text or Markup(rotation_wording.ASK), block_id=_ROTATE_BLOCK + drop, accessory=picker)


def drop_asked_of(block_id: str) -> str:
    """The id as text in the block of a date picker."""
    return block_id.removeprefix(_ROTATE_BLOCK)


def _rotation(drops: Sequence[Drop]) -> list[Json]:
    """Once for all of a form, which handed over one key.  Nothing where nobody has it and nobody can get it."""
    handed = [drop for drop in drops if drop.outcome is None or drop.claimed_at is not None]
    if not handed:
        return []
    if any(drop.rotated_at is not None for drop in handed):
        at = max(drop.rotated_at or 0 for drop in handed)
        return [context(fill(rotation_wording.ON_RECORD, at=moment(at)))]
    at = min((drop.rotate_by for drop in handed if drop.rotate_by is not None), default=0)
    text = fill(rotation_wording.SET, at=moment(at)) if at else None
    return [asks_for_a_day(base64url.encode(handed[0].id), text)]


def _paragraph(drop: Drop, receipt: str | None, *, is_one_of_several: bool) -> list[Json]:
    kind = sent_wording.KINDS.get(drop.recipient_class)
    who = fill(sent_wording.PERSON_CLASS if kind else sent_wording.PERSON, name=drop.recipient_name, kind=kind)
    if is_one_of_several:
        # Not every sentence on how a drop stands names its recipient.
        blocks = [divider(), section(Markup(f"{who}\n{standing(drop)}"))]
    else:
        blocks = [section(standing(drop)), *([context(who)] if kind else [])]
    buttons = buttons_of(drop)
    if receipt is not None:
        buttons.append(receipt_button(drop.id, receipt))
    return [*blocks, actions(*buttons)] if buttons else blocks


def standing(drop: Drop) -> Markup:
    """How one drop stands, in a sentence or two."""
    recipient, until = drop.recipient_name, moment(drop.expires_at)
    if drop.outcome is not None:
        at = moment(drop.claimed_at or drop.ended_at or drop.expires_at)
        # The outcome stands from the moment nobody can claim; "destroyed" is true only after the key is gone.
        is_over = drop.state is State.DESTROYED
        ended = wording.ENDED if drop.has_passphrase else wording.ENDED_BARE
        return fill((ended if is_over else wording.ENDING)[drop.outcome], at=at, recipient=recipient)
    if drop.state is State.CLAIMED:
        claimed = wording.STATUS_CLAIMED if drop.has_passphrase else wording.STATUS_CLAIMED_BARE
        return fill(claimed, at=moment(drop.claimed_at or 0), recipient=recipient)
    if drop.paused_at is not None:
        return fill(wording.STATUS_PAUSED, at=moment(drop.paused_at), recipient=recipient)
    if drop.state is State.LOCKED:
        is_last = drop.unlocks >= MOST_UNLOCKS
        return fill(wording.STATUS_LOCKED_FOR_GOOD if is_last else wording.STATUS_LOCKED, recipient=recipient)
    if drop.delivery is Delivery.PENDING:
        return fill(wording.STATUS_PENDING, recipient=recipient)
    waiting = wording.STATUS_KEPT if drop.is_link_kept else _WAITING[drop.way]
    return fill(wording.STATUS_UNLOCKED if drop.unlocks else waiting, recipient=recipient, until=until)
