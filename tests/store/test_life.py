"""The life of a drop, transition by transition, on both engines."""

import secrets

import pytest
from sqlalchemy import func, select

from store import asks, claims, creation, deliveries, door, endings, unlocking
from store.deliveries import Place
from store.errors import (
    AlreadySubmittedError,
    CannotUnlockError,
    DropEndedError,
    DropLockedError,
    DuplicateDropError,
    TooSoonError,
    UnacceptableDropError,
    UnknownDropError,
    WrongPassphraseError,
)
from store.formats import seal_v1
from store.formats.payload_v1 import Text
from store.keyring import KeyState
from store.opened import Store
from store.schema import messages
from store.words import Ask, Outcome
from tests.store.living import SOMEBODY, created, refuse
from tests.store.reading import events_of, notices_of, of_form, require_destroyed, row_of, words_of
from tests.stores import Home


async def test_a_right_passphrase_releases_what_was_sealed(store: Store) -> None:
    """The whole way: created, delivered, door, claim, acknowledge, destroyed, and each step is an event."""
    sealed = await created(store)
    assert await deliveries.record_delivered(store, sealed.new.id, Place("D1", "1.2"))
    looked = await door.look(store, sealed.new.id, sealed.new.link_proof, SOMEBODY)
    assert (looked.state, looked.header, looked.tries_left) == ("sealed", sealed.new.header, 5)
    presented = sealed.present()
    release = await claims.claim(store, presented, SOMEBODY)
    assert (release.sends_left, release.seconds_left) == (2, 60)
    assert seal_v1.open_sealed(sealed.link, looked.header, None, release.envelope) == Text(sealed.secret)
    await claims.acknowledge(store, sealed.new.id, sealed.new.link_proof, presented.claim)
    await require_destroyed(store, sealed.new.id)
    assert (await row_of(store, sealed.new.id)).outcome == "viewed"
    assert await words_of(store, sealed.new.id) == [
        "created",
        "delivered",
        "door_opened",
        "claimed",
        "acknowledged",
        "destroyed",
        "receipt",
    ]


async def test_acknowledging_again_changes_nothing(store: Store) -> None:
    """The page may repeat its acknowledgement for ever."""
    sealed = await created(store)
    presented = sealed.present()
    await claims.claim(store, presented, SOMEBODY)
    for _ in range(3):
        await claims.acknowledge(store, sealed.new.id, sealed.new.link_proof, presented.claim)
    assert (await words_of(store, sealed.new.id)).count("acknowledged") == 1


async def test_only_the_claim_that_won_may_acknowledge(store: Store) -> None:
    """A wrong claim, and a drop that nobody claimed, are answered alike."""
    sealed = await created(store)
    with pytest.raises(UnknownDropError):
        await claims.acknowledge(store, sealed.new.id, sealed.new.link_proof, secrets.token_bytes(32))
    await claims.claim(store, sealed.present(), SOMEBODY)
    with pytest.raises(UnknownDropError):
        await claims.acknowledge(store, sealed.new.id, sealed.new.link_proof, secrets.token_bytes(32))


async def test_nobody_learns_whether_an_id_exists(store: Store) -> None:
    """An unknown id and a wrong proof are one error, at every verb of a holder."""
    sealed = await created(store)
    for drop_id, proof in ((secrets.token_bytes(16), sealed.new.link_proof), (sealed.new.id, bytes(32))):
        with pytest.raises(UnknownDropError):
            await door.look(store, drop_id, proof, SOMEBODY)
        with pytest.raises(UnknownDropError):
            await asks.not_me(store, drop_id, proof)
        with pytest.raises(UnknownDropError):
            await claims.claim(store, claims.Presented(drop_id, proof, bytes(32), bytes(32)), SOMEBODY)
    assert (await row_of(store, sealed.new.id)).guesses == 0


