"""
The public halves of the bot's delivery keys: which one to seal a link to, and under which some link may still wait.

Whoever seals is given the newest.  Trusted for that and no more: somebody who can write to the database could put a key
of their own here, and would be sent the links of drops that are sealed from then on; docs/threat-model.md says so.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from store.database import Database
from store.link_opener import DeliveryKey
from store.schema_of_deliveries import delivery_keys
from store.sealed_links import WAIT_MS
from store.upserting import upserts

SEALING_MS: Final = 900_000
"""How long whoever was given a key may take to hand in what they sealed to it."""


@dataclass(frozen=True)
class Published:
    """A key to seal to: its kid, its 65 bytes, and since when, in milliseconds."""

    kid: str
    public: bytes
    since: int


async def newest(db: Database) -> Published | None:
    """The key to seal to; None where no bot has been here so far."""
    async with db.read() as tx:
        found = await published(tx)
    return found[-1] if found else None


async def published(tx: AsyncConnection) -> list[Published]:
    """All of them, the newest last."""
    rows = await tx.execute(select(delivery_keys).order_by(delivery_keys.c.since, delivery_keys.c.kid))
    return [Published(row.kid, row.public, row.since) for row in rows]


async def publish(tx: AsyncConnection, db: Database, key: DeliveryKey) -> None:
    """Let this key be the one to seal to; do nothing where it is."""
    known = await published(tx)
    if known and known[-1].kid == key.kid:
        return
    now: int = (await tx.execute(select(db.clock.now()))).scalar_one()
    # Later than every other, also where a clock was set back.
    since = max(now, known[-1].since + 1) if known else now
    insert = upserts(db)
    await tx.execute(
        insert(delivery_keys)
        .values(kid=key.kid, public=key.public, since=since)
        .on_conflict_do_update(index_elements=["kid"], set_={"since": since})
    )


async def publish_one_of(db: Database, key: DeliveryKey, held: Collection[str]) -> None:
    """
    What a bot does at its start: publish its key, unless the newest is one that it holds.

    A rotation publishes the next key before it is in place; and where a folder with an older key was put back, what is
    sealed from now on must be for a key that is there.
    """
    async with db.write() as tx:
        known = await published(tx)
        if not known or known[-1].kid not in held:
            await publish(tx, db, key)


async def in_use(db: Database) -> set[str]:
    """The kids of keys under which a link may wait, or may still be handed in: the newest, and those just before it."""
    async with db.read() as tx:
        known = await published(tx)
        now = (await tx.execute(select(db.clock.now()))).scalar_one()
    return {
        one.kid
        for number, one in enumerate(known)
        if number == len(known) - 1 or known[number + 1].since > now - SEALING_MS - WAIT_MS
    }
