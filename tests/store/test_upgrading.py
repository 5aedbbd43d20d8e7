"""A database of the first release, with drops in every state, brought up to date; on both engines."""

from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from store import claims, door, drops, endings, pausing, sweeper
from store.clock import Clock
from store.database import Database
from store.errors import DropEndedError, DropPausedError, StoreMismatchError
from store.words import Way
from tests.store.faults import Crash, dying
from tests.store.first_schema import copied_into_first_schema, old_rows, triggers
from tests.store.living import SOMEBODY, created, refuse
from tests.store.reading import events_of, require_destroyed
from tests.stores import Home

REFUSALS = {
    "UPDATE drops SET state = 'claimed', claim_hash = v2 WHERE paused_at IS NOT NULL": r"(?i)check constraint",
    "UPDATE drops SET paused_at = 1 WHERE state = 'claimed'": r"(?i)check constraint",
    "UPDATE drops SET way = 'pigeon'": r"(?i)check constraint",
    "UPDATE drops SET claim_hash = v2 WHERE state = 'claimed'": r"one_claim_for_ever",
    "UPDATE drops SET state = 'sealed', outcome = NULL WHERE state = 'destroyed'": r"destroyed_is_for_ever",
    "UPDATE events SET n = 7": r"events_are_never_changed",
    "DELETE FROM events": r"events_are_never_deleted",
}


@pytest.fixture
def first_release(home: Home, request: pytest.FixtureRequest, tmp_path: Path) -> Home:
    """The same installation on an empty database of the same engine."""
    if home.database_url.startswith("sqlite"):
        return Home(tmp_path, f"sqlite+aiosqlite:///{tmp_path}/first.db")
    return Home(tmp_path, request.getfixturevalue("postgres").new_database())


async def test_an_upgrade_keeps_every_row_and_every_promise(home: Home, first_release: Home) -> None:
    """Live drops open, dead ones stay dead, triggers still refuse, and what is new works on what is old."""
    async with home.open() as store:
        live, stopped, locked, claimed, ending, dead = [
            await created(store, lives_seconds=100_000, submission=f"V{number}") for number in range(6)
        ]
        await refuse(store, locked, 5, home)
        home.reset_clock()
        won = claimed.present()
        await claims.claim(store, won, SOMEBODY)
        doomed, _ = dying(store, 1, after=True)
        with pytest.raises(Crash):
            await endings.revoke(doomed, ending.new.id)
        await endings.revoke(store, dead.new.id)
        await copied_into_first_schema(store.db, first_release.database_url)
    plain = Database(first_release.database_url, Clock())
    before, kept = await old_rows(plain), await triggers(plain)
    assert len(before["drops"]) == 6
    assert len(kept) == 4 + (not plain.is_sqlite)
    with pytest.raises(StoreMismatchError, match="sendsecret migrate"):
        async with first_release.open():
            pass
    await first_release.prepare()
    assert await old_rows(plain) == before
    assert set(kept) <= set(await triggers(plain))
    async with plain.read() as tx:
        owed = await tx.scalar(text("SELECT count(*) FROM log_pending"))
        assert owed == await tx.scalar(text("SELECT count(*) FROM events")) > 6
    await plain.close()

    async with first_release.open() as store:
        for one in (live, stopped, locked, claimed, ending, dead):
            shown = await drops.find(store, one.new.id)
            assert shown is not None
            assert (shown.way, shown.recipient_team, shown.paused_at) == (Way.DM, None, None)
        assert (await claims.claim(store, live.present(), SOMEBODY)).envelope == live.new.envelope
        assert (await claims.claim(store, won, SOMEBODY)).sends_left == 1
        assert await pausing.pause(store, stopped.new.id)
        with pytest.raises(DropPausedError):
            await claims.claim(store, stopped.present(), SOMEBODY)
        assert not await pausing.pause(store, claimed.new.id)
        assert await pausing.pause(store, locked.new.id)
        assert (await door.look(store, locked.new.id, locked.new.link_proof, SOMEBODY)).is_paused
        with pytest.raises(DropEndedError):
            await claims.claim(store, dead.present(), SOMEBODY)
        assert (await sweeper.sweep(store)).ended == 1
        await require_destroyed(store, ending.new.id)
        numbers = [event["n"] for event in await events_of(store, stopped.new.id)]
        assert numbers == [1, 2]
        for statement, refusal in REFUSALS.items():
            with pytest.raises(DBAPIError, match=refusal):
                async with store.db.write() as tx:
                    await tx.execute(text(statement))
