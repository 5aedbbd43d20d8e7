"""
The store as a running program holds it: database, keyring, and the key with which this program signs events.

Opening checks that the three belong together.  It makes nothing: `store.migrating` does, in a short process of
its own, so that neither running program may write a schema or a key.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TypeVar

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from store.clock import Clock
from store.counts import Counts
from store.database import Database
from store.errors import StoreMismatchError
from store.hands import Hands
from store.keyring_apart import require_apart
from store.keyring_kinds import AnyKeyring, hold
from store.large import Large
from store.master_keys import MasterKeys
from store.months import Months
from store.schema import installation, signers
from store.schema_version import require_current_schema
from store.settings import StoreSettings, secret
from store.signer import Signer
from store.upserting import upserts

T = TypeVar("T")

# Reading a file takes microseconds, and a server of keys, or a folder on a network, a round trip.
_READ_AT_ONCE: Final = 4
_ACTS_AT_ONCE: Final = 6


@dataclass(frozen=True)
class Store:
    """What every verb takes as its first argument.  `masters` are the bot's: the web program has none."""

    db: Database
    keyring: AnyKeyring
    months: Months
    signer: Signer
    clock: Clock
    issuer: str
    redelivery_seconds: int
    large: Large = field(default_factory=Large)
    masters: MasterKeys | None = None
    counts: Counts = field(default_factory=Counts)
    reading: Hands = field(default_factory=lambda: Hands("keys-read", _READ_AT_ONCE))
    acting: Hands = field(default_factory=lambda: Hands("keys-act", _ACTS_AT_ONCE))

    async def key(self, drop_id: bytes) -> bytes | None:
        """As the keyring's `read`, by threads that nothing else keeps waiting: a claim is behind no erasure."""
        return await self.reading.do(lambda: self.keyring.read(drop_id))

    async def keyring_act(self, act: Callable[[bytes], T], drop_id: bytes) -> T:
        """Run one of the keyring's blocking methods in a thread."""
        return await self.acting.do(lambda: act(drop_id))


@asynccontextmanager
async def opened(settings: StoreSettings, *, program: str, event_key: Path) -> AsyncIterator[Store]:
    """
    The store, for as long as the block runs.  `program` is "bot" or "web"; a bot's key lies in its SIGNING_DIR.

    Raises StoreMismatchError when schema, database and keyring do not belong together, and
    StoreUnavailableError when the database or the keyring's server does not answer.
    """
    clock = Clock(settings.test_clock_file)
    url = secret(settings.keyring_url)
    keyring, months = await asyncio.to_thread(hold, settings.keyring_dir, url)
    db = Database(settings.database_url.get_secret_value(), clock)
    try:
        signer = Signer(program, event_key)
        await db.require_durable()
        await require_current_schema(db)
        await require_apart(db, url)
        await _require_own_keyring(db, keyring)
        async with db.write() as tx:
            key = signer.key
            await publish(tx, db, key.kid, key.program, key.public_jwk)
        store = Store(
            db=db,
            keyring=keyring,
            months=months,
            signer=signer,
            clock=clock,
            issuer=settings.public_url,
            redelivery_seconds=settings.redelivery_seconds,
            masters=MasterKeys(event_key.parent) if program == "bot" else None,
        )
        try:
            yield store
        finally:
            store.reading.dismiss()
            store.acting.dismiss()
    finally:
        try:
            await db.close()
        finally:
            await asyncio.to_thread(keyring.close)


async def _require_own_keyring(db: Database, keyring: AnyKeyring) -> None:
    # A database restored beside another keyring would call every open drop lost, one by one.
    async with db.read() as tx:
        known = (await tx.execute(select(installation.c.keyring_id))).scalar_one_or_none()
    if known != keyring.id:
        raise StoreMismatchError(
            "the keyring in KEYRING_DIR does not belong to this database; nothing was changed. "
            "Mount the keyring that does"
        )


async def publish(tx: AsyncConnection, db: Database, kid: str, program: str, jwk: str) -> None:
    """Let everybody know a key's public half, for ever; do nothing where it is known."""
    insert = upserts(db)
    await tx.execute(
        insert(signers).values(kid=kid, program=program, jwk=jwk, since=db.clock.now()).on_conflict_do_nothing()
    )
