"""Records made, rotated and ended, and rotations of the master key, at once or cut short: no escrow loses its key."""

import asyncio
import os
import re
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from typing import Any

import pytest

from store import record_endings, record_escrow, record_rotating
from store.errors import StoreUnavailableError
from store.formats.record_key_v1 import RecordKey
from store.keys import master
from store.keys.master import Rotated
from store.opened import Store
from tests.evidence.packs import command
from tests.keys.rotating import said
from tests.keys.test_crashes import deadly_disk
from tests.store.escrowing import escrowed, files, masters, opened, row_of
from tests.store.faults import Crash, dying
from tests.store.recording import VALUE, made
from tests.stores import Home

MOST_ACTS = 60


@pytest.fixture
async def bot(home: Home) -> AsyncIterator[Store]:
    """The store as the operators' command line holds it."""
    async with home.open("bot") as bot:
        yield bot


async def test_a_row_that_is_made_meanwhile_is_under_the_present_key(bot: Store, home: Home) -> None:
    """A whole rotation between what a row is made of and its transaction: which key is present is asked within."""
    key = await escrowed(bot)
    async with home.open("bot") as other:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(record_escrow, "require_possible", lambda _: master.rotate(other, home.signing))
            made_late = await escrowed(bot)
            new, _ = await record_rotating.rotate(bot, key.id, None)
    assert files(bot).keys() == {"3.key"}
    assert (await opened(bot, made_late), await opened(bot, new)) == (VALUE, VALUE)


async def test_no_key_is_erased_under_a_row_that_has_not_committed(bot: Store, home: Home) -> None:
    """A rotation sees no row that is being made; it waits for it before it decides which keys nobody needs."""
    made_now, comes = asyncio.Event(), asyncio.Event()
    real = record_escrow.columns

    async def slow(*words: Any) -> dict[str, Any]:
        found = await real(*words)
        made_now.set()
        await comes.wait()
        return found

    async with home.open("bot") as other:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(record_escrow, "columns", slow)
            making = asyncio.create_task(escrowed(bot))
            await made_now.wait()
        rotating = asyncio.create_task(_until_done(other, home))
        # What does not wait is over by then; what waits goes on when the row commits, however long that takes.
        await asyncio.wait([rotating], timeout=1)
        comes.set()
        key = await making
        await rotating
    assert await opened(bot, key) == VALUE
    assert str((await row_of(bot, key))["master"]) + ".key" in files(bot)


async def _until_done(store: Store, home: Home) -> None:
    """Typed again where the database had no patience."""
    while True:
        try:
            await master.rotate(store, home.signing)
        except StoreUnavailableError:
            continue
        return


async def test_rotations_and_records_at_once_lose_no_escrow(bot: Store, home: Home) -> None:
    """Records are made, rotated and ended while the master key is rotated over and over; each of them opens after."""
    keys = [await escrowed(bot, f"first {number}") for number in range(4)]
    values = {key.id: f"first {number}" for number, key in enumerate(keys)}

    async def busy(store: Store) -> None:
        for number in range(6):
            key = await escrowed(store, f"made {number}")
            values[key.id] = f"made {number}"
            await record_rotating.rotate(store, keys[number % 3].id, None)
        await record_endings.revoke(store, keys[3].id)
        del values[keys[3].id]

    async with home.open("bot") as one, home.open("bot") as two:
        working = asyncio.create_task(busy(one))
        while not working.done():
            await master.rotate(two, home.signing)
        await working
    await master.rotate(bot, home.signing)
    for record_id, value in values.items():
        row = await row_of(bot, RecordKey(record_id, bytes(32)))
        assert await record_escrow.value_of(bot, record_id, row["version"]) == value
    assert len(files(bot)) == 1
    assert await record_escrow.missing(bot) == []


async def test_a_value_is_opened_although_its_key_goes_meanwhile(bot: Store, home: Home) -> None:
    """Rotated and erased between the row and the key: the row is read again."""
    key = await escrowed(bot)
    real, times = record_escrow.opened, []

    async def late(store: Store, row: Any) -> Any:
        times.append(row.master)
        if len(times) == 1:
            await master.rotate(store, home.signing)
        return await real(store, row)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(record_escrow, "opened", late)
        value = await record_escrow.value_of(bot, key.id, 1)
    assert (value, times[0], times[-1]) == (VALUE, 1, 2)


