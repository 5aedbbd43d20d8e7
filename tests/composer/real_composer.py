"""The real web program over a real store, the orders that a bot places in it, and what was sealed under them."""

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import select

from reveal_web.assets import load
from reveal_web.machines import routes as machines_routes
from reveal_web.reader.app import build_app
from reveal_web.reader.serving import serving
from reveal_web.settings import WebSettings
from store import claims, deliveries, door, orders
from store.formats import derivation_v1, header_v1, link_v1, order_link_v1, passphrase_v1, seal_v1
from store.formats.order_link_v1 import OrderLink
from store.formats.payload_v1 import File, Text
from store.link_opener import LinkOpener
from store.opened import Store
from store.schema import drops
from store.schema_of_deliveries import deliveries as waiting
from store.words import OrderState
from tests.programs import free_port
from tests.sealed_elsewhere import published
from tests.store.sealing_under_orders import terms
from tests.stores import Home


@dataclass(frozen=True)
class Arrived:
    """A drop that was handed in: its link as the bot opens it, and its header."""

    url: str
    link: link_v1.Link
    header: header_v1.Header
    header_text: str


@dataclass(frozen=True)
class RealComposer:
    """A running web program and the bot's store beside it."""

    url: str
    home: Home
    web: Store
    bot: Store

    async def order(self, **changed: Any) -> str:
        """The link of an order on the usual terms, but for those that are `changed`."""
        await published(self.bot, self.home)
        return (await orders.place(self.bot, terms(**changed))).url(self.url)

    async def state(self, url: str) -> OrderState:
        """Where the order of this link is."""
        return (await orders.look(self.web, link_of(url))).state

    async def drop_ids(self) -> list[bytes]:
        """Every drop that there is."""
        async with self.web.db.read() as tx:
            return list((await tx.execute(select(drops.c.id))).scalars())

    async def arrived(self) -> Arrived:
        """The one drop whose link waits, opened with the bot's key."""
        async with self.web.db.read() as tx:
            drop_id, sealed = (await tx.execute(select(waiting.c.drop_id, waiting.c.sealed_link))).one()
        url = LinkOpener(self.home.signing).open(drop_id, sealed)
        assert url is not None
        before, _, fragment = url.partition("#")
        link = link_v1.parse(before.rpartition("/")[2], fragment)
        assert before == f"{self.url}/s/{link.id_text}"
        seen = await door.look(self.web, drop_id, derivation_v1.link_proof(link), door.Visitor())
        return Arrived(url, link, header_v1.parse(seen.header), seen.header)

    async def opened(self, passphrase: str) -> Text | File:
        """What was sealed, as whoever gets link and passphrase opens it."""
        arrived = await self.arrived()
        await self.deliver(arrived.link.id)
        typed = passphrase_v1.canon(arrived.header.form, passphrase)
        keys = derivation_v1.derive(arrived.link, typed)
        proof = derivation_v1.link_proof(arrived.link)
        presented = claims.Presented(arrived.link.id, proof, keys.auth_token, secrets.token_bytes(32))
        release = await claims.claim(self.web, presented, door.Visitor())
        return seal_v1.open_with_keys(arrived.link, arrived.header_text, keys, release.envelope)

    async def deliver(self, drop_id: bytes) -> None:
        """As the bot does once it has posted the link."""
        assert await deliveries.record_delivered(self.bot, drop_id, deliveries.Place("D1", "1.000"))


def link_of(url: str) -> OrderLink:
    """The order's link in its address."""
    before, _, fragment = url.partition("#")
    return order_link_v1.parse(before.rpartition("/")[2], fragment)


@asynccontextmanager
async def real_composer(folder: Path) -> AsyncIterator[RealComposer]:
    """The web program on SQLite in `folder`, and a store as the bot holds it."""
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
            yield RealComposer(url, home, web, bot)
