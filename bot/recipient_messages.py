"""
What the recipient sees in Slack: one message with the link, later the same message without it, and news between.

Pure.  The link stands in a button and nowhere else: notifications, e-mail digests and screen readers use the text.
Where the recipient has to press first, what makes the link is that button's value, and no address stands there.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from bot import recipient_wording as wording
from bot.block_kit import actions, button, confirm, context, link_button, section, words
from bot.message import Message
from bot.mrkdwn import Markup, fill, mention, moment
from store.drops import Drop
from store.formats import base64url
from store.words import Actor, Event, Outcome, State, Verify, Way

OPEN: Final = "open_drop"
PRESS: Final = "press_to_open"
NOT_EXPECTED: Final = "not_expected"


@dataclass(frozen=True)
class _News:
    """What is said of a link, by how its recipient comes to its page."""

    reminded: str
    resumed: str
    unlocked: str


_LINKED: Final = _News(wording.REMINDED, wording.RESUMED, wording.UNLOCKED)
_IN_A_CONVERSATION: Final = _News(wording.REMINDED_HERE, wording.RESUMED_HERE, wording.UNLOCKED_HERE)
_PRESSED: Final = _News(wording.REMINDED_PRESS, wording.RESUMED_PRESS, wording.UNLOCKED_PRESS)


@dataclass(frozen=True)
class Arrival:
    """
    A link that arrives.  `until_ms` is milliseconds since 1970.

    `addressee` is named in a conversation, where others read along; in somebody's own DM it is None.  A link without a
    passphrase goes into a DM only.
    """

    drop: bytes
    sender: str
    label: str
    until_ms: int
    url: str = field(repr=False)
    addressee: str | None = None
    press: str | None = field(default=None, repr=False)
    """What the button for a press holds, in place of `url`; in a DM only."""
    has_passphrase: bool = True


def arrived(arrival: Arrival) -> Message:
    """The message that carries the link."""
    drop = base64url.encode(arrival.drop)
    question = confirm(
        wording.NOT_EXPECTED_TITLE, wording.NOT_EXPECTED_QUESTION, wording.NOT_EXPECTED_YES, wording.NOT_EXPECTED_NO
    )
    if arrival.press is None:
        opens = link_button(wording.OPEN, OPEN, arrival.url, drop)
    else:
        opens = button(wording.OPEN, PRESS, arrival.press, style="primary")
    return Message(
        text=fill(wording.ARRIVED if arrival.addressee is None else wording.ARRIVED_THERE, sender=arrival.sender),
        blocks=[
            words(arrival.label),
            section(_how(arrival)),
            actions(opens, button(wording.NOT_EXPECTED, NOT_EXPECTED, drop, confirm=question)),
            context(Markup(wording.ARRIVED_CALM if arrival.has_passphrase else wording.ARRIVED_BARE_CALM)),
        ],
    )


def _how(arrival: Arrival) -> Markup:
    sender, until = arrival.sender, moment(arrival.until_ms)
    if arrival.addressee is not None:
        return fill(wording.ARRIVED_HERE, sender=sender, until=until, recipient=mention(arrival.addressee))
    if arrival.press is None:
        return fill(wording.ARRIVED_HOW, sender=sender, until=until)
    pressing = wording.ARRIVED_PRESS if arrival.has_passphrase else wording.ARRIVED_PRESS_BARE
    return fill(pressing, sender=sender, until=until)


def taken_back(sender: str, label: str) -> Message:
    """The same message for a link that could not be recorded as delivered; no link."""
    told = fill(wording.TAKEN_BACK, sender=sender)
    return Message(text=fill(wording.GONE, sender=sender), blocks=[words(label), section(told)])


def tombstone(drop: Drop) -> Message:
    """The same message after the end: what it was, how it ended and when; no link."""
    gone = fill(wording.GONE, sender=drop.header.sender)
    return Message(text=gone, blocks=[words(drop.header.label), section(how_it_ended(drop))])


def how_it_ended(drop: Drop) -> Markup:
    """How it ended and when; one that is open still is told as expired, for it can only be overdue."""
    at = moment(drop.claimed_at or drop.ended_at or drop.expires_at)
    is_by_admin = drop.outcome is Outcome.REVOKED and drop.ended_by == Actor.ADMIN
    usual = Outcome.EXPIRED if drop.claimed_at is None else Outcome.RELEASED
    how = wording.REVOKED_BY_ADMIN if is_by_admin else wording.TOMBSTONES[drop.outcome or usual]
    return fill(how, at=at, sender=drop.header.sender)


def news(drop: Drop, about: Mapping[str, Any]) -> Message | None:
    """A line of its own where somebody may be waiting: it can be opened again, or the sender waits for that."""
    is_open = drop.state is State.SEALED and drop.paused_at is None
    if about["event"] not in (Event.UNLOCKED, Event.REMINDED) or not is_open:
        return None
    sentences = _PRESSED if drop.verify is Verify.SLACK else _IN_A_CONVERSATION if drop.way is Way.HERE else _LINKED
    if about["event"] == Event.REMINDED:
        sentence = sentences.reminded
        if sentences is _PRESSED and not drop.has_passphrase:
            sentence = wording.REMINDED_PRESS_BARE
    else:
        sentence = sentences.resumed if about.get("paused") is False else sentences.unlocked
    told = fill(sentence, sender=drop.header.sender, label=drop.header.label, until=moment(drop.expires_at))
    return Message(text=told, blocks=[section(told)])
