"""
What happens to the hosts, one after the other, while people send and read.

Each answers, when the host is back, with what was measured: seconds until somebody else did what it was doing, and
until it was whole again.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from random import Random
from typing import Final

from sqlalchemy import text

from sandbox.fixtures import MAYA
from store.log import published
from store.opened import Store
from tests.hosts.asking import answers
from tests.hosts.held import ANY
from tests.hosts.places import PORT, Place, Places
from tests.hosts.readers import Reading
from tests.hosts.slack import Slack
from tests.hosts.traffic import Traffic

_PATIENCE_SECONDS: Final = 180.0
_GONE_WITHIN_SECONDS: Final = 60.0
"""Hours less than the system would take, and thrice what the settings say."""
_MOST_FORMS: Final = 10
_MEANWHILE_SECONDS: Final = 2.0
Measured = dict[str, float]


@dataclass
class Breaking:
    """`crashes` counts how often a bot may have told something without knowing that it has."""

    places: Places
    slack: Slack
    traffic: Traffic
    store: Store
    chosen: Random
    crashes: int = 0
    measured: dict[str, list[Measured]] = field(default_factory=dict)

    def faults(self) -> dict[str, Callable[[], Awaitable[Measured]]]:
        """Each by its name."""
        of_keyring: dict[str, Callable[[], Awaitable[Measured]]] = {}
        if self.places.keys:
            of_keyring["the keyring's server is cut off"] = self._cut_keyring
        return of_keyring | {
            "a reveal server is killed": lambda: self._kill(self.chosen.choice(self.places.webs)),
            "a bot is killed": lambda: self._kill(self.chosen.choice(self.places.bots)),
            "a reveal server is cut off in a claim": self._cut_in_a_claim,
            "a reveal server is cut off for long": self._cut_for_long,
            "a bot is cut off in its turn at the log": self._cut_in_a_turn,
            "a bot is cut off from everything": self._cut_a_bot,
            "all are restarted, one by one": self._restart_each,
        }

    async def _kill(self, place: Place) -> Measured:
        self.crashes += place.program == "bot"
        await asyncio.sleep(self.chosen.random())
        await place.kill()
        await asyncio.sleep(_MEANWHILE_SECONDS)
        return await self._back(place.start, [place])

    async def _restart_each(self) -> Measured:
        began = time.monotonic()
        for place in self.places.every():
            await place.stop()
            await place.start()
            await place.until_ready()
        return {"all restarted": time.monotonic() - began}

    async def _cut_in_a_claim(self) -> Measured:
        web = self.chosen.choice(self.places.webs)
        reading = await self._one_that_arrived()
        first = self.places.webs.index(web)
        async with self._held(web, "payment", reading.link.id.hex()):
            stuck = reading.page(first)
            stuck.servers = [web.host]
            asking = asyncio.create_task(stuck.ask())
            await self._until_held(web, "payment")
            self.places.network.cut_off(web.host)
        began = time.monotonic()
        pages = [reading.page(first + 1 + number) for number in range(2)]
        for page in pages:
            page.servers = [other.host for other in self.places.webs if other is not web]
        told = await asyncio.gather(*(page.ask() for page in pages))
        elsewhere = time.monotonic() - began
        assert sorted(map(str, told)) == ["200", "410"], told
        back = await self._back(lambda: self._plug_in(web), [web])
        assert await asking == 410
        return {"claimed elsewhere": elsewhere} | back

    async def _cut_keyring(self) -> Measured:
        """Nobody is judged, nothing is paid; the same page opens it when the keys are there again."""
        assert self.places.keys is not None
        reading = await self._one_that_arrived()
        page = reading.page(0)
        self.places.network.cut_off(self.places.keys)
        told = await page.ask(most_seconds=_MEANWHILE_SECONDS)
        assert told is None, told
        self.places.network.bring_back(self.places.keys)
        began = time.monotonic()
        assert await page.ask() == HTTPStatus.OK
        opened = time.monotonic() - began
        return {"opened again": opened} | await self._back(_nothing, self.places.every())

    async def _one_that_arrived(self) -> Reading:
        for _ in range(_MOST_FORMS):
            form = await self.traffic.send(MAYA)
            reading = await self.traffic.arrived(form) if form is not None and form.is_sent else None
            if reading is not None:
                return reading
        raise AssertionError(f"nothing arrived; so far: {dict(self.traffic.seen)}")

    async def _cut_for_long(self) -> Measured:
        """Readers who reach it are answered, though the database is silent; and that keeps nothing of it."""
        web = self.chosen.choice(self.places.webs)
        self.places.network.cut_off(web.host)
        began = time.monotonic()
        told = await asyncio.to_thread(answers, web.host, PORT)
        answered = time.monotonic() - began
        assert set(told) <= {"503"}, told

        async def are_gone() -> bool:
            of_it = text("SELECT count(*) FROM pg_stat_activity WHERE client_addr = CAST(:address AS inet)")
            async with self.store.db.read() as tx:
                return not await tx.scalar(of_it, {"address": web.host.address})

        await self._until(are_gone, _GONE_WITHIN_SECONDS)
        gone = time.monotonic() - began
        back = await self._back(lambda: self._plug_in(web), [web])
        return {"all answered": answered, "its sessions are gone": gone} | back

    async def _cut_in_a_turn(self) -> Measured:
        bot = self.chosen.choice(self.places.bots)
        self.crashes += 1
        async with self._held(bot, "turn", ANY):
            await self._until_held(bot, "turn")
            self.places.network.cut_off(bot.host)
            before = await self._log_size()
            began = time.monotonic()
            await self._until(lambda: self._has_grown(before))
            grown = time.monotonic() - began
        return {"log goes on": grown} | await self._back(lambda: self._plug_in(bot), [bot])

    async def _cut_a_bot(self) -> Measured:
        bot = self.chosen.choice(self.places.bots)
        self.crashes += 1
        sent = sum(form.is_sent for form in self.traffic.forms)
        self.places.network.cut_off(bot.host)
        began = time.monotonic()

        async def goes_on() -> bool:
            return sum(form.is_sent for form in self.traffic.forms) >= sent + 3

        await self._until(goes_on)
        took = time.monotonic() - began
        await asyncio.sleep(max(0.0, 15 - took))
        return {"three forms sent": took} | await self._back(lambda: self._plug_in(bot), [bot])

    async def _plug_in(self, place: Place) -> None:
        self.places.network.bring_back(place.host)

    async def _back(self, bring: Callable[[], Awaitable[None]], places: list[Place]) -> Measured:
        await bring()
        began = time.monotonic()
        for place in places:
            await place.until_ready()
        ready = time.monotonic() - began
        assert await self.slack.do("wait_sockets", count=len(self.places.bots), seconds=60)
        return {"ready again": ready, "connected again": time.monotonic() - began}

    @asynccontextmanager
    async def _held(self, place: Place, line: str, drop: str) -> AsyncIterator[None]:
        told = place.folder / line
        told.with_suffix(".reached").unlink(missing_ok=True)
        told.with_suffix(".new").write_text(drop)
        told.with_suffix(".new").replace(told)
        try:
            yield
        finally:
            told.unlink()

    async def _until_held(self, place: Place, line: str) -> None:
        async def is_held() -> bool:
            return (place.folder / f"{line}.reached").exists()

        await self._until(is_held)

    async def _until(self, holds: Callable[[], Awaitable[bool]], seconds: float = _PATIENCE_SECONDS) -> None:
        try:
            async with asyncio.timeout(seconds):
                while not await holds():  # noqa: ASYNC110 - other programs' acts
                    await asyncio.sleep(0.1)
        except TimeoutError:
            raise AssertionError(f"it did not happen; so far: {dict(self.traffic.seen)}") from None

    async def _log_size(self) -> int:
        note = await published.checkpoint(self.store)
        return int(note.split("\n")[1]) if note else 0

    async def _has_grown(self, before: int) -> bool:
        return await self._log_size() > before


async def _nothing() -> None:
    """What was to be brought back is there already."""
