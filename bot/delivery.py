"""
Bringing one link into the recipient's DM.

The link is in this program's memory and nowhere else, so that whoever sealed it delivers it or nobody does.  A post
without an answer is made once more with the same link: two messages with one link are one drop, and none would be a
secret that nobody gets.  What Slack does not take ends the drop.
"""

import asyncio
from typing import Final

import structlog

from bot import recipient_messages, wording
from bot.mrkdwn import Markup, fill
from bot.sealing import SealedDrop
from bot.slack_calls import Slack, SlackBusyError, SlackError, SlackRefusedError, SlackUnansweredError
from store import deliveries
from store.deliveries import Place
from store.drops import find
from store.errors import StoreUnavailableError
from store.opened import Store

_LONGEST_WAIT: Final = 10.0
_MOST_TRIES: Final = 3
_MOST_UNANSWERED: Final = 2
_RECORD_AGAIN_AFTER: Final = (0.2, 1.0, 3.0, 10.0)

_log = structlog.get_logger("delivery")


async def deliver(store: Store, slack: Slack, sealed: SealedDrop) -> Markup | None:
    """Deliver a stored drop's link.  None when it arrived; otherwise why not, in words for the sender."""
    name = sealed.order.recipient.name
    try:
        place = await _post(slack, sealed, store.issuer)
    except SlackError as error:
        await _give_up(store, sealed, error)
        return _why(error, name)
    try:
        is_good = await _recorded(store, sealed, place)
    except StoreUnavailableError:
        # Nobody else knows that it arrived.  When the lease is over the drop ends, and the message is edited then.
        _log.error("a delivered link could not be recorded; its drop will end as undelivered")
        return fill(wording.UNDELIVERED_UNANSWERED, name=name)
    if is_good:
        return None
    await _bury(store, slack, sealed, place)
    return Markup(wording.NOT_SENT_ENDED)


async def _post(slack: Slack, sealed: SealedDrop, public_url: str) -> Place:
    order = sealed.order
    dm = await _patiently_open(slack, order.recipient.id)
    message = recipient_messages.arrived(
        sender=order.sender.name,
        label=order.label,
        until_ms=(order.created_at + order.lives_seconds) * 1000,
        url=sealed.link.url(public_url),
    )
    unanswered = 0
    for tried in range(1, _MOST_TRIES + 1):
        try:
            return await slack.post(dm, message)
        except SlackUnansweredError:
            unanswered += 1
            if unanswered == _MOST_UNANSWERED or tried == _MOST_TRIES:
                raise
        except SlackBusyError as busy:
            if tried == _MOST_TRIES or busy.seconds > _LONGEST_WAIT:
                raise
            await asyncio.sleep(busy.seconds)
    raise SlackUnansweredError("no answer")  # unreachable: the last try returns or raises


async def _patiently_open(slack: Slack, user_id: str) -> str:
    try:
        return await slack.open_dm(user_id)
    except SlackBusyError as busy:
        if busy.seconds > _LONGEST_WAIT:
            raise
        await asyncio.sleep(busy.seconds)
    except SlackUnansweredError:
        pass  # opening a DM twice opens one
    return await slack.open_dm(user_id)


async def _recorded(store: Store, sealed: SealedDrop, place: Place) -> bool:
    for pause in _RECORD_AGAIN_AFTER:
        try:
            return await deliveries.record_delivered(store, sealed.new.id, place)
        except StoreUnavailableError:
            await asyncio.sleep(pause)
    return await deliveries.record_delivered(store, sealed.new.id, place)


async def _give_up(store: Store, sealed: SealedDrop, error: SlackError) -> None:
    why = error.code if isinstance(error, SlackRefusedError) else "no_answer"
    try:
        await deliveries.record_undelivered(store, sealed.new.id, why=why)
    except StoreUnavailableError:
        _log.warning("an undelivered drop could not be ended now; it ends when its lease is over")


async def _bury(store: Store, slack: Slack, sealed: SealedDrop, place: Place) -> None:
    """The drop ended while its link was on the way: the message must not promise anything."""
    try:
        drop = await find(store, sealed.new.id)
        if drop is not None:
            await slack.edit(place, recipient_messages.tombstone(drop))
    except (SlackError, StoreUnavailableError):
        _log.warning("the message of an ended drop could not be edited now; its notice does it later")


def _why(error: SlackError, name: str) -> Markup:
    match error:
        case SlackRefusedError(code=code):
            return fill(wording.UNDELIVERED.get(code, wording.UNDELIVERED_OTHER), name=name, code=code)
        case SlackBusyError():
            return fill(wording.UNDELIVERED_BUSY, name=name)
    return fill(wording.UNDELIVERED_UNANSWERED, name=name)
