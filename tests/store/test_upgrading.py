"""A database of the first release, with drops in every state, brought up to date; on both engines."""

from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from store import claims, deliveries, door, drops, endings, pausing, sweeper
from store.clock import Clock
from store.database import Database
from store.deliveries import Place
from store.errors import AlreadySubmittedError, DropEndedError, DropPausedError, StoreMismatchError
from store.words import Audience, Way
from tests.store.faults import Crash, dying
from tests.store.first_schema import copied_into_first_schema, disclosed, plain_rows, triggers
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
        live, stopped, locked, claimed, ending, dead = all_of_them = [
            await created(store, lives_seconds=100_000, submission=f"V{number}", hint=f"hint {number}")
            for number in range(6)
        ]
        await refuse(store, locked, 5, home)
        home.reset_clock()
        won = claimed.present()
        await claims.claim(store, won, SOMEBODY)
        doomed, _ = dying(store, 1, after=True)
        with pytest.raises(Crash):
            await endings.revoke(doomed, ending.new.id)
        await endings.revoke(store, dead.new.id)
        await deliveries.record_delivered(store, live.new.id, Place("D0DANA", "1.5"))
        submissions = {one.new.id: one.new.submission or "" for one in all_of_them}
        await copied_into_first_schema(store, first_release.database_url, submissions)
        shown_before = [await drops.find(store, one.new.id) for one in all_of_them]
        disclosed_before = await disclosed(store)
    plain = Database(first_release.database_url, Clock())
    before, kept = await plain_rows(plain), await triggers(plain)
    assert len(kept) == 4 + (not plain.is_sqlite)
    with pytest.raises(StoreMismatchError, match="sendsecret migrate"):
        async with first_release.open():
            pass
    await first_release.prepare()
    assert await plain_rows(plain) == before
    assert set(kept) <= set(await triggers(plain))
    async with plain.read() as tx:
        owed = await tx.scalar(text("SELECT count(*) FROM log_pending"))
        assert owed == await tx.scalar(text("SELECT count(*) FROM events")) > 6
    await plain.close()

    async with first_release.open() as store:
        shown = [await drops.find(store, one.new.id) for one in all_of_them]
        assert shown == shown_before
        assert {(one.way, one.recipient_team, one.paused_at) for one in shown if one} == {(Way.DM, None, None)}
        assert await disclosed(store) == disclosed_before
        assert await deliveries.place_of(store, live.new.id, Audience.RECIPIENT) == Place("D0DANA", "1.5")
        with pytest.raises(AlreadySubmittedError):
            await created(store, submission="V3")
        assert (await door.look(store, live.new.id, live.new.link_proof, SOMEBODY)).hint == "hint 0"
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


async def test_no_name_is_left_in_clear_by_an_upgrade(tmp_path: Path) -> None:
    """Neither in the file nor beside it: what the first release wrote down about people goes with its tables."""
    home = Home(tmp_path, f"sqlite+aiosqlite:///{tmp_path}/store.db")
    first = Home(tmp_path, f"sqlite+aiosqlite:///{tmp_path}/first.db")
    await home.prepare()
    async with home.open() as store:
        one = await created(store, submission="V0", hint="the canary's name")
        await deliveries.record_delivered(store, one.new.id, Place("D0DANA", "1.5"))
        await copied_into_first_schema(store, first.database_url, {one.new.id: "V0"})
    names = (b"D0DANA", b"Maya", b"UMAYA", b"Dana Petrov", b"Stripe", b"canary", b"TWORKSPACE")
    assert all(name in (tmp_path / "first.db").read_bytes() for name in names)
    await first.prepare()
    left = b"".join(path.read_bytes() for path in tmp_path.glob("first.db*"))
    assert [name for name in names if name in left] == []
