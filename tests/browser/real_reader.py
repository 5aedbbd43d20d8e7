"""The real reveal server over a real store, and drops in it that are really sealed."""

import secrets
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from reveal_web.assets import load
from reveal_web.reader.app import build_app
from reveal_web.reader.serving import serving
from reveal_web.settings import WebSettings
from store import door
from store.creation import NewDrop, create
from store.errors import DropEndedError
from store.formats import header_v1
from store.formats.header_v1 import Form, Header
from store.formats.link_v1 import Link
from store.formats.passphrase_v1 import canon
from store.formats.payload_v1 import File, Text
from store.formats.seal_v1 import seal
from store.opened import Store
from store.words import Outcome, SealedBy
from tests.programs import free_port
from tests.stores import Home


@dataclass(frozen=True)
class SentDrop:
    """A drop in the store: its whole link, and what a stranger would need to judge its end."""

    url: str
    link: Link
    link_proof: bytes


@dataclass(frozen=True)
class RealReader:
    """A running reveal server."""

    url: str
    store: Store

    async def send(
        self,
        content: Text | File,
        passphrase: str | None = "4711",
        form: Form = "digits",
        hint: str | None = None,
        **fields: object,
    ) -> SentDrop:
        """Seal a drop and store it; `fields` replace those of NewDrop."""
        link = Link(secrets.token_bytes(16), secrets.token_bytes(32), "n" if passphrase is None else "p")
        kind: header_v1.Kind = "text" if isinstance(content, Text) else "file"
        now = int(time.time())
        header = header_v1.encode(
            Header(link.id, link.mode, form, kind, now, now + 3600, "Maya Okafor", "Stripe restricted key")
        )
        typed = None if passphrase is None else canon(form, passphrase)
        sealed = seal(link, header, typed, content, secrets.token_bytes(12))
        new = NewDrop(
            id=link.id,
            header=header,
            envelope=sealed.envelope,
            link_proof=sealed.link_proof,
            auth_token=sealed.auth_token,
            hint=hint,
            sealed_by=SealedBy.BOT,
            team_id="T1",
            sender_id="UMAYA",
            recipient_id="UDANA",
            recipient_name="Dana",
            recipient_class="guest",
        )
        await create(self.store, replace(new, **fields))  # type: ignore[arg-type]
        return SentDrop(link.url(self.url), link, sealed.link_proof)

    async def outcome(self, drop: SentDrop) -> Outcome | None:
        """How the drop ended; None while it lives."""
        try:
            await door.look(self.store, drop.link.id, drop.link_proof, door.Visitor())
        except DropEndedError as error:
            return Outcome(error.outcome)
        return None


@asynccontextmanager
async def real_reader(folder: Path) -> AsyncIterator[RealReader]:
    """A reveal server on SQLite in `folder`."""
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
    async with home.open() as store:
        app = build_app(store, settings, load(settings.public_url, demo=True))
        async with serving(app, "127.0.0.1", port):
            yield RealReader(settings.public_url, store)
