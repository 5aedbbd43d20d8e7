"""
What people and programs do in a soak: everything that a drop and a record can live through, chosen by a seed.

Readers and clients of records go through the real web program, over a proxy that may cut an answer; what senders want
is done by the bot's verbs in this process, with its key.  Each page load is remembered with all that it was given.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from random import Random

from store import creation, deliveries, endings, record_endings, record_rotating, records, sweeper, unlocking
from store.deliveries import Place
from store.errors import StoreError
from store.formats.record_key_v1 import RecordKey
from store.log.sequencer import Sequencer
from store.opened import Store
from store.records import Named
from tests.faults.page import BROKEN, Page, readers
from tests.programs import Answer, Call
from tests.soak.office import PEOPLE
from tests.stores import Home, Sealed, seal

VALUE = "sk_live_canary of a record"
_LIVES_SECONDS = (45, 400, 4000)


@dataclass
class Known:
    """A drop, and every page load that had its link."""

    sealed: Sealed
    pages: list[Page] = field(default_factory=list)


@dataclass
class KnownRecord:
    """A record's key of now, and those that open nothing any more."""

    key: RecordKey
    dead: list[RecordKey] = field(default_factory=list)
    is_over: bool = False


@dataclass
class Life:
    """One installation in use."""

    home: Home
    bot: Store
    chosen: Random
    port: Callable[[], int]
    posted: Callable[[], Place]
    drops: list[Known] = field(default_factory=list)
    records: list[KnownRecord] = field(default_factory=list)
    done: Counter[str] = field(default_factory=Counter)
    answers: Counter[str] = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._sequencer = Sequencer(self.bot, self.home.signing)
        # The bot stores what it sealed within two seconds: no five minutes go by in between.
        self._still = asyncio.Lock()
        weighted: dict[str, tuple[int, Callable[[], Awaitable[None]]]] = {
            "create": (6, self._create),
            "door": (3, self._door),
            "wrong claim": (5, self._wrong),
            "right claim": (6, self._right),
            "claim again": (4, self._again),
            "acknowledge": (3, self._acknowledge),
            "revoke": (2, self._revoke),
            "unlock": (2, self._unlock),
            "sweep": (1, self._sweep),
            "clock on": (2, self._clock_on),
            "record made": (1, self.make_record),
            "record read": (3, self._record_read),
            "record rotated": (1, self._record_rotated),
            "record revoked": (1, self._record_revoked),
        }
        self._acts = {name: act for name, (_, act) in weighted.items()}
        self._names = list(weighted)
        self._weights = [weight for weight, _ in weighted.values()]

    async def act(self) -> None:
        """One thing; whatever fails for a while is counted and left."""
        name = self.chosen.choices(self._names, self._weights)[0]
        try:
            await self._acts[name]()
        except StoreError as error:
            self.answers[f"{name}: {type(error).__name__}"] += 1
        self.done[name] += 1
        with suppress(StoreError):
            await self._sequencer.step()

    async def settle(self) -> None:
        """Put everything that waits into the log."""
        while True:
            step = await self._sequencer.step()
            if not (step.integrated or step.more):
                return

    def judge(self) -> list[str]:
        """What the pages and clients have seen that nobody may see."""
        twice = [known.sealed.link.id_text for known in self.drops if readers(known.pages) > 1]
        return [f"drop {name} was read by more than one page" for name in twice] + self.broken

    async def _create(self) -> None:
        # Sealed by this host's clock, which is not the installation's any more.
        async with self._still:
            ahead = self.bot.clock.now_seconds() - int(time.time())
            sealed = seal(lives_seconds=ahead + self.chosen.choice(_LIVES_SECONDS), **PEOPLE)
            await creation.create(self.bot, sealed.new)
        self.drops.append(Known(sealed))
        if self.chosen.random() < 0.9:
            await deliveries.record_delivered(self.bot, sealed.new.id, self.posted())

    async def _door(self) -> None:
        if known := self._a_drop():
            self._count("door", await self._page_of(known).ask(self.port(), "door"))

    async def _wrong(self) -> None:
        if known := self._a_drop():
            self._count("wrong", await self._page_of(known, right=False).ask(self.port()))

    async def _right(self) -> None:
        if known := self._a_drop():
            self._count("right", await self._page_of(known).ask(self.port()))

    async def _again(self) -> None:
        known = self._a_drop()
        if known and known.pages:
            page = self.chosen.choice(known.pages)
            self._count("again", await page.ask(self.port()))

    async def _acknowledge(self) -> None:
        known = self._a_drop()
        if known and known.pages:
            # Mostly by whoever has read it; a page that has not is told 404.
            page = next((page for page in known.pages if page.read), known.pages[0])
            self._count("acknowledge", await page.ask(self.port(), "acknowledge"))

    async def _revoke(self) -> None:
        if known := self._a_drop():
            await endings.revoke(self.bot, known.sealed.new.id)

    async def _unlock(self) -> None:
        if known := self._a_drop():
            await unlocking.unlock(self.bot, known.sealed.new.id)

    async def _sweep(self) -> None:
        await sweeper.sweep(self.bot)
        await sweeper.sweep_keys(self.bot)

    async def _clock_on(self) -> None:
        async with self._still:
            self.home.advance_clock(self.chosen.choice((1, 31, 61, 301)))

    async def make_record(self) -> None:
        """One more record, with a key of its own."""
        named = Named("Stripe", owner=PEOPLE["sender_id"], team=PEOPLE["team_id"])
        key, _ = await records.make(self.bot, named, VALUE, lives_seconds=100_000)
        self.records.append(KnownRecord(key))

    async def _record_read(self) -> None:
        if not self.records:
            return
        known = self.chosen.choice(self.records)
        key = self.chosen.choice([known.key, *known.dead])
        headers = {"X-API-Key": key.text}
        try:
            answer = await Call(self.port(), "GET", f"/r/{key.id_text}", headers=headers).answer()
        except BROKEN:
            answer = None
        self._count("record", answer)
        if answer is not None and answer.status == 200 and (known.is_over or key in known.dead):
            self.broken.append(f"record {key.id_text} was read with a key that is over")

    async def _record_rotated(self) -> None:
        if not self.records:
            return
        known = self.chosen.choice(self.records)
        key, _ = await record_rotating.rotate(self.bot, known.key.id, VALUE)
        known.dead.append(known.key)
        known.key = key

    async def _record_revoked(self) -> None:
        if not self.records:
            return
        known = self.chosen.choice(self.records)
        await record_endings.revoke(self.bot, known.key.id)
        known.is_over = True

    def _a_drop(self) -> Known | None:
        return self.chosen.choice(self.drops[-12:]) if self.drops else None

    def _page_of(self, known: Known, *, right: bool = True) -> Page:
        page = Page(known.sealed, right=right, claim=self.chosen.randbytes(32))
        known.pages.append(page)
        return page

    def _count(self, what: str, answer: Answer | None) -> None:
        self.answers[f"{what}: {answer.status if answer else 'no answer'}"] += 1
