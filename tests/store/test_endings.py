"""How drops end, each in its own way and each once, on both engines."""

import pytest
from sqlalchemy import update

from store import claims, deliveries, endings, sweeper
from store.deliveries import Place
from store.errors import (
    DropEndedError,
    KeyUnreadableError,
)
from store.keyring import KeyState
from store.opened import Store
from store.schema import drops as drops_table
from store.words import Outcome
from tests.store.faults import Crash, dying
from tests.store.living import SOMEBODY, created
from tests.store.reading import require_destroyed, row_of
from tests.stores import Home, key_path


async def test_a_revoked_drop_is_dead_when_revoke_returns(store: Store) -> None:
    """The sender's word ends it, and its holder is told the truth."""
    sealed = await created(store)
    await endings.revoke(store, sealed.new.id)
    await require_destroyed(store, sealed.new.id)
    with pytest.raises(DropEndedError) as refused:
        await claims.claim(store, sealed.present(), SOMEBODY)
    assert refused.value.outcome is Outcome.REVOKED
    with pytest.raises(DropEndedError):
        await endings.revoke(store, sealed.new.id)


async def test_a_revoke_after_a_claim_is_too_late_and_says_so(store: Store) -> None:
    """The envelope has left; what is still here is destroyed, as released."""
    sealed = await created(store)
    await claims.claim(store, sealed.present(), SOMEBODY)
    with pytest.raises(DropEndedError) as late:
        await endings.revoke(store, sealed.new.id)
    assert late.value.outcome is Outcome.RELEASED
    assert late.value.at == (await row_of(store, sealed.new.id)).claimed_at
    await require_destroyed(store, sealed.new.id)


async def test_an_expired_drop_is_dead_without_a_sweeper(store: Store, home: Home) -> None:
    """Whoever touches an overdue drop ends it first."""
    sealed = await created(store, lives_seconds=3600)
    home.advance_clock(3601)
    with pytest.raises(DropEndedError) as ended:
        await claims.claim(store, sealed.present(), SOMEBODY)
    assert ended.value.outcome is Outcome.EXPIRED
    await require_destroyed(store, sealed.new.id)


async def test_the_sweeper_ends_what_is_overdue(store: Store, home: Home) -> None:
    """Expired, undelivered and unacknowledged drops end when nobody looks, and a second sweep finds nothing."""
    late = await created(store, lives_seconds=100)
    silent = await created(store)
    delivered = await created(store)
    await deliveries.record_delivered(store, delivered.new.id, Place("D1", "1.2"))
    await claims.claim(store, delivered.present(), SOMEBODY)
    home.advance_clock(181)
    assert (await sweeper.sweep(store)).ended == 3
    assert (await sweeper.sweep(store)).ended == 0
    outcomes = [(await row_of(store, s.new.id)).outcome for s in (late, silent, delivered)]
    assert outcomes == ["expired", "undelivered", "released"]
    for sealed in (late, silent, delivered):
        await require_destroyed(store, sealed.new.id)


async def test_a_delivered_drop_is_not_given_up(store: Store, home: Home) -> None:
    """Once the link stands in the DM, the lease means nothing."""
    sealed = await created(store)
    await deliveries.record_delivered(store, sealed.new.id, Place("D1", "1.2"))
    home.advance_clock(600)
    assert (await sweeper.sweep(store)).ended == 0
    assert not await deliveries.record_undelivered(store, sealed.new.id)


async def test_a_link_that_arrives_after_its_drop_was_given_up_is_reported(store: Store) -> None:
    """The bot then turns the message into a tombstone at once."""
    sealed = await created(store)
    assert await deliveries.record_undelivered(store, sealed.new.id)
    assert not await deliveries.record_delivered(store, sealed.new.id, Place("D1", "1.2"))


async def test_an_erased_key_is_lost_and_costs_no_guess(store: Store) -> None:
    """Live row, erased key: the drop ends as lost, and its holder is told."""
    sealed = await created(store)
    store.keyring.erase(sealed.new.id)
    with pytest.raises(DropEndedError) as lost:
        await claims.claim(store, sealed.present(), SOMEBODY)
    assert lost.value.outcome is Outcome.LOST
    row = await row_of(store, sealed.new.id)
    assert (row.guesses, row.outcome) == (0, "lost")


