"""A database in the hands of somebody who may write to it: copies of one that has lived, triggers no obstacle."""

import asyncio
import re
import shutil
import sqlite3
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from store import deliveries, events
from store.clock import Clock
from store.database import Database
from store.log.sequencer import Sequencer
from store.verifying import whole_store
from store.verifying.files import File
from store.verifying.findings import Finding
from store.words import Event
from tests.postgres import Postgres
from tests.store.living import created
from tests.store.test_log import drained
from tests.stores import Home
from tests.verifying.lived import either, live

Statement = tuple[str, dict[str, Any]]
PACKS = {"evidence_packs", "evidence_pieces", "evidence_owed"}
"""Copies of evidence, each of which is checked by itself."""
WORKING_MEMORY = {
    "notices",
    "messages",
    "refusals",
    "recurrences",
    "log_anchoring",
    "deliveries",
    "delivery_keys",
    "orders",
    "records",
    "record_pages",
    "asked_records",
    "tokens",
    "token_reads",
    "asked_revokes",
    "watches",
    "webhook_endpoints",
    "webhook_deliveries",
    "asked_once",
} | PACKS
"""Tables that are no evidence."""


@dataclass(frozen=True)
class Lived:
    """An installation of which each attack gets a copy of its own."""

    home: Home
    postgres: Postgres | None

    def copy(self, path: Path) -> Home:
        """Another database with the same rows, beside the same keyring and keys."""
        if self.postgres is not None:
            return Home(self.home.path, self.postgres.copy_of(self.home.database_url))
        shutil.copy(self.home.path / "store.db", path / "copy.db")
        return Home(self.home.path, f"sqlite+aiosqlite:///{path}/copy.db")


def lived(path: Path, postgres: Postgres | None) -> Lived:
    """Every outcome, every state; over 256 leaves, several checkpoints, one event that waits."""
    url = postgres.new_database() if postgres else f"sqlite+aiosqlite:///{path}/store.db"
    home = Home(path, url)
    asyncio.run(_live(home))
    if postgres is None:
        settled(path / "store.db")
    return Lived(home, postgres)


def settled(database: Path) -> None:
    """Everything into the one file."""
    connection = sqlite3.connect(database)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


async def _live(home: Home) -> None:
    await home.prepare()
    async with either(home) as store:
        await live(store, home, times=2)
        busy = await created(store, lives_seconds=1_000_000)
        async with store.db.write() as tx:
            for count in range(200):
                n, at = await events.next_number(tx, store, busy.new.id)
                await events.append(tx, store, Event.ASKED, drop_id=busy.new.id, n=n, at=at, facts={"count": count})
        await drained(Sequencer(store, home.signing, most_leaves=100))
        await deliveries.record_delivered(store, busy.new.id, None)
    home.reset_clock()


def checked(home: Home, older: Sequence[File] = ()) -> list[Finding]:
    """What the check finds."""
    return asyncio.run(_checked(home, older))


async def _checked(home: Home, older: Sequence[File]) -> list[Finding]:
    db = Database(home.database_url, Clock())
    try:
        return await whole_store.check(db, home.signing, home.keyring, older)
    finally:
        await db.close()


def attack(home: Home, *statements: Statement) -> None:
    """Run them with every trigger gone, which are put back after them: a missing one would give the attack away."""
    asyncio.run(_attack(home, statements))


async def _attack(home: Home, statements: Sequence[Statement]) -> None:
    db = Database(home.database_url, Clock())
    try:
        async with db.write() as tx, without_triggers(tx, is_sqlite=db.is_sqlite):
            for statement, values in statements:
                done = await tx.execute(text(statement), values)
                assert done.rowcount > 0 or statement.startswith(("PRAGMA", "ALTER")), statement
    finally:
        await db.close()


@asynccontextmanager
async def without_triggers(tx: AsyncConnection, *, is_sqlite: bool) -> AsyncIterator[None]:
    """Take away, for a while, what only keeps honest programs from mistakes."""
    catalogue = (
        "SELECT name, '', sql FROM sqlite_master WHERE type = 'trigger'"
        if is_sqlite
        else "SELECT tgname, ' ON ' || tgrelid::regclass::text, pg_get_triggerdef(oid) FROM pg_trigger "
        "WHERE NOT tgisinternal"
    )
    triggers = (await tx.execute(text(catalogue))).all()
    for name, on_table, _ in triggers:
        await tx.execute(text(f"DROP TRIGGER {name}{on_table}"))
    yield
    for _, _, again in triggers:
        await tx.exec_driver_sql(again)


def failed(findings: Sequence[Finding]) -> list[str]:
    """`table: sentence` of each failure."""
    return [f"{finding.about}: {finding.says}" for finding in findings if not finding.holds]


def require_failure(findings: Sequence[Finding], pattern: str) -> None:
    """One of the failures is this one."""
    lines = failed(findings)
    assert any(re.search(pattern, line) for line in lines), lines or "nothing failed"
