"""
Answering the orders that clients ask for: looked at twice a second, judged, and signed or refused.

What Slack does not say for now is asked again, for as long as the order waits; the client is told that nobody has
answered.  Who asks is what the token says that was sealed to our delivery key, whatever else the database says.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

import structlog

from bot import asked_template, ordering, sealed_questions, too_much, zones
from bot.asked_recipients import Judging, way_of
from bot.asked_template import Chosen
from bot.drop_rules import Rules, of_template
from bot.people import Person
from bot.rounds import LeftAlone, Troubles, look_until
from bot.slack_calls import SlackBusyError, SlackError
from store import asked_orders
from store.asked_orders import Waiting
from store.errors import SendingTooOftenError, StoreUnavailableError, TooManyOpenError, UnknownTokenError
from store.formats.asked_order_v1 import Refusal
from store.formats.order_v1 import Terms
from store.link_opener import LinkOpener
from store.log.who_may_say import Speaker
from store.logs import place_of
from store.opened import Store
from store.words import OrderKind

_EVERY_SECONDS: Final = 0.4
_AT_ONCE: Final = 8
_AGAIN_SECONDS: Final = 2.0
_TROUBLES: Final = Troubles(
    away="orders that clients ask for wait for the database",
    failed="orders that clients ask for wait; they are looked at again",
)

_log = structlog.get_logger("orders")


class OrdersAsked:
    """The loop.  With `opens_here_only` nothing is ordered: the links would open on this computer only."""

    def __init__(
        self,
        store: Store,
        judging: Judging,
        opener: LinkOpener,
        speakers: Callable[[], Mapping[str, Speaker]],
        opens_here_only: bool,
    ) -> None:
        self._store = store
        self._judging = judging
        self._opener = opener
        self._speakers = speakers
        self._opens_here_only = opens_here_only
        self._stuck = LeftAlone()
        self._in_hand: set[bytes] = set()

    async def run(self, stop: asyncio.Event) -> None:
        """Answer until `stop`; what is in hand then is finished."""
        async with asyncio.TaskGroup() as in_hand:
            await look_until(stop, lambda: self._look(in_hand), _EVERY_SECONDS, _log, _TROUBLES)

    async def _look(self, in_hand: asyncio.TaskGroup) -> None:
        """Begin to answer those that wait, each by itself: one that Slack is slow about holds up no other."""
        if len(self._in_hand) >= _AT_ONCE:
            return
        due = await asked_orders.waiting(self._store, {*self._stuck.ids(), *self._in_hand})
        for one in due[: _AT_ONCE - len(self._in_hand)]:
            self._in_hand.add(one.id)
            in_hand.create_task(self._bordered(one))

    async def _bordered(self, one: Waiting) -> None:
        """One that fails must not keep the others from their answers."""
        try:
            await self._answer(one)
        except StoreUnavailableError:
            self._stuck.leave(one.id, _AGAIN_SECONDS)
            _log.warning("an order that a client asks for waits for the database")
        except sealed_questions.KeyMissingError:
            self._stuck.leave(one.id, _AGAIN_SECONDS)
            _log.error("an order that a client asks for waits for a bot that has its delivery key; this one lacks it")
        except SlackError as error:
            wait = error.seconds if isinstance(error, SlackBusyError) else _AGAIN_SECONDS
            self._stuck.leave(one.id, wait)
            _log.warning("an order that a client asks for waits for Slack", why=type(error).__name__)
        except Exception as error:  # noqa: BLE001 - it is looked at again
            self._stuck.leave(one.id, _AGAIN_SECONDS)
            _log.error("an order that a client asks for waits; it is looked at again", error=place_of(error))
        finally:
            self._in_hand.discard(one.id)

    async def _answer(self, one: Waiting) -> None:
        try:
            found = await self._judged(one)
            if isinstance(found, Refusal):
                await asked_orders.refuse(self._store, one, found, is_known=True)
                return
            try:
                await asked_orders.answer(self._store, one, found)
            except SendingTooOftenError as error:
                refusal = Refusal("sent-too-often", [too_much.minutes(error)], error.retry_after_seconds)
                await asked_orders.refuse(self._store, one, refusal, is_known=True)
            except TooManyOpenError:
                await asked_orders.refuse(
                    self._store, one, Refusal("too-many-open", [too_much.most_open()]), is_known=True
                )
        except UnknownTokenError:
            # Revoked since it was asked; or somebody put it into the database who has no token.
            _log.warning("an order was asked for without a token that serves; it is refused")
            await asked_orders.refuse(self._store, one, Refusal("no-token"), is_known=False)

    async def _judged(self, one: Waiting) -> Terms | Refusal:
        opened = await sealed_questions.opened(self._store, self._opener, one.id, one.asked.proof)
        speakers = await asyncio.to_thread(self._speakers)
        owner = await asked_orders.owner_of(self._store, one, opened, speakers)
        if owner.team_id != self._judging.team_id:
            raise UnknownTokenError
        if self._opens_here_only:
            return Refusal("opens-here-only")
        sender = await self._judging.sender(owner.user_id)
        if isinstance(sender, Refusal):
            return sender
        now = self._store.clock.now_seconds()
        chosen = asked_template.choose(one.asked.wishes, self._judging.bounds, zones.day_of(now, sender.zone))
        if isinstance(chosen, Refusal):
            return chosen
        recipient = await self._judging.recipient(one.asked.wishes, chosen)
        if isinstance(recipient, Refusal):
            return recipient
        ends = chosen.engagement_ends
        rules = of_template(chosen.template, engagement_ends=ends, now=now, zone=sender.zone)
        return _terms(chosen, owner.team_id, sender, recipient, self._judging.policy.over(rules))


def _terms(chosen: Chosen, team_id: str, sender: Person, recipient: Person, rules: Rules) -> Terms:
    usual = ordering.terms(
        OrderKind.CLIENT,
        team_id=team_id,
        sender=(sender.id, sender.name),
        recipient=recipient,
        label=chosen.label,
        hint=chosen.hint,
        lives_seconds=chosen.lives_seconds,
        reference=chosen.reference,
        rules=rules,
        way=way_of(chosen, recipient),
    )
    return replace(usual, passphrase=chosen.passphrase)
