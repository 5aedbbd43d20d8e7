"""
What the recipient sees in Slack: one message with the link, and later the same message without it.

Pure.  The link stands in a button and nowhere else: notifications, e-mail digests and screen readers use the text.
"""

from typing import Final

from bot import recipient_wording as wording
from bot.block_kit import actions, context, link_button, section, words
from bot.message import Message
from bot.mrkdwn import Markup, fill, moment
from store.drops import Drop
from store.words import Outcome

OPEN: Final = "open_drop"


def arrived(*, sender: str, label: str, until_ms: int, url: str) -> Message:
    """The message that carries the link.  `until_ms` is milliseconds since 1970."""
    return Message(
        text=fill(wording.ARRIVED, sender=sender),
        blocks=[
            words(label),
            section(fill(wording.ARRIVED_HOW, sender=sender, until=moment(until_ms))),
            actions(link_button(wording.OPEN, OPEN, url)),
            context(Markup(wording.ARRIVED_CALM)),
        ],
    )


def taken_back(sender: str, label: str) -> Message:
    """The same message for a link that could not be recorded as delivered; no link."""
    told = fill(wording.TAKEN_BACK, sender=sender)
    return Message(text=fill(wording.GONE, sender=sender), blocks=[words(label), section(told)])


def tombstone(drop: Drop) -> Message:
    """The same message after the end: what it was, how it ended and when; no link."""
    sender = drop.header.sender
    at = moment(drop.claimed_at or drop.ended_at or drop.expires_at)
    ended = fill(wording.TOMBSTONES[drop.outcome or Outcome.RELEASED], at=at, sender=sender)
    return Message(text=fill(wording.GONE, sender=sender), blocks=[words(drop.header.label), section(ended)])
