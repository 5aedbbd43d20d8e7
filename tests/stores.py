"""Stores, drops and clocks for tests: real files, real databases, real sealing."""

import json
import secrets
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from store.claims import Presented
from store.creation import NewDrop
from store.formats import header_v1, seal_v1
from store.formats.link_v1 import Link, Mode
from store.formats.payload_v1 import Text
from store.keyring import KeyFolder, Keyring
from store.keyring_kinds import Keys
from store.migrating import migrate
from store.opened import Store, opened
from store.program_keys import make_program_keys, publish_program_keys
from store.settings import StoreSettings
from store.words import SealedBy

PUBLIC_URL = "http://localhost:8080"


@dataclass(frozen=True)
class Home:
    """One installation's places on disk, and its database."""

    path: Path
    database_url: str
    keyring_url: str = ""

    @property
    def keyring(self) -> Path:
        return self.path / "keyring"

    @property
    def signing(self) -> Path:
        return self.path / "signing"

    @property
    def clock_file(self) -> Path:
        return self.path / "clock.json"

    @property
    def settings(self) -> StoreSettings:
        return StoreSettings(
            public_url=PUBLIC_URL,
            database_url=self.database_url,
            keyring_dir=self.keyring,
            keyring_url=self.keyring_url or None,
            test_clock_file=self.clock_file,
        )

    def environment(self) -> dict[str, str]:
        """The settings that a program of this installation gets."""
        return {
            "PUBLIC_URL": PUBLIC_URL,
            "DATABASE_URL": self.database_url,
            "KEYRING_DIR": str(self.keyring),
            **({"KEYRING_URL": self.keyring_url} if self.keyring_url else {}),
            "SIGNING_DIR": str(self.signing),
            "TEST_CLOCK_FILE": str(self.clock_file),
            # Any that are free: programs of several tests, and several of one test, run side by side.
            "WEB_METRICS_PORT": "0",
            "BOT_METRICS_PORT": "0",
        }

    async def prepare(self) -> None:
        """Schema, keyring and both event keys."""
        is_new = not Keyring.is_made(self.keyring)
        await migrate(self.database_url, self.keyring, self.keyring_url)
        make_program_keys(self.keyring, self.signing, is_new=is_new)
        await publish_program_keys(self.database_url, self.clock_file, self.signing)

    def hold_clock(self) -> None:
        """Stop the time of every program of this installation."""
        self._move(held_ms=int(time.time() * 1000))

    def advance_clock(self, seconds: float) -> None:
        """Move the time on, whether it is held or running."""
        moved = json.loads(self.clock_file.read_text()) if self.clock_file.exists() else {"shift_ms": 0}
        name = "held_ms" if "held_ms" in moved else "shift_ms"
        self._move(**{name: moved[name] + int(seconds * 1000)})

    def reset_clock(self) -> None:
        """Back to the present."""
        self.clock_file.unlink(missing_ok=True)

    def _move(self, **moved: int) -> None:
        # In one step: a program may read the file at any moment.
        new = self.clock_file.with_suffix(".new")
        new.write_text(json.dumps(moved))
        new.replace(self.clock_file)

    @asynccontextmanager
    async def open(self, program: str = "web", **changed: object) -> AsyncIterator[Store]:
        """This installation's store, as one of its programs holds it."""
        key = self.keyring / "event-web.key" if program == "web" else self.signing / "event-bot.key"
        async with opened(self.settings, program=program, event_key=key) as store:
            yield replace(store, **changed)  # type: ignore[arg-type]


def key_path(keys: Keys, key_id: bytes) -> Path:
    """The file of a key, in a keyring that is a folder."""
    return key_folder(keys)._path(key_id)


def key_folder(keys: Keys) -> KeyFolder:
    """The keys as a folder has them."""
    assert isinstance(keys, KeyFolder)
    return keys


@dataclass(frozen=True)
class Sealed:
    """A sealed drop with what its people know."""

    link: Link
    secret: str
    new: NewDrop

    def present(self, *, right: bool = True, claim: bytes | None = None) -> Presented:
        """What a page presents; a wrong passphrase is another auth token."""
        return Presented(
            drop_id=self.new.id,
            link_proof=self.new.link_proof,
            auth_token=self.new.auth_token if right else secrets.token_bytes(32),
            claim=claim or secrets.token_bytes(32),
        )


def seal(
    *, secret: str = "sk_live_canary", lives_seconds: int = 3600, passphrase: bytes | None = None, **fields: object
) -> Sealed:
    """
    Seal a drop; without a passphrase in mode n, which costs no Argon2.

    `fields` replace those of NewDrop.
    """
    mode: Mode = "n" if passphrase is None else "p"
    link = Link(id=secrets.token_bytes(16), key=secrets.token_bytes(32), mode=mode)
    now = int(time.time())
    header = header_v1.encode(
        header_v1.Header(
            id=link.id,
            mode=mode,
            form="free",
            kind="text",
            created_at=now,
            expires_at=now + lives_seconds,
            sender="Maya Okafor",
            label="Stripe restricted key",
        )
    )
    sealed = seal_v1.seal(link, header, passphrase, Text(secret), secrets.token_bytes(12))
    new = NewDrop(
        id=link.id,
        header=header,
        envelope=sealed.envelope,
        link_proof=sealed.link_proof,
        auth_token=sealed.auth_token,
        hint=None,
        sealed_by=SealedBy.BOT,
        team_id="TWORKSPACE",
        sender_id="UMAYA",
        recipient_id="UDANA",
        recipient_name="Dana Petrov",
        recipient_class="guest",
    )
    return Sealed(link=link, secret=secret, new=replace(new, **fields))  # type: ignore[arg-type]
