"""
What the sender sees in their DM with the bot: one message a drop, kept up to date, and news.

Pure.  An edit rings no bell, so that what the sender must notice is said once more, in one short line: that it was
opened, expired or did not arrive, that it is locked, that somebody else knows too much, that somebody asks.  What
the sender did by themselves is only edited in.
"""

from collections.abc import Mapping
from typing import Any, Final

from bot import sender_wording as wording
from bot import sent_wording
from bot.block_kit import Json, actions, button, context, section, words
from bot.message import Message
from bot.mrkdwn import Markup, fill, moment
from bot.sent_views import revoke_button
from store.drops import Drop
from store.formats import base64url
from store.guesses import MOST_UNLOCKS
from store.words import Actor, Ask, Delivery, Event, Outcome, State

UNLOCK: Final = "unlock"


def status(drop: Drop, about: Mapping[str, Any]) -> Message:
    """How a drop stands, with what the sender can do about it.  `about` is the notice that is being told."""
    blocks = [words(drop.header.label), section(_standing(drop))]
    kind = sent_wording.KINDS.get(drop.recipient_class)
    if kind is not None:
        blocks.append(context(fill(sent_wording.PERSON_CLASS, name=drop.recipient_name, kind=kind)))
    if about["event"] == Event.SECOND_CONSUMER and about.get("stage") == "door":
        blocks.append(context(fill(wording.LOOKED_AT_AGAIN, at=moment(about["at"]))))
    buttons = _buttons(drop)
    if buttons:
        blocks += [actions(*buttons), context(Markup(sent_wording.LOST_PASSPHRASE))]
    return Message(text=fill(wording.STATUS, recipient=drop.recipient_name), blocks=blocks)


def news(drop: Drop, about: Mapping[str, Any], *, is_first: bool) -> Message | None:
    """
    A line of its own for what must be noticed, or None.

    `is_first`: the status was posted just now, which is news enough for a delivery that failed.
    """
    sentence = _news(drop, about, is_first=is_first)
    if sentence is None:
        return None
    told = fill(sentence, label=drop.header.label, recipient=drop.recipient_name, at=moment(_when(drop, about)))
    blocks = [section(told)]
    if about["event"] == Event.LOCKED and _buttons(drop):
        blocks.append(actions(*_buttons(drop)))
    return Message(text=told, blocks=blocks)


def _news(drop: Drop, about: Mapping[str, Any], *, is_first: bool) -> str | None:
    match about["event"]:
        case Event.DESTROYED:
            if drop.outcome is Outcome.REVOKED:
                return wording.TELL_REVOKED_BY_ADMIN if drop.ended_by == Actor.ADMIN else None
            # That it did not arrive was told at the event of that name.
            return None if drop.outcome in (None, Outcome.UNDELIVERED) else wording.TELL[drop.outcome]
        case Event.UNDELIVERED:
            return None if is_first else wording.TELL[Outcome.UNDELIVERED]
        case Event.LOCKED:
            return wording.TELL_LOCKED
        case Event.NOT_ME:
            return wording.TELL_NOT_ME
        case Event.ASKED:
            return wording.ASKED[Ask(about["what"])]
        case Event.SECOND_CONSUMER if about.get("stage") == "claim":
            return wording.TELL_SECOND_READER if about.get("passphrase") == "right" else wording.TELL_SECOND_TRY
    return None


def _when(drop: Drop, about: Mapping[str, Any]) -> int:
    if about["event"] == Event.DESTROYED:
        return drop.claimed_at or drop.ended_at or int(about["at"])
    return int(about["at"])


def _standing(drop: Drop) -> Markup:
    recipient, until = drop.recipient_name, moment(drop.expires_at)
    if drop.outcome is not None:
        at = moment(drop.claimed_at or drop.ended_at or drop.expires_at)
        # The outcome stands from the moment nobody can claim; "destroyed" is true only after the key is gone.
        is_over = drop.state is State.DESTROYED
        return fill((wording.ENDED if is_over else wording.ENDING)[drop.outcome], at=at, recipient=recipient)
    match drop.state:
        case State.CLAIMED:
            return fill(wording.STATUS_CLAIMED, at=moment(drop.claimed_at or 0))
        case State.LOCKED:
            is_last = drop.unlocks >= MOST_UNLOCKS
            return fill(wording.STATUS_LOCKED_FOR_GOOD if is_last else wording.STATUS_LOCKED, recipient=recipient)
    if drop.delivery is Delivery.PENDING:
        return fill(wording.STATUS_PENDING, recipient=recipient)
    return fill(
        wording.STATUS_UNLOCKED if drop.unlocks else wording.STATUS_WAITING,
        recipient=recipient,
        until=until,
    )


def _buttons(drop: Drop) -> list[Json]:
    if drop.state not in (State.SEALED, State.LOCKED):
        return []
    drop_id = base64url.encode(drop.id)
    is_unlockable = drop.state is State.LOCKED and drop.unlocks < MOST_UNLOCKS
    return [*([button(wording.UNLOCK, UNLOCK, drop_id)] if is_unlockable else []), revoke_button(drop_id)]
