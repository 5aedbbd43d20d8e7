"""The log after a crash, and after a database was put back: finished or refused, never forked."""

import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from store.errors import LogStoppedError
from store.formats import checkpoint_v1
from store.formats.tiles_v1 import Tile
from store.log import another, guard, published
from store.log.latest import Latest
from store.log.log_key import LogSigner
from store.log.sequencer import Sequencer
from store.opened import Store
from store.program_keys import make_program_keys
from store.schema import events
from store.signer import Signer
from store.words import Event
from tests.store.faults import Crash, dying
from tests.store.living import created
from tests.store.reading import claims_of
from tests.store.test_log import drained
from tests.store.whole_log import waiting, whole_log
from tests.stores import Home


def die(*_: Any) -> Any:
    raise Crash


def size_of(note: str | None) -> int:
    return 0 if note is None else int(note.split("\n")[1])


def kept(home: Home) -> int:
    """The size that `checkpoint.latest` speaks of."""
    path = home.signing / "checkpoint.latest"
    return size_of(path.read_text()) if path.exists() else 0


def doomed(store: Store, home: Home, where: str, monkeypatch: pytest.MonkeyPatch) -> Sequencer:
    """A sequencer that dies at one durable act of its next step."""
    acts = {
        "before-commit": (1, False),
        "after-commit": (1, True),
        "before-publish": (2, False),
        "published": (2, True),
    }
    if where in acts:
        at, after = acts[where]
        return Sequencer(dying(store, at, after=after)[0], home.signing)
    if where == "before-file":
        monkeypatch.setattr(Latest, "advance", die)
    else:
        monkeypatch.setattr(Path, "replace", die)  # the new file is written, and not in place
    return Sequencer(store, home.signing)


