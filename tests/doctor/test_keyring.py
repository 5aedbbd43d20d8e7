"""What doctor says of the keyring and of SIGNING_DIR: each way in which keys can be away, open or on the wrong disk."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import update

from sendsecret.doctoring import on_room, on_signing
from store.keys import event_keys
from store.log.sequencer import Sequencer
from store.schema import notices
from tests.doctor.patient import Patient
from tests.store.living import created
from tests.store.test_log import drained
from tests.stores import Home

Break = Callable[[Home], object]


async def test_keys_that_are_well(patient: Patient) -> None:
    """Nothing to mend in keyring, signing, wall and log."""
    async with patient.home.open("bot") as store:
        await created(store)
        await drained(Sequencer(store, patient.home.signing))
    said = await patient.doctor()
    for subject in ("keyring", "signing", "wall", "log", "room", "leftovers", "outbox"):
        assert said.about(subject, "ok"), said.out
        assert said.about(subject, "bad") == said.about(subject, "warn") == []


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:10])


BROKEN: dict[str, tuple[Break, str, str, str]] = {
    "gone": (lambda home: shutil.rmtree(home.keyring), "keyring", "bad", "has no keyring"),
    "another's": (lambda home: (home.keyring / "keyring.id").write_text("x\n"), "keyring", "bad", "another database"),
    "no pepper": (lambda home: (home.keyring / "pepper").unlink(), "keyring", "bad", "has no keyring"),
    "short pepper": (lambda home: cut(home.keyring / "pepper"), "keyring", "bad", "damaged keyring"),
    "short key": (
        lambda home: (home.keyring / "drops" / ("ab" * 16)).write_bytes(b"short"),
        "keyring",
        "bad",
        "1 of its keys cannot be read",
    ),
    "short month": (lambda home: (home.keyring / "months" / "2026-01").write_bytes(b""), "keyring", "bad", "2026-01"),
    "no months": (lambda home: shutil.rmtree(home.keyring / "months"), "keyring", "bad", "months cannot be read"),
    "no web key": (lambda home: (home.keyring / "event-web.key").unlink(), "keyring", "bad", "event-web.key"),
    "open": (
        lambda home: (home.keyring / "pepper").chmod(0o604),
        "keyring",
        "bad",
        "every user of this host can reach",
    ),
    "for a group": (
        lambda home: (home.keyring / "drops").chmod(0o750),
        "keyring",
        "warn",
        "a group of users can reach",
    ),
    "no signing": (lambda home: shutil.rmtree(home.signing), "signing", "bad", "there is no SIGNING_DIR"),
    "open signing": (lambda home: home.signing.chmod(0o755), "signing", "bad", "every user of this host can reach"),
    "cut event key": (lambda home: cut(home.signing / "event-bot.key"), "signing", "bad", "event-bot.key"),
    "cut log key": (lambda home: cut(home.signing / "log.key"), "signing", "bad", "log.key"),
    "cut delivery key": (lambda home: cut(home.signing / "delivery.key"), "signing", "bad", "delivery.key"),
    "not believed": (lambda home: shutil.rmtree(home.signing / "trusted"), "signing", "bad", "does not believe"),
    "damaged belief": (
        lambda home: cut(next((home.signing / "trusted").glob("bot-*.jwk"))),
        "signing",
        "bad",
        "not a key that can be believed",
    ),
    "half a rotation": (
        lambda home: shutil.copy(home.signing / "log.key", home.signing / "log.key.next"),
        "signing",
        "warn",
        "a rotation of log is not finished",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
async def test_keys_that_are_not(sqlite_patient: Patient, name: str) -> None:
    """A line that says which, and no traceback; without it the same installation has no such line."""
    act, subject, level, words = BROKEN[name]
    before = await sqlite_patient.doctor()
    assert not any(words in line for line in before.about(subject, level)), before.out
    act(sqlite_patient.home)
    said = await sqlite_patient.doctor()
    said.require(subject, level, words)
    assert "could not be looked at" not in said.out


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("tmpfs", "in memory"),
        ("nfs4", "network file system"),
        ("btrfs", "does not erase in place"),
        ("zfs", "does not erase in place"),
        ("overlay", "does not erase in place"),
    ],
)
async def test_a_disk_that_keeps_what_is_erased(patient: Patient, on_a_disk: Path, kind: str, words: str) -> None:
    """A warning: everything works, and destroyed is less than it says."""
    on_a_disk.write_text(f"1 0 0:50 / / rw - {kind} x rw\n")
    (await patient.doctor()).require("keyring", "warn", words)


async def test_a_system_that_does_not_say(sqlite_patient: Patient, on_a_disk: Path) -> None:
    """Not called well."""
    on_a_disk.unlink()
    (await sqlite_patient.doctor()).require("keyring", "warn", "does not say what it lies on")


async def test_a_keyring_inside_of_what_is_backed_up(sqlite_patient: Patient) -> None:
    """A backup of that folder would have both."""
    home = sqlite_patient.home
    moved = home.path / "data" / "keyring"
    home.keyring.rename(moved)
    said = await sqlite_patient.doctor(KEYRING_DIR=str(moved))
    said.require("keyring", "bad", "inside the database's folder")


async def test_one_user_for_both_programs(sqlite_patient: Patient, monkeypatch: pytest.MonkeyPatch) -> None:
    """It says which wall holds."""
    monkeypatch.setattr(on_signing, "owner_of", lambda path: os.getuid())
    (await sqlite_patient.doctor()).require("wall", "warn", "has both SIGNING_DIR and the web program's key")


async def test_a_file_of_somebody_else(sqlite_patient: Patient, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program that cannot read its own key has stopped by tomorrow."""
    monkeypatch.setattr("sendsecret.doctoring.files.owner_of", lambda path: -1 if path.is_dir() else 0)
    (await sqlite_patient.doctor()).require("keyring", "bad", "belongs to somebody else than the folder")


