"""
The buttons with which a sender acts on a drop, as its state allows them.

Pure.  A button's value is the drop's id, which opens nothing; who may press is judged when it is pressed.
"""

from typing import Final

from bot import button_wording as wording
from bot.block_kit import Json, button, confirm, link_button
from store.drops import Drop
from store.formats import base64url
from store.guesses import MOST_UNLOCKS
from store.reminding import WAYS as REMINDED_BY
from store.words import OPEN, OPENED, Delivery, State

REVOKE: Final = "revoke"
UNLOCK: Final = "unlock"
RESUME: Final = "resume"
LOST: Final = "lost_passphrase"
AGAIN: Final = "again"
REMIND: Final = "remind"
ROTATED: Final = "rotated"
PROVIDER: Final = "open_provider"

_MOST_IN_QUESTION: Final = 150
"""Of a name: with the rest a question takes 300 characters (Block Kit, confirmation dialog)."""


def revoke(drop: str) -> Json:
    """Revoke, with a question before it; `drop` is the id as text."""
    question = confirm(wording.REVOKE_TITLE, wording.REVOKE_QUESTION, wording.REVOKE_YES, wording.REVOKE_NO)
    return button(wording.REVOKE, REVOKE, drop, style="danger", confirm=question)


def buttons_of(drop: Drop, *, may_remind: bool = True) -> list[Json]:
    """
    What the sender can do about a drop in this state; nothing about one that is claimed or was opened.

    `may_remind` is False beside news from somebody who has the link in their hands.
    """
    drop_id = base64url.encode(drop.id)
    if drop.state not in OPEN:
        return [] if drop.outcome in (None, *OPENED) else [again(drop_id)]
    offered = [remind(drop_id)] if may_remind and _is_remindable(drop) else []
    if drop.paused_at is not None:
        offered.append(_resume(drop, drop_id))
    if drop.state is State.LOCKED and drop.unlocks < MOST_UNLOCKS:
        offered.append(_unlock(drop, drop_id))
    return [*offered, _lost(drop, drop_id), revoke(drop_id)]


def again(drop: str) -> Json:
    """Send a new one: the form with what is still known; the secret and, of a destroyed drop, its hint are not."""
    return button(wording.AGAIN, AGAIN, drop)


def remind(drop: str) -> Json:
    """Tell the recipient that the sender is waiting."""
    return button(wording.REMIND, REMIND, drop)


def of_opened(drop: Drop, rotate_url: str | None = None) -> list[Json]:
    """What the sender can do about the key itself once somebody has seen it; `rotate_url` is its provider's page."""
    if drop.claimed_at is None or drop.rotated_at is not None:
        return []
    drop_id = base64url.encode(drop.id)
    provider = [] if rotate_url is None else [link_button(wording.PROVIDER, PROVIDER, rotate_url, drop_id)]
    return [*provider, rotated(drop_id)]


def _is_remindable(drop: Drop) -> bool:
    is_there = drop.delivery is Delivery.DELIVERED and drop.way in REMINDED_BY
    return is_there and drop.state is State.SEALED and drop.paused_at is None


def rotated(drop: str) -> Json:
    """Say that the key was rotated at its provider; `drop` is the id as text."""
    question = confirm(wording.ROTATED_TITLE, wording.ROTATED_QUESTION, wording.ROTATED_YES, wording.BACK)
    return button(wording.ROTATED, ROTATED, drop, confirm=question)


def _resume(drop: Drop, drop_id: str) -> Json:
    question = wording.RESUME_QUESTION.format(recipient=_named(drop))
    return button(
        wording.RESUME,
        RESUME,
        drop_id,
        confirm=confirm(wording.RESUME_TITLE, question, wording.RESUME_YES, wording.BACK),
    )


def _unlock(drop: Drop, drop_id: str) -> Json:
    question = wording.UNLOCK_QUESTION.format(recipient=_named(drop))
    return button(
        wording.UNLOCK,
        UNLOCK,
        drop_id,
        confirm=confirm(wording.UNLOCK_TITLE, question, wording.UNLOCK_YES, wording.BACK),
    )


def _named(drop: Drop) -> str:
    name = drop.recipient_name
    return name if len(name) <= _MOST_IN_QUESTION else f"{name[: _MOST_IN_QUESTION - 1]}…"


def _lost(drop: Drop, drop_id: str) -> Json:
    question = wording.LOST_QUESTION if drop.has_passphrase else wording.LOST_QUESTION_BARE
    return button(
        wording.LOST if drop.has_passphrase else wording.LOST_BARE,
        LOST,
        drop_id,
        confirm=confirm(wording.LOST_TITLE, question, wording.LOST_YES, wording.BACK),
    )
