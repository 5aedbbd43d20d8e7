"""What a round of each thing costs in one store: what people wait for, the log, and every look for what is due."""

import asyncio
import random
import secrets
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from time import perf_counter
from typing import Final

from sqlalchemy import select

from bench.filling import drain, write_signed
from bench.spent import Meter
from bench.stepping import EVENTS
from bench.tombstones import PIPELINE, SOMEBODY, TEAM, settle_all
from bot.home_view import ON_OVERVIEW
from store import (
    asked_orders,
    asked_records,
    asked_revokes,
    attention,
    claims,
    creation,
    deliveries,
    door,
    figures,
    links_kept,
    listing,
    outbox,
    own_records,
    record_escrow,
    retention,
    sealed_links,
    sweeper,
    tokens_of_a_person,
    watches,
    webhooks,
    webhooks_standing,
)
from store.deliveries import Place
from store.evidence import asking, owed
from store.happenings import Happenings
from store.listing import Section
from store.log import anchors, proofs
from store.log.sequencer import Sequencer
from store.opened import Store
from store.schema import events, log_published
from store.words import Audience
from tests.stores import Home, Sealed, seal

_AT_ONCE: Final = 4
_LOOKS: Final = 20
_LOOKING_SECONDS: Final = 1.0
_STEPS: Final = 8
_ENDPOINT: Final = "siem"
_KEPT_MONTHS: Final = 13
_JTIS: Final = 2000


@dataclass
class Sample:
    """Seconds that each of some took, and seconds of CPU, of the program and its database, that one took of them."""

    seconds: list[float] = field(default_factory=list)
    cpu: float = 0.0


Samples = dict[str, Sample]
"""By the name of what was done."""

PEOPLE: Final = (
    "create",
    "door, first look",
    "claim",
    "acknowledge",
    "Home of one",
    "Home of a pipeline",
    "Home of all",
)
LOG: Final = (f"step of {EVENTS} events", "inclusion proof", "consistency proof")