@pytest.mark.parametrize(
    "where", ["before-commit", "after-commit", "before-file", "within-file", "before-publish", "published"]
)
@pytest.mark.parametrize("first", [True, False])
async def test_a_crash_is_finished_by_the_next_step(
    home: Home, where: str, first: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whichever durable act was the last: what was seen is kept, what was committed comes out, nothing forks."""
    async with home.open("bot") as bot:
        await created(bot)
        sequencer = Sequencer(bot, home.signing)
        await (sequencer.step() if first else drained(sequencer))
        await created(bot)
        with monkeypatch.context() as patch, pytest.raises(Crash):
            await doomed(bot, home, where, patch).step()
        seen = await published.checkpoint(bot)
        await whole_log(bot)
        assert size_of(seen) <= kept(home)
        assert (await published.tile(bot, Tile(0, 0, size_of(seen) + 1))) is None
        await drained(Sequencer(bot, home.signing))
        log = await whole_log(bot)
        assert log.events == [Event.LOG_OPENED, Event.CREATED, Event.CREATED]
        assert size_of(log.published) == kept(home) == 3
        assert await waiting(bot) == 0


@pytest.fixture
def backup(sqlite_home: Home, tmp_path: Path) -> tuple[Callable[[], None], Callable[[], None]]:
    """Take a copy of the database while nobody has it open, and put it back."""
    database, copy = tmp_path / "store.db", tmp_path / "backup.db"

    def settle() -> None:
        connection = sqlite3.connect(database)
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()

    def take() -> None:
        settle()
        shutil.copy(database, copy)

    def restore() -> None:
        settle()
        shutil.copy(copy, database)

    return take, restore


async def grown(home: Home, drops: int = 1) -> None:
    async with home.open("bot") as bot:
        for _ in range(drops):
            await created(bot)
        await drained(Sequencer(bot, home.signing))


async def require_stopped(home: Home, match: str) -> None:
    """Nothing is signed or shown, and events wait."""
    async with home.open("bot") as bot:
        before, file = await published.checkpoint(bot), (home.signing / "checkpoint.latest")
        was = file.read_text() if file.exists() else None
        await created(bot)
        with pytest.raises(LogStoppedError, match=match):
            await drained(Sequencer(bot, home.signing))
        assert await published.checkpoint(bot) == before
        assert (file.read_text() if file.exists() else None) == was
        assert await waiting(bot) > 0


async def test_a_restored_backup_is_noticed_and_another_log_cites_the_old_one(
    sqlite_home: Home, backup: tuple[Callable[[], None], Callable[[], None]]
) -> None:
    """Until an operator opens another log nothing is signed; its first leaf names what the world saw last."""
    take, restore = backup
    await grown(sqlite_home, 2)
    take()
    await grown(sqlite_home, 3)
    restore()
    await require_stopped(sqlite_home, r"checkpoint of localhost:8080/audit with 6 entries.*sendsecret log new")
    signer = LogSigner(sqlite_home.signing / "log.key")
    seen = (sqlite_home.signing / "checkpoint.latest").read_text()
    async with sqlite_home.open("bot") as bot:
        name = await another.open_another(bot, signer, Latest(sqlite_home.signing, signer))
        assert name == "localhost:8080/audit-2"
        await drained(Sequencer(bot, sqlite_home.signing))
        old, new = await whole_log(bot, 1), await whole_log(bot, 2)
        assert old.sizes[-1] == 3
        assert new.events == [Event.LOG_OPENED, Event.CREATED]
        async with bot.db.read() as tx:
            leaf = await tx.scalar(
                events.select().with_only_columns(events.c.leaf).where(events.c.position == new.positions[0])
            )
        assert leaf is not None
        origin, size, root = seen.split("\n")[:3]
        assert claims_of(leaf)["previous"] == {"log": origin, "size": int(size), "root": root}
    await grown(sqlite_home)
    restore()
    await require_stopped(sqlite_home, "does not know the log localhost:8080/audit-2")
    async with sqlite_home.open("bot") as bot:
        name = await another.open_another(bot, signer, Latest(sqlite_home.signing, signer))
        assert name == "localhost:8080/audit-3"
        await drained(Sequencer(bot, sqlite_home.signing))
        assert size_of(await published.checkpoint(bot)) == kept(sqlite_home) == 2


async def test_a_backup_that_grew_past_the_size_is_noticed_too(
    sqlite_home: Home, backup: tuple[Callable[[], None], Callable[[], None]]
) -> None:
    """The size alone says nothing: another history of the same length has another root."""
    take, restore = backup
    await grown(sqlite_home)
    take()
    true = sqlite_home.signing / "checkpoint.latest"
    at_backup = true.read_text()
    await grown(sqlite_home, 2)
    seen = true.read_text()
    restore()
    true.write_text(at_backup)
    await grown(sqlite_home, 2)
    true.write_text(seen)
    await require_stopped(sqlite_home, "the database (has another root|does not have the checkpoint)")


async def test_an_empty_database_beside_an_old_log_is_noticed(home: Home, tmp_path: Path) -> None:
    """A new database cannot begin a log whose first leaves are known."""
    await grown(home)
    async with home.open("bot") as bot:
        known = Latest(home.signing, LogSigner(home.signing / "log.key")).read()
        async with bot.db.read() as tx:
            with pytest.raises(LogStoppedError, match="has no log, and 2 entries"):
                await guard.require_unbroken(tx, LogSigner(home.signing / "log.key"), None, known)


async def test_what_guards_the_log_must_be_there(home: Home) -> None:
    """A last checkpoint that is gone or damaged, a key that is another or none: nothing is signed."""
    await grown(home)
    latest, key = home.signing / "checkpoint.latest", home.signing / "log.key"
    note, jwk = latest.read_text(), key.read_text()
    latest.unlink()
    await require_stopped(home, "checkpoint.latest is gone")
    latest.write_text(note.replace("\n2\n", "\n3\n"))
    await require_stopped(home, "checkpoint.latest in SIGNING_DIR cannot be read")
    latest.write_text(note)
    key.unlink()
    make_program_keys(home.keyring, home.signing)
    assert not key.exists()
    await require_stopped(home, "log.key in SIGNING_DIR cannot be read")
    Signer.make(key)
    await require_stopped(home, "was not signed by log.key")
    latest.unlink()
    await require_stopped(home, "log.key in SIGNING_DIR is not the key of localhost:8080/audit")
    async with home.open("bot") as bot:
        signer = LogSigner(key)
        with pytest.raises(LogStoppedError, match="not the key of"):
            await another.open_another(bot, signer, Latest(home.signing, signer), force=True)
        name = await another.open_another(bot, signer, Latest(home.signing, signer), despite_damage=True)
        await drained(Sequencer(bot, home.signing))
        log = await whole_log(bot, checkpoint_v1.number_of(name))
        assert log.events[0] == Event.LOG_OPENED
        assert kept(home) > 1
    key.write_text(jwk)
    await require_stopped(home, "was not signed by log.key")


async def test_tiles_that_were_changed_behind_our_back_are_noticed(home: Home) -> None:
    """Whoever can turn triggers off cannot make us sign what does not follow from the last checkpoint."""
    await grown(home)
    async with home.open("bot") as bot, bot.db.write() as tx:
        on_table = "" if bot.db.is_sqlite else " ON log_tiles"
        await tx.execute(text(f"DROP TRIGGER tiles_only_grow{on_table}"))
        await tx.execute(text("UPDATE log_tiles SET hashes = :h"), {"h": bytes(64)})
    await require_stopped(home, "do not give the root that was signed")


async def test_the_event_that_opens_must_come_first(home: Home) -> None:
    """A log whose opening was taken away does not begin with something else."""
    async with home.open("bot") as bot:
        await Sequencer(bot, home.signing).step()
        async with bot.db.write() as tx:
            await tx.execute(text("DELETE FROM log_pending"))
    await require_stopped(home, "the event that opens localhost:8080/audit is missing")


async def test_the_last_checkpoint_only_moves_forward(home: Home) -> None:
    """An older checkpoint of a slower program changes nothing; another root of the same size is refused."""
    await grown(home)
    signer = LogSigner(home.signing / "log.key")
    latest = Latest(home.signing, signer)
    known = latest.read()
    assert known is not None
    for size, origin in ((1, known[1].origin), (9, "localhost:8080/audit-0")):
        older = checkpoint_v1.Checkpoint(origin, size, bytes(32))
        latest.advance(signer.sign(older), older)
        assert latest.read() == known
    other = checkpoint_v1.Checkpoint(known[1].origin, known[1].size, bytes(32))
    with pytest.raises(LogStoppedError, match="another root"):
        latest.advance(signer.sign(other), other)
    assert latest.read() == known
