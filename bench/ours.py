"""
The product's own web program, as `sendsecret web` starts it, with everything on.

Events are signed and written, notices are owed, each key is a file that is erased on the disk, every request is logged
and counted.  The bot does not run beside it: nobody tells Slack and nobody sequences the log.  Creating a drop is what
the bot does in its own process, so that it is measured as the store's verb, without HTTP.
"""

import asyncio
import json
import secrets
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Final

from bench.contestants import Contestant, Fill, Sample
from bench.figures import Times
from bench.load import CONNECTIONS, Turn, post
from bench.many_drops import Many, Template
from bench.spent import cpu_seconds
from store import creation
from store.formats import base64url
from store.opened import Store, opened
from tests.programs import Running, free_port, running, until_answering
from tests.stores import Home, seal

_BROWSER: Final = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"}


@dataclass
class Ours(Contestant):
    """The same with the bot's store at hand, which creates."""

    store: Store | None = None
    template: Template | None = None

    def can(self, measure: str) -> bool:
        """All that there are."""
        return measure == "create" or super().can(measure)

    async def round(self, measure: str, seconds: float) -> Sample:
        """As any other; creating is done here and not by the program."""
        return await self._create(seconds) if measure == "create" else await super().round(measure, seconds)

    async def _create(self, seconds: float) -> Sample:
        assert self.store is not None
        assert self.template is not None
        store, times = self.store, list[float]()
        ready = [seal().new for _ in range(int(self.rates.get("create", 200) * seconds * 1.4))]
        # Nobody delivers them: three minutes later the sweeper would end them.
        self.template.made_elsewhere([new.id for new in ready])
        database = cpu_seconds(self.database)
        until = time.perf_counter() + seconds
        began, cpu = time.perf_counter(), time.process_time()

        async def one_sender() -> None:
            while ready and time.perf_counter() < until:
                new, at = ready.pop(), time.perf_counter()
                await creation.create(store, new)
                times.append(time.perf_counter() - at)

        await asyncio.gather(*(one_sender() for _ in range(CONNECTIONS)))
        took, cpu = time.perf_counter() - began, time.process_time() - cpu
        self.rates["create"] = len(times) / took
        found, spent = Times(times), cpu_seconds(self.database) - database
        await self.template.clear()
        milliseconds = 1000 / len(times)
        return Sample(
            rate=len(times) / took,
            p50=[found.median_ms],
            p99=[found.p99_ms],
            web_cpu=cpu * milliseconds,
            database_cpu=spent * milliseconds,
            load_cpu=0.0,
            turns=len(times),
            refused=0,
            seconds=took,
            statuses={},
        )


@asynccontextmanager
async def ours(name: str, home: Home, database: Sequence[int]) -> AsyncIterator[Ours]:
    """On an empty home; `database` are the processes of its server."""
    await home.prepare()
    async with AsyncExitStack() as stack:
        program = await stack.enter_async_context(web(home))
        store = await stack.enter_async_context(as_bot(home))
        template = await Template.make(home, store)

        async def claims(count: int) -> Sequence[Turn]:
            return [(claim_of(one, secrets.token_bytes(32)),) for one in await template.more(count)]

        async def pairs(count: int) -> Sequence[Turn]:
            return [_pair(one, secrets.token_bytes(32)) for one in await template.more(count)]

        async def doors(count: int) -> Sequence[Turn]:
            return [(_said(one, "door", link_proof=one.link_proof),) for one in await template.more(count)]

        fills: dict[str, Fill] = {"claim": claims, "claim + acknowledge": pairs, "door": doors}
        yield Ours(
            name, program.port, [program.process.pid], database, fills, template.clear, store=store, template=template
        )


def as_bot(home: Home) -> AbstractAsyncContextManager[Store]:
    """The store as the bot of the same installation has it, at no other time than the program."""
    settings = home.settings.model_copy(update={"test_clock_file": None})
    return opened(settings, program="bot", event_key=home.signing / "event-bot.key")


@asynccontextmanager
async def web(home: Home, *, is_public: bool = False) -> AsyncIterator[Running]:
    """
    `sendsecret web` with the settings that an installation has: no clock of the tests', the usual log.

    `is_public`: browsers reach it where it says that they do.
    """
    port = free_port()
    environment = home.environment() | {"WEB_PORT": str(port)}
    if is_public:
        environment["PUBLIC_URL"] = f"http://localhost:{port}"
    del environment["TEST_CLOCK_FILE"]
    async with running(["sendsecret", "web"], environment, home.path / f"web-{port}.log", port=port) as program:
        await until_answering(program, "/readyz")
        yield program


def claim_of(one: Many, claim: bytes) -> bytes:
    """The bytes of a request."""
    return _said(one, "claim", link_proof=one.link_proof, auth_token=one.auth_token, claim=claim)


def _pair(one: Many, claim: bytes) -> Turn:
    return claim_of(one, claim), _said(one, "acknowledge", link_proof=one.link_proof, claim=claim)


def _said(one: Many, route: str, **members: bytes) -> bytes:
    body = json.dumps({name: base64url.encode(value) for name, value in members.items()}).encode()
    return post(f"{one.path}/{route}", body, **_BROWSER)
