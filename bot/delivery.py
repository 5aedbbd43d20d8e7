"""
Delivering one link, or ending its drop.

A link that we sealed is in this program's memory and nowhere else, so that whoever sealed it delivers it or nobody
does.  What Slack or the mail server does not take ends the drop.

That it arrived is recorded until the lease is over.  What could not be recorded by then is taken out of the message:
the drop ends, and nobody else knows where its link stands.
"""

import asyncio
from itertools import chain, repeat
from typing import Final

import structlog

from bot import mail_undelivered_wording, recipient_messages, sent_wording, undelivered_wording
from bot.mail_errors import MailBusyError, MailError, MailUnansweredError
from bot.mrkdwn import Markup, fill
from bot.patience import patiently
from bot.slack_calls import Slack, SlackBusyError, SlackError, SlackRefusedError, SlackUnansweredError
from bot.ways import Couriers, OnWait, Outgoing, Turn, send_out
from store import deliveries
from store.deliveries import Place
from store.drops import Drop, find
from store.errors import StoreUnavailableError
from store.opened import Store
from store.words import Delivery, MailFault, State, Verify

PATIENCE_SECONDS: Final = 120.0
"""How long a busy Slack is waited for: well within the lease, or the drop would end while its link is posted."""
_RECORD_AGAIN_AFTER: Final = (0.2, 1.0, 3.0, 10.0)

_log = structlog.get_logger("delivery")


class ArrivedAllTheSame(Markup):
    """What is said where nobody took or confirmed a link, and somebody has opened it."""

    __slots__ = ()


async def deliver(
    store: Store, couriers: Couriers, outgoing: Outgoing, room: asyncio.Semaphore, on_wait: OnWait
) -> Markup | None:
    """
    Deliver a stored drop's link.  None when it arrived; otherwise why not, in words for the sender.

    `room` and `on_wait` as in bot/ways.
    """
    try:
        until = asyncio.get_running_loop().time() + PATIENCE_SECONDS
        place = await send_out(couriers, outgoing, store.issuer, Turn(room, until, on_wait))
    except (SlackError, MailError) as error:
        return await give_up(store, outgoing, error)
    return await settle(store, couriers.slack, outgoing, place)


async def settle(store: Store, slack: Slack, outgoing: Outgoing, place: Place | None) -> Markup | None:
    """Record that a link went out, and where its message stands.  None when that is so; otherwise why not, in words."""
    name = outgoing.recipient_name
    try:
        is_good = await _recorded(store, outgoing, place)
    except StoreUnavailableError:
        _log.error("a delivered link could not be recorded; its drop will end as undelivered")
        if place is None:
            return fill(undelivered_wording.NOT_RECORDED_LEFT, name=name)
        await _take_back(slack, outgoing, place)
        return fill(undelivered_wording.NOT_RECORDED, name=name)
    if is_good:
        return None
    if place is not None:
        await _bury(store, slack, outgoing, place)
    return Markup(sent_wording.NOT_SENT_ENDED)


async def give_up(
    store: Store, outgoing: Outgoing, error: SlackError | MailError, *, outside_only: bool = False
) -> Markup | None:
    """
    End the drop of a link that Slack, or the mail server, did not take or confirm; why it did not, in words.

    None where another bot delivered it meanwhile; ArrivedAllTheSame where it was opened.  `outside_only`: no secret may
    be typed into Slack, so that nobody is sent to the form for another way; nor where a press is required, for which
    there is none.
    """
    name = outgoing.recipient_name
    outside_only = outside_only or outgoing.verify is Verify.SLACK
    if isinstance(error, MailBusyError) and error.may_have_it:
        error = MailUnansweredError(MailFault.UNANSWERED)
    if isinstance(error, SlackBusyError) and error.may_have_it:
        error = SlackUnansweredError("no answer to an earlier post")
    wording = mail_undelivered_wording if isinstance(error, MailError) else undelivered_wording
    try:
        kept = await _end(store, outgoing, error)
    except StoreUnavailableError:
        _log.warning("an undelivered drop could not be ended now; it ends when its lease is over")
        return fill(wording.NOT_ENDED, name=name)
    if kept is not None and kept.claimed_at is not None:
        await _replaced(store, outgoing)
        opening, opened = wording.OPENING, wording.OPENED
        if not kept.has_passphrase:
            opening, opened = undelivered_wording.OPENING_BARE, undelivered_wording.OPENED_BARE
        return ArrivedAllTheSame(fill(opening if kept.state is State.CLAIMED else opened, name=name))
    if kept is not None:
        return None
    if isinstance(error, MailError):
        return mail_undelivered_wording.why(error.code, name, outside_only=outside_only)
    return _why(error, name, outside_only=outside_only)


