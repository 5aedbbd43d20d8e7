"""The log's key, rotated while the log grows: another log, and everything that was proven stays so."""

import asyncio
import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from store import receipts
from store.errors import LogStoppedError
from store.formats import checkpoint_v1, tlog_proof_v1
from store.formats.errors import UnprovenError
from store.keys import log_key
from store.log import another, openings, proofs, published
from store.log.latest import Latest
from store.log.log_key import LogSigner, before, remember
from store.log.sequencer import Sequencer
from store.opened import Store
from store.schema import events
from store.words import Event
from tests.keys.rotating import faults, lives, log, said
from tests.store.living import created
from tests.store.reading import claims_of
from tests.store.test_log import drained
from tests.store.test_log_guard import backup, grown, require_stopped  # noqa: F401 - a fixture among them
from tests.store.whole_log import waiting, whole_log
from tests.stores import Home


async def proven(store: Store, drop_id: bytes) -> str:
    """The name of the log in which the drop's receipt is proven, by that log's own key."""
    rid = await receipts.of_drop(store, drop_id)
    found = await proofs.of_event(store, f"rc_{rid}")
    assert found is not None
    assert found.proof is not None
    keys = {key.origin: key for key in map(checkpoint_v1.parse_key, await published.log_keys(store))}
    origin = found.proof.split("\n\n", 1)[1].split("\n", 1)[0]
    return tlog_proof_v1.verify(found.leaf, found.proof, keys[origin])[1].origin


async def test_a_running_sequencer_goes_on_in_a_log_under_the_new_key(home: Home) -> None:
    """Twice, with events waiting each time; nothing is lost, and every receipt keeps verifying under its log's key."""
    async with home.open("bot") as bot, home.open("web") as web:
        running = Sequencer(bot, home.signing)
        drops = [(await lives(home, bot, web)).new.id]
        for _ in range(2):
            await created(bot)
            await log(bot, home)
            assert await drained(running) == []
            drops.append((await lives(home, bot, web)).new.id)
        names = ["localhost:8080/audit", "localhost:8080/audit-2", "localhost:8080/audit-3"]
        assert [await proven(web, drop) for drop in drops] == names
        assert (await whole_log(bot, 2)).events[:3] == [Event.LOG_OPENED, Event.CREATED, Event.KEY_ROTATED]
        keys = await published.log_keys(web)
        assert len({checkpoint_v1.parse_key(key).public for key in keys}) == 3
        assert [(claims["old"], claims["new"]) for claims in await said(bot)] == [tuple(keys[:2]), tuple(keys[1:])]
        assert await waiting(bot) == 0
    assert await faults(home) == []


async def test_the_new_log_cites_the_last_checkpoint_of_the_old(home: Home) -> None:
    """Whoever holds that checkpoint finds where the record goes on, and that nothing in between was lost."""
    async with home.open("bot") as bot, home.open("web") as web:
        await lives(home, bot, web)
        origin, size, root = (home.signing / "checkpoint.latest").read_text().split("\n")[:3]
        await log(bot, home)
        async with bot.db.read() as tx:
            opened = select(events.c.leaf).where(events.c.event == Event.LOG_OPENED).order_by(events.c.position.desc())
            leaf = (await tx.execute(opened.limit(1))).scalar_one()
        assert claims_of(leaf)["previous"] == {"log": origin, "size": int(size), "root": root}
        assert (await published.checkpoint(bot) or "").split("\n")[:3] == [origin, size, root]


