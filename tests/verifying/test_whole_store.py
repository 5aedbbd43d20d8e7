"""`sendsecret verify --store`: what is whole, what was upgraded, what was restored, and history written anew."""

import asyncio
import base64
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Integer, Table, select, text

from sendsecret.__main__ import main
from store import endings
from store.formats import event_v1
from store.formats.checkpoint_v1 import Checkpoint
from store.formats.merkle_v1 import leaf_hash
from store.log import another
from store.log.latest import Latest
from store.log.log_key import LogSigner
from store.log.sequencer import Sequencer
from store.opened import Store
from store.schema import events, log_checkpoints, log_tiles, metadata
from store.signer import Signer
from store.verifying.files import File
from store.verifying.regrown import Regrown
from tests.store.first_schema import copied_into_first_schema
from tests.store.living import created
from tests.store.test_log import drained
from tests.stores import Home
from tests.verifying.attacked import WORKING_MEMORY, attack, checked, failed, require_failure, settled, without_triggers
from tests.verifying.lived import either, live, write_evidence, write_tiles

LAST = "(SELECT max(rowid) FROM {})"
EVIDENCE = [
    table
    for table in metadata.sorted_tables
    # Not evidence; and three that are empty while nothing waits and no month is over.
    if table.name not in {*WORKING_MEMORY, "log_pending", "log_refused", "forgotten_months"}
]
NOT_LOOKED_AT = {
    *(("drops", name) for name in ("delivery_until", "v1", "form", "once")),
    ("signers", "since"),
    ("log_checkpoints", "at"),
}


def verify(home: Home, *words: object) -> Result:
    done = CliRunner(env=home.environment()).invoke(main, ["verify", *map(str, words)])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done


@pytest.fixture
def lived_home(tmp_path: Path) -> Home:
    """On SQLite, with every outcome, and a checkpoint that somebody kept before more happened."""
    home = Home(tmp_path, f"sqlite+aiosqlite:///{tmp_path}/store.db")

    async def everything() -> None:
        await home.prepare()
        async with either(home) as store:
            await live(store, home)
            (tmp_path / "kept").write_text((home.signing / "checkpoint.latest").read_text())
            await endings.revoke(store, (await created(store)).new.id)
            await drained(Sequencer(store, home.signing))

    asyncio.run(everything())
    return home


def test_the_command_says_a_line_a_table(lived_home: Home) -> None:
    """Exit code 0, nothing changed, what is not looked at is said; a failure is exit code 1 and names its table."""
    before = (lived_home.path / "store.db").read_bytes()
    done = verify(lived_home, "--store", "--older", lived_home.path / "kept")
    assert (done.exit_code, done.output.count("FAILED")) == (0, 0)
    assert "not looked at" in done.output
    assert "kept: the log in the database begins with its" in done.output
    assert (lived_home.path / "store.db").read_bytes() == before
    assert verify(lived_home, "--store", "-q").output == ""
    attack(lived_home, ("DELETE FROM drops WHERE outcome = 'viewed'", {}))
    done = verify(lived_home, "--store")
    assert done.exit_code == 1
    assert "FAILED  drops: drop" in done.output
    assert '"about": "drops", "holds": false' in verify(lived_home, "--store", "--json").output


async def test_a_fresh_installation_holds(home: Home) -> None:
    """Before the first drop, and before the bot opened the log."""
    assert failed(await asyncio.to_thread(checked, home)) == []
    async with home.open("bot") as bot:
        await created(bot)
        findings = await asyncio.to_thread(checked, home)
        assert failed(findings) == []
        assert ["there is none" in one.says for one in findings if one.about == "checkpoint.latest"] == [True]
        await Sequencer(bot, home.signing).step()
        assert failed(await asyncio.to_thread(checked, home)) == []


def test_leaves_of_any_shape_are_no_crash(lived_home: Home) -> None:
    """Nested beyond every parser, or no JWS at all."""
    for leaf in (b"x", b"..", b64url(b"[" * 40_000) + b".e30.AA", b64url(b"[]") + b".e30.AA", bytes(range(256))):
        attack(lived_home, ("UPDATE events SET leaf = :leaf WHERE event = 'drop.claimed'", {"leaf": leaf}))
        require_failure(checked(lived_home), "^events: position .*drop.claimed")


def b64url(raw: bytes) -> bytes:
    return base64.urlsafe_b64encode(raw).rstrip(b"=")


def test_called_wrongly(tmp_path: Path) -> None:
    """No database, or one of another release: exit code 2, and no file is made."""
    home = Home(tmp_path, f"sqlite+aiosqlite:///{tmp_path}/none.db")
    done = verify(home, "--store")
    assert (done.exit_code, "there is no database" in done.output + done.stderr) == (2, True)
    assert not (tmp_path / "none.db").exists()
    (tmp_path / "none.db").touch()
    done = verify(home, "--store")
    assert (done.exit_code, "sendsecret migrate" in done.output + done.stderr) == (2, True)
    (tmp_path / "none.db").write_bytes(b"no database at all" * 100)
    assert verify(home, "--store").exit_code == 2


