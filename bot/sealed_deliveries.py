"""
Delivering links that somebody else sealed: a page, a client, the command line.

Each is taken under a lease, held against the order that the bot signed for it, opened in memory, held against its drop,
and then goes out as one that we sealed.  A Slack, or a mail server, that wants to be left alone for long is left alone,
and whoever comes first afterwards takes the link anew.  What cannot be delivered ends its drop, and the sender is told
why.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping
from contextlib import suppress
from typing import Final, TypeVar

import structlog

from bot import original_message
from bot.asking_to_delete import AskingToDelete
from bot.block_kit import section
from bot.delivery import ArrivedAllTheSame, give_up, settle
from bot.mail import Mail
from bot.mail_errors import MailBusyError, MailError, MailUnansweredError
from bot.message import Message
from bot.mrkdwn import Markup, fill
from bot.patience import patiently
from bot.people import of_slack
from bot.policy import NONE, Policy
from bot.rounds import wait
from bot.slack_calls import Slack, SlackBusyError, SlackError, SlackUnansweredError
from bot.undelivered_wording import BY_CODE
from bot.ways import Couriers, Outgoing, Turn, send_out
from store import deliveries, delivery_keys, sealed_links, vouching
from store.deliveries import Place
from store.drops import Drop, find
from store.errors import StoreMismatchError, StoreUnavailableError
from store.formats.link_v1 import Link
from store.formats.order_v1 import Terms
from store.link_opener import LinkOpener
from store.log.who_may_say import Speaker
from store.logs import place_of
from store.opened import Store
from store.sealed_links import ForeignLinkError, Taken
from store.words import LinkFault, MailFault, OrderKind, Way

_EVERY_SECONDS: Final = 1.0
_AT_ONCE: Final = 5
_MAILS_AT_ONCE: Final = 3
_MAILS_PAUSE: Final = 15.0
_UNANSWERED_PAUSE: Final = 15.0
_PATIENCE_SECONDS: Final = 10.0
"""How long a busy Slack is waited for with a link in hand; well within a lease, and within what a stop waits for."""
_ANOTHERS_PAUSE: Final = 20.0
_RENEWED_EVERY: Final = 20.0

_log = structlog.get_logger("deliveries")
_Result = TypeVar("_Result")


class SealedDeliveries:
    """
    The loop.  With `opens_here_only` nothing is sent: the links would open on this computer only.

    `policy` is the one of now, which may have been another when a link was ordered.
    """

    def __init__(
        self,
        store: Store,
        slack: Slack,
        opener: LinkOpener,
        speakers: Callable[[], Mapping[str, Speaker]],
        opens_here_only: bool,
        mail: Mail | None = None,
        *,
        policy: Policy = NONE,
    ) -> None:
        self._store = store
        self._slack = slack
        self._opener = opener
        self._speakers = speakers
        self._opens_here_only = opens_here_only
        self._couriers = Couriers(slack, mail)
        self._policy = policy
        self._asking = AskingToDelete(store, slack)
        self._room = asyncio.Semaphore(_AT_ONCE)
        self._is_published = False
        self._may_have_arrived: set[bytes] = set()

    async def run(self, stop: asyncio.Event) -> None:
        """Deliver until `stop`; what is in hand then is finished, or left to whoever comes when its lease is over."""
        lanes = ((frozenset(Way) - {Way.MAIL}, _AT_ONCE), (frozenset({Way.MAIL}), _MAILS_AT_ONCE))
        await asyncio.gather(*(self._lane(stop, ways, at_once) for ways, at_once in lanes))

    async def _lane(self, stop: asyncio.Event, ways: Collection[Way], at_once: int) -> None:
        """A mail server that hangs must keep no link from Slack, nor Slack one from the mail server."""
        looking = asyncio.Lock()
        await asyncio.gather(*(self._go_on(stop, ways, looking) for _ in range(at_once)))

    async def _go_on(self, stop: asyncio.Event, ways: Collection[Way], looking: asyncio.Lock) -> None:
        while not stop.is_set():
            async with looking:
                taken = await self._bordered(self._take(ways))
                if taken is None:
                    await wait(stop, _EVERY_SECONDS)
            if taken is not None:
                await self._bordered(self._carry_out(taken))

    async def _bordered(self, work: Awaitable[_Result]) -> _Result | None:
        """No error ends the loop, and none says what it was about; what was taken is taken again after its lease."""
        try:
            return await work
        except StoreUnavailableError:
            _log.warning("links that others sealed wait for the database")
        except StoreMismatchError as error:
            _log.error("links that others sealed cannot be opened here", why=str(error))
        except Exception as error:  # noqa: BLE001 - a loop that stopped for ever would deliver nothing any more
            _log.error("a link that somebody else sealed waits; it is taken again", error=place_of(error))
        return None

    async def once(self) -> bool:
        """Take the next link and do with it what can be done.  False where none was to be taken."""
        taken = await self._take(frozenset(Way))
        if taken is not None:
            await self._carry_out(taken)
        return taken is not None

    async def _take(self, ways: Collection[Way]) -> Taken | None:
        if not self._is_published:
            await self._publish()
        return await sealed_links.take(self._store.db, ways)

    async def _carry_out(self, taken: Taken) -> None:
        drop = await find(self._store, taken.drop_id)
        if drop is None:
            return  # unreachable: a row is taken with its drop, which stays
        terms = await vouching.terms_of(self._store, drop, await asyncio.to_thread(self._speakers))
        if terms is None or not self._policy.still_allows(terms):
            await self._refuse(drop, LinkFault.UNORDERED if terms is None else LinkFault.NOT_ALLOWED)
            return
        link = await self._opened(taken)
        if isinstance(link, LinkFault):
            await self._refuse(drop, link)
        elif link is not None:
            await self._deliver(taken, drop, link, terms)

    async def _publish(self) -> None:
        key = await asyncio.to_thread(lambda: self._opener.key)
        held = await asyncio.to_thread(lambda: self._opener.kids)
        await delivery_keys.publish_one_of(self._store.db, key, held)
        self._is_published = True

    async def _opened(self, taken: Taken) -> Link | LinkFault | None:
        """The link, or why it is not to be delivered; None where somebody else may be able to open it."""
        if self._opens_here_only:
            return LinkFault.HERE_ONLY
        text = await asyncio.to_thread(self._opener.open, taken.drop_id, taken.sealed_link)
        if text is None:
            missing = await delivery_keys.in_use(self._store.db) - await asyncio.to_thread(lambda: self._opener.kids)
            if missing:
                await sealed_links.postpone(self._store.db, taken, _ANOTHERS_PAUSE)
                _log.error("a link waits for a bot that has its delivery key; this one lacks it", kids=sorted(missing))
                return None
            return LinkFault.UNREADABLE
        try:
            return await sealed_links.own_link(self._store, taken.drop_id, text)
        except ForeignLinkError:
            return LinkFault.FOREIGN

    async def _still_may_ask(self, taken: Taken, drop: Drop, terms: Terms) -> bool | None:
        """
        Whether whoever asked for it is somebody who may, by now; their page was open for days.

        None where Slack does not say and is asked again later.  Raises SlackError.
        """
        if terms.kind != OrderKind.REQUEST:
            return True
        try:
            user = await self._slack.person(drop.recipient_id)
        except SlackUnansweredError:
            if await sealed_links.postpone(self._store.db, taken, _UNANSWERED_PAUSE):
                return None
            raise SlackUnansweredError("no answer", may_have_it=False) from None
        return self._policy.may_send(of_slack(user, terms.team_id))

    async def _deliver(self, taken: Taken, drop: Drop, link: Link, terms: Terms) -> None:
        outgoing = Outgoing(
            link=link,
            sender=drop.header.sender,
            label=drop.header.label,
            until_ms=drop.expires_at,
            recipient_id=drop.recipient_id,
            recipient_name=drop.recipient_name,
            lease_over=taken.until // 1000 + 1,
            way=drop.way,
            verify=drop.verify,
            replaces_leak=terms.replaces is not None,
        )
        patience = min(_PATIENCE_SECONDS, taken.seconds_left)
        turn = Turn(self._room, asyncio.get_running_loop().time() + patience, _nobody_watches)
        try:
            may_ask = await self._still_may_ask(taken, drop, terms)
            if may_ask is None:
                return
            if not may_ask:
                await self._refuse(drop, LinkFault.NOT_ALLOWED)
                return
            place = await send_out(self._couriers, outgoing, self._store.issuer, turn)
        except (SlackBusyError, MailBusyError) as busy:
            pause = max(busy.seconds, _MAILS_PAUSE) if isinstance(busy, MailBusyError) else busy.seconds
            if busy.may_have_it:
                self._may_have_arrived.add(drop.id)
            if await sealed_links.postpone(self._store.db, taken, pause):
                return
            refusal = await self._give_up(outgoing, busy)
        except (SlackError, MailError) as error:
            refusal = await self._give_up(outgoing, error)
        else:
            refusal = await self._settled(taken, outgoing, place)
        self._may_have_arrived.discard(drop.id)
        if refusal is not None:
            await tell(self._slack, drop, refusal)
        if refusal is None or isinstance(refusal, ArrivedAllTheSame):
            original = original_message.in_order(terms.replaces)
            await self._asking.ask(original, drop.id, drop.sender_id, outgoing.sender)

    async def _give_up(self, outgoing: Outgoing, error: SlackError | MailError) -> Markup | None:
        if outgoing.link.id in self._may_have_arrived:
            # An earlier turn's letter or post, about which nothing was said.
            is_mail = isinstance(error, MailError)
            error = MailUnansweredError(MailFault.UNANSWERED) if is_mail else SlackUnansweredError("no answer")
        return await give_up(self._store, outgoing, error, outside_only=self._policy.outside_only)

    async def _settled(self, taken: Taken, outgoing: Outgoing, place: Place | None) -> Markup | None:
        """As `settle`, which may take its time while the store does not: nobody else is to post it again meanwhile."""
        settling = asyncio.create_task(settle(self._store, self._slack, outgoing, place))
        while not (await asyncio.wait([settling], timeout=_RENEWED_EVERY))[0]:
            with suppress(StoreUnavailableError):
                taken = await sealed_links.renew(self._store.db, taken)
        return settling.result()

    async def _refuse(self, drop: Drop, fault: LinkFault) -> None:
        _log.warning("a link that somebody else sealed is not delivered", why=fault.value)
        if await deliveries.record_undelivered(self._store, drop.id, why=fault):
            await tell(self._slack, drop, fill(BY_CODE[fault], name=drop.recipient_name))


async def tell(slack: Slack, drop: Drop, refusal: Markup) -> None:
    """What a window would say where there is none.  That it did not arrive, the outbox says as well."""
    try:
        dm = await patiently(lambda: slack.open_dm(drop.sender_id))
        await slack.post(dm, Message(text=refusal, blocks=[section(refusal)]))
    except SlackError as error:
        _log.info("a sender was not told why a link did not arrive", why=type(error).__name__)


async def _nobody_watches(seconds: float) -> None:
    """There is no window that could say how long Slack wants to be left alone."""
