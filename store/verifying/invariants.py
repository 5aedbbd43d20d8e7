"""
What must hold after every fault, whatever crashed: six invariants over a database and its keyring, at one moment.

I1 one claim a drop, ever.  I2 what has ended holds no envelope, no verifier, no link and no key.  I3 each transition is
one entry of the log and one notice to the security team.  I4 counters never decrease.  I5 a canary is nowhere.  I6
receipts verify and say what the rows say.  Only ids are named: a violation is pasted into tickets.
"""

import asyncio
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Row, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from store.database import Database
from store.errors import KeyUnreadableError, StoreMismatchError, StoreUnavailableError
from store.formats import base64url
from store.keyring import KeyState
from store.keyring_kinds import AnyKeyring, Keys, hold
from store.pages import one_by_one
from store.record_keys import KeyName
from store.schema import drops, events, metadata, refusals
from store.schema_of_deliveries import deliveries
from store.schema_of_records import records
from store.verifying import entries, whole_store
from store.verifying.snapshot import still
from store.words import Event, RecordState, State

_RANK: Final = {State.SEALED: 0, State.LOCKED: 0, State.CLAIMED: 1, State.ENDING: 2, State.DESTROYED: 3}
_COUNTED: Final = ("n", "guesses", "unlocks", "sends")


@dataclass(frozen=True)
class Violation:
    """`invariant` is I1 to I6; `says` names what breaks it by its id."""

    invariant: str
    says: str


@dataclass(frozen=True)
class Counters:
    """What only grows, of each drop and each record, and the number of events: held against a later look."""

    drops: Mapping[bytes, tuple[int, ...]] = field(default_factory=dict)
    records: Mapping[bytes, tuple[int, ...]] = field(default_factory=dict)
    events: int = 0


@dataclass(frozen=True)
class Looked:
    """`unfinished` are sentences about what a program had begun, breaks nothing, and is finished at its next step."""

    violations: list[Violation]
    unfinished: list[str]


async def counters(db: Database) -> Counters:
    """As they are now.  Raises StoreUnavailableError."""
    async with still(db) as tx:
        return await _counters(tx)


async def look(
    db: Database,
    signing_dir: Path,
    keyring_dir: Path,
    *,
    before: Counters | None = None,
    canaries: Sequence[bytes] = (),
    after_restore: bool = False,
    keyring_url: str = "",
) -> Looked:
    """
    Every violation, none where all is well, and what is unfinished; while the programs run, and whatever has crashed.

    `before` is what `counters` found earlier, `canaries` are spellings of what nobody may have kept, and
    `after_restore` is as for `whole_store.check`.  Raises StoreUnavailableError.
    """
    found: list[Violation] = []
    async with still(db) as tx:
        found += await _one_claim(tx)
        found += await _nothing_left(tx)
        found += [Violation("I3", says) async for says in entries.faults(tx)]
        if before is not None:
            found += _decreased(before, await _counters(tx))
        if canaries:
            found += await _canaries_in_rows(tx, canaries)
        ended = await _ended(tx)
    # After the rows: a key goes before its row is called destroyed, so that one that is there now was there then.
    found += await asyncio.to_thread(_keys_left, keyring_dir, keyring_url, ended)
    if canaries:
        found += await asyncio.to_thread(_canaries_in_files, keyring_dir, canaries)
    whole = await whole_store.check(
        db, signing_dir, keyring_dir, [], after_restore=after_restore, keyring_url=keyring_url
    )
    found += [Violation("I6", f"{one.about}: {one.says}") for one in whole if not one.holds]
    return Looked(found, [f"{one.about}: {one.says}" for one in whole if one.warns])


async def _one_claim(tx: AsyncConnection) -> list[Violation]:
    claims: Counter[bytes] = Counter()
    of_claims = select(events.c.drop_id, events.c.n).where(
        events.c.event == Event.CLAIMED, events.c.drop_id.is_not(None)
    )
    async for row in one_by_one(tx, of_claims, events.c.drop_id, events.c.n):
        claims[row.drop_id] += 1
    found = [
        Violation("I1", f"drop {_text(drop)} was claimed {times} times") for drop, times in claims.items() if times > 1
    ]
    held = select(drops.c.id).where(drops.c.claim_hash.is_not(None))
    found += [
        Violation("I1", f"drop {_text(row.id)} is held by a claim, and no event says so")
        async for row in one_by_one(tx, held, drops.c.id)
        if claims.pop(row.id, 0) == 0
    ]
    return [
        *found,
        *(Violation("I1", f"drop {_text(drop)} was claimed, and its row names no claim") for drop in claims),
    ]