async def test_the_same_claim_is_sent_again_three_times_in_all(store: Store, home: Home) -> None:
    """A lost answer loses nothing, and no more than three copies leave."""
    sealed = await created(store)
    presented = sealed.present()
    envelopes = [(await claims.claim(store, presented, SOMEBODY)).envelope for _ in range(3)]
    assert set(envelopes) == {sealed.new.envelope}
    with pytest.raises(DropEndedError) as refused:
        await claims.claim(store, presented, SOMEBODY)
    assert refused.value.outcome is Outcome.RELEASED
    assert (await row_of(store, sealed.new.id)).guesses == 1


async def test_the_claim_is_over_after_a_minute(store: Store, home: Home) -> None:
    """After 60 s nobody has a right to the envelope, and it is destroyed as released."""
    sealed = await created(store)
    presented = sealed.present()
    await claims.claim(store, presented, SOMEBODY)
    home.advance_clock(61)
    with pytest.raises(DropEndedError):
        await claims.claim(store, presented, SOMEBODY)
    await require_destroyed(store, sealed.new.id)
    assert (await row_of(store, sealed.new.id)).outcome == "released"


async def test_strict_mode_sends_once(home: Home) -> None:
    """With REDELIVERY_SECONDS=0 the key goes with the one answer; the page may still acknowledge."""
    async with home.open(redelivery_seconds=0) as store:
        sealed = await created(store)
        presented = sealed.present()
        release = await claims.claim(store, presented, SOMEBODY)
        assert (release.sends_left, release.seconds_left) == (0, 0)
        assert store.keyring.state(sealed.new.id) is KeyState.ERASED
        with pytest.raises(DropEndedError):
            await claims.claim(store, presented, SOMEBODY)
        await claims.acknowledge(store, sealed.new.id, sealed.new.link_proof, presented.claim)
        assert (await row_of(store, sealed.new.id)).outcome == "viewed"


async def test_another_claim_is_told_that_it_is_too_late(store: Store) -> None:
    """A second page gets nothing, even with the right passphrase, and that is an alarm."""
    sealed = await created(store)
    await claims.claim(store, sealed.present(), SOMEBODY)
    for _ in range(3):
        with pytest.raises(DropEndedError):
            await claims.claim(store, sealed.present(), SOMEBODY)
    second = [e for e in await events_of(store, sealed.new.id) if e["evt"] == "drop.second_consumer"]
    assert [(e["stage"], e["passphrase"], e["count"]) for e in second] == [("claim", "right", 1)]


async def test_the_schedule_of_guesses(store: Store, home: Home) -> None:
    """Three at once, the fourth after 30 s, the fifth after five minutes, then locked; too soon costs nothing."""
    home.hold_clock()
    sealed = await created(store)
    waits = []
    for wait in (0, 0, 30, 300):
        with pytest.raises(WrongPassphraseError) as wrong:
            await claims.claim(store, sealed.present(right=False), SOMEBODY)
        waits.append(wrong.value.retry_after_seconds)
        if wait:
            home.advance_clock(wait - 1)
            with pytest.raises(TooSoonError) as early:
                await claims.claim(store, sealed.present(), SOMEBODY)
            assert early.value.retry_after_seconds == 1
            home.advance_clock(1)
    assert waits == [0, 0, 30, 300]
    with pytest.raises(DropLockedError):
        await claims.claim(store, sealed.present(right=False), SOMEBODY)
    with pytest.raises(DropLockedError):
        await claims.claim(store, sealed.present(), SOMEBODY)
    assert (await row_of(store, sealed.new.id)).guesses == 5
    assert (await words_of(store, sealed.new.id))[-2:] == ["passphrase_failed", "locked"]


async def test_a_refused_pair_is_not_paid_for_twice(store: Store) -> None:
    """A page that lost the answer 403 and asks again gets the same answer for nothing."""
    sealed = await created(store)
    presented = sealed.present(right=False)
    for _ in range(4):
        with pytest.raises(WrongPassphraseError) as wrong:
            await claims.claim(store, presented, SOMEBODY)
        assert wrong.value.tries_left == 4
    assert (await row_of(store, sealed.new.id)).guesses == 1


