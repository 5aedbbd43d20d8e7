"""A database that cannot, as opposed to will not: every verb says "try again", and nothing is half done."""

import asyncio
import json
from pathlib import Path

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import IntegrityError

from store import claims, creation, endings, pausing
from store.clock import Clock
from store.database import Database
from store.door import Visitor
from store.errors import StoreMismatchError, StoreUnavailableError
from store.opened import Store
from store.schema import drops, notices
from tests.postgres import Postgres
from tests.store.reading import row_of
from tests.stores import Home, seal


async def test_a_row_that_somebody_holds_is_waited_for_two_seconds(store: Store, home: Home) -> None:
    """Then "try again": no request hangs on a session that has vanished, and no guess is paid."""
    sealed = seal()
    await creation.create(store, sealed.new)
    async with home.open("bot") as other, asyncio.timeout(20), other.db.write() as tx:
        await tx.execute(update(drops).where(drops.c.id == sealed.new.id).values(template="held"))
        with pytest.raises(StoreUnavailableError):
            await claims.claim(store, sealed.present(), Visitor())
        with pytest.raises(StoreUnavailableError):
            await endings.revoke(store, sealed.new.id)
    assert (await row_of(store, sealed.new.id)).guesses == 0
    assert (await claims.claim(store, sealed.present(), Visitor())).envelope == sealed.new.envelope


async def test_a_row_whose_holder_vanished_is_written_with_one_time(store: Store, home: Home) -> None:
    """What waited for a host that was cut off has one time in its row and in its event, not two seconds of them."""
    claimed, paused = seal(), seal()
    for sealed in (claimed, paused):
        await creation.create(store, sealed.new)
    async with home.open("bot") as other:

        async def vanish() -> None:
            async with other.db.write() as tx:
                await tx.execute(update(drops).values(template="held"))
                held.set()
                await asyncio.sleep(1)
                await tx.rollback()

        held = asyncio.Event()
        vanishing = asyncio.create_task(vanish())
        await held.wait()
        await asyncio.gather(
            claims.claim(store, claimed.present(), Visitor()), pausing.pause(store, paused.new.id), vanishing
        )
    for sealed, column in ((claimed, "claimed_at"), (paused, "paused_at")):
        of_drop = select(notices.c.about).where(notices.c.drop_id == sealed.new.id).order_by(notices.c.id.desc())
        async with store.db.read() as tx:
            said = json.loads((await tx.execute(of_drop)).scalars().first() or "")["at"]
        assert abs(getattr(await row_of(store, sealed.new.id), column) - said) < 500, column


async def test_a_database_that_lets_nobody_in_is_unavailable(postgres: Postgres) -> None:
    """One that is being restored, say: "try again" by the short way as by the other, whatever the server calls it."""
    db = Database(f"{postgres.new_database()}_gone", Clock())
    try:
        with pytest.raises(StoreUnavailableError):
            await db.look(select(drops.c.id), {})
        with pytest.raises(StoreUnavailableError):
            async with db.read():
                pass
    finally:
        await db.close()


async def test_a_database_that_is_restarted_is_unavailable_and_then_back(postgres: Postgres, tmp_path: Path) -> None:
    """Connections that the server ends mean "try again", whatever the driver calls it."""
    home = Home(tmp_path, postgres.new_database())
    await home.prepare()
    async with home.open() as store, home.open("bot") as other:
        sealed = seal()
        await creation.create(store, sealed.new)
        unavailable = 0
        for _ in range(5):
            async with other.db.read() as tx:
                kill = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
                with pytest.raises(StoreUnavailableError):  # noqa: PT012 - the connection ends inside the block
                    async with store.db.read() as doomed:
                        await doomed.execute(text("SELECT 1"))
                        await tx.execute(text(f"{kill} AND datname = current_database()"))
                        await doomed.execute(text("SELECT 1"))
                unavailable += 1
        assert unavailable == 5
        assert (await claims.claim(store, sealed.present(), Visitor())).envelope == sealed.new.envelope


async def test_a_database_that_may_lose_a_commit_is_refused(postgres: Postgres, tmp_path: Path) -> None:
    """A lost claim would be a second reader."""
    home = Home(tmp_path, postgres.new_database())
    await home.prepare()
    db = Database(home.database_url, Clock())
    async with db.write() as tx:
        name = await tx.scalar(text("SELECT current_database()"))
        await tx.execute(text(f"ALTER DATABASE {name} SET synchronous_commit = off"))
    await db.close()
    with pytest.raises(StoreMismatchError, match="synchronous_commit"):
        async with home.open():
            pass


async def test_nobody_listens_at_the_database_address(tmp_path: Path) -> None:
    """A refused connection is "does not answer", not a traceback."""
    home = Home(tmp_path, "postgresql+asyncpg://nobody@127.0.0.1:1/none")
    with pytest.raises(StoreUnavailableError):
        await home.prepare()


async def test_what_fails_inside_a_transaction_is_not_blamed_on_the_database(store: Store) -> None:
    """Only the database's own troubles mean "try again": an error of the caller's or a broken promise goes through."""
    with pytest.raises(OSError, match="somebody else's"):
        async with store.db.write():
            raise OSError("somebody else's")
    sealed = seal()
    await creation.create(store, sealed.new)
    with pytest.raises(IntegrityError):
        async with store.db.write() as tx:
            await tx.execute(update(drops).values(sends=9))