async def test_the_old_private_key_is_gone_and_what_it_signed_is_still_read(home: Home) -> None:
    """`checkpoint.latest` is of the old log until the new one lets something out: its public half is kept for that."""
    path = home.signing / "log.key"
    os.link(path, home.path / "held")
    async with home.open("bot") as bot, home.open("web") as web:
        await lives(home, bot, web)
        await log(bot, home)
        assert set((home.path / "held").read_bytes()) == {0}
        signer = LogSigner(path)
        known = Latest(home.signing, signer).read()
        assert known is not None
        assert known[1].origin == "localhost:8080/audit"
        (home.signing / "log.before").unlink()
        with pytest.raises(LogStoppedError, match=r"not signed by log\.key"):
            Latest(home.signing, signer).read()
        (home.signing / "log.before").write_text("no key\n")
        with pytest.raises(LogStoppedError, match=r"log\.before in SIGNING_DIR"):
            await Sequencer(bot, home.signing).step()


async def test_a_key_that_was_rotated_away_signs_no_later_log(home: Home) -> None:
    """Somebody with the old key can make no checkpoint of a log that began after it."""
    path = home.signing / "log.key"
    async with home.open("bot") as bot, home.open("web") as web:
        await lives(home, bot, web)
        stolen = LogSigner(path)
        old = stolen.sign(checkpoint_v1.Checkpoint("localhost:8080/audit", 999, bytes(32)))
        later = stolen.sign(checkpoint_v1.Checkpoint("localhost:8080/audit-2", 999, bytes(32)))
        await log(bot, home)
        assert LogSigner(path).verify(old).size == 999
        with pytest.raises(UnprovenError):
            LogSigner(path).verify(later)


