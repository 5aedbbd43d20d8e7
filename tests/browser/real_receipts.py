"""Receipts of drops that really ended, and the real reveal server that shows them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from reveal_web.assets import load
from reveal_web.proofs import routes
from reveal_web.reader.app import build_app
from reveal_web.reader.serving import serving
from reveal_web.settings import WebSettings
from store import receipt_names, receipts
from store.log.sequencer import Sequencer
from store.opened import Store
from tests.programs import free_port
from tests.store.test_log import drained
from tests.store.test_receipts import WAYS
from tests.stores import Home


@dataclass(frozen=True)
class Receipts:
    """A running reveal server with the log's addresses, and a clock that stands still but for what the ways need."""

    url: str
    home: Home
    store: Store

    async def ended(self, outcome: str = "viewed", *, integrated: bool = True) -> str:
        """A new drop that ended so; the id of its receipt, which the log has taken if `integrated`."""
        sealed = await WAYS[outcome][0](self.store, self.home)
        if integrated:
            await self.integrate()
        rid = await receipts.of_drop(self.store, sealed.new.id)
        assert rid is not None
        return rid

    async def integrate(self) -> None:
        """Put everything into the log, as the bot does twice a second."""
        async with self.home.open("bot") as bot:
            await drained(Sequencer(bot, self.home.signing))

    def address(self, rid: str, token: str = "") -> str:
        """Where the receipt is shown."""
        return f"{self.url}/receipts/{rid}" + (f"#{token}" if token else "")

    def token(self, rid: str, *, with_label: bool = True) -> str:
        """A names token of thirty days from now."""
        return receipt_names.token(self.store, rid, with_label=with_label)


@asynccontextmanager
async def real_receipts(folder: Path, *, demo: bool = True) -> AsyncIterator[Receipts]:
    """The server on SQLite in `folder`."""
    home = Home(folder, f"sqlite+aiosqlite:///{folder}/store.db")
    await home.prepare()
    port = free_port()
    settings = WebSettings(
        public_url=f"http://localhost:{port}",
        database_url=home.database_url,
        keyring_dir=home.keyring,
        test_clock_file=home.clock_file,
        demo=demo,
    )
    async with home.open(issuer=settings.public_url) as store:
        app = build_app(store, settings, load(settings.public_url, demo=demo))
        app.add_routes(routes.routes())
        async with serving(app, "127.0.0.1", port):
            yield Receipts(settings.public_url, home, store)
