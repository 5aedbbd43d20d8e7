"""The log on several hosts, on a full disk, and when another one is opened: never forked, and nothing left behind."""

import asyncio
import errno
import os
import shutil
import threading
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from store.errors import LogStoppedError
from store.log import another, openings, proofs, published
from store.log.batch import commit
from store.log.latest import Latest
from store.log.log_key import LogSigner
from store.log.proofs import Standing
from store.log.sequencer import Sequencer, Step
from store.opened import Store
from store.schema import events, log_leaves, log_pending
from store.words import Event
from tests.store.faults import Crash, dying
from tests.store.living import created
from tests.store.test_log import drained
from tests.store.test_log_guard import backup, grown, kept, size_of  # noqa: F401 - a fixture among them
from tests.store.whole_log import waiting, whole_log
from tests.stores import Home


async def opened_another(store: Store, signing: Path, **how: bool) -> str:
    signer = LogSigner(signing / "log.key")
    return await another.open_another(store, signer, Latest(signing, signer), **how)


async def test_every_host_knows_what_any_of_them_let_out(sqlite_home: Home, backup: Any, tmp_path: Path) -> None:  # noqa: F811
    """A host that only looked on while another one went ahead notices a restored backup as well."""
    take, restore = backup
    await grown(sqlite_home)
    other = tmp_path / "signing-of-another-host"
    shutil.copytree(sqlite_home.signing, other)
    take()
    await grown(sqlite_home, 3)
    async with sqlite_home.open("bot") as bot:
        await Sequencer(bot, other).step()
        seen = await published.checkpoint(bot)
    assert (other / "checkpoint.latest").read_text() == seen
    restore()
    async with sqlite_home.open("bot") as bot:
        await created(bot)
        for signing in (other, sqlite_home.signing):
            with pytest.raises(LogStoppedError, match="does not have the checkpoint"):
                await drained(Sequencer(bot, signing))


