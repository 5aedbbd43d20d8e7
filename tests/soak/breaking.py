"""
What is done to an installation in a soak: programs killed, lines cut, the database or Slack gone, the keyring away.

Each fault comes while requests are under way, and is over when its function returns: what must hold is judged then.
"""

import asyncio
import resource
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from random import Random

from tests.faults.proxy import BAD_GATEWAY, Cut, How, Lost, Proxy, before
from tests.postgres import Postgres
from tests.programs import Running, web
from tests.soak.life import Life
from tests.soak.office import KINDS_OF_AWAY, Office
from tests.stores import Home

_UNDER_WAY = 6
_LINES = ("payment", "release", "erased", "receipt", "unlink")


@dataclass
class Breaking:
    """A web program behind a proxy, a bot, and everything that can happen to them and to what they stand on."""

    home: Home
    chosen: Random
    server: Postgres | None
    office: Office
    stack: AsyncExitStack
    logs: list[str] = field(default_factory=list)
    _program: Running | None = None
    _proxy: Proxy | None = None
    _running: AsyncExitStack = field(default_factory=AsyncExitStack)

    @property
    def port(self) -> int:
        """Where readers find it: the proxy's, which stays while programs come and go."""
        assert self._proxy is not None
        return self._proxy.port

    def faults(self) -> dict[str, Callable[[Life], Awaitable[None]]]:
        """Each by its name."""
        return {
            **({"database held": self._hold} if self.server is None else {"database crashed": self._crash}),
            "web killed": self._kill,
            "web killed on a line": self._kill_on_a_line,
            "web restarted": self._restart,
            "bot killed": self._kill_bot,
            "bot restarted": self._restart_bot,
            "Slack away": self._slack_away,
            "answers cut": self._cut,
            "requests lost": self._lose,
            "clock back": self._clock_back,
            "keyring away": self._keyring_away,
            "disk full": self._fill_disk,
        }

    async def start(self) -> None:
        """The first programs, and the proxy before the reveal server."""
        self._proxy = await self.stack.enter_async_context(before(0))
        self.stack.push_async_callback(self._end)
        await self._begin()
        self.stack.push_async_callback(self.office.end)
        await self.office.begin()

    def gone(self) -> list[str]:
        """Programs that have ended though nobody ended them, in words."""
        web_is_gone = self._program is not None and self._program.process.returncode is not None
        is_gone = {"the reveal server": web_is_gone, "the bot": self.office.has_ended}
        return [f"{name} has ended by itself" for name, has_ended in is_gone.items() if has_ended]

    async def _begin(self, *, tries: int = 3, **doom: str) -> None:
        module = "tests.races.doomed" if doom else "sendsecret"
        try:
            program = await self._running.enter_async_context(web(self.home, module=module, **doom))
        except AssertionError as error:
            # Somebody else may have taken the port in the moment between.
            if tries == 1 or "another program has it" not in str(error):
                raise
            await self._begin(tries=tries - 1, **doom)
            return
        self._program = program
        assert self._proxy is not None
        self._proxy.target = program.port

    async def _end(self) -> None:
        if self._program is not None:
            self.logs.append(self._program.written())
        self._program = None
        await self._running.aclose()
        self._running = AsyncExitStack()

    @asynccontextmanager
    async def _under_way(self, life: Life) -> AsyncIterator[None]:
        """Requests are on their way while the block runs, and are over after it."""
        acts = [asyncio.create_task(life.act()) for _ in range(_UNDER_WAY)]
        await asyncio.sleep(self.chosen.random() * 0.2)
        try:
            yield
        finally:
            await asyncio.gather(*acts)

    async def _kill(self, life: Life) -> None:
        async with self._under_way(life):
            assert self._program is not None
            await self._program.kill()
        await self._end()
        await self._begin()

    async def _kill_on_a_line(self, life: Life) -> None:
        await self._end()
        await self._begin(DOOMED_AT=self.chosen.choice(_LINES))
        for _ in range(40):
            await life.act()
            assert self._program is not None
            if self._program.process.returncode is not None:
                break
        await self._end()
        await self._begin()

    async def _restart(self, life: Life) -> None:
        async with self._under_way(life):
            assert self._program is not None
            await self._program.stop()
        await self._end()
        await self._begin()

    async def _kill_bot(self, life: Life) -> None:
        async with self._under_way(life):
            await self.office.end(kill=True)
        await self.office.begin()

    async def _restart_bot(self, life: Life) -> None:
        async with self._under_way(life):
            await self.office.end()
        await self.office.begin()

    async def _slack_away(self, life: Life) -> None:
        await self.office.sandbox.go_away(self.chosen.choice(KINDS_OF_AWAY))
        try:
            async with self._under_way(life):
                await asyncio.sleep(2)
        finally:
            self.office.sandbox.come_back()

    async def _cut(self, life: Life) -> None:
        assert self._proxy is not None
        share, how = self.chosen.random(), self.chosen.choice((How.CLOSED, How.RESET))
        self._proxy.faults.extend([Cut(lambda size: int(size * share), how)] * _UNDER_WAY)
        async with self._under_way(life):
            pass
        self._proxy.faults.clear()

    async def _lose(self, life: Life) -> None:
        assert self._proxy is not None
        self._proxy.faults.extend([Lost(self.chosen.choice((b"", BAD_GATEWAY)))] * _UNDER_WAY)
        async with self._under_way(life):
            pass
        self._proxy.faults.clear()

    async def _clock_back(self, life: Life) -> None:
        async with self._under_way(life):
            self.home.advance_clock(-self.chosen.choice((1, 30, 600)))

    async def _keyring_away(self, life: Life) -> None:
        where = self.home.keyring.rename(self.home.path / "away")
        try:
            async with self._under_way(life):
                await asyncio.sleep(0.5)
        finally:
            where.rename(self.home.keyring)

    async def _hold(self, life: Life) -> None:
        with suppress(sqlite3.OperationalError), _exclusive(self.home):
            async with self._under_way(life):
                await asyncio.sleep(3)

    async def _crash(self, life: Life) -> None:
        assert self.server is not None
        async with self._under_way(life):
            await asyncio.to_thread(self.server.crash)

    async def _fill_disk(self, life: Life) -> None:
        assert self._program is not None
        pid = self._program.process.pid
        soft, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (0, hard))
        try:
            async with self._under_way(life):
                await asyncio.sleep(0.5)
        finally:
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (soft, hard))


@contextmanager
def _exclusive(home: Home) -> Iterator[None]:
    holder = sqlite3.connect(home.path / "store.db", isolation_level=None, timeout=5)
    try:
        holder.execute("BEGIN EXCLUSIVE")
        yield
        holder.execute("ROLLBACK")
    finally:
        holder.close()