async def test_between_the_opening_and_the_new_key_the_log_goes_on(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sequencer takes the key that fits the log, from beside the one that is about to go."""
    async with home.open("bot") as bot, home.open("web") as web:
        running = Sequencer(bot, home.signing)
        await lives(home, bot, web)
        with monkeypatch.context() as patch:
            patch.setattr("store.key_files.put_in_place", lambda path: None)
            await log(bot, home)
        await created(bot)
        assert await drained(running) == []
        assert (await whole_log(bot, 2)).events[-1] == Event.CREATED
        assert await faults(home) == []
        name = await log_key.rotate(bot, home.signing)
        assert name.origin == "localhost:8080/audit-2"
        assert len(await said(bot)) == 1


async def test_another_host_takes_the_new_key_from_beside_its_old_one(home: Home, tmp_path: Path) -> None:
    """The same command puts it in place there and erases the old one, without another log."""
    other = tmp_path / "signing-of-another-host"
    async with home.open("bot") as bot, home.open("web") as web:
        await lives(home, bot, web)
        shutil.copytree(home.signing, other)
        await log(bot, home)
        await lives(home, bot, web)
        with pytest.raises(LogStoppedError, match="not the key of localhost:8080/audit-2"):
            await Sequencer(bot, other).step()
        shutil.copy(home.signing / "log.key", other / "log.key.next")
        assert (await log_key.rotate(bot, other)).origin == "localhost:8080/audit-2"
        await created(bot)
        assert await drained(Sequencer(bot, other)) == []
        assert json.loads((other / "log.key").read_text()) == json.loads((home.signing / "log.key").read_text())
        assert before(other) == before(home.signing)


async def test_a_log_that_is_not_well_keeps_its_key(home: Home) -> None:
    """No log so far, a key that is another: refused in words, and nothing is in place or erased."""
    path = home.signing / "log.key"
    async with home.open("bot") as bot, home.open("web") as web:
        was = path.read_bytes()
        with pytest.raises(LogStoppedError, match="the log has no checkpoint so far"):
            await log(bot, home)
        await lives(home, bot, web)
        note = (home.signing / "checkpoint.latest").read_text()
        (home.signing / "checkpoint.latest").write_text(note.replace("audit\n", "audit\n9", 1))
        with pytest.raises(LogStoppedError, match=r"checkpoint\.latest in SIGNING_DIR cannot be read"):
            await log(bot, home)
        assert path.read_bytes() == was
        assert await said(bot) == []
        (home.signing / "checkpoint.latest").write_text(note)
        await log(bot, home)
        assert len(await said(bot)) == 1


async def test_a_backup_from_before_a_rotation_is_noticed_when_it_is_put_back(
    sqlite_home: Home,
    backup: Any,  # noqa: F811
) -> None:
    """No rotation hides it; `log new` goes on under the present key, and cites what was let out last."""
    take, restore = backup
    await grown(sqlite_home)
    take()
    async with sqlite_home.open("bot") as bot:
        await log(bot, sqlite_home)
    await grown(sqlite_home)
    seen = (sqlite_home.signing / "checkpoint.latest").read_text()
    restore()
    await require_stopped(sqlite_home, r"log\.key in SIGNING_DIR is not the key of localhost:8080/audit\b")
    signer = LogSigner(sqlite_home.signing / "log.key")
    async with sqlite_home.open("bot") as bot:
        with pytest.raises(LogStoppedError, match=r"log\.key in SIGNING_DIR is not the key of localhost:8080/audit\b"):
            await log(bot, sqlite_home)
        name = await another.open_another(bot, signer, Latest(sqlite_home.signing, signer))
        await drained(Sequencer(bot, sqlite_home.signing))
        async with bot.db.read() as tx:
            newest = await openings.newest(tx)
    assert newest is not None
    assert (name, newest.cites) == ("localhost:8080/audit-3", seen)


async def test_a_key_of_several_logs_is_remembered_as_that_of_its_last(home: Home) -> None:
    """After `sendsecret log new` the same key has signed two; both stay readable when it is gone."""
    async with home.open("bot") as bot, home.open("web") as web:
        await lives(home, bot, web)
        signer = LogSigner(home.signing / "log.key")
        await another.open_another(bot, signer, Latest(home.signing, signer), force=True)
        await lives(home, bot, web)
        await log(bot, home)
        await lives(home, bot, web)
        assert [key.origin for key in before(home.signing)] == ["localhost:8080/audit-2"]
        remember(home.signing, before(home.signing)[0])
        assert len(before(home.signing)) == 1
        first = signer.sign(checkpoint_v1.Checkpoint("localhost:8080/audit", 1, bytes(32)))
        assert LogSigner(home.signing / "log.key").verify(first).size == 1
    assert await faults(home) == []


async def test_a_key_that_is_rotated_behind_a_look_is_no_alarm(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a transaction sees is of a moment before, and the folder is of now."""
    async with home.open("bot") as bot, home.open("web") as web:
        await lives(home, bot, web)
        running, true = Sequencer(bot, home.signing), openings.newest
        looked = 0

        async def newest_of_a_moment_before(tx: Any) -> Any:
            nonlocal looked
            looked += 1
            found = await true(tx)
            if looked == 1:
                with monkeypatch.context() as patch:
                    patch.setattr(openings, "newest", true)
                    await log(rotating, home)
            return found

        async with home.open("bot") as rotating:
            monkeypatch.setattr("store.log.sequencer.openings.newest", newest_of_a_moment_before)
            await running.step()
        assert looked > 1


async def test_rotations_while_two_sequencers_and_a_writer_work(home: Home) -> None:
    """Five of them in the midst of it: every event is in one log, once, and every log is whole."""
    async with home.open("bot") as one, home.open("bot") as two, home.open("bot") as writer:
        over = asyncio.Event()
        await drained(Sequencer(one, home.signing))
        await created(writer)
        await drained(Sequencer(one, home.signing))

        async def write() -> None:
            for number in range(1, 6):
                for _ in range(4):
                    await created(writer)
                while not await published.checkpoint(writer, number):
                    await Sequencer(writer, home.signing).step()
                await log(writer, home)
            over.set()

        async def sequence(store: Store) -> None:
            sequencer = Sequencer(store, home.signing, most_leaves=3)
            while not over.is_set() or await waiting(store):
                await sequencer.step()

        await asyncio.gather(write(), sequence(one), sequence(two))
        await drained(Sequencer(one, home.signing))
        logs = [await whole_log(one, number) for number in range(1, 7)]
        assert sum(each.events.count(Event.CREATED) for each in logs) == 21
    assert await faults(home) == []
