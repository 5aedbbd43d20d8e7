"""How drops end, each in its own way and each once, on both engines."""

import pytest

from store import claims, deliveries, endings, sweeper
from store.deliveries import Place
from store.errors import (
    DropEndedError,
    KeyUnreadableError,
)
from store.opened import Store
from store.words import Outcome
from tests.store.living import SOMEBODY, created
from tests.store.reading import require_destroyed, row_of
from tests.stores import Home


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
    path = store.keyring._path(sealed.new.id)
    key = path.read_bytes()
    path.unlink()
    with pytest.raises(KeyUnreadableError):
        await claims.claim(store, sealed.present(), SOMEBODY)
    assert (await sweeper.sweep_keys(store)).absent == [sealed.new.id]
    assert (await row_of(store, sealed.new.id)).guesses == 0
    path.write_bytes(key)
    assert (await claims.claim(store, sealed.present(), SOMEBODY)).envelope == sealed.new.envelope