async def _recorded(store: Store, outgoing: Outgoing, place: Place | None) -> bool:
    """As `record_delivered`.  Raises StoreUnavailableError once the lease is over; after it the drop only ends."""
    for pause in chain(_RECORD_AGAIN_AFTER, repeat(_RECORD_AGAIN_AFTER[-1])):
        try:
            return await deliveries.record_delivered(
                store, outgoing.link.id, place, replaces_leak=outgoing.replaces_leak
            )
        except StoreUnavailableError:
            if store.clock.now_seconds() >= outgoing.lease_over:
                raise
        await asyncio.sleep(pause)
    raise StoreUnavailableError("the lease is over")  # unreachable: the pauses never end


async def _end(store: Store, outgoing: Outgoing, error: SlackError | MailError) -> Drop | None:
    """
    End the drop; None when it is over.  The drop where its link arrived all the same: it was opened, or is delivered.

    An answer that was lost may have been a yes, and a quick reader is faster than our second try.  Raises
    StoreUnavailableError.
    """
    why = error.code if isinstance(error, (SlackRefusedError, MailError)) else "no_answer"
    if await deliveries.record_undelivered(store, outgoing.link.id, why=why):
        return None
    drop = await find(store, outgoing.link.id)
    if drop is None:
        return None
    is_alive = drop.outcome is None and drop.delivery is Delivery.DELIVERED
    return drop if is_alive or drop.claimed_at is not None else None


async def _replaced(store: Store, outgoing: Outgoing) -> None:
    """The log says that a message was replaced where it says that the link arrived, and this one has been opened."""
    if not outgoing.replaces_leak:
        return
    try:
        await deliveries.record_delivered(store, outgoing.link.id, None, replaces_leak=True)
    except StoreUnavailableError:
        _log.warning("it is not on record that a link which was opened takes the place of a message")


async def _take_back(slack: Slack, outgoing: Outgoing, place: Place) -> None:
    """The link must not stay in a message that nobody could find again when its drop ends."""
    try:
        await patiently(lambda: slack.edit(place, recipient_messages.taken_back(outgoing.sender, outgoing.label)))
    except SlackError as error:
        _log.error("a link that could not be recorded still stands in its message", why=type(error).__name__)


async def _bury(store: Store, slack: Slack, outgoing: Outgoing, place: Place) -> None:
    """The drop ended while its link was on the way: the message must not promise anything."""
    try:
        drop = await find(store, outgoing.link.id)
        if drop is not None:
            tombstone = recipient_messages.tombstone(drop)
            await patiently(lambda: slack.edit(place, tombstone))
    except (SlackError, StoreUnavailableError):
        _log.warning("the message of an ended drop could not be edited now; its notice does it later")


def _why(error: SlackError, name: str, *, outside_only: bool) -> Markup:
    match error:
        case SlackRefusedError(code=code):
            return fill(undelivered_wording.why(code, outside_only=outside_only), name=name, code=code)
        case SlackBusyError():
            return fill(undelivered_wording.BUSY, name=name)
        case SlackUnansweredError(may_have_it=False):
            return fill(undelivered_wording.NOT_POSTED, name=name)
    return fill(undelivered_wording.UNANSWERED, name=name)
