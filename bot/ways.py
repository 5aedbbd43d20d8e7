"""
How a link goes out: into the recipient's DM, into a conversation that the sender chose, or to the sender alone.

A post without an answer is made once more with the same link: two messages with one link are one drop, and none
would be a secret that nobody gets.  When Slack is busy it is waited for, well within the lease of the program that
holds the link.  Raises SlackError when Slack does not take it.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

from bot import recipient_messages
from bot.message import Message
from bot.sealing import SealedDrop
from bot.slack_calls import Slack, SlackBusyError, SlackUnansweredError
from store.deliveries import Place
from store.words import Way

_MOST_UNANSWERED: Final = 2

OnWait = Callable[[float], Awaitable[None]]
_Result = TypeVar("_Result")


async def send_out(slack: Slack, sealed: SealedDrop, public_url: str, until: float, on_wait: OnWait) -> Place | None:
    """
    Send a sealed drop's link its way.  Where its message stands, or None where nothing can be edited later.

    `until` is the loop's time after which a busy Slack is not waited for.  `on_wait` is told for how many seconds
    Slack wants to be left alone.
    """
    match sealed.order.way:
        case Way.SHOWN:
            return None  # the modal shows it
        case Way.HERE:
            message = _message(sealed, public_url)
            return await _insistently(lambda: slack.post_into(sealed.order.response_url, message), until, on_wait)
    # Opening a DM twice opens one.
    dm = await _insistently(lambda: slack.open_dm(sealed.order.recipient.id), until, on_wait)
    return await _insistently(lambda: slack.post(dm, _message(sealed, public_url)), until, on_wait)


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


async def _insistently(call: Callable[[], Awaitable[_Result]], until: float, on_wait: OnWait) -> _Result:
    unanswered = 0
    while True:
        try:
            return await call()
        except SlackUnansweredError:
            unanswered += 1
            if unanswered == _MOST_UNANSWERED:
                raise
        except SlackBusyError as busy:
            if asyncio.get_running_loop().time() + busy.seconds > until:
                raise
            await asyncio.gather(asyncio.sleep(busy.seconds), on_wait(busy.seconds))
