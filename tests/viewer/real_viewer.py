"""The real web program over a real store, and the records that an operator makes in it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from reveal_web.assets import load
from reveal_web.machines import routes as machines_routes
from reveal_web.reader.app import build_app
from reveal_web.reader.serving import serving
from reveal_web.settings import WebSettings
from store.opened import Store
from tests.programs import free_port
from tests.store.looking import Holder, made_page
from tests.store.recording import VALUE
from tests.stores import Home


@dataclass(frozen=True)
class RealViewer:
    """A running web program and the operators' store beside it."""

    url: str
    home: Home
    web: Store
    bot: Store

    async def make(self, value: str = VALUE, *, reads: int | None = None, lives_seconds: int = 86_400) -> Holder:
        """The holder of a new record's link."""
        return await made_page(self.bot, value=value, reads=reads, lives_seconds=lives_seconds)

    def link(self, holder: Holder) -> str:
        """What stands in the message."""
        return holder.link.url(self.url)


@asynccontextmanager
async def real_viewer(folder: Path) -> AsyncIterator[RealViewer]:
    """The web program on SQLite in `folder`, and a store as operators hold it."""
    home = Home(folder, f"sqlite+aiosqlite:///{folder}/store.db")
    await home.prepare()
    # The port has to be known beforehand: the server compares the Origin of a request with its own public address.
    port = free_port()
    settings = WebSettings(
        public_url=f"http://localhost:{port}",
        database_url=home.database_url,
        keyring_dir=home.keyring,
        test_clock_file=home.clock_file,
    )
    url = settings.public_url
    async with home.open(issuer=url) as web, home.open("bot", issuer=url) as bot:
        app = build_app(web, settings, load(url, demo=True))
        machines_routes.add_to(app)
        async with serving(app, "127.0.0.1", port):
            yield RealViewer(url, home, web, bot)