def test_without_the_keys_that_are_believed_it_is_said(lived_home: Home) -> None:
    """The database's own table of keys proves less; an unreadable last checkpoint or log key proves nothing."""
    for path in (lived_home.signing / "trusted").iterdir():
        path.unlink()
    require_failure(checked(lived_home), "^SIGNING_DIR/trusted: no key could be read")
    assert len(failed(checked(lived_home))) == 1
    (lived_home.signing / "log.key").unlink()
    require_failure(checked(lived_home), "^checkpoint.latest: the log's key log.key in SIGNING_DIR cannot be read")


@pytest.mark.parametrize("table", EVIDENCE, ids=lambda table: table.name)
def test_every_column_is_looked_at(lived_home: Home, tmp_path: Path, table: Table) -> None:
    """Text in its place, of a kind that SQLite keeps anywhere: found, no crash; but for the columns that we name."""
    settled(lived_home.path / "store.db")
    for column in table.columns:
        if (table.name, column.name) in NOT_LOOKED_AT:
            continue
        shutil.copy(tmp_path / "store.db", tmp_path / "copy.db")
        home = Home(tmp_path, f"sqlite+aiosqlite:///{tmp_path}/copy.db")
        is_number = column.primary_key and len(table.primary_key) == 1 and isinstance(column.type, Integer)
        value = -7 if is_number else "'sixteen letters.'"
        change = f"UPDATE {table.name} SET {column.name} = {value} WHERE rowid = {LAST.format(table.name)}"  # noqa: S608
        attack(home, ("PRAGMA ignore_check_constraints = ON", {}), (change, {}))
        assert failed(checked(home)), column


