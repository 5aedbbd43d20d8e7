"""The process that makes a pack: what it leaves in the database, in its folder, and when it is not wanted any more."""

import asyncio
import contextlib
import io
import os
import sys
import zipfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from store.evidence import asking, keeping, owed, program
from store.evidence.asking import Standing, Turn
from store.evidence.request import Request
from store.opened import Store
from store.words import PackFailure
from tests.evidence.lives import lived_with, two_logs
from tests.evidence.packs import verify
from tests.stores import Home

TODAY = datetime.now(UTC).date()
WANTED = Request(TODAY - timedelta(days=1), TODAY + timedelta(days=30))


@asynccontextmanager
async def making(home: Home, turn: Turn, folder: Path) -> AsyncIterator[asyncio.subprocess.Process]:
    """The process, begun as the bot begins it."""
    folder.mkdir()
    system = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", program.__name__),
        env=system | {"PUBLIC_URL": home.settings.public_url, "DATABASE_URL": home.database_url},
        stdin=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    assert process.stdin is not None
    process.stdin.write(program.line_for(turn, folder))
    await process.stdin.drain()
    try:
        yield process
    finally:
        process.stdin.close()
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()


async def begun(store: Store, request: Request = WANTED) -> Turn:
    """A pack that is to be made."""
    assert (await asking.ask(store.db, request, "U0SAM")).standing is Standing.BEGUN
    turn = await asking.take(store.db)
    assert turn is not None
    return turn


async def ended(home: Home, turn: Turn, folder: Path) -> tuple[int, str]:
    """Let it come to its end; its exit code and what it wrote."""
    async with making(home, turn, folder) as process:
        assert process.stderr is not None
        async with asyncio.timeout(60):
            log = (await process.stderr.read()).decode()
            return await process.wait(), log


async def test_a_pack_is_made(home: Home, tmp_path: Path) -> None:
    """What is kept is a zip that holds; the folder is gone; nothing was said, least of all the pack's id."""
    await lived_with(home, {}, {"recipient_class": "member"})
    async with home.open("bot") as store:
        turn = await begun(store, Request(WANTED.first, WANTED.last, ("guest",)))
        assert await ended(home, turn, tmp_path / "folder") == (program.ENDED, "")
        assert not (tmp_path / "folder").exists()
        found = await keeping.find(store.db, turn.pack_id)
        assert found is not None
        assert (found.drops, found.faults, found.bytes > 1000) == (1, 0, True)
        content = b"".join([piece async for piece in keeping.pieces(store.db, found)])
        assert {told.whom async for told in _owed(store)} == {"U0SAM", owed.AUDIT}
    with zipfile.ZipFile(io.BytesIO(content)) as read:
        read.extractall(tmp_path / "unzipped")  # our own zip
    [folder] = (tmp_path / "unzipped").iterdir()
    checked = await asyncio.to_thread(verify, folder)
    assert checked.exit_code == 0, checked.output
    assert "recipients: guest" in checked.output


async def _owed(store: Store) -> AsyncIterator[owed.Owed]:
    while (one := await owed.take(store.db)) is not None:
        await owed.settle(store.db, one)
        yield one


async def test_without_a_log_and_with_two(sqlite_home: Home, tmp_path: Path) -> None:
    """It says which in the database: there, somebody waits for it."""
    async with sqlite_home.open("bot") as store:
        for number, failure in enumerate((PackFailure.NO_LOG, PackFailure.SEVERAL_LOGS)):
            if failure is PackFailure.SEVERAL_LOGS:
                await two_logs(sqlite_home)
            turn = await begun(store)
            assert await ended(sqlite_home, turn, tmp_path / str(number)) == (program.ENDED, "")
            [told] = [one async for one in _owed(store)]
            assert told.failure is failure


async def test_a_database_that_is_away_is_tried_again(sqlite_home: Home, tmp_path: Path) -> None:
    """Its exit code says so; the log has a type and a place, and no address."""
    turn = Turn(bytes(16), 1, WANTED)
    away = Home(sqlite_home.path, "postgresql+asyncpg://canary:canary@127.0.0.1:1/none")
    code, log = await ended(away, turn, tmp_path / "folder")
    assert code == program.AGAIN
    assert "could not be made" in log
    assert "canary" not in log
    assert "Traceback" not in log


async def test_a_turn_that_is_over_makes_nothing(sqlite_home: Home, tmp_path: Path) -> None:
    """Somebody else makes it by now."""
    await lived_with(sqlite_home, {})
    async with sqlite_home.open("bot") as store:
        turn = await begun(store)
        late = Turn(turn.pack_id, turn.attempt - 1, turn.request)
        assert await ended(sqlite_home, late, tmp_path / "folder") == (program.ENDED, "")
        assert await asking.renew(store.db, turn)


@pytest.mark.parametrize("how", ["its input closes", "it is told to"])
async def test_it_ends_when_it_is_not_wanted(sqlite_home: Home, tmp_path: Path, how: str) -> None:
    """Whoever began it may have died without a word; its folder does not stay."""
    await lived_with(sqlite_home, *({} for _ in range(3)))
    async with sqlite_home.open("bot") as store:
        turn = await begun(store)
        async with making(sqlite_home, turn, tmp_path / "folder") as process, asyncio.timeout(30):
            while not list((tmp_path / "folder").iterdir()):  # noqa: ASYNC110 - another program's act
                await asyncio.sleep(0.001)
            if how == "it is told to":
                process.terminate()
            else:
                assert process.stdin is not None
                process.stdin.close()
            assert process.stderr is not None
            assert b"Traceback" not in await process.stderr.read()
            assert await process.wait() == program.AGAIN
        assert not (tmp_path / "folder").exists()
        assert await keeping.find(store.db, turn.pack_id) is None
        assert await asking.renew(store.db, turn)


def test_the_line_names_no_more_than_it_must() -> None:
    """Which pack, which attempt, and where."""
    turn = Turn(bytes(range(16)), 3, Request(date(2026, 7, 1), date(2026, 9, 30)))
    assert program.line_for(turn, Path("a b")) == b"000102030405060708090a0b0c0d0e0f 3 a b\n"