async def _nothing_left(tx: AsyncConnection) -> list[Violation]:
    is_over = drops.c.state == State.DESTROYED
    kept = or_(drops.c.envelope.is_not(None), drops.c.v2.is_not(None), drops.c.hint.is_not(None))
    queries = {
        "its row has an envelope, a verifier or a hint": select(drops.c.id).where(is_over, kept),
        "a sealed link of it waits": select(drops.c.id)
        .join(deliveries, deliveries.c.drop_id == drops.c.id)
        .where(is_over),
        "refused guesses of it are kept": (
            select(drops.c.id).join(refusals, refusals.c.drop_id == drops.c.id).where(is_over).distinct()
        ),
    }
    found = []
    for what, query in queries.items():
        found += [
            Violation("I2", f"drop {_text(row.id)} is destroyed, and {what}")
            async for row in one_by_one(tx, query, drops.c.id)
        ]
    holds = or_(records.c.sealed.is_not(None), records.c.proof.is_not(None))
    ended = select(records.c.id).where(records.c.state != RecordState.LIVE, holds)
    return found + [
        Violation("I2", f"record {_text(row.id)} has ended, and its row has a value or a key's hash")
        async for row in one_by_one(tx, ended, records.c.id)
    ]


@dataclass(frozen=True)
class _Ended:
    """What must have no live key: drops that are destroyed; of records all but the version named, None for all."""

    drops: frozenset[bytes]
    records: Mapping[bytes, int | None]


async def _ended(tx: AsyncConnection) -> _Ended:
    over = select(drops.c.id).where(drops.c.state == State.DESTROYED)
    ids = frozenset([row.id async for row in one_by_one(tx, over, drops.c.id)])
    every = select(records.c.id, records.c.state, records.c.version)
    versions = {
        row.id: row.version if row.state == RecordState.LIVE else None
        async for row in one_by_one(tx, every, records.c.id)
    }
    return _Ended(ids, versions)


def _keys_left(keyring_dir: Path, keyring_url: str, ended: _Ended) -> list[Violation]:
    try:
        with closing(hold(keyring_dir, keyring_url).keyring) as keyring:
            return _left_in(keyring, ended)
    except (StoreMismatchError, StoreUnavailableError):
        return [Violation("I2", "the keyring cannot be read, so that nobody can say whether keys are left")]


def _left_in(keyring: AnyKeyring, ended: _Ended) -> list[Violation]:
    of_drops, of_records = keyring.ids(), keyring.records.ids()
    found = [
        Violation("I2", f"drop {_text(drop)} is destroyed, and its key is there")
        for drop, _ in of_drops
        if drop in ended.drops and _is_live(keyring, drop)
    ]
    for key_id, _ in of_records:
        name = KeyName.of(key_id)
        if name.id not in ended.records or not _is_live(keyring.records, key_id):
            continue
        version = ended.records[name.id]
        if version is None or name.version < version:
            found.append(
                Violation("I2", f"record {_text(name.id)}: version {name.version} has ended, and its key is there")
            )
    return found


def _is_live(folder: Keys, key_id: bytes) -> bool:
    try:
        return folder.state(key_id) is KeyState.LIVE
    except KeyUnreadableError:
        return True  # what cannot be read was not seen to be gone


async def _counters(tx: AsyncConnection) -> Counters:
    of_drops = select(drops.c.id, drops.c.state, *(drops.c[name] for name in _COUNTED))
    of_records = select(records.c.id, records.c.version, records.c.refused, records.c.refused_told)
    last = await tx.scalar(select(events.c.position).order_by(events.c.position.desc()).limit(1))
    return Counters(
        {row.id: _of_drop(row) async for row in one_by_one(tx, of_drops, drops.c.id)},
        {row.id: tuple(row)[1:] async for row in one_by_one(tx, of_records, records.c.id)},
        last or 0,
    )


def _of_drop(row: Row[Any]) -> tuple[int, ...]:
    return (_RANK[State(row.state)], row.n, row.guesses, row.unlocks, row.sends)


def _decreased(before: Counters, now: Counters) -> Iterator[Violation]:
    if now.events < before.events:
        yield Violation("I4", f"there were {before.events} events, and now {now.events}")
    for kind, old, new in (("drop", before.drops, now.drops), ("record", before.records, now.records)):
        for key, counted in old.items():
            if key not in new:
                yield Violation("I4", f"the row of {kind} {_text(key)} is gone")
            elif any(after < once for once, after in zip(counted, new[key], strict=True)):
                yield Violation("I4", f"a counter of {kind} {_text(key)} has gone back")


async def _canaries_in_rows(tx: AsyncConnection, canaries: Sequence[bytes]) -> list[Violation]:
    found = []
    for table in metadata.sorted_tables:
        for row in (await tx.execute(select(table))).all():
            held = [one.encode() if isinstance(one, str) else one for one in row if isinstance(one, (str, bytes))]
            if any(canary in one for one in held for canary in canaries):
                found.append(Violation("I5", f"a row of {table.name} holds a canary"))
    return found


def _canaries_in_files(keyring_dir: Path, canaries: Sequence[bytes]) -> list[Violation]:
    files = [path for path in sorted(keyring_dir.rglob("*")) if path.is_file()]
    return [
        Violation("I5", f"a file of the keyring's {path.parent.name} holds a canary")
        for path in files
        if any(canary in path.read_bytes() for canary in canaries)
    ]


def _text(key: object) -> str:
    return base64url.encode(key) if isinstance(key, bytes) else "of a strange id"