async def test_two_at_once_leave_one_key(bot: Store, home: Home) -> None:
    """One waits for the other, and neither erases what the other made."""
    key = await escrowed(bot)

    def in_a_loop_of_its_own() -> Rotated:
        async def act() -> Rotated:
            async with home.open("bot") as store:
                return await master.rotate(store, home.signing)

        return asyncio.run(act())

    done = await asyncio.gather(*(asyncio.to_thread(in_a_loop_of_its_own) for _ in range(3)))
    assert sorted(one.number for one in done) == [2, 3, 4]
    assert files(bot).keys() == {"4.key"}
    assert await opened(bot, key) == VALUE


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
async def test_a_rotation_that_stops_anywhere_is_done_again(bot: Store, home: Home, after: bool) -> None:
    """At each act on database and disk: every record opens meanwhile, others are made, and the same number goes on."""
    keys = [await escrowed(bot, f"value {number}") for number in range(2)]
    crashes = 0
    for at in range(1, MOST_ACTS):
        [before] = masters(bot).numbers()
        doomed, fate = dying(bot, at, after=after)
        try:
            with deadly_disk(fate):
                await master.rotate(doomed, home.signing)
        except Crash:
            crashes += 1
            late = await escrowed(bot, f"value {len(keys)}")
            await _require_all_open(bot, [*keys, late])
            was_unfinished = master.is_unfinished(masters(bot))
            done = await master.rotate(bot, home.signing)
            # Where it stopped before it was written down, or after all was done, this was another rotation.
            assert done.number == before + 1 or not was_unfinished
            assert (done.rewrapped + done.already, done.failed) == (3, {})
            await _require_all_open(bot, [*keys, late])
            await record_endings.revoke(bot, late.id)
        await _require_all_open(bot, keys)
        assert len(files(bot)) == 1
        assert not master.is_unfinished(masters(bot))
        if fate.acts < at:
            break
    numbers = [one["number"] for one in await said(bot)]
    assert numbers == list(range(2, masters(bot).numbers()[0] + 1))
    assert 10 < crashes < MOST_ACTS - 1


async def _require_all_open(store: Store, keys: list[RecordKey]) -> None:
    for number, key in enumerate(keys):
        assert await opened(store, key) == f"value {number}"
    assert await record_escrow.missing(store) == []


KILLED = """
import os, signal, sys
from sendsecret.__main__ import main
from store.keys import master

left = int(sys.argv[1])

def die_in_time():
    global left
    left -= 1
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)

def deadly(name):
    real = getattr(os, name)
    def act(*words, **named):
        done = real(*words, **named)
        die_in_time()
        return done
    setattr(os, name, act)

rewrap_one = master._rewrap_one

async def rewraps_one(*words):
    done = await rewrap_one(*words)
    die_in_time()
    return done

master._rewrap_one = rewraps_one
for name in ("link", "replace", "unlink", "pwrite"):
    deadly(name)
main(["keys", "rotate-master"])
"""


def typed(home: Home, acts: int) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own, which is killed after so many acts."""
    environment = {**os.environ, **home.environment()}
    words = [sys.executable, "-c", KILLED, str(acts)]
    return subprocess.run(words, env=environment, capture_output=True, text=True, check=False)


async def test_the_killed_command_goes_on_where_it_was(sqlite_home: Home) -> None:
    """SIGKILL after each act of the real one; typed again it counts what it does, and every value is there."""
    home, counted = sqlite_home, []
    async with home.open("bot") as bot:
        keys = [await escrowed(bot, f"value {number}") for number in range(2)]
        await made(bot)
        for acts in range(1, MOST_ACTS):
            done = await asyncio.to_thread(typed, home, acts)
            await _require_all_open(bot, keys)
            if done.returncode == 0:
                break
            assert done.returncode == -signal.SIGKILL, done.stderr
            again = await asyncio.to_thread(command, home, "keys", "rotate-master")
            assert again.exit_code == 0, again.output
            counted += re.findall(r"Records in escrow: ([^.]*)\.", again.output)
            await _require_all_open(bot, keys)
            assert len(files(bot)) == 1
    said = ["2 of 2 rewrapped", "1 of 2 rewrapped, 1 were already", "0 of 2 rewrapped, 2 were already"]
    assert set(counted) == set(said)
    assert 5 < len(counted) < MOST_ACTS - 2
