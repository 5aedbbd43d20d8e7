"""`sendsecret doctor --check-store`: the invariants as a command, while the programs run."""

import asyncio
import shutil
from unittest.mock import AsyncMock

import pytest

from store import endings
from store.errors import StoreUnavailableError
from store.formats import base64url
from store.log.sequencer import Sequencer
from tests.doctor.patient import Patient
from tests.store.living import created
from tests.store.test_log import drained
from tests.verifying.attacked import attack
from tests.verifying.lived import either, live


async def test_a_store_that_is_whole(patient: Patient) -> None:
    """A line each, what was not looked at, and exit code 0."""
    async with either(patient.home) as store:
        await live(store, patient.home)
    said = await patient.doctor("--check-store")
    assert said.code == 0, said.out
    assert [line[:8] for line in said.out.splitlines()[:4]] == ["ok    I1", "ok    I2", "ok    I3", "ok    I6"]
    assert "I4" in said.out.splitlines()[4]


async def test_a_store_that_is_not(patient: Patient) -> None:
    """Which invariant, which drop, and exit code 2."""
    async with either(patient.home) as store:
        drop = await created(store)
        await endings.revoke(store, drop.new.id)
        store.keyring.create(drop.new.id)
    notice = "DELETE FROM notices WHERE drop_id = :id AND audience = 'audit' AND about LIKE '%drop.revoked%'"
    await asyncio.to_thread(attack, patient.home, (notice, {"id": drop.new.id}))
    said = await patient.doctor("--check-store")
    assert said.code == 2
    name = base64url.encode(drop.new.id)
    assert f"bad   I2: drop {name} is destroyed, and its key is there" in said.out
    assert f"bad   I3: drop {name} has" in said.out
    assert "ok    I1" in said.out


async def test_a_step_that_a_crash_left_unfinished(patient: Patient, monkeypatch: pytest.MonkeyPatch) -> None:
    """Said, and no alarm, until the bot runs again; a row that is further behind than one step was changed."""
    home = patient.home
    async with home.open("bot") as bot:
        sequencer = Sequencer(bot, home.signing)
        for _ in range(2):
            await created(bot)
            await drained(sequencer)
        await created(bot)
        with monkeypatch.context() as crashing:
            # After the checkpoint is on the disk, and before it is shown.
            crashing.setattr("store.log.sequencer.publish", AsyncMock(side_effect=StoreUnavailableError("away")))
            with pytest.raises(StoreUnavailableError):
                await sequencer.step()
        said = await patient.doctor("--check-store")
        assert (said.code, "bad" in said.out) == (0, False), said.out
        assert "warn  log_published: " in said.out
        assert "a step of the log is unfinished" in said.out
        await asyncio.to_thread(attack, home, ("UPDATE log_published SET size = 2", {}))
        said = await patient.doctor("--check-store")
        assert said.code == 2
        assert "the row was changed or deleted" in said.out
        await drained(sequencer)
        said = await patient.doctor("--check-store")
        assert (said.code, "warn" in said.out) == (0, False), said.out


async def test_no_store(sqlite_patient: Patient) -> None:
    """A sentence, and nothing is made."""
    shutil.rmtree(sqlite_patient.home.path / "data")
    said = await sqlite_patient.doctor("--check-store")
    assert said.code == 2
    assert "there is no database" in said.err
