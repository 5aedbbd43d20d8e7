"""
Every key of an installation, for whoever runs it: what it is, its public name, since when, and how it stands.

Nothing secret: event and log keys by their public halves, and of a pepper nothing at all, because whoever had a
fingerprint of it could try which links exist.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from store.delivery_keys import published
from store.errors import EscrowUnreadableError
from store.formats.checkpoint_v1 import parse_key
from store.keyring import KeyState
from store.keys.event_keys import PROGRAMS, prepared
from store.link_opener import LinkOpener
from store.log.log_key import NAME, LogSigner, before, signer_of
from store.log.who_may_say import believed
from store.master_keys import MasterKeys
from store.months import month_of
from store.opened import Store
from store.record_escrow import is_escrowed, masters_of
from store.schema import events, log_openings, signers
from store.schema_of_records import records
from store.signer import EventKey

CURRENT: Final = "current"
PREPARED: Final = "prepared"
BELIEVED: Final = "believed"
RETIRED: Final = "retired"
UNBELIEVED: Final = "not believed"
KEPT: Final = "kept"
ERASED: Final = "erased"
OVER: Final = "over"
MISSING: Final = "missing"
DAMAGED: Final = "damaged"


@dataclass(frozen=True)
class Known:
    """One key: its name among ours, its public name, since when in milliseconds (None: unknown), how it stands."""

    name: str
    public: str
    since: int | None
    state: str


async def known(store: Store, signing_dir: Path, files: Mapping[str, Path]) -> list[Known]:
    """
    All of them; `files` are the event keys' files by their names.

    Raises LogStoppedError and StoreMismatchError where what stands in SIGNING_DIR is no key, KeyUnreadableError, and
    EscrowUnreadableError where the folder of the master keys cannot be read.
    """
    async with store.db.read() as tx:
        found = [*await _event_keys(tx, signing_dir, files), *_peppers(store), *_months(store)]
        found += [*await _log_keys(tx, signing_dir), *await _delivery_keys(tx, signing_dir)]
        return found + await _master_keys(tx, masters_of(store))


async def _event_keys(tx: AsyncConnection, signing_dir: Path, files: Mapping[str, Path]) -> list[Known]:
    here, coming = {}, {}
    for name, path in files.items():
        here[EventKey.read(PROGRAMS[name], path).kid] = name
        if (key := prepared(PROGRAMS[name], path)) is not None:
            coming[key.kid] = name
    speakers = believed(signing_dir)
    rows = {row.kid: row for row in await tx.execute(select(signers).order_by(signers.c.since, signers.c.kid))}
    found = []
    for kid in [*rows, *sorted(speakers.keys() - rows.keys())]:
        program = speakers[kid].program if kid in speakers else rows[kid].program
        if kid not in speakers:
            state = UNBELIEVED
        elif speakers[kid].retired is not None:
            state = RETIRED
        else:
            state = CURRENT if kid in here else PREPARED if kid in coming else BELIEVED
        found.append(Known(f"event-{program}", kid, rows[kid].since if kid in rows else None, state))
    return sorted(found, key=lambda one: (one.name, one.since or 0))


def _peppers(store: Store) -> Iterator[Known]:
    held = store.keyring.peppers.held
    ends = [one.until for one in held.older]
    # Each began when the one before it ended; when the first was made nobody wrote down.
    begins: list[int | None] = [*ends, None]
    states = [CURRENT, *(ERASED if one.is_erased else KEPT for one in held.older)]
    for since, state in reversed(list(zip(begins, states, strict=True))):
        yield Known("pepper", "", since, state)


def _months(store: Store) -> Iterator[Known]:
    present = month_of(store.clock.now_seconds() * 1000)
    for month, state in store.months.states().items():
        is_erased = state is KeyState.ERASED
        yield Known("month", month, None, ERASED if is_erased else CURRENT if month == present else KEPT)


async def _log_keys(tx: AsyncConnection, signing_dir: Path) -> list[Known]:
    opened = select(log_openings.c.origin, log_openings.c.vkey, events.c.at)
    rows = (
        await tx.execute(
            opened.outerjoin(events, events.c.position == log_openings.c.position).order_by(log_openings.c.log)
        )
    ).all()
    if not rows:
        LogSigner(signing_dir / NAME)
        return [Known("log", "", None, CURRENT)]
    present = signer_of(signing_dir, rows[-1].origin, rows[-1].vkey)
    rotated = {key.public for key in before(signing_dir)}
    found = []
    for row in rows:
        is_ours = present.is_of(row.origin, row.vkey)
        if row is rows[-1]:
            state = CURRENT if is_ours else MISSING
        else:
            state = ERASED if not is_ours and parse_key(row.vkey).public in rotated else OVER
        found.append(Known("log", row.vkey, row.at, state))
    return found


async def _delivery_keys(tx: AsyncConnection, signing_dir: Path) -> list[Known]:
    opener = LinkOpener(signing_dir)
    present, held = opener.key.kid, opener.kids
    rows = {one.kid: one.since for one in await published(tx)}
    states = {kid: CURRENT if kid == present else PREPARED if kid == opener.coming else KEPT for kid in held}
    return [
        Known("delivery", kid, rows.get(kid), states.get(kid, ERASED))
        for kid in sorted({*rows, *held}, key=lambda kid: rows.get(kid, 0))
    ]


async def _master_keys(tx: AsyncConnection, masters: MasterKeys) -> list[Known]:
    """By their numbers, also those that only a record names."""
    named = set((await tx.execute(select(records.c.master).where(is_escrowed()).distinct())).scalars())
    numbers, states = masters.numbers(), {}
    for number in {*numbers, *named}:
        states[number] = CURRENT if number == max(numbers, default=None) else KEPT
        try:
            masters.read(number)
        except EscrowUnreadableError:
            states[number] = DAMAGED if number in numbers else MISSING
    return [Known("master", str(number), None, states[number]) for number in sorted(states, key=_by_number)]


def _by_number(number: object) -> tuple[bool, Any]:
    return (False, number) if type(number) is int else (True, str(number))
