"""Filling a log: truly signed events, written in large transactions, because only their number matters."""

import secrets
from dataclasses import dataclass
from time import perf_counter

from sqlalchemy import insert, text

from store.formats import base64url, event_v1
from store.log.sequencer import Sequencer
from store.opened import Store
from store.schema import events
from store.words import Event
from tests.stores import Home

_AT_ONCE = 2000


@dataclass(frozen=True)
class Filled:
    """The ids of the events; how long signing and writing, and how long putting them into the log took, seconds."""

    jtis: list[str]
    wrote: float
    sequenced: float
    bytes_an_event: float


async def fill(home: Home, web: Store, bot: Store, count: int) -> Filled:
    """`count` doors opened, each of a drop of its own, all of them in the log when this returns."""
    empty = await size(home, web)
    began = perf_counter()
    jtis: list[str] = []
    while len(jtis) < count:
        jtis += await write_signed(web, min(_AT_ONCE, count - len(jtis)))
    wrote = perf_counter() - began
    began = perf_counter()
    await drain(Sequencer(bot, home.signing))
    sequenced = perf_counter() - began
    return Filled(jtis, wrote, sequenced, (await size(home, web) - empty) / count)


async def write_signed(web: Store, count: int) -> list[str]:
    """Their ids."""
    rows = [_signed(web) for _ in range(count)]
    async with web.db.write() as tx:
        await tx.execute(insert(events), rows)
    return [str(row["jti"]) for row in rows]


async def drain(sequencer: Sequencer) -> None:
    """Put everything into the log that waits for it."""
    step = await sequencer.step()
    while step.more or step.integrated:
        if step.refused:
            raise AssertionError(f"the log refused {step.refused[0]}")
        step = await sequencer.step()


async def size(home: Home, store: Store) -> int:
    """Bytes of the database, once everything stands in it."""
    if store.db.is_sqlite:
        async with store.db._engine.connect() as connection:
            plain = (await connection.get_raw_connection()).driver_connection
            assert plain is not None
            await plain.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return (home.path / "store.db").stat().st_size
    async with store.db.read() as tx:
        return int(await tx.scalar(text("SELECT pg_database_size(current_database())")) or 0)


def _signed(web: Store) -> dict[str, object]:
    drop_id, jti, at = secrets.token_bytes(16), f"ev_{secrets.token_hex(16)}", web.clock.now_seconds() * 1000
    disclosed = [event_v1.disclose(name, "198.51.100.0/24", secrets.token_bytes(16)) for name in ("network", "browser")]
    signed = web.signer.sign(
        event_v1.payload(
            issuer=web.issuer,
            at_ms=at,
            jti=jti,
            event=Event.DOOR_OPENED,
            drop=base64url.encode(drop_id),
            n=1,
            facts={},
            digests=[one.digest for one in disclosed],
        )
    )
    named = {"drop_id": drop_id, "n": 1, "event": Event.DOOR_OPENED, "at": at, "jti": jti}
    return named | {"kid": signed.kid, "leaf": signed.leaf}
