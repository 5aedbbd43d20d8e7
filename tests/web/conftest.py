"""A real reveal server on a free port over a real store, for each test a new one."""

import hashlib
import json
import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from sqlalchemy import select

from reveal_web.assets import Asset, Assets
from reveal_web.browser import page_headers
from reveal_web.machines import routes as machines_routes
from reveal_web.machines.order_routes import LARGE_BODIES
from reveal_web.packed import packing
from reveal_web.proofs import routes
from reveal_web.reader.app import build_app
from reveal_web.reader.parts import PARTS, Parts
from reveal_web.reader.serving import serving
from reveal_web.settings import WebSettings
from store import creation, deliveries
from store.formats import base64url, header_v1, link_v1, passphrase_v1, seal_v1
from store.formats.payload_v1 import File, Text
from store.large import Large
from store.migrating import migrate
from store.opened import Store, opened
from store.personal import disclosure_of
from store.schema import metadata
from store.signer import Signer
from store.words import SealedBy
from tests.web import wire

PUBLIC_URL = "http://localhost:8080"


@dataclass(frozen=True)
class Holder:
    """A drop with all that its recipient has."""

    link: link_v1.Link
    header: str
    sealed: seal_v1.Sealed
    passphrase: bytes | None

    @property
    def path(self) -> str:
        """Where the drop's routes begin."""
        return f"/api/v1/drops/{self.link.id_text}"

    @property
    def proof(self) -> dict[str, str]:
        """The body of a door."""
        return {"link_proof": base64url.encode(self.sealed.link_proof)}

    def claim(self, claim: bytes | None = None, *, auth_token: bytes | None = None) -> dict[str, str]:
        """The body of a claim: the right one with a claim of its own, unless told otherwise."""
        return {
            **self.proof,
            "auth_token": base64url.encode(auth_token or self.sealed.auth_token),
            "claim": base64url.encode(claim or secrets.token_bytes(32)),
        }

    def wrong(self) -> dict[str, str]:
        """The body of a claim with a wrong passphrase."""
        return self.claim(auth_token=secrets.token_bytes(32))

    def open(self, envelope: bytes) -> Text | File:
        """What is in the envelope."""
        return seal_v1.open_sealed(self.link, self.header, self.passphrase, envelope)


