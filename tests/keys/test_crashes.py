"""A rotation that stops at any of its durable acts: the programs work on, and it is simply done again."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from store import door, receipts
from store.keys import retiring
from store.log import proofs
from store.log.sequencer import Sequencer
from store.opened import Store
from tests.keys.rotating import ROTATIONS, event_bot, faults, lives, opened_by, said
from tests.store.faults import Crash, Dying, dying
from tests.store.living import SOMEBODY, created
from tests.store.test_log import drained
from tests.stores import Home, Sealed

MOST_ACTS = 40
_ACTS = ("link", "replace", "unlink", "fsync", "pwrite", "write")


@contextmanager
def deadly_disk(fate: Dying) -> Iterator[None]:
    """Every act on a file counts as one of those at which the program may die."""
    with pytest.MonkeyPatch.context() as patch:
        for name in _ACTS:
            patch.setattr(os, name, _fatal(getattr(os, name), fate))
        yield


def _fatal(real: Any, fate: Dying) -> Any:
    def act(*words: Any, **named: Any) -> Any:
        fate.die_before()
        done = real(*words, **named)
        fate.die_after()
        return done

    return act


def secret_in(path: Path) -> bytes:
    """The private part of a key file's content; the present pepper."""
    content = path.read_bytes()
    return str(json.loads(content)["d"]).encode() if path.suffix == ".key" else content[:32]


def holding(home: Home, secret: bytes) -> list[str]:
    """The files in which it stands."""
    files = [path for folder in (home.keyring, home.signing) for path in folder.rglob("*") if path.is_file()]
    return [path.name for path in files if secret in path.read_bytes()]


@pytest.mark.parametrize("name", ROTATIONS)
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
async def test_a_crash_at_any_act_leaves_a_key_that_works(sqlite_home: Home, name: str, after: bool) -> None:
    """Drops are made, opened and logged by the programs that run; then the same command ends what it began."""
    home, (rotate, path_of) = sqlite_home, ROTATIONS[name]
    async with home.open("bot") as bot, home.open("web") as web:
        first, open_before = await lives(home, bot, web), await created(bot)
        crashes = rotations = 0
        for at in range(1, MOST_ACTS):
            old = secret_in(path_of(home))
            doomed, fate = dying(bot, at, after=after)
            try:
                with deadly_disk(fate):
                    await rotate(doomed, home)
                rotations += 1
            except Crash:
                crashes += 1
                await works(home, bot, web, open_before)
                is_over = secret_in(path_of(home)) != old and litter(home) == []
                await rotate(bot, home)
                rotations += 1 + is_over
            assert secret_in(path_of(home)) != old
            assert holding(home, old) == (["pepper"] if name == "pepper" else [])
            assert litter(home) == []
            await works(home, bot, web, open_before)
            assert len(await said(bot)) == rotations
            if fate.acts < at:
                break
        await opened_by(web, open_before)
        assert 10 < crashes < MOST_ACTS - 1
        await require_proven(bot, first.new.id)
    assert await faults(home) == []


async def works(home: Home, bot: Store, web: Store, drop: Sealed) -> None:
    """A link is made and known, one of before is known too, and the log takes all that was said."""
    for one in (drop, await created(bot)):
        await door.look(web, one.new.id, one.new.link_proof, SOMEBODY)
    assert await drained(Sequencer(bot, home.signing)) == []


def litter(home: Home) -> list[str]:
    """Files that a rotation makes on its way, but for the public ones."""
    folders = (home.keyring, home.signing)
    return [path.name for folder in folders for path in folder.iterdir() if path.suffix in (".next", ".old")]


async def require_proven(store: Store, drop_id: bytes) -> None:
    """The receipt of a drop that ended before everything has a proof."""
    rid = await receipts.of_drop(store, drop_id)
    proven = await proofs.of_event(store, f"rc_{rid}")
    assert proven is not None
    assert proven.proof is not None


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
async def test_a_retirement_that_stops_anywhere_is_done_again(sqlite_home: Home, after: bool) -> None:
    """Never does the log say that a key is retired which is still believed."""
    home = sqlite_home
    crashes = 0
    async with home.open("bot") as bot, home.open("web") as web:
        for at in range(1, MOST_ACTS):
            kid = bot.signer.key.kid
            drop = await created(bot)
            await event_bot(bot, home)
            doomed, fate = dying(bot, at, after=after)
            try:
                with deadly_disk(fate):
                    await retiring.retire(doomed, home.signing, kid, {}, force=True)
            except Crash:
                crashes += 1
                await works(home, bot, web, drop)
                assert await faults(home) == []
                await retiring.retire(bot, home.signing, kid, {}, force=True)
            await works(home, bot, web, drop)
            assert [claims["retired"] for claims in await said(bot) if "retired" in claims][-1:] == [kid]
            if fate.acts < at:
                break
    assert 3 < crashes < MOST_ACTS - 1
    assert await faults(home) == []
