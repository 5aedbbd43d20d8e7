"""
Makes one pack that somebody asked for, as a process of its own: minutes of work on files and signatures, beside which
the bot goes on answering.

`python -m store.evidence.program`; one line on its input says which pack, and for as long as the input stays open it
is wanted: whoever started it may die without a word.  It is told the database and nothing else.
"""

import asyncio
import errno
import os
import shutil
import signal
import sys
import threading
from pathlib import Path
from typing import Any, Final, NoReturn

import structlog

from store import logs
from store.clock import Clock
from store.database import Database
from store.errors import NoLogError, SeveralLogsError
from store.evidence import asking, keeping, making
from store.evidence.asking import Turn
from store.evidence.keeping import OvertakenError
from store.evidence.zipped import name_of, zipped
from store.pacing import give_way
from store.settings import StoreSettings, read_settings
from store.words import PackFailure

ENDED: Final = 0
"""What became of the pack stands in the database."""
AGAIN: Final = 1

_log: structlog.stdlib.BoundLogger = structlog.get_logger("evidence")


def line_for(turn: Turn, folder: Path) -> bytes:
    """The line that says which pack, and where there is room to make it."""
    return f"{turn.pack_id.hex()} {turn.attempt} {folder}\n".encode()


def main() -> NoReturn:
    """Make it, and leave nothing in the folder."""
    signal.signal(signal.SIGTERM, _leave)
    give_way()
    settings = read_settings(StoreSettings)
    logs.configure(settings.log_level, settings.log_format)
    pack_id, attempt, path = sys.stdin.buffer.readline().decode().rstrip("\n").split(" ", 2)
    folder = Path(path)
    threading.Thread(target=_watch, daemon=True).start()
    code = AGAIN
    try:
        code = asyncio.run(_make(settings, bytes.fromhex(pack_id), int(attempt), folder))
    except Exception as error:  # noqa: BLE001 - whoever started this reads the exit code, and tries again
        _log.error("an evidence pack could not be made", error=logs.place_of(error))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    sys.exit(code)


async def _make(settings: StoreSettings, pack_id: bytes, attempt: int, folder: Path) -> int:
    db = Database(settings.database_url.get_secret_value(), Clock(settings.test_clock_file))
    try:
        turn = await asking.turn_of(db, pack_id, attempt)
        if turn is None:
            return ENDED
        failure = await _made(db, settings.public_url, turn, folder)
        if failure is not None:
            await asking.fail(db, turn, failure)
        return ENDED
    finally:
        await db.close()


async def _made(db: Database, issuer: str, turn: Turn, folder: Path) -> PackFailure | None:
    try:
        made = await making.make(db, issuer, turn.request, None, folder / "pack", _quietly)
        zipped(folder / "pack", name_of(turn.request), folder / "pack.zip")
        await keeping.keep(db, turn, folder / "pack.zip", made)
    except SeveralLogsError:
        return PackFailure.SEVERAL_LOGS
    except NoLogError:
        return PackFailure.NO_LOG
    except OvertakenError:
        _log.warning("an evidence pack is made by somebody else by now")
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        return PackFailure.NO_ROOM
    return None


def _quietly(done: int, of: int) -> None:
    """Nobody watches."""


def _watch() -> None:
    # Not through sys.stdin, whose lock the interpreter wants when it ends.
    while os.read(sys.stdin.fileno(), 1024):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


def _leave(*_: Any) -> NoReturn:
    sys.exit(AGAIN)


if __name__ == "__main__":
    main()