class Costs:
    """One store that was filled."""

    def __init__(self, home: Home, web: Store, bot: Store, count: int) -> None:
        self._home, self._web, self._bot = home, web, bot
        self._random = random.Random(count)  # noqa: S311 - the same places in every run
        self._sequencer = Sequencer(bot, home.signing)
        self._happenings = Happenings(bot)
        self._meter = Meter(None if bot.db.is_sqlite else str(bot.db._engine.url.database))
        self._jtis: Sequence[str] = ()
        self._size = 0

    async def prepare(self) -> None:
        """Once: what is asked for by its id, and an endpoint that has heard of everything so far."""
        async with self._bot.db.read() as tx:
            self._size = await tx.scalar(select(log_published.c.size)) or 0
            last = await tx.scalar(select(events.c.position).order_by(events.c.position.desc()).limit(1)) or 0
            chosen = {self._random.randint(1, last) for _ in range(_JTIS)}
            self._jtis = (await tx.scalars(select(events.c.jti).where(events.c.position.in_(chosen)))).all()
        await webhooks.enrol(self._bot, [_ENDPOINT])
        await self._rest()

    async def round(self, drops: int) -> Samples:
        """So many drops through their lives, and everything else some times."""
        found = await self._lives(drops)
        found[LOG[0]] = await self._steps()
        await self._rest()
        for name, look in self.looks().items():
            found[name] = await self._timed(look)
        return found

    def looks(self) -> dict[str, Callable[[], Awaitable[object]]]:
        """Everything that can be asked again and again and changes nothing."""
        bot = self._bot
        names = frozenset({_ENDPOINT})
        return {
            PEOPLE[4]: lambda: self._home_of("UMAYA0"),
            PEOPLE[5]: lambda: self._home_of(PIPELINE),
            PEOPLE[6]: lambda: self._home_of(None),
            LOG[1]: self._included,
            LOG[2]: self._extended,
            "sweep": lambda: sweeper.sweep(bot),
            "sweep of keys": lambda: sweeper.sweep_keys(bot),
            "sweep of months": lambda: retention.sweep(bot, _KEPT_MONTHS),
            "master keys": lambda: record_escrow.missing(bot),
            "watches": lambda: watches.tell_due(bot),
            "outbox": self._outbox,
            "sequencer": self._sequencer.step,
            "what happens": self._happenings.senders,
            "sealed links": lambda: sealed_links.take(bot.db),
            "links kept": lambda: links_kept.waiting(bot.db),
            "orders asked for": lambda: asked_orders.waiting(bot),
            "revokes asked for": lambda: asked_revokes.waiting(bot),
            "records asked for": lambda: asked_records.waiting(bot),
            "packs to make": lambda: asking.take(bot.db),
            "packs to tell of": lambda: owed.take(bot.db),
            "anchors": lambda: anchors.take(bot),
            "webhooks": self._webhooks,
            "webhooks' troubles": lambda: asyncio.gather(
                webhooks_standing.stuck(bot, names), webhooks_standing.failed(bot, names)
            ),
            "owners of tokens": lambda: tokens_of_a_person.owners(bot, TEAM),
            "figures for /metrics": lambda: figures.read(bot, [_ENDPOINT]),
        }

    async def _lives(self, count: int) -> Samples:
        found: Samples = {}
        made = [seal(sender_id=f"U{secrets.token_hex(6)}", lives_seconds=86_400) for _ in range(count)]
        presented = {one.new.id: one.present() for one in made}

        async def create(one: Sealed) -> None:
            await creation.create(self._bot, one.new)

        async def look(one: Sealed) -> None:
            await door.look(self._web, one.new.id, one.new.link_proof, SOMEBODY)

        async def claim(one: Sealed) -> None:
            await claims.claim(self._web, presented[one.new.id], SOMEBODY)

        async def acknowledge(one: Sealed) -> None:
            await claims.acknowledge(self._web, one.new.id, one.new.link_proof, presented[one.new.id].claim)

        found[PEOPLE[0]] = await self._all(made, create)
        for one in made:
            await deliveries.record_delivered(self._bot, one.new.id, Place("D1", "1.2"))
        for name, act in zip(PEOPLE[1:4], (look, claim, acknowledge), strict=True):
            found[name] = await self._all(made, act)
        return found

    async def _all(self, made: Sequence[Sealed], act: Callable[[Sealed], Awaitable[None]]) -> Sample:
        """Four under way at a time."""
        waiting, sample = list(made), Sample()

        async def one_after_the_other() -> None:
            while waiting:
                one = waiting.pop()
                began = perf_counter()
                await act(one)
                sample.seconds.append(perf_counter() - began)

        before = self._meter.seconds()
        await asyncio.gather(*(one_after_the_other() for _ in range(_AT_ONCE)))
        sample.cpu = (self._meter.seconds() - before) / len(made)
        return sample

    async def _steps(self) -> Sample:
        sample = Sample()
        for _ in range(_STEPS):
            await drain(self._sequencer)
            await write_signed(self._web, EVENTS)
            before, began = self._meter.seconds(), perf_counter()
            assert (await self._sequencer.step()).integrated == EVENTS
            sample.seconds.append(perf_counter() - began)
            sample.cpu += (self._meter.seconds() - before) / _STEPS
        return sample

    async def _timed(self, look: Callable[[], Awaitable[object]]) -> Sample:
        await look()  # the first one compiles the statement
        sample, before = Sample(), self._meter.seconds()
        while len(sample.seconds) < _LOOKS and sum(sample.seconds) < _LOOKING_SECONDS:
            began = perf_counter()
            await look()
            sample.seconds.append(perf_counter() - began)
        sample.cpu = (self._meter.seconds() - before) / len(sample.seconds)
        return sample

    async def _rest(self) -> None:
        """Until nothing is due."""
        await settle_all(self._bot)
        await drain(self._sequencer)
        while await webhooks.fan_out(self._bot, _ENDPOINT, lambda _: False):
            pass
        await anchors.take(self._bot)
        await self._happenings.begin()
        await sweeper.sweep_keys(self._bot)

    async def _home_of(self, whose: str | None) -> None:
        """What bot.home_desk reads for the overview."""
        await listing.counts(self._bot, whose)
        for section, most in ON_OVERVIEW.items():
            page = await listing.page(self._bot, section, whose, most=most)
            if section is Section.ATTENTION:
                await attention.of(self._bot, [drop.id for drop in page.drops])
        if whose is not None:
            await own_records.due(self._bot, whose, TEAM, most=5)

    async def _included(self) -> None:
        proven = await proofs.of_event(self._web, self._random.choice(self._jtis))
        assert proven is not None
        assert proven.proof is not None

    async def _extended(self) -> None:
        await proofs.consistency(self._web, 1, self._random.randint(1, self._size), self._size)

    async def _outbox(self) -> None:
        for audience in Audience:
            await outbox.lease(self._bot, audience)
            await outbox.unpark(self._bot, audience)

    async def _webhooks(self) -> None:
        await webhooks.lease(self._bot, _ENDPOINT)
        await webhooks.fan_out(self._bot, _ENDPOINT, lambda _: False)