async def test_a_sender_unlocks_twice_at_most(store: Store, home: Home) -> None:
    """Fifteen refusals in all; then the drop stays locked until it expires or is revoked."""
    sealed = await created(store, lives_seconds=100_000)
    for left in (1, 0):
        await refuse(store, sealed, 5, home)
        assert await unlocking.unlock(store, sealed.new.id) == left
    await refuse(store, sealed, 5, home)
    with pytest.raises(CannotUnlockError):
        await unlocking.unlock(store, sealed.new.id)
    row = await row_of(store, sealed.new.id)
    assert (row.guesses, row.state) == (15, "locked")
    await endings.revoke(store, sealed.new.id)
    await require_destroyed(store, sealed.new.id)


async def test_an_unlocked_drop_opens(store: Store, home: Home) -> None:
    """A wrong passphrase never burns a secret."""
    sealed = await created(store)
    await refuse(store, sealed, 5, home)
    await unlocking.unlock(store, sealed.new.id)
    release = await claims.claim(store, sealed.present(), SOMEBODY)
    assert release.envelope == sealed.new.envelope


async def test_only_a_template_that_says_so_destroys_at_the_last_guess(store: Store, home: Home) -> None:
    """`on_lock: destroy` ends the drop as locked out."""
    sealed = await created(store, on_lock="destroy")
    await refuse(store, sealed, 5, home)
    await require_destroyed(store, sealed.new.id)
    assert (await row_of(store, sealed.new.id)).outcome == "locked_out"


async def test_one_submission_makes_one_drop_for_each_recipient(store: Store) -> None:
    """A double click is answered with the first drop; another recipient of the same form is another drop."""
    first = await created(store, submission="V1")
    with pytest.raises(AlreadySubmittedError) as again:
        await created(store, submission="V1")
    assert again.value.drop_id == first.new.id
    await created(store, submission="V1", recipient_id="USAM")
    assert len(await of_form(store, "V1")) == 2
    assert len(store.keyring.ids()) == 2


async def test_a_taken_id_and_a_false_header_are_refused(store: Store) -> None:
    """Nothing is stored that contradicts itself, and nothing is overwritten."""
    sealed = await created(store)
    with pytest.raises(DuplicateDropError):
        await creation.create(store, sealed.new)
    with pytest.raises(UnacceptableDropError):
        await created(store, header=sealed.new.header)
    assert (await claims.claim(store, sealed.present(), SOMEBODY)).envelope == sealed.new.envelope


async def test_recurring_news_is_told_once_an_hour_with_a_count(store: Store, home: Home) -> None:
    """The log says that it goes on; the sender's phone does not ring each time."""
    home.hold_clock()
    sealed = await created(store)
    for _ in range(5):
        await asks.not_me(store, sealed.new.id, sealed.new.link_proof)
        await asks.ask(store, sealed.new.id, sealed.new.link_proof, Ask.PASSPHRASE)
    home.advance_clock(3601)
    await asks.not_me(store, sealed.new.id, sealed.new.link_proof)
    told = [(e["evt"], e["count"]) for e in (await events_of(store, sealed.new.id))[1:]]
    assert told == [("drop.not_me", 1), ("drop.asked", 1), ("drop.not_me", 6)]
    assert ("sender", "drop.not_me") in await notices_of(store, sealed.new.id)


async def test_a_delivery_may_be_recorded_twice(store: Store) -> None:
    """The bot repeats it when the answer of the commit was lost; the link is not turned into a tombstone for that."""
    sealed = await created(store)
    for _ in range(2):
        assert await deliveries.record_delivered(store, sealed.new.id, Place("D1", "1.2"))
    assert (await words_of(store, sealed.new.id)).count("delivered") == 1
    async with store.db.read() as tx:
        assert await tx.scalar(select(func.count()).select_from(messages)) == 1
    await endings.revoke(store, sealed.new.id)
    assert not await deliveries.record_delivered(store, sealed.new.id, Place("D1", "1.2"))


async def test_an_undelivered_drop_says_why(store: Store) -> None:
    """Slack's word for it stands in the event."""
    sealed = await created(store)
    await deliveries.record_undelivered(store, sealed.new.id, why="user_disabled")
    said = [event for event in await events_of(store, sealed.new.id) if event["evt"] == "drop.undelivered"]
    assert [(event["by"], event["why"]) for event in said] == [("delivery", "user_disabled")]
