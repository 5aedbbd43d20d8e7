"""
How a link goes out: into the recipient's DM, into a conversation that the sender chose, or to the sender alone.

A post without an answer is made once more with the same link: two messages with one link are one drop, and none
would be a secret that nobody gets.  When Slack is busy it is waited for, well within the lease of the program that
holds the link.  Raises SlackError when Slack does not take it.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
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


@dataclass(frozen=True)
class Turn:
    """
    What a delivery keeps to.  `room` bounds how many call Slack at once; who waits for Slack leaves it to others.

    `until` is the loop's time after which nothing is sent any more.  `on_wait` is told for how many seconds Slack
    wants to be left alone.
    """

    room: asyncio.Semaphore
    until: float
    on_wait: OnWait


async def send_out(slack: Slack, sealed: SealedDrop, public_url: str, turn: Turn) -> Place | None:
    """Send a sealed drop's link its way.  Where its message stands, or None where nothing can be edited later."""
    match sealed.order.way:
        case Way.SHOWN:
            return None  # the modal shows it
        case Way.HERE:
            message = _message(sealed, public_url)
            return await _insistently(lambda: slack.post_into(sealed.order.response_url, message), turn)
    # Opening a DM twice opens one.
    dm = await _insistently(lambda: slack.open_dm(sealed.order.recipient.id), turn)
    return await _insistently(lambda: slack.post(dm, _message(sealed, public_url)), turn)


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


async def _insistently(call: Callable[[], Awaitable[_Result]], turn: Turn) -> _Result:
    unanswered = 0
    while True:
        try:
            return await _in_turn(call, turn)
        except SlackUnansweredError:
            unanswered += 1
            if unanswered == _MOST_UNANSWERED:
                raise
        except SlackBusyError as busy:
            if asyncio.get_running_loop().time() + busy.seconds > turn.until:
                raise
            await asyncio.gather(asyncio.sleep(busy.seconds), turn.on_wait(busy.seconds))


async def _in_turn(call: Callable[[], Awaitable[_Result]], turn: Turn) -> _Result:
    async with turn.room:
        if asyncio.get_running_loop().time() > turn.until:
            # The drop's lease is nearly over; a link posted now could be dead on arrival.
            raise SlackBusyError(0.0)
        return await call()
