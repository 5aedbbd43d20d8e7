"""The keyring is missing, damaged, zeroed or another one's (F13): nobody is judged by that, and nothing is paid."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from store.formats import base64url
from tests.faults.page import Page, delivered, require_sound, until
from tests.programs import Call, free_port, running, web
from tests.store.reading import require_destroyed, row_of
from tests.stores import Home

CANNOT_START = 3


def key_of(home: Home, drop_id: bytes) -> Path:
    return home.keyring / "drops" / drop_id.hex()


def _away(home: Home, drop_id: bytes) -> Callable[[], object]:
    where = home.keyring.rename(home.path / "away")
    return lambda: where.rename(home.keyring)


def _without_the_key(home: Home, drop_id: bytes) -> Callable[[], object]:
    where = key_of(home, drop_id).rename(home.path / "key")
    return lambda: where.rename(key_of(home, drop_id))


def _half_a_key(home: Home, drop_id: bytes) -> Callable[[], object]:
    whole = key_of(home, drop_id).read_bytes()
    key_of(home, drop_id).write_bytes(whole[:16])
    return lambda: key_of(home, drop_id).write_bytes(whole)


def _a_folder_for_a_key(home: Home, drop_id: bytes) -> Callable[[], object]:
    whole = key_of(home, drop_id).read_bytes()
    key_of(home, drop_id).unlink()
    key_of(home, drop_id).mkdir()

    def back() -> None:
        key_of(home, drop_id).rmdir()
        key_of(home, drop_id).write_bytes(whole)

    return back


@pytest.mark.parametrize("broken", [_away, _without_the_key, _half_a_key, _a_folder_for_a_key])
async def test_what_cannot_be_read_is_not_judged(home: Home, broken: Callable[..., Callable[[], object]]) -> None:
    """A running server answers 503 to right and wrong alike, pays for neither, and opens once the key is back."""
    async with home.open("bot") as store, web(home) as program:
        page, wrong = Page(sealed := await delivered(store)), Page(sealed, right=False)
        back = broken(home, sealed.new.id)
        for one in (page, wrong):
            answer = await one.ask(program.port)
            assert answer is not None
            assert (answer.status, answer.json()["type"]) == (503, "urn:sendsecret:problem:key-unreadable")
        row = await row_of(store, sealed.new.id)
        assert (row.state, row.guesses) == ("sealed", 0)
        back()
        assert (await page.told(program.port)).status == 200
    await require_sound(home)


async def test_a_server_without_its_keyring_is_not_ready(sqlite_home: Home) -> None:
    """It goes on telling how dead drops ended, says that it is not ready, and is ready when the folder is back."""
    async with sqlite_home.open("bot") as store, web(sqlite_home) as program:
        page = Page(await delivered(store))
        await page.told(program.port)
        await page.told(program.port, "acknowledge")
        back = _away(sqlite_home, b"")

        async def is_ready(status: int) -> bool:
            return (await Call(program.port, "GET", "/readyz").answer()).status == status

        await until(lambda: is_ready(503))
        ended = await page.ask(program.port)
        assert ended is not None
        assert (ended.status, ended.json()["state"]) == (410, "viewed")
        back()
        await until(lambda: is_ready(200))
    await require_sound(sqlite_home)


async def test_a_key_of_zeros_ends_its_drop_as_lost(home: Home) -> None:
    """An erased key is proof that it is gone: the holder is told so, and no guess is used up."""
    async with home.open("bot") as store, web(home) as program:
        page = Page(sealed := await delivered(store))
        key_of(home, sealed.new.id).write_bytes(bytes(32))
        answer = await page.told(program.port)
        assert (answer.status, answer.json()["state"]) == (410, "lost")
        assert (await row_of(store, sealed.new.id)).guesses == 0
        await require_destroyed(store, sealed.new.id)
    await require_sound(home)


async def test_with_another_keyring_no_program_starts(sqlite_home: Home, tmp_path: Path) -> None:
    """It ends with a sentence, and not one drop is called lost or one key an orphan."""
    other = Home(tmp_path / "other", f"sqlite+aiosqlite:///{tmp_path}/other.db")
    other.path.mkdir()
    await other.prepare()
    async with sqlite_home.open("bot") as store:
        sealed = await delivered(store)
        shutil.copy(sqlite_home.keyring / "event-web.key", other.keyring)
        environment = sqlite_home.environment() | {"KEYRING_DIR": str(other.keyring), "WEB_PORT": str(free_port())}
        async with running(["sendsecret", "web"], environment, tmp_path / "web.log") as program:
            assert await program.ended() == CANNOT_START
        assert "does not belong to this database; nothing was changed" in program.written()
        assert "Traceback" not in program.written()
        assert (await row_of(store, sealed.new.id)).state == "sealed"
        # Beside its own again, it opens.
        async with web(sqlite_home) as again:
            shown = (await Page(sealed).told(again.port)).json()
            assert len(json.dumps(shown)) > len(base64url.encode(sealed.new.envelope))
    await require_sound(sqlite_home)
