"""`sendsecret doctor --mark-lost`: an absent key ends nothing until somebody vouches for the keyring."""

import shutil

from sqlalchemy import select

from store import endings, records
from store.drops import find
from store.keyring import Keyring
from store.log.sequencer import Sequencer
from store.records import Named
from store.schema_of_records import records as table
from store.words import Actor, Outcome, RecordState, State
from tests.doctor.patient import Patient
from tests.keys.rotating import faults
from tests.store.living import created
from tests.store.test_log import drained


async def test_what_has_no_key_ends_as_lost(patient: Patient) -> None:
    """Once the word is typed: the drop has its receipt, the record its event, and what has a key stays."""
    home = patient.home
    async with home.open("bot") as store:
        await drained(Sequencer(store, home.signing))
        gone, kept = await created(store), await created(store)
        held, _ = await records.make(store, Named("Stripe", None), "sk_live_canary", lives_seconds=3600, reads=None)
        store.keyring.unlink(gone.new.id)
        shutil.rmtree(home.keyring / "records")
        (home.keyring / "records").mkdir(mode=0o700)
        said = await patient.doctor("--mark-lost", typed="lost\n")
        assert said.code == 0, said.err
        assert "1 drops, 1 records" in said.out
        assert "Ended as lost: 2" in said.out
        one, other = await find(store, gone.new.id), await find(store, kept.new.id)
        assert one is not None
        assert other is not None
        assert (one.state, one.outcome, other.state) == (State.DESTROYED, Outcome.LOST, State.SEALED)
        async with store.db.read() as tx:
            rows = (await tx.execute(select(table.c.id, table.c.state))).all()
        assert rows == [(held.id, RecordState.EXPIRED)]
        await drained(Sequencer(store, home.signing))
    assert await faults(home) == []
    assert "nothing was changed" in (await patient.doctor("--mark-lost")).out


async def test_nothing_ends_without_the_word(patient: Patient) -> None:
    """Another word, an empty line, the end of the input: nothing was changed, and it says so."""
    async with patient.home.open("bot") as store:
        gone = await created(store)
        store.keyring.unlink(gone.new.id)
        for typed in ("yes\n", "\n", ""):
            said = await patient.doctor("--mark-lost", typed=typed)
            assert said.code == 2
            assert "Nothing was changed." in said.err
        drop = await find(store, gone.new.id)
        assert drop is not None
        assert drop.state is State.SEALED


async def test_an_empty_keyring_is_doubted(sqlite_patient: Patient) -> None:
    """It looks like the folder under a mount that is not there; --yes is for whoever has looked."""
    async with sqlite_patient.home.open("bot") as store:
        store.keyring.unlink((await created(store)).new.id)
    assert "has no key at all" in (await sqlite_patient.doctor("--mark-lost")).out
    assert "Ended as lost: 1" in (await sqlite_patient.doctor("--mark-lost", "--yes")).out


async def test_what_is_claimed_stays(patient: Patient) -> None:
    """Its receipt would say that we erased what is only gone."""
    async with patient.home.open("bot") as store:
        drop = await created(store)
        await endings.begin_revoking(store, [(drop.new.id, Actor.ADMIN)])
        Keyring(patient.home.keyring).unlink(drop.new.id)
        said = await patient.doctor("--mark-lost", "--yes")
        assert "1 more are claimed or ending" in said.out
        still = await find(store, drop.new.id)
        assert still is not None
        assert still.state is State.ENDING


async def test_a_keyring_that_is_away(sqlite_patient: Patient) -> None:
    """No program looks on: exit code 3 and a sentence."""
    sqlite_patient.home.keyring.rename(sqlite_patient.home.path / "elsewhere")
    said = await sqlite_patient.doctor("--mark-lost", "--yes")
    assert said.code == 3
    assert "has no keyring" in said.err


async def test_words_that_go_together(sqlite_patient: Patient) -> None:
    """A command that does two things is refused, and does neither."""
    for words in (("--mark-lost", "--check-store"), ("--yes",), ("--check-store", "--post")):
        assert (await sqlite_patient.doctor(*words)).code == 2