async def test_a_full_disk_stops_the_log_and_leaves_no_leaf_behind(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """One batch is committed and held back; no other is added to it, and with room again everything comes out."""
    await grown(home)

    def full(descriptor: int, content: bytes) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    async with home.open("bot") as bot:
        running = Sequencer(bot, home.signing)
        await created(bot)
        for _ in range(3):
            with monkeypatch.context() as patch:
                patch.setattr(os, "write", full)
                with pytest.raises(LogStoppedError, match=r"SIGNING_DIR cannot be written \(No space left on device\)"):
                    await running.step()
            await created(bot)
        assert (size_of(await published.checkpoint(bot)), kept(home)) == (2, 2)
        assert (await whole_log(bot)).sizes[-1] == 3
        await drained(running)
        log = await whole_log(bot)
        assert log.events == [Event.LOG_OPENED, *[Event.CREATED] * 5]
        assert size_of(log.published) == kept(home) == 6


async def test_a_file_that_is_written_in_part_is_written_to_its_end(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The system may take a few bytes and call it a success."""
    real = os.write
    monkeypatch.setattr(os, "write", lambda descriptor, content: real(descriptor, content[:7]))
    await grown(home)
    async with home.open("bot") as bot:
        assert (home.signing / "checkpoint.latest").read_text() == await published.checkpoint(bot)


async def test_what_was_not_let_out_is_let_out_when_another_log_is_opened(home: Home) -> None:
    """It stands in the old log and will stand in no other: its proof can be had, and the new log cites all of it."""
    await grown(home)
    async with home.open("bot") as bot:
        await created(bot)
        with pytest.raises(Crash):
            await Sequencer(dying(bot, 1, after=True)[0], home.signing).step()
        last = select(events.c.jti).order_by(events.c.position.desc()).limit(1)
        async with bot.db.read() as tx:
            jti = str(await tx.scalar(last))
        held_back = await proofs.of_event(bot, jti)
        assert held_back is not None
        assert (held_back.standing, held_back.proof) == (Standing.WAITING, None)
        await opened_another(bot, home.signing, force=True)
        assert kept(home) == 3
        let_out = await proofs.of_event(bot, jti)
        assert let_out is not None
        assert let_out.proof is not None
        assert "\n3\n" in let_out.proof
        await drained(Sequencer(bot, home.signing))
        old, new = await whole_log(bot, 1), await whole_log(bot, 2)
        assert (old.events[-1], new.events) == (Event.CREATED, [Event.LOG_OPENED])
        async with bot.db.read() as tx:
            opening = await openings.newest(tx)
        assert opening is not None
        assert opening.cites is not None
        assert size_of(opening.cites) == 3
        assert await waiting(bot) == 0


async def test_a_batch_that_was_begun_is_not_put_into_a_log_that_is_over(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the look and the commit an operator opens another log: the events go there."""
    await grown(home)
    async with home.open("bot") as bot:
        await created(bot)

        async def late(*given: Any) -> Any:
            await opened_another(bot, home.signing, force=True)
            return await commit(*given)

        with monkeypatch.context() as patch:
            patch.setattr("store.log.sequencer.commit", late)
            step = await Sequencer(bot, home.signing).step()
            assert (step.integrated, step.waits_from is not None) == (0, True)
        await drained(Sequencer(bot, home.signing))
        assert (await whole_log(bot, 1)).events == [Event.LOG_OPENED, Event.CREATED]
        assert (await whole_log(bot, 2)).events == [Event.LOG_OPENED, Event.CREATED]


async def test_a_log_that_is_well_is_not_split(home: Home) -> None:
    """Somebody who reads "restored backup" somewhere and types the command changes nothing."""
    await grown(home)
    async with home.open("bot") as bot:
        with pytest.raises(LogStoppedError, match="nothing is wrong with the present log"):
            await opened_another(bot, home.signing)
        assert await opened_another(bot, home.signing, force=True) == "localhost:8080/audit-2"


async def test_a_table_of_the_log_that_was_changed_by_hand_stops_it_aloud(home: Home) -> None:
    """A leaf in the place of the next one: the same refusal three times is no race."""
    await grown(home)
    async with home.open("bot") as bot:
        await created(bot)
        async with bot.db.write() as tx:
            await tx.execute(log_leaves.insert().values(log=1, leaf_index=2, position=-1))
        running = Sequencer(bot, home.signing)
        for _ in range(2):
            step = await running.step()
            assert (step.integrated, step.waits_from is not None) == (0, True)
        with pytest.raises(LogStoppedError, match="the database refuses entry 2 of localhost:8080/audit"):
            await running.step()


async def test_losing_a_race_is_no_alarm(home: Home) -> None:
    """Many sequencers at once on one log: some are overtaken, again and again, and nobody is told anything."""
    async with home.open("bot") as bot:
        running = [Sequencer(bot, home.signing, most_leaves=2) for _ in range(6)]
        for _ in range(12):
            await created(bot)
            await asyncio.gather(*(one.step() for one in running))
        await drained(running[0])
        assert (await whole_log(bot)).events.count(Event.CREATED) == 12


async def test_losing_the_race_for_the_first_checkpoint_is_no_alarm(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between its look at the folder and its look at the database, another program of the same host let it out."""
    async with home.open("bot") as bot:
        late, early = (Sequencer(bot, home.signing) for _ in range(2))
        await created(bot)
        looked, out = threading.Event(), threading.Event()
        read = late._latest.read

        def read_and_wait() -> Any:
            found = read()
            looked.set()
            assert out.wait(30)
            return found

        monkeypatch.setattr(late._latest, "read", read_and_wait)
        stepping = asyncio.create_task(late.step())
        await asyncio.to_thread(looked.wait, 30)
        await drained(early)
        out.set()
        assert await stepping == Step()
        assert (await whole_log(bot)).events.count(Event.CREATED) == 1


async def test_a_host_that_saw_less_goes_on_in_the_log_that_another_opened(
    sqlite_home: Home,
    backup: Any,  # noqa: F811
    tmp_path: Path,
) -> None:
    """It stopped a moment before the others: the new log cites more than it knows, signed by the same key."""
    take, restore = backup
    await grown(sqlite_home)
    other = tmp_path / "signing-of-another-host"
    shutil.copytree(sqlite_home.signing, other)
    take()
    await grown(sqlite_home)
    async with sqlite_home.open("bot") as bot:
        await Sequencer(bot, other).step()
    await grown(sqlite_home)
    restore()
    async with sqlite_home.open("bot") as bot:
        await created(bot)
        with pytest.raises(LogStoppedError):
            await Sequencer(bot, other).step()
        assert await opened_another(bot, sqlite_home.signing) == "localhost:8080/audit-2"
        for signing in (other, sqlite_home.signing):
            await drained(Sequencer(bot, signing))
        assert (await whole_log(bot, 2)).events == [Event.LOG_OPENED, Event.CREATED]
        assert len({(signing / "checkpoint.latest").read_text() for signing in (other, sqlite_home.signing)}) == 1


async def test_an_event_that_waits_and_is_gone_stops_the_log_aloud(home: Home) -> None:
    """A thousand such rows would otherwise keep everything else waiting, in silence and for ever."""
    await grown(home)
    async with home.open("bot") as bot:
        await created(bot)
        async with bot.db.write() as tx:
            await tx.execute(log_pending.insert().values(position=-1))
        with pytest.raises(LogStoppedError, match=r"waits for the log and is not there \(position -1\)"):
            await Sequencer(bot, home.signing).step()
