"""
Records as their signed events tell them, and the rows that must say the same.

What a row holds of value and key nobody can judge without the key; what it says about itself follows from the events,
also whether it is in escrow, but not whether that escrow opens.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection

from store.formats import base64url
from store.guesses import PER_ROUND
from store.record_doors import RecordDoor
from store.schema_of_records import record_pages, records
from store.verifying.findings import Findings
from store.words import Actor, Event, RecordState

TABLE: Final = "records"
_COLUMNS: Final = ("state", "version", "reads", "reads_left", "refused_told", "door")
_PAGE_COLUMNS: Final = ("guesses", "round_guesses", "unlocks")
_ESCROW_COLUMNS: Final = ("master", "escrow")
_MAY_ACT: Final = frozenset({Actor.SENDER, Actor.ADMIN})
_ENDS: Final = {Event.RECORD_REVOKED: RecordState.REVOKED, Event.RECORD_EXPIRED: RecordState.EXPIRED}


@dataclass
class _Life:
    """What a row must say."""

    expires_at: int
    reads_left: int | None
    state: str = RecordState.LIVE
    version: int = 1
    reads: int = 0
    refused_told: int = 0
    renewed_at: int | None = None
    door: str = RecordDoor.API
    is_escrowed: bool = False
    guesses: int = 0
    round_guesses: int = 0
    unlocks: int = 0

    @property
    def has_page(self) -> bool:
        """Whether there must be a page, and of what is told: of one that has ended it may be gone."""
        return self.door == RecordDoor.PAGE and self.state == RecordState.LIVE


class Standing:
    """Told the events of no drop, in their order."""

    def __init__(self, findings: Findings) -> None:
        self._findings = findings
        self._lives: dict[str, _Life] = {}

    def tell(self, claims: Mapping[str, Any]) -> None:
        """One of them; what is of no record is nothing here."""
        event, name = claims.get("evt"), claims.get("record")
        if not isinstance(event, str) or not event.startswith("record."):
            return
        try:
            self._live(event, name, claims)
        except (KeyError, TypeError):  # one event must not keep the others from being looked at
            self._findings.fail(TABLE, f"record {name}: {event} lacks what it has to say, or says it otherwise")

    def _live(self, event: str, name: object, claims: Mapping[str, Any]) -> None:
        life = self._lives.get(name) if isinstance(name, str) else None
        if event == Event.RECORD_CREATED and isinstance(name, str) and life is None:
            door = claims.get("door", RecordDoor.API)
            is_escrowed = claims.get("escrow") is True
            self._lives[name] = _Life(claims["expires_at"], claims["most_reads"], door=door, is_escrowed=is_escrowed)
        elif life is None:
            self._findings.fail(TABLE, f"{event} speaks of the record {name}, and none says that it was made")
        elif event == Event.RECORD_REFUSED:
            life.refused_told = claims["count"]
            self._refuse(name, life)
        elif event == Event.RECORD_RENEWED:
            # Also after its end: the key at its provider is then the one thing left to be done.
            life.renewed_at = claims["iat"]
            if claims["by"] not in _MAY_ACT:
                self._findings.fail(TABLE, f"record {name}: {event} by somebody who does not say that")
        elif life.state != RecordState.LIVE:
            self._findings.fail(TABLE, f"record {name}: {event} after its end")
        elif event in _ENDS:
            life.state = _ENDS[Event(event)]
        elif event == Event.RECORD_ROTATED:
            life.version, life.reads = claims["version"], 0
            life.is_escrowed = claims.get("escrow") is True
            life.guesses = life.round_guesses = life.unlocks = 0
        elif event == Event.RECORD_UNLOCKED:
            life.unlocks += 1
            life.round_guesses = 0
        elif event == Event.RECORD_READ:
            life.reads += 1
            life.round_guesses = 0
            life.reads_left = None if life.reads_left is None else life.reads_left - 1

    def _refuse(self, name: object, life: _Life) -> None:
        life.guesses += 1
        if life.door != RecordDoor.PAGE:
            return
        # Rows can be put back after the guesses that they were changed for; what was said of each stays.
        if life.round_guesses >= PER_ROUND:
            said = f"{Event.RECORD_REFUSED} although the five guesses of its round were used up"
            self._findings.fail(TABLE, f"record {name}: {said}")
        else:
            life.round_guesses += 1

    async def close(self, tx: AsyncConnection) -> None:
        """After all of them: each record has its row, each row its record, and they say the same."""
        columns = (*_COLUMNS, *_ESCROW_COLUMNS, "expires_at", "renewed_at")
        told = select(records.c.id, *(records.c[column] for column in columns))
        rows = {base64url.encode(row.id): row for row in await tx.execute(told)}
        for name in sorted(rows.keys() - self._lives.keys()):
            self._findings.fail(TABLE, f"record {name}: no event speaks of it, not even record.created")
        for name, life in sorted(self._lives.items()):
            if name not in rows:
                self._findings.fail(TABLE, f"record {name}: its row is gone")
                continue
            for column, said in _differences(rows[name], life):
                self._findings.fail(TABLE, f"record {name}: its column {column} should be {said}, as its events say")
        await self._close_pages(tx)
        self._findings.close(TABLE, f"{len(self._lives)}, each as its events say")

    async def _close_pages(self, tx: AsyncConnection) -> None:
        """Guesses that somebody gave back to themselves: a page counts as many as were refused."""
        told = select(record_pages.c.record_id, *(record_pages.c[column] for column in _PAGE_COLUMNS))
        pages = {base64url.encode(row.record_id): row for row in await tx.execute(told)}
        for name in sorted(pages.keys() - self._lives.keys()):
            self._findings.fail(TABLE, f"record {name}: it has a page, and no event speaks of it")
        for name, life in sorted(self._lives.items()):
            if (name in pages) != life.has_page and life.state == RecordState.LIVE:
                self._findings.fail(TABLE, f"record {name}: its page is {'gone' if life.has_page else 'not its door'}")
            elif life.has_page:
                for column in _PAGE_COLUMNS:
                    if getattr(pages[name], column) != getattr(life, column):
                        said = f"its page's {column} should be {getattr(life, column)}, as its events say"
                        self._findings.fail(TABLE, f"record {name}: {said}")


def _differences(row: Row[Any], life: _Life) -> Iterator[tuple[str, object]]:
    for column in _COLUMNS:
        if getattr(row, column) != getattr(life, column):
            yield column, getattr(life, column)
    is_set = life.is_escrowed and life.state == RecordState.LIVE
    for column in _ESCROW_COLUMNS:
        if (getattr(row, column) is not None) != is_set:
            yield column, "set" if is_set else "empty"
    if row.expires_at // 1000 != life.expires_at:
        yield "expires_at", life.expires_at * 1000
    if (None if row.renewed_at is None else row.renewed_at // 1000) != life.renewed_at:
        yield "renewed_at", None if life.renewed_at is None else life.renewed_at * 1000
