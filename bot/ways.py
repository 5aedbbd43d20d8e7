"""
How a link goes out: into the recipient's DM, into a conversation that the sender chose, or to the sender alone.

A post without an answer is made once more with the same link: two messages with one link are one drop, and none
would be a secret that nobody gets.  Raises SlackError when Slack does not take it.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

from bot import recipient_messages
from bot.message import Message
from bot.patience import patiently
from bot.sealing import SealedDrop
from bot.slack_calls import Slack, SlackBusyError, SlackUnansweredError
from store.deliveries import Place
from store.words import Way

LONGEST_WAIT: Final = 10.0
_MOST_TRIES: Final = 3
_MOST_UNANSWERED: Final = 2

_Result = TypeVar("_Result")


async def send_out(slack: Slack, sealed: SealedDrop, public_url: str) -> Place | None:
    """Send a sealed drop's link its way.  Where its message stands, or None where nothing can be edited later."""
    match sealed.order.way:
        case Way.SHOWN:
            return None  # the modal shows it
        case Way.HERE:
            message = _message(sealed, public_url)
            return await _insistently(lambda: slack.post_into(sealed.order.response_url, message))
    # Opening a DM twice opens one.
    dm = await patiently(lambda: slack.open_dm(sealed.order.recipient.id), longest_wait=LONGEST_WAIT)
    return await _insistently(lambda: slack.post(dm, _message(sealed, public_url)))


def _message(sealed: SealedDrop, public_url: str) -> Message:
    order = sealed.order
    return recipient_messages.arrived(
        recipient_messages.Arrival(
            drop=sealed.new.id,
            sender=order.sender.name,
            label=order.label,
            until_ms=(order.created_at + order.lives_seconds) * 1000,
            url=sealed.link.url(public_url),
            addressee=order.recipient.id if order.way is Way.HERE else None,
        )
    )


async def _insistently(post: Callable[[], Awaitable[_Result]]) -> _Result:
    unanswered = 0
    for tried in range(1, _MOST_TRIES + 1):
        try:
            return await post()
        except SlackUnansweredError:
            unanswered += 1
            if unanswered == _MOST_UNANSWERED or tried == _MOST_TRIES:
                raise
        except SlackBusyError as busy:
            if tried == _MOST_TRIES or busy.seconds > LONGEST_WAIT:
                raise
            await asyncio.sleep(busy.seconds)
    raise SlackUnansweredError("no answer")  # unreachable: the last try returns or raises