async def test_an_installation_from_before_receipts(home: Home, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """What ended before the log began has no receipt, and nothing is wrong with it."""
    url = f"sqlite+aiosqlite:///{tmp_path}/first.db"
    if home.database_url.startswith("postgresql"):
        url = request.getfixturevalue("postgres").new_database()
    async with either(home) as store:
        for _ in range(2):
            await endings.revoke(store, (await created(store)).new.id)
        async with store.db.write() as tx, without_triggers(tx, is_sqlite=store.db.is_sqlite):
            await tx.execute(text("DELETE FROM disclosures WHERE jti LIKE 'rc_%'"))
            await tx.execute(text("DELETE FROM events WHERE event = 'drop.receipt'"))
            await tx.execute(text("UPDATE drops SET n = n - 1"))
        await copied_into_first_schema(store, url)
    upgraded = Home(tmp_path, url)
    await upgraded.prepare()
    async with either(upgraded) as store:
        await drained(Sequencer(store, upgraded.signing))
        await endings.revoke(store, (await created(store)).new.id)
        await drained(Sequencer(store, upgraded.signing))
    assert failed(await asyncio.to_thread(checked, upgraded)) == []


async def test_a_log_after_a_restored_backup(sqlite_home: Home) -> None:
    """Two logs, of which the second cites the first: both hold, and both keys are needed for files."""
    signer = LogSigner(sqlite_home.signing / "log.key")
    async with either(sqlite_home) as store:
        await live(store, sqlite_home)
        await another.open_another(store, signer, Latest(sqlite_home.signing, signer), force=True)
        await created(store)
        await drained(Sequencer(store, sqlite_home.signing))
        leaves = await write_evidence(store, sqlite_home.path / "out")
        tiles = await write_tiles(store, sqlite_home.path / "tiles")
    assert failed(await asyncio.to_thread(checked, sqlite_home)) == []
    done = await asyncio.to_thread(verify, sqlite_home, *leaves, "--tiles", tiles)
    assert (done.exit_code, done.output.count("FAILED")) == (0, 0)


async def rewritten(home: Home, *, with_log_key: bool = True) -> None:
    """
    An old event told otherwise, by somebody who has every key: signed anew, the tree, every checkpoint and
    `checkpoint.latest` with it; or who has all but the log's key.
    """
    async with (
        either(home) as store,
        store.db.write() as tx,
        without_triggers(tx, is_sqlite=store.db.is_sqlite),
    ):
        await _tell_otherwise(tx, store, home)
        signer, tree = LogSigner(home.signing / "log.key"), Regrown()
        rows = await tx.execute(text("SELECT leaf FROM events JOIN log_leaves USING (position) ORDER BY leaf_index"))
        leaves = [leaf_hash(row.leaf) for row in rows]
        notes = {row.size: row.note for row in await tx.execute(select(log_checkpoints))}
        note = ""
        for leaf in leaves:
            tree.append(leaf)
            if tree.size in notes and with_log_key:
                origin = notes[tree.size].split("\n")[0]
                note = signer.sign(Checkpoint(origin, tree.size, tree.root))
                values = log_checkpoints.update().where(log_checkpoints.c.size == tree.size).values(note=note)
                await tx.execute(values)
        for (level, n), hashes in {**tree.filled, **tree.begun}.items():
            place = (log_tiles.c.level == level) & (log_tiles.c.n == n)
            await tx.execute(log_tiles.update().where(place).values(hashes=hashes))
        if with_log_key:
            (home.signing / "checkpoint.latest").write_text(note)


async def _tell_otherwise(tx: Any, store: Store, home: Home) -> None:
    """Who ended it: an administrator, not the sender; in the event, the row, and the receipt that names the event."""
    bot = Signer("bot", home.signing / "event-bot.key")
    web = Signer("web", home.keyring / "event-web.key")
    revoked = (await tx.execute(select(events).where(events.c.event == "drop.revoked").limit(1))).one()
    claims = event_v1.unverified(revoked.leaf) | {"by": "admin"}
    leaf = bot.sign(json.dumps(claims, separators=(",", ":")).encode()).leaf
    of_drop = events.c.drop_id == revoked.drop_id
    receipt = (await tx.execute(select(events).where(of_drop, events.c.event == "drop.receipt"))).one()
    said = event_v1.unverified(receipt.leaf) | {"ended_by": "admin"}
    for one in said["events"]:
        if one["n"] == revoked.n:
            one["leaf"] = base64.b64encode(leaf_hash(leaf)).decode()
    kind = "deletion-receipt+sd-jwt"
    for row, signed in (
        (revoked, leaf),
        (receipt, web.sign(json.dumps(said, separators=(",", ":"), ensure_ascii=False).encode(), kind).leaf),
    ):
        await tx.execute(events.update().where(events.c.position == row.position).values(leaf=signed))
    await tx.execute(text("UPDATE drops SET ended_by = 'admin' WHERE id = :id"), {"id": revoked.drop_id})


async def _files(home: Home) -> None:
    async with either(home) as store:
        await write_tiles(store, home.path / "tiles")
        await write_evidence(store, home.path / "out")


def test_history_written_anew_with_every_key(lived_home: Home) -> None:
    """Nothing in the database gives it away; a checkpoint that somebody kept does, to files and to the store."""
    path = lived_home.path
    asyncio.run(rewritten(lived_home))
    assert failed(checked(lived_home)) == []
    asyncio.run(_files(lived_home))
    keys = "--log-key", path / "out" / "log.vkey"
    done = verify(lived_home, *(path / "out").iterdir(), "--tiles", path / "tiles")
    assert (done.exit_code, done.output.count("FAILED")) == (0, 0)
    done = verify(lived_home, "--older", path / "kept", "--tiles", path / "tiles", *keys)
    assert done.exit_code == 1
    [line] = [line for line in done.output.splitlines() if line.startswith("FAILED")]
    assert "kept:" in line
    assert "the consistency proof does not lead to the old root: history was rewritten" in line
    done = verify(lived_home, "--store", "--older", path / "kept")
    assert done.exit_code == 1
    [line] = [line for line in done.output.splitlines() if line.startswith("FAILED")]
    assert "kept: the first" in line
    assert line.endswith("history was rewritten")


def test_history_written_anew_without_the_logs_key(lived_home: Home) -> None:
    """Events and tiles agree with each other, and no checkpoint agrees with them."""
    asyncio.run(rewritten(lived_home, with_log_key=False))
    require_failure(checked(lived_home), "^log_checkpoints: .*has another root than its leaves give; the tiles do not")


def test_an_older_checkpoint_must_be_the_logs(lived_home: Home) -> None:
    """A kept note that nobody signed, one of another log, one that is ahead: said, and no success."""
    path, kept = lived_home.path, (lived_home.path / "kept").read_text()
    signer = LogSigner(lived_home.signing / "log.key")
    ahead = signer.sign(Checkpoint("localhost:8080/audit", 9999, bytes(32)))
    foreign = signer.sign(Checkpoint("elsewhere/audit", 3, bytes(32)))
    for name, note, says in (
        ("signed", kept.replace("/audit\n", "/audit\n1"), "it is no checkpoint that holds"),
        ("ahead", ahead, "the end was cut off"),
        ("foreign", foreign, "of a log that the database does not know"),
        ("nothing", "", "of a log that the database does not know"),
    ):
        findings = checked(lived_home, [File(name, note.encode())])
        require_failure(findings, f"^{name}: .*{says}")
    asyncio.run(_files(lived_home))
    (path / "ahead").write_text(ahead)
    done = verify(
        lived_home, "--older", path / "ahead", "--tiles", path / "tiles", "--log-key", path / "out" / "log.vkey"
    )
    assert "the present log has only" in done.output
