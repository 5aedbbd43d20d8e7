"""The disk is full (F11): nothing is claimed that is not on it, nothing is paid, and all goes on when there is room."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from store import creation
from store.drops import find
from store.errors import KeyUnreadableError
from store.keyring import KeyState
from tests.faults.page import Page, delivered, require_sound
from tests.faults.small_disk import SmallDisk, kinds, small_disk
from tests.programs import web
from tests.store.reading import events_of, require_destroyed, row_of, words_of
from tests.stores import Home, seal


@pytest.fixture(params=kinds())
def disk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SmallDisk]:
    """A small one."""
    with small_disk(request.param, tmp_path / "small") as small:
        yield small


@pytest.fixture
def database_there(disk: SmallDisk, sqlite_home: Home) -> Home:
    """The database alone lies on it; the keyring and the programs' logs do not."""
    for path in sqlite_home.path.glob("store.db*"):
        shutil.move(path, disk.folder / path.name)
    return Home(sqlite_home.path, f"sqlite+aiosqlite:///{disk.folder}/store.db")


async def test_a_claim_that_cannot_be_written_is_not_won(disk: SmallDisk, database_there: Home) -> None:
    """Right or wrong, 503 and nothing paid, nothing on record; with room again the same request opens."""
    home = database_there
    async with home.open("bot") as store, web(home) as program:
        page, wrong = Page(sealed := await delivered(store)), Page(sealed, right=False)
        before = await events_of(store, sealed.new.id)
        with disk.full(program.process.pid):
            for one in (page, wrong, page):
                answer = await one.ask(program.port)
                assert answer is not None
                assert (answer.status, answer.headers.get("retry-after")) == (503, "1")
            row = await row_of(store, sealed.new.id)
            assert (row.state, row.guesses, row.claim_hash) == ("sealed", 0, None)
            assert await events_of(store, sealed.new.id) == before
        assert page.read == []
        assert (await page.told(program.port)).json()["sends_left"] == 2
        assert (await page.told(program.port, "acknowledge")).status == 200
        await require_destroyed(store, sealed.new.id)
    await require_sound(home)


async def test_a_destruction_that_cannot_be_written_is_finished_later(disk: SmallDisk, database_there: Home) -> None:
    """The page has read it; that it is destroyed is said once it is true, and nobody else reads meanwhile."""
    home = database_there
    async with home.open("bot") as store, web(home) as program:
        page, other = Page(sealed := await delivered(store)), Page(sealed)
        await page.told(program.port)
        with disk.full(program.process.pid):
            answer = await page.ask(program.port, "acknowledge")
            assert answer is not None
            assert answer.status == 503
            refused = await other.ask(program.port)
            assert refused is not None
            assert refused.status in (410, 503)
            assert (await row_of(store, sealed.new.id)).state == "claimed"
        assert (await page.told(program.port, "acknowledge")).json()["state"] == "destroyed"
        words = await words_of(store, sealed.new.id)
        assert [words.count(word) for word in ("claimed", "destroyed", "receipt")] == [1, 1, 1]
        assert other.read == []
        await require_destroyed(store, sealed.new.id)
    await require_sound(home)


async def test_a_keyring_without_room_takes_no_drop(disk: SmallDisk, sqlite_home: Home) -> None:
    """It is refused before there is a row, half a key opens nothing, and what was there before opens all the same."""
    keyring = sqlite_home.keyring
    shutil.copytree(keyring, disk.folder / "keyring")
    shutil.rmtree(keyring)
    keyring.symlink_to(disk.folder / "keyring")
    async with sqlite_home.open("bot") as store:
        older, sealed = await delivered(store), seal()
        with disk.full(os.getpid()), pytest.raises(KeyUnreadableError):
            await creation.create(store, sealed.new)
        assert await find(store, sealed.new.id) is None
        assert store.keyring.state(sealed.new.id) is KeyState.ABSENT
        async with web(sqlite_home) as program:
            assert (await Page(older).told(program.port)).status == 200
        await creation.create(store, sealed.new)
        assert store.keyring.state(sealed.new.id) is KeyState.LIVE
    await require_sound(sqlite_home)
