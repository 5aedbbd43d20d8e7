"""A rotation of the master key that stops at any of its acts: every escrow opens, and it is simply done again."""

import asyncio
import os
import re
import signal
import subprocess
import sys
from collections.abc import AsyncIterator

import pytest

from store import record_endings, record_escrow
from store.formats.record_key_v1 import RecordKey
from store.keys import master
from store.opened import Store
from tests.evidence.packs import command
from tests.keys.rotating import said
from tests.keys.test_crashes import deadly_disk
from tests.store.escrowing import escrowed, files, masters, opened
from tests.store.faults import Crash, dying
from tests.store.recording import made
from tests.stores import Home

MOST_ACTS = 60


@pytest.fixture
async def bot(home: Home) -> AsyncIterator[Store]:
    """The store as the operators' command line holds it."""
    async with home.open("bot") as bot:
        yield bot


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
