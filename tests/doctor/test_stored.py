"""`sendsecret doctor --check-store`: the invariants as a command, while the programs run."""

import asyncio
import shutil

from store import endings
from store.formats import base64url
from tests.doctor.patient import Patient
from tests.store.living import created
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


async def test_no_store(sqlite_patient: Patient) -> None:
    """A sentence, and nothing is made."""
    shutil.rmtree(sqlite_patient.home.path / "data")
    said = await sqlite_patient.doctor("--check-store")
    assert said.code == 2
    assert "there is no database" in said.err