async def test_a_retired_key_in_use(patient: Patient) -> None:
    """Its events are refused: one line says so."""
    async with patient.home.open("bot") as store:
        kid = store.signer.key.kid
    (patient.home.signing / "trusted" / f"bot-{kid}.retired").write_text("1\n")
    (await patient.doctor()).require("signing", "bad", "does not believe the event key of bot")


async def test_a_key_that_an_open_drop_lacks(patient: Patient) -> None:
    """Counted; nothing is concluded from it."""
    async with patient.home.open("bot") as store:
        drop = await created(store)
        store.keyring.unlink(drop.new.id)
    said = await patient.doctor()
    said.require("keyring", "bad", "1 open drop or record has no key")
    assert said.code == 2


async def test_a_log_that_stands_still(patient: Patient) -> None:
    """Without the last checkpoint nobody knows whether this is the true database."""
    async with patient.home.open("bot") as store:
        await drained(Sequencer(store, patient.home.signing))
    (patient.home.signing / "checkpoint.latest").unlink()
    (await patient.doctor()).require("log", "bad", "checkpoint.latest is gone")


async def test_events_that_were_refused(patient: Patient) -> None:
    """By a key that the log did not believe at that moment."""
    async with patient.home.open("bot") as store:
        await drained(Sequencer(store, patient.home.signing))
        trusted = patient.home.signing / "trusted"
        trusted.rename(patient.home.signing / "elsewhere")
        await created(store)
        await drained(Sequencer(store, patient.home.signing))
        (patient.home.signing / "elsewhere").rename(trusted)
    (await patient.doctor()).require("log", "warn", "1 events were refused")


async def test_messages_that_slack_does_not_take(patient: Patient) -> None:
    """Parked ones, with Slack's word for it: whether the audit channel can be written is known without trying."""
    async with patient.home.open("bot") as store:
        await created(store)
        async with store.db.write() as tx:
            await tx.execute(update(notices).where(notices.c.audience == "audit").values(parked="not_in_channel"))
    said = await patient.doctor()
    said.require("outbox", "bad", '1 messages for the audit channel wait, because Slack says "not_in_channel"')
    assert said.about("outbox", "ok") == []


async def test_room_and_leftovers(sqlite_patient: Patient, monkeypatch: pytest.MonkeyPatch) -> None:
    """Little room is a warning, none is bad; and what a crash left an hour ago is named."""
    left = sqlite_patient.home.signing / "log.key.0a0a.new"
    left.write_bytes(b"")
    os.utime(left, (1, 1))
    monkeypatch.setattr(on_room, "_LITTLE", 1 << 60)
    said = await sqlite_patient.doctor()
    said.require("room", "warn", "are free for keyring")
    said.require("leftovers", "warn", left.name)
    monkeypatch.setattr(on_room, "_NEXT_TO_NOTHING", 1 << 60)
    (await sqlite_patient.doctor()).require("room", "bad", "are free for database")


async def test_a_rotation_that_is_whole_is_no_leftover(sqlite_patient: Patient) -> None:
    """What a rotation leaves on purpose is not called a crash's."""
    home = sqlite_patient.home
    async with home.open("bot") as store:
        await event_keys.rotate(store, home.signing, "event-bot", home.signing / "event-bot.key")
    (await sqlite_patient.doctor()).require("leftovers", "ok", "none")


async def test_a_keyring_that_two_users_share(sqlite_patient: Patient) -> None:
    """As docs/deploying.md has it: the group is meant, another group is not, and neither is everybody."""
    keyring = sqlite_patient.home.keyring
    for path in (keyring, *keyring.rglob("*")):
        path.chmod(0o2770 if path.is_dir() else 0o660)
    said = await sqlite_patient.doctor()
    said.require("keyring", "ok", "its two users', of the group")
    assert not any("group of users" in line for line in said.about("keyring", "warn"))
    if os.geteuid() == 0:
        os.chown(keyring / "pepper", 12345, -1)
        (await sqlite_patient.doctor()).require("keyring", "ok", "its two users', of the group")
        os.chown(keyring / "pepper", -1, 12345)
        (await sqlite_patient.doctor()).require("keyring", "warn", "a group of users can reach pepper")
    (keyring / "pepper").chmod(0o664)
    (await sqlite_patient.doctor()).require("keyring", "bad", "every user of this host can reach pepper")
