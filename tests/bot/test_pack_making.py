"""Making packs beside the bot: what the process is told, how it ends, and that nobody is forgotten when it fails."""

import asyncio
import os
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from bot import pack_process, pack_wording
from bot.pack_making import PackMaking
from bot.pack_process import End, PackProcess, environment
from sandbox.fixtures import AUDIT, GENERAL, SAM
from sandbox.running import Sandbox
from store.evidence import asking, keeping, program
from store.evidence.asking import LEASE_MS, MOST_ATTEMPTS, Turn
from store.words import PackFailure
from tests.bot.desk import found, settings_of, working
from tests.store.packs import MONTH, QUARTER, taken
from tests.stores import Home

LEASE = LEASE_MS // 1000


@pytest.fixture
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the folders of packs are made."""
    (tmp_path / "folders").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "folders"))
    return tmp_path / "folders"


@pytest.fixture
def sleepy(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """In place of the process that makes packs, one that makes none."""
    stand_in = SimpleNamespace(__name__="tests.bot.sleepy_maker", line_for=program.line_for, ENDED=program.ENDED)
    monkeypatch.setattr(pack_process, "program", stand_in)
    monkeypatch.setattr(pack_process, "_RENEW_SECONDS", 0.05)
    monkeypatch.setattr(pack_process, "_GRACE_SECONDS", 0.5)
    return lambda how: monkeypatch.setenv("HOW", how)


async def pid_in(folders: Path) -> int:
    """The process that is at work there."""
    async with asyncio.timeout(20):
        while True:
            for file in folders.glob("*/process"):
                if text := file.read_text():
                    return int(text)
            await asyncio.sleep(0.02)


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


async def yes() -> bool:
    """It still is this one's turn."""
    return True


def process(sandbox: Sandbox, home: Home, most_seconds: float = 60) -> PackProcess:
    return PackProcess(settings_of(sandbox, home), most_seconds)


TURN = Turn(bytes(16), 1, QUARTER)


@pytest.mark.parametrize("how", ["waits", "clings"])
async def test_it_ends_with_the_bot(
    sandbox: Sandbox, sqlite_home: Home, folders: Path, sleepy: Callable[[str], None], how: str
) -> None:
    """Politely if it can be; and its folder does not stay."""
    sleepy(how)
    stop = asyncio.Event()
    running = asyncio.create_task(process(sandbox, sqlite_home).run(TURN, stop, yes))
    pid = await pid_in(folders)
    assert is_alive(pid)
    stop.set()
    assert await running is End.STOPPED
    assert not is_alive(pid)
    assert list(folders.iterdir()) == []


async def test_it_has_a_limit_and_gives_way(
    sandbox: Sandbox, sqlite_home: Home, folders: Path, sleepy: Callable[[str], None]
) -> None:
    """Of time, and when somebody else has its turn."""
    sleepy("waits")

    async def no() -> bool:
        return False

    assert await process(sandbox, sqlite_home, 0.5).run(TURN, asyncio.Event(), yes) is End.TOO_LONG
    assert await process(sandbox, sqlite_home).run(TURN, asyncio.Event(), no) is End.OVERTAKEN
    sleepy("breaks")
    assert await process(sandbox, sqlite_home).run(TURN, asyncio.Event(), yes) is End.BROKEN
    assert list(folders.iterdir()) == []


async def test_a_cancelled_bot_leaves_no_process(
    sandbox: Sandbox, sqlite_home: Home, folders: Path, sleepy: Callable[[str], None]
) -> None:
    """However the loop ends."""
    sleepy("waits")
    running = asyncio.create_task(process(sandbox, sqlite_home).run(TURN, asyncio.Event(), yes))
    pid = await pid_in(folders)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert not is_alive(pid)
    assert list(folders.iterdir()) == []


