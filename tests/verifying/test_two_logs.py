# ruff: noqa: S608 - the numbers are our own
"""An installation with two logs: the second cites the first, whose end has no other witness."""

import asyncio
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from store.formats.checkpoint_v1 import Checkpoint
from store.log import another
from store.log.latest import Latest
from store.log.log_key import LogSigner
from store.log.openings import Opening
from store.log.sequencer import Sequencer
from store.verifying import citations
from store.verifying.findings import Findings
from store.verifying.trees import Grown
from tests.store.living import created
from tests.store.test_log import drained
from tests.store.test_log_guard import backup, grown  # noqa: F401 - a fixture
from tests.stores import Home
from tests.verifying.attacked import Lived, attack, checked, failed, require_failure, settled
from tests.verifying.lived import either, live
from tests.verifying.test_whole_store import verify


@pytest.fixture(scope="module")
def two_logs(tmp_path_factory: pytest.TempPathFactory) -> Lived:
    """Everything of the first log is let out, cited by the second, and nothing is lost."""
    path = tmp_path_factory.mktemp("two")
    home = Home(path, f"sqlite+aiosqlite:///{path}/store.db")

    async def everything() -> None:
        await home.prepare()
        signer = LogSigner(home.signing / "log.key")
        async with either(home) as store:
            await live(store, home)
            await another.open_another(store, signer, Latest(home.signing, signer), force=True)
            await created(store)
            await drained(Sequencer(store, home.signing))

    asyncio.run(everything())
    home.reset_clock()
    settled(path / "store.db")
    assert failed(checked(home)) == []
    return Lived(home, None)


def without_leaves(home: Home, first: int) -> None:
    """Every trace of the first log's leaves from this one on is deleted, with the drops that they tell of."""
    leaves = f"SELECT position FROM log_leaves WHERE log = 1 AND leaf_index >= {first}"
    attack(
        home,
        (f"DELETE FROM drops WHERE id IN (SELECT drop_id FROM events WHERE position IN ({leaves}))", {}),
        (f"DELETE FROM disclosures WHERE jti IN (SELECT jti FROM events WHERE position IN ({leaves}))", {}),
        (f"DELETE FROM events WHERE position IN ({leaves})", {}),
        (f"DELETE FROM log_leaves WHERE log = 1 AND leaf_index >= {first}", {}),
    )


def test_a_log_that_is_deleted_is_missed(two_logs: Lived, tmp_path: Path) -> None:
    """Nothing of it is left, and the second one cites it; a restored backup may be the reason, if somebody says so."""
    home = two_logs.copy(tmp_path)
    without_leaves(home, 0)
    tables = ("log_tiles", "log_checkpoints", "log_openings", "log_published")
    attack(home, *[(f"DELETE FROM {table} WHERE log = 1", {}) for table in tables])
    [line] = failed(checked(home))
    assert line.startswith("log_openings: localhost:8080/audit-2 cites 76 entries of localhost:8080/audit, ")
    assert "does not know that log: 76 are lost from the record (a restored backup), or were deleted" in line


def test_a_log_whose_end_is_cut_off_is_missed(two_logs: Lived, tmp_path: Path) -> None:
    """Back to its first checkpoint, with leaves, events, drops, tiles and all later checkpoints gone."""
    home = two_logs.copy(tmp_path)
    connection = sqlite3.connect(tmp_path / "copy.db")
    [(size,)] = connection.execute("SELECT min(size) FROM log_checkpoints WHERE log = 1").fetchall()
    connection.close()
    without_leaves(home, size)
    attack(
        home,
        (f"DELETE FROM log_checkpoints WHERE log = 1 AND size > {size}", {}),
        (f"UPDATE log_published SET size = {size} WHERE log = 1", {}),
        (f"UPDATE log_tiles SET hashes = substr(hashes, 1, {32 * size}) WHERE log = 1", {}),
    )
    [line] = failed(checked(home))
    assert "cites 76 entries of localhost:8080/audit, and the database has" in line
    assert f"has {size}: {76 - size} are lost from the record (a restored backup), or were deleted" in line