@dataclass
class World:
    """The running server, its store, and the clock that both go by."""

    store: Store
    settings: WebSettings
    parts: Parts
    port: int
    clock_file: Path
    holders: list[Holder] = field(default_factory=list)
    large_bodies: Large = field(default_factory=Large)
    app: web.Application = field(default_factory=web.Application)

    @property
    def api_routes(self) -> set[tuple[str, str]]:
        """Method and path of each route under /api that is served; HEAD goes with GET."""
        known = [(route.method, route.resource) for route in self.app.router.routes()]
        named = {(method, resource.canonical) for method, resource in known if resource is not None}
        return {(method, path) for method, path in named if path.startswith("/api") and method != "HEAD"}

    async def make(
        self,
        content: Text | File | None = None,
        *,
        passphrase: str | None = None,
        on_lock: str = "lock",
        delivered: bool = True,
        form: header_v1.Form = "free",
        label: str = "A key",
        **fields: object,
    ) -> Holder:
        """
        Seal and store a drop, its link delivered.  Without a passphrase the sealing costs nothing.

        `fields` replace those of NewDrop.
        """
        content = content or Text("a secret that is given once")
        mode: link_v1.Mode = "n" if passphrase is None else "p"
        link = link_v1.Link(secrets.token_bytes(16), secrets.token_bytes(32), mode)
        now = self.store.clock.now_seconds()
        kind: header_v1.Kind = "text" if isinstance(content, Text) else "file"
        header = header_v1.encode(header_v1.Header(link.id, mode, form, kind, now, now + 3600, "Maya", label))
        canonical = None if passphrase is None else passphrase_v1.canon(form, passphrase)
        sealed = seal_v1.seal(link, header, canonical, content, secrets.token_bytes(12))
        new = creation.NewDrop(
            id=link.id,
            header=header,
            envelope=sealed.envelope,
            link_proof=sealed.link_proof,
            auth_token=sealed.auth_token,
            hint="the usual one",
            sealed_by=SealedBy.BOT,
            team_id="T1",
            sender_id="U1",
            recipient_id="U2",
            recipient_name="Dana",
            recipient_class="guest",
            on_lock=on_lock,
        )
        await creation.create(self.store, replace(new, **fields))  # type: ignore[arg-type]
        if delivered:
            await deliveries.record_delivered(self.store, link.id, deliveries.Place("D1", "1.000"))
        holder = Holder(link, header, sealed, canonical)
        self.holders.append(holder)
        return holder

    async def make_locked(self, *, on_lock: str = "lock") -> Holder:
        """A drop whose five guesses are used up."""
        holder = await self.make(on_lock=on_lock)
        statuses = []
        for wait in (0, 0, 0, 31, 301):
            self.move_clock(wait)
            statuses.append((await self.claim(holder, holder.wrong())).status)
        assert statuses == [403, 403, 403, 403, 423]
        return holder

    async def ask(self, raw: bytes, *, has_body: bool = True) -> wire.Reply:
        """One exchange with the server."""
        return await wire.exchange(self.port, raw, has_body=has_body)

    async def post(self, path: str, body: object, **headers: str) -> wire.Reply:
        """One POST."""
        return await self.ask(wire.post(path, body, **headers))

    async def door(self, holder: Holder, **headers: str) -> wire.Reply:
        """Look at a drop's door."""
        return await self.post(f"{holder.path}/door", holder.proof, **headers)

    async def claim(self, holder: Holder, body: dict[str, str] | None = None, **headers: str) -> wire.Reply:
        """Claim a drop, rightly unless `body` says otherwise."""
        return await self.post(f"{holder.path}/claim", body or holder.claim(), **headers)

    def move_clock(self, seconds: float) -> None:
        """Let time pass."""
        moved = json.loads(self.clock_file.read_text())["shift_ms"] if self.clock_file.exists() else 0
        self.clock_file.write_text(json.dumps({"shift_ms": moved + round(seconds * 1000)}))

    def forget_wrong_links(self) -> None:
        """Let every address begin anew, as after minutes of quiet."""
        self.parts.wrong_links._buckets.clear()

    def hold_wrong_links(self) -> None:
        """Stop the clock by which addresses earn new tries, so that a slow machine counts like a fast one."""
        self.parts.wrong_links._clock = lambda: 0.0

    def key_file(self, holder: Holder) -> Path:
        """Where a drop's key is."""
        return self.settings.keyring_dir / "drops" / holder.link.id.hex()

    async def events(self, holder: Holder) -> list[str]:
        """The drop's events in their order."""
        async with self.store.db.read() as tx:
            table = metadata.tables["events"]
            rows = await tx.execute(select(table.c.event).where(table.c.drop_id == holder.link.id).order_by(table.c.n))
            return [row.event for row in rows]

    async def disclosed(self, holder: Holder, *names: str) -> list[tuple[str, str]]:
        """What stands in the clear behind the digests of a drop's events, by name, sorted."""
        async with self.store.db.read() as tx:
            table = metadata.tables["disclosures"]
            rows = await tx.execute(select(table).where(table.c.drop_id == holder.link.id))
            texts = [disclosure_of(self.store.months, row) or "" for row in rows]
            found = [json.loads(base64url.decode(text)) for text in texts]
        return sorted((name, value) for _, name, value in found if name in names)

    async def fingerprint(self) -> str:
        """A hash over every row of every table and every key."""
        whole: list[Any] = []
        async with self.store.db.read() as tx:
            for table in metadata.sorted_tables:
                rows = await tx.execute(table.select().order_by(*table.primary_key.columns))
                whole.append((table.name, [tuple(row) for row in rows]))
        keys = sorted((path.name, path.read_bytes()) for path in self.settings.keyring_dir.rglob("*") if path.is_file())
        return hashlib.sha256(repr((whole, keys)).encode()).hexdigest()


@pytest.fixture
def web_settings(tmp_path: Path) -> WebSettings:
    """Settings over an empty directory; a test may derive others from them."""
    return WebSettings(
        public_url=PUBLIC_URL,
        database_url=f"sqlite+aiosqlite:///{tmp_path}/sendsecret.db",
        keyring_dir=tmp_path / "keyring",
        test_clock_file=tmp_path / "clock.json",
        web_port=0,
    )


@pytest.fixture
async def installed(web_settings: WebSettings) -> WebSettings:
    """The same with a database and a keyring."""
    await migrate(web_settings.database_url.get_secret_value(), web_settings.keyring_dir)
    Signer.make(web_settings.event_key)
    return web_settings


@pytest.fixture
def page() -> Assets:
    """A page that stands for the real one, with the real one's headers."""
    style = Asset(b"p{}", "text/css; charset=utf-8", page_headers.for_file(page_headers.NOTHING_POLICY, secure=False))
    shell = b"<!doctype html><title>stand-in</title>"
    return Assets(shell, page_headers.for_shell(secure=False), {"/assets/page-0123456789.css": style})


@pytest.fixture
async def world(installed: WebSettings, page: Assets) -> AsyncIterator[World]:
    """The server, running."""
    async for one in run_world(installed, page):
        yield one


async def run_world(settings: WebSettings, page: Assets) -> AsyncIterator[World]:
    """Serve these settings; for tests that need others than usual."""
    async with opened(settings, program="web", event_key=settings.event_key) as store:
        app = build_app(store, settings, page)
        app.add_routes(routes.routes())
        machines_routes.add_to(app)
        app.middlewares.append(packing(app))
        async with serving(app, settings.web_host, settings.web_port) as port:
            assert settings.test_clock_file is not None
            world = World(store, settings, app[PARTS], port, settings.test_clock_file)
            yield replace(world, large_bodies=app[LARGE_BODIES], app=app)