def test_it_is_told_the_database_and_no_more(
    sandbox: Sandbox, sqlite_home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No token, no webhook, no folder of keys, in whatever way the bot was told them; what the driver needs, yes."""
    settings = settings_of(sandbox, sqlite_home)
    for name in ("SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET_FILE", "ANCHOR_WEBHOOK_URL", "SIGNING_DIR", "KEYRING_DIR"):
        monkeypatch.setenv(name, "canary")
    for name in ("DATABASE_URL_FILE", "slack_bot_token", "Slack_App_Token_File"):
        monkeypatch.setenv(name, "canary")
    monkeypatch.setenv("PGPASSFILE", "kept")
    told = environment(settings)
    assert "canary" not in told.values()
    assert sandbox.bot_token not in told.values()
    assert (told["DATABASE_URL"], told["PGPASSFILE"]) == (sqlite_home.database_url, "kept")


class Pretend:
    """A process that ends as it is told, each time in another way."""

    def __init__(self, *ends: End) -> None:
        self.ends = list(ends)
        self.turns: list[Turn] = []

    async def run(self, turn: Turn, stop: asyncio.Event, still_mine: Callable[[], Awaitable[bool]]) -> End:
        """One more."""
        assert await still_mine()
        self.turns.append(turn)
        return self.ends.pop(0)


@pytest.mark.parametrize(
    ("ends", "failure"),
    [([End.BROKEN] * MOST_ATTEMPTS, PackFailure.GAVE_UP), ([End.BROKEN, End.TOO_LONG], PackFailure.TOO_LONG)],
)
async def test_a_pack_that_cannot_be_made_is_given_up(sqlite_home: Home, ends: list[End], failure: PackFailure) -> None:
    """It is begun anew some times, with pauses; then whoever asked hears why."""
    pretend: Any = Pretend(*ends)
    async with sqlite_home.open("bot") as store:
        await asking.ask(store.db, QUARTER, "U0SAM")
        making = PackMaking(store, pretend)
        for _ in range(2 * MOST_ATTEMPTS + 2):
            await making._once(asyncio.Event())
            sqlite_home.advance_clock(10)
        assert [turn.attempt for turn in pretend.turns] == list(range(1, len(ends) + 1))
        asked = await asking.ask(store.db, MONTH, "U0SAM")
        assert asked.standing is asking.Standing.BEGUN
        async with store.db.read() as tx:
            rows = (await tx.exec_driver_sql("SELECT failure FROM evidence_packs ORDER BY asked_at")).scalars().all()
        assert rows == [failure, None]


async def test_a_stopped_bot_leaves_its_pack_to_the_next(
    sandbox: Sandbox, sqlite_home: Home, folders: Path, sleepy: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """At once, and another bot, or the restarted one, makes it; the bot answers all the while."""
    sleepy("waits")
    async with working(sandbox, sqlite_home) as desk:
        await sandbox.type(SAM, GENERAL, "/sendsecret evidence this year")
        pid = await pid_in(folders)
        await desk.send("/sendsecret @noor")
    assert not is_alive(pid)
    monkeypatch.setattr(pack_process, "program", program)
    async with working(sandbox, sqlite_home):
        assert await sandbox.wait_message(SAM, contains="open_pack", seconds=60)
    assert list(folders.iterdir()) == []


async def test_a_bot_that_died_blocks_nobody(sandbox: Sandbox, sqlite_home: Home) -> None:
    """Its lease ends, another bot goes on, and whoever asked the dead one gets the answer."""
    async with working(sandbox, sqlite_home, audit_channel="none") as desk:
        sqlite_home.hold_clock()
        turn = await taken(desk.store.db, by=SAM)
        sqlite_home.advance_clock(LEASE)
        message = found(await sandbox.wait_message(SAM, contains="open_pack", seconds=60))
        assert turn.pack_id.hex() in str(message["blocks"])
        kept = await keeping.find(desk.store.db, turn.pack_id)
        assert kept is not None
        assert kept.attempt == turn.attempt + 1
        assert not await sandbox.wait_message(SAM, AUDIT, contains="Evidence pack", seconds=0.5)


async def test_what_failed_is_told_in_words(sandbox: Sandbox, sqlite_home: Home) -> None:
    """In the DM: which pack, why, and that nothing was changed; the audit channel reads nothing of it."""
    async with working(sandbox, sqlite_home) as desk:
        sqlite_home.hold_clock()
        turn = await taken(desk.store.db, by=SAM)
        await asking.fail(desk.store.db, turn, PackFailure.NO_ROOM)
        message = found(await sandbox.wait_message(SAM, contains="could not be made.", seconds=20))
        assert message["text"] == pack_wording.FAILED_TEXT
        told = message["blocks"][0]["text"]["text"]
        assert told.startswith("*The evidence pack of 2026-07-01 to 2026-09-30 (all recipients) could not be made.*")
        assert "not enough room" in told
        assert told.endswith("Nothing was changed.")
        assert not await sandbox.wait_message(SAM, AUDIT, contains="Evidence pack", seconds=0.5)