def test_a_cited_checkpoint_must_be_signed(two_logs: Lived, tmp_path: Path) -> None:
    """The same log, size and root under a signature of nobody's."""
    home = two_logs.copy(tmp_path)
    connection = sqlite3.connect(tmp_path / "copy.db")
    [(cites,)] = connection.execute("SELECT cites FROM log_openings WHERE log = 2").fetchall()
    connection.close()
    at = len(cites) - 20
    forged = cites[:at] + ("A" if cites[at] != "A" else "B") + cites[at + 1 :]
    attack(home, ("UPDATE log_openings SET cites = :cites WHERE log = 2", {"cites": forged}))
    require_failure(
        checked(home), "^log_openings: .*audit-2: the checkpoint that it cites does not hold: the signature"
    )


@pytest.mark.parametrize(
    ("log", "holds"),
    [(Grown(7, {5: bytes(32)}), True), (Grown(7, {5: bytes(31) + b"x"}), False), (Grown(4), False), (None, False)],
)
@pytest.mark.parametrize("after_restore", [False, True])
def test_what_is_cited_is_what_is_there(log: Grown | None, holds: bool, after_restore: bool) -> None:
    """Another root is a failure whatever was restored; fewer entries, or none, unless a backup was put back."""
    note = Checkpoint("localhost:8080/audit", 5, bytes(32)).body
    logs = [Opening(2, "localhost:8080/audit-2", "", 9, note)]
    grown_logs = {2: Grown(1)}
    if log is not None:
        logs.insert(0, Opening(1, "localhost:8080/audit", "", 1, None))
        grown_logs[1] = log
    findings = Findings()
    citations.check(logs, grown_logs, findings, after_restore=after_restore)
    is_other = log is not None and log.size > 5 and not holds
    assert (failed(findings.all) == []) == (holds or (after_restore and not is_other))
    assert any("lost from the record" in one.says for one in findings.all) == (not holds and not is_other)


@pytest.mark.parametrize("after_restore", [False, True])
def test_a_later_log_that_cites_nothing_had_one_before_it(after_restore: bool) -> None:
    """Its number says so; where the one before is there, nothing had been let out of it."""
    lonely, findings = Opening(2, "localhost:8080/audit-2", "", 9, None), Findings()
    citations.check([lonely], {2: Grown(1)}, findings, after_restore=after_restore)
    [finding] = findings.all
    assert (finding.holds, "cites no log before it" in finding.says) == (after_restore, True)
    first, findings = Opening(1, "localhost:8080/audit", "", 1, None), Findings()
    citations.check([first, lonely], {1: Grown(1), 2: Grown(1)}, findings, after_restore=False)
    assert findings.all == []


async def test_a_backup_that_was_put_back(sqlite_home: Home, backup: Any) -> None:  # noqa: F811
    """What it lost is a failure, until an operator says that it was a backup; then it is still said."""
    take, restore = backup
    await grown(sqlite_home, 2)
    take()
    await grown(sqlite_home, 3)
    restore()
    signer = LogSigner(sqlite_home.signing / "log.key")
    async with sqlite_home.open("bot") as bot:
        await another.open_another(bot, signer, Latest(sqlite_home.signing, signer))
        await drained(Sequencer(bot, sqlite_home.signing))
    lost = "localhost:8080/audit-2 cites 6 entries of localhost:8080/audit, and the database has 3: 3 are lost"
    done = await asyncio.to_thread(verify, sqlite_home, "--store")
    assert (done.exit_code, done.output.count("FAILED  ")) == (1, 1)
    assert f"FAILED  log_openings: {lost}" in done.output
    done = await asyncio.to_thread(verify, sqlite_home, "--store", "--after-restore")
    assert (done.exit_code, done.output.count("FAILED")) == (0, 0)
    assert f"ok      log_openings: {lost}" in done.output
    done = await asyncio.to_thread(verify, sqlite_home, "--after-restore")
    assert (done.exit_code, "goes with --store" in done.output + done.stderr) == (2, True)
