"""
What the sender must notice, said once more in a short line of its own, with the buttons to act.

Pure.  An edit rings no bell: that it was opened, expired or did not arrive, that it is locked or paused, that
somebody else knows too much, that somebody asks, that it is
late.  What the sender did by themselves is only edited in.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from bot import leak_wording, mail_bounced_wording
from bot import sender_wording as wording
from bot.block_kit import actions, section
from bot.drop_buttons import again, buttons_of, of_opened
from bot.message import Message
from bot.mrkdwn import fill, moment
from store.drops import Drop
from store.formats import base64url
from store.guesses import MOST_UNLOCKS
from store.words import Actor, Ask, Event, Outcome, State, Watch

_TO_BE_ACTED_ON: Final = frozenset(
    {
        Event.LOCKED,
        Event.NOT_ME,
        Event.ASKED,
        Event.UNDELIVERED,
        Event.DESTROYED,
        Event.RECIPIENT_REFUSED,
        Event.UNVIEWED,
        Event.SECOND_CONSUMER,
    }
)
_TO_BE_ROTATED: Final = frozenset({Event.NOT_ME, Event.SECOND_CONSUMER, Event.ROTATE_DUE})


def news(
    drop: Drop,
    about: Mapping[str, Any],
    *,
    is_first: bool,
    of_form: Sequence[Drop] = (),
    rotate_url: str | None = None,
    is_leak_left: bool = False,
) -> Message | None:
    """
    A line of its own for what must be noticed, or None.

    `is_first`: the status was posted just now, which is news enough for a delivery that failed.  `of_form` are the
    drops of the same form, which are one key at its provider; `rotate_url` is where that is rotated.  `is_leak_left`:
    it was to take the place of a message, which nobody was asked to delete.
    """
    sentence = _sentence(drop, about, is_first=is_first)
    if is_leak_left:
        sentence = leak_wording.LEFT_STANDING if sentence is None else f"{sentence}\n{leak_wording.LEFT_STANDING}"
    if sentence is None or (about["event"] == Event.ROTATE_DUE and not _speaks_for_all(drop, of_form)):
        return None
    told = fill(
        sentence,
        label=drop.header.label,
        recipient=drop.recipient_name,
        at=moment(_when(drop, about)),
        since=moment(drop.created_at),
        until=moment(drop.expires_at),
    )
    blocks = [section(told)]
    is_late = about["event"] == Event.UNVIEWED
    buttons = buttons_of(drop, may_remind=is_late) if about["event"] in _TO_BE_ACTED_ON else []
    if about["event"] in (Event.NOT_ME, Event.RECIPIENT_REFUSED) and drop.outcome is not None:
        buttons = []  # whoever did not expect it, or whose Slack others use, is not to be sent another with one press
    if about["event"] == Event.ASKED and not buttons:
        # Opened already, and yet somebody with the link needs a new one.
        buttons = [again(base64url.encode(drop.id))]
    if about["event"] in _TO_BE_ROTATED:
        buttons = [*of_opened(drop, rotate_url), *buttons]
    if buttons:
        blocks.append(actions(*buttons))
    return Message(text=told, blocks=blocks)


def _sentence(drop: Drop, about: Mapping[str, Any], *, is_first: bool) -> str | None:
    match about["event"]:
        case Event.DESTROYED:
            if drop.outcome is Outcome.REVOKED:
                return wording.TELL_REVOKED_BY_ADMIN if drop.ended_by == Actor.ADMIN else None
            # That it did not arrive was told at the event of that name.
            return None if drop.outcome in (None, Outcome.UNDELIVERED) else wording.TELL[drop.outcome]
        case Event.UNDELIVERED if (came_back := mail_bounced_wording.told(str(about.get("why")))) is not None:
            return came_back  # no window has said so, also where the status was posted just now
        case Event.UNDELIVERED:
            return None if is_first else wording.TELL[Outcome.UNDELIVERED]
        case Event.LOCKED if drop.state is State.LOCKED:
            return wording.TELL_LOCKED_FOR_GOOD if _is_locked_for_good(drop) else wording.TELL_LOCKED
        case Event.NOT_ME:
            return _objection(drop, about)
        case Event.ASKED if about["what"] == Ask.TRIES and _is_locked_for_good(drop):
            return wording.ASKED_TOO_OFTEN
        case Event.ASKED:
            return wording.ASKED[Ask(about["what"])]
        case Event.RECIPIENT_REFUSED:
            is_open = drop.claimed_at is None and drop.outcome is None
            return wording.TELL_REFUSED if is_open else wording.TELL_REFUSED_BEFORE
        case Event.SECOND_CONSUMER if about.get("stage") == "claim":
            if about.get("passphrase") != "right":
                return wording.TELL_SECOND_TRY
            return wording.TELL_SECOND_READER if drop.has_passphrase else wording.TELL_SECOND_READER_BARE
        case Event.UNVIEWED:
            return _lateness(drop, about)
        case Event.ROTATE_DUE if drop.rotated_at is None:
            return wording.TELL_ROTATE
        case Event.ROTATED if about.get("by") == Actor.ADMIN:
            return wording.TELL_ROTATED_BY_ADMIN
    return None


def _lateness(drop: Drop, about: Mapping[str, Any]) -> str | None:
    """Nothing where it was opened or has ended since, or where something worse was said before and still holds."""
    is_last_hour = about.get("watch") == Watch.HOUR_LEFT
    if drop.state is State.LOCKED and drop.paused_at is None:
        return wording.TELL_HOUR_LEFT_LOCKED if is_last_hour else None
    if drop.state is not State.SEALED or drop.paused_at is not None:
        return None
    if drop.is_link_kept:
        return wording.TELL_HOUR_LEFT_KEPT if is_last_hour else wording.TELL_UNVIEWED_KEPT
    return (wording.TELL_HOUR_LEFT if is_last_hour else wording.TELL_UNVIEWED)[drop.way]


def _speaks_for_all(drop: Drop, of_form: Sequence[Drop]) -> bool:
    """
    One key was handed to all of a form, and is due on one day: the first who opened it stands for all.

    Also for whoever opens it after that day has been told, or after it was rotated.
    """
    if any(one.rotated_at is not None for one in of_form):
        return False
    due = [one for one in of_form if one.claimed_at is not None and one.rotate_by == drop.rotate_by]
    return not due or drop.id == min(due, key=lambda one: one.claimed_at or 0).id


def _objection(drop: Drop, about: Mapping[str, Any]) -> str:
    """Slack may have been away for hours: what is said is true of the drop as it stands by then."""
    if drop.claimed_at is not None:
        return wording.TELL_DENIED if about.get("by") == Actor.RECIPIENT else wording.TELL_NOT_ME
    if about.get("paused"):
        return wording.TELL_PAUSED if drop.outcome is None else wording.TELL_PAUSED_BEFORE
    return wording.TELL_UNEXPECTED if drop.outcome is None else wording.TELL_UNEXPECTED_BEFORE


def _is_locked_for_good(drop: Drop) -> bool:
    return drop.state is State.LOCKED and drop.unlocks >= MOST_UNLOCKS


def _when(drop: Drop, about: Mapping[str, Any]) -> int:
    if about["event"] == Event.DESTROYED:
        return drop.claimed_at or drop.ended_at or int(about["at"])
    return int(about["at"])
