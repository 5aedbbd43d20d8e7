"""
How a link goes out: into the recipient's DM, into a conversation that the sender chose, to the sender alone, or by
e-mail.

A post without an answer is made once more with the same link: two messages with one link are one drop, and none
would be a secret that nobody gets.  When Slack or the mail server is busy it is waited for, well within the lease of
the program that holds the link.  Raises SlackError or MailError when they do not take it.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Final, TypeVar

from bot import press_values, recipient_messages
from bot.mail import Mail
from bot.mail_errors import MailBusyError, MailRefusedError, MailUnansweredError
from bot.message import Message
from bot.slack_calls import Slack, SlackBusyError, SlackRefusedError, SlackUnansweredError
from store.deliveries import Place
from store.formats import link_v1
from store.words import MailFault, Verify, Way

_MOST_UNANSWERED: Final = 2

OnWait = Callable[[float], Awaitable[None]]
_Result = TypeVar("_Result")


@dataclass(frozen=True)
class Outgoing:
    """
    A link on its way, whoever sealed it, and what is said with it.

    It is to be recorded as delivered by `lease_over`, in Unix seconds.  `until_ms` is when it expires, in milliseconds.
    """

    link: link_v1.Link = field(repr=False)
    sender: str
    label: str
    until_ms: int
    recipient_id: str
    recipient_name: str
    lease_over: int
    way: Way = Way.DM
    response_url: str = field(default="", repr=False)
    """Whoever has it can post into the conversation that the sender chose; empty for another way."""
    verify: Verify = Verify.NONE
    replaces_leak: bool = False
    """Whether it takes the place of a message in which the secret stood, and the log is to say so with its arrival."""


@dataclass(frozen=True)
class Turn:
    """
    What a delivery keeps to.  `room` bounds how many call Slack at once; who waits for Slack leaves it to others.

    `until` is the loop's time after which nothing is sent any more.  `on_wait` is told for how many seconds Slack, or
    the mail server, wants to be left alone.
    """

    room: asyncio.Semaphore
    until: float
    on_wait: OnWait


@dataclass(frozen=True)
class Couriers:
    """Who takes links there; `mail` is None where no mail server was named."""

    slack: Slack
    mail: Mail | None


async def send_out(couriers: Couriers, outgoing: Outgoing, public_url: str, turn: Turn) -> Place | None:
    """Send a link its way.  Where its message stands, or None where nothing can be edited later."""
    slack = couriers.slack
    match outgoing.way:
        case Way.SHOWN:
            return None  # the modal shows it
        case Way.HERE:
            message = _message(outgoing, public_url)
            return await _insistently(lambda: slack.post_into(outgoing.response_url, message), turn)
        case Way.MAIL:
            await _mailed(couriers.mail, outgoing, public_url, turn)
            return None
    # Opening a DM twice opens one, and posts nothing.
    dm = await _insistently(lambda: slack.open_dm(outgoing.recipient_id), turn, is_post=False)
    return await _insistently(lambda: slack.post(dm, _message(outgoing, public_url)), turn)


def _message(outgoing: Outgoing, public_url: str) -> Message:
    link, wants_press = outgoing.link, outgoing.verify is Verify.SLACK
    return recipient_messages.arrived(
        recipient_messages.Arrival(
            drop=link.id,
            sender=outgoing.sender,
            label=outgoing.label,
            until_ms=outgoing.until_ms,
            url="" if wants_press else link.url(public_url),
            addressee=outgoing.recipient_id if outgoing.way is Way.HERE else None,
            press=press_values.of_link(link) if wants_press else None,
            has_passphrase=link.mode == "p",
        )
    )


async def _mailed(mail: Mail | None, outgoing: Outgoing, public_url: str, turn: Turn) -> None:
    if mail is None:
        raise MailRefusedError(MailFault.NOT_SET_UP)
    may_have_it = False
    put_off: MailBusyError | None = None
    while True:
        try:
            return await mail.send(
                drop=outgoing.link.id,
                sender=outgoing.sender,
                label=outgoing.label,
                until=outgoing.until_ms // 1000,
                url=outgoing.link.url(public_url),
                to=outgoing.recipient_id,
                by=turn.until,
            )
        except MailRefusedError:
            if may_have_it:
                raise MailUnansweredError(MailFault.UNANSWERED) from None
            raise
        except MailBusyError as busy:
            may_have_it = may_have_it or busy.may_have_it
            if not busy.seconds or asyncio.get_running_loop().time() + busy.seconds > turn.until:
                # Where there was no time left to begin, why it was put off before says more.
                last = busy if busy.seconds else put_off or busy
                raise MailBusyError(last.code, last.seconds, may_have_it=may_have_it) from None
            put_off = busy
            await asyncio.gather(asyncio.sleep(busy.seconds), turn.on_wait(busy.seconds))


async def _insistently(call: Callable[[], Awaitable[_Result]], turn: Turn, *, is_post: bool = True) -> _Result:
    """The answer.  After a post without one, no later word of Slack's says that nothing was posted."""
    unanswered = 0
    while True:
        try:
            return await _in_turn(call, turn)
        except SlackUnansweredError:
            unanswered += 1
            if unanswered == _MOST_UNANSWERED:
                raise SlackUnansweredError("no answer", may_have_it=is_post) from None
        except SlackRefusedError:
            if is_post and unanswered:
                raise SlackUnansweredError("no answer to an earlier post") from None
            raise
        except SlackBusyError as busy:
            if asyncio.get_running_loop().time() + busy.seconds > turn.until:
                raise SlackBusyError(busy.seconds, may_have_it=is_post and unanswered > 0) from None
            await asyncio.gather(asyncio.sleep(busy.seconds), turn.on_wait(busy.seconds))


async def _in_turn(call: Callable[[], Awaitable[_Result]], turn: Turn) -> _Result:
    async with turn.room:
        if asyncio.get_running_loop().time() > turn.until:
            # The drop's lease is nearly over; a link posted now could be dead on arrival.
            raise SlackBusyError(0.0)
        return await call()