async def test_an_absent_key_proves_nothing(store: Store) -> None:
    """An unmounted keyring must destroy nothing and cost no guess; mounted again, the drop opens."""
    sealed = await created(store)
    path = key_path(store.keyring, sealed.new.id)
    key = path.read_bytes()
    path.unlink()
    with pytest.raises(KeyUnreadableError):
        await claims.claim(store, sealed.present(), SOMEBODY)
    assert (await sweeper.sweep_keys(store)).absent == [sealed.new.id]
    assert (await row_of(store, sealed.new.id)).guesses == 0
    path.write_bytes(key)
    assert (await claims.claim(store, sealed.present(), SOMEBODY)).envelope == sealed.new.envelope


async def test_an_unmounted_keyring_destroys_nothing(store: Store, home: Home) -> None:
    """An ending waits for its key: nobody can claim, nothing is called destroyed, and mounted again it finishes."""
    expired, claimed = await created(store), await created(store)
    presented = claimed.present()
    await claims.claim(store, presented, SOMEBODY)
    drops_folder = home.keyring / "drops"
    drops_folder.rename(home.keyring / "away")
    drops_folder.mkdir()
    home.advance_clock(4000)
    swept = await sweeper.sweep(store)
    assert (swept.ended, swept.failed) == (0, 2)
    for sealed, outcome in ((expired, Outcome.EXPIRED), (claimed, Outcome.RELEASED)):
        assert (await row_of(store, sealed.new.id)).state != "destroyed"
        with pytest.raises(DropEndedError) as told:
            await claims.claim(store, sealed.present(), SOMEBODY)
        assert told.value.outcome is outcome
    drops_folder.rmdir()
    (home.keyring / "away").rename(drops_folder)
    assert (await sweeper.sweep(store)).ended == 2
    for sealed in (expired, claimed):
        await require_destroyed(store, sealed.new.id)


async def test_a_key_that_cannot_be_erased_keeps_no_other_drop_alive(store: Store, home: Home) -> None:
    """The sweeper goes on past it, and finishes it when it can."""
    several = [await created(store) for _ in range(5)]
    stuck = key_path(store.keyring, several[0].new.id)
    key = stuck.read_bytes()
    stuck.unlink()
    stuck.mkdir()  # neither readable nor writable as a file, for root too
    home.advance_clock(4000)
    swept = await sweeper.sweep(store)
    assert (swept.ended, swept.failed) == (4, 1)
    stuck.rmdir()
    stuck.write_bytes(key)
    assert (await sweeper.sweep(store)).ended == 1
    for sealed in several:
        await require_destroyed(store, sealed.new.id)


async def test_a_damaged_envelope_costs_no_guess_and_no_claim(store: Store) -> None:
    """What could not be handed out is not claimed; the reader is told to come again."""
    sealed = await created(store)
    row = await row_of(store, sealed.new.id)
    async with store.db.write() as tx:
        damaged = row.envelope[:-1] + bytes([row.envelope[-1] ^ 1])
        await tx.execute(update(drops_table).where(drops_table.c.id == sealed.new.id).values(envelope=damaged))
    with pytest.raises(KeyUnreadableError):
        await claims.claim(store, sealed.present(), SOMEBODY)
    row = await row_of(store, sealed.new.id)
    assert (row.state, row.guesses) == ("sealed", 0)


async def test_a_claim_that_meets_an_erased_key_of_an_ending_is_told_the_ending(store: Store) -> None:
    """Between the steps of a revoke its holder hears "revoked" and when, not something made up."""
    sealed = await created(store)
    doomed, _ = dying(store, 2, after=True)
    with pytest.raises(Crash):
        await endings.revoke(doomed, sealed.new.id)
    assert store.keyring.state(sealed.new.id) is KeyState.ERASED
    with pytest.raises(DropEndedError) as told:
        await claims.claim(store, sealed.present(), SOMEBODY)
    assert told.value.outcome is Outcome.REVOKED
    assert told.value.at == (await row_of(store, sealed.new.id)).ended_at
