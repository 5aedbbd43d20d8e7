"""What the desk reads and says of drops: lists, what is told in time, a key rotated, and what one person was handed."""

import asyncio

import pytest
from sqlalchemy import select

from store import (
    asks,
    attention,
    claims,
    deliveries,
    handed,
    history,
    listing,
    pausing,
    recipient_verification,
    rotating,
    sweeper,
    unlocking,
    watches,
)
from store.attention import Why
from store.drops import find
from store.errors import KeyUnreadableError, NothingToRotateError, NotVerifiedError
from store.listing import Section
from store.opened import Store
from store.schema import drops
from store.words import Actor, Ask, Event, Verify
from tests.store.living import SOMEBODY, created, refuse, revoked, viewed
from tests.stores import Home, Sealed

_DAY = 86_400


async def delivered(store: Store, **fields: object) -> Sealed:
    sealed = await created(store, **fields)
    await deliveries.record_delivered(store, sealed.new.id, None)
    return sealed


async def ids(store: Store, section: Section, whose: str | None = "UMAYA") -> list[bytes]:
    return [drop.id for drop in (await listing.page(store, section, whose, most=50)).drops]


async def words(store: Store, sealed: Sealed) -> list[Event]:
    return [step.event for step in await history.of(store, sealed.new.id)]


async def test_a_drop_stands_in_one_list(home: Home) -> None:
    """Locked, held up, expired and due ones need somebody; quiet ones are outstanding; the rest is history."""
    home.hold_clock()
    async with home.open("bot") as store:
        quiet, locked, paused, gone, seen, expired = [
            await delivered(store, lives_seconds=9 * _DAY) for _ in range(5)
        ] + [await delivered(store)]
        foreign = await delivered(store, sender_id="USAM", lives_seconds=9 * _DAY)
        await refuse(store, locked, 5, home)
        await pausing.pause(store, paused.new.id)
        await revoked(store, home, gone)
        await viewed(store, home, seen)
        await rotating.remind_on(store, seen.new.id, store.clock.now_seconds() * 1000 + 1000)
        assert set(await ids(store, Section.HISTORY)) == {gone.new.id, seen.new.id}
        home.advance_clock(4000)
        await sweeper.sweep(store)
        attention = {locked.new.id, paused.new.id, expired.new.id, seen.new.id}
        assert set(await ids(store, Section.ATTENTION)) == attention
        assert await ids(store, Section.OUTSTANDING) == [quiet.new.id]
        assert await ids(store, Section.HISTORY) == [gone.new.id]
        assert len(await ids(store, Section.OUTSTANDING, None)) == 2
        assert (await ids(store, Section.OUTSTANDING, "USAM")) == [foreign.new.id]
        counted = await listing.counts(store, "UMAYA")
        assert (counted.attention, counted.outstanding, counted.opened, counted.unopened) == (4, 1, 1, 1)


async def test_each_that_needs_somebody_says_why(home: Home) -> None:
    """Every reason that holds, the most urgent first; and none of a drop that needs nobody."""
    home.hold_clock()
    async with home.open("bot") as store:

        async def reasons(sealed: Sealed) -> list[Why]:
            [found] = (await attention.of(store, [sealed.new.id])).values()
            assert bool(found) == (sealed.new.id in await ids(store, Section.ATTENTION))
            return list(found)

        long = {"lives_seconds": 2 * _DAY}
        quiet, locked, held, late, seen, denied = [
            await delivered(store, **long, unviewed_after=3600) for _ in range(6)
        ]
        gone = await delivered(store, lives_seconds=1800)
        assert await reasons(quiet) == []
        await refuse(store, locked, 5, home)
        await asks.ask(store, locked.new.id, locked.new.link_proof, Ask.TRIES)
        assert await reasons(locked) == [Why.LOCKED, Why.WANTS_TRIES]
        await unlocking.unlock(store, locked.new.id)
        assert await reasons(locked) == []
        await pausing.pause(store, held.new.id)
        await asks.not_me(store, held.new.id, held.new.link_proof)
        assert await reasons(held) == [Why.NOT_EXPECTED, Why.NOT_ME]
        pressed = await delivered(store, **long, verify=Verify.SLACK)
        await recipient_verification.refuse(store, pressed.new.id)
        assert await reasons(pressed) == [Why.PRESSED_BY_ANOTHER]
        for drop in (held, pressed):
            await revoked(store, home, drop)
            assert await reasons(drop) == []
        for drop in (seen, denied):
            await viewed(store, home, drop)
        assert await reasons(seen) == []
        await pausing.deny_opening(store, denied.new.id)
        assert await reasons(denied) == [Why.DENIED]
        assert await rotating.remind_on(store, seen.new.id, store.clock.now_seconds() * 1000 + 1000)
        home.advance_clock(3601)
        await watches.tell_due(store)
        await sweeper.sweep(store)
        assert await reasons(late) == [Why.UNVIEWED]
        assert await reasons(seen) == [Why.ROTATE]
        assert await reasons(gone) == [Why.EXPIRED]
        home.advance_clock(2 * _DAY - 3600 - 3000)
        await watches.tell_due(store)
        assert await reasons(late) == [Why.LAST_HOUR, Why.UNVIEWED]
        await rotating.rotated(store, denied.new.id, by=Actor.SENDER)
        assert await reasons(denied) == []


async def test_pages_hold_every_drop_once(home: Home) -> None:
    """Of drops made in one moment too, whatever comes in between."""
    home.hold_clock()
    async with home.open("bot") as store:
        made = {(await delivered(store)).new.id for _ in range(7)}
        found: list[bytes] = []
        page = await listing.page(store, Section.OUTSTANDING, "UMAYA", most=3)
        while True:
            found += [drop.id for drop in page.drops]
            if page.after is None:
                break
            home.advance_clock(1)
            await delivered(store)
            page = await listing.page(store, Section.OUTSTANDING, "UMAYA", after=page.after, most=3)
        assert len(found) == 7
        assert set(found) == made


async def test_each_watch_is_told_once(home: Home) -> None:
    """By two programs at once too, and never of what was opened in between."""
    home.hold_clock()
    async with home.open("bot") as store, home.open("bot") as other:
        late = await delivered(store, lives_seconds=2 * _DAY, unviewed_after=3600)
        seen = await delivered(store, lives_seconds=2 * _DAY, unviewed_after=3600)
        await viewed(store, home, seen)
        assert await watches.tell_due(store) == 0
        home.advance_clock(3601)
        told = await asyncio.gather(*(watches.tell_due(one) for one in (store, other, store, other)))
        assert sum(told) == 1
        home.advance_clock(2 * _DAY - 3600 - 3600)
        assert await watches.tell_due(store) == 1
        assert await watches.tell_due(store) == 0
        said = [step.facts["watch"] for step in await history.of(store, late.new.id) if step.event is Event.UNVIEWED]
        assert said == ["unviewed", "hour_left"]
        steps = [step.event for step in await history.of(store, late.new.id)]
        async with store.db.read() as tx:
            assert await tx.scalar(select(drops.c.n).where(drops.c.id == late.new.id)) == len(steps)
        assert Event.UNVIEWED not in await words(store, seen)


async def test_a_key_is_rotated_once(home: Home) -> None:
    """The day that was set is told if somebody has seen the key; that it was rotated can be said once."""
    home.hold_clock()
    async with home.open("bot") as store:
        soon = store.clock.now_seconds() + 100
        seen, unseen = await delivered(store, rotate_by=soon), await delivered(store, rotate_by=soon)
        await viewed(store, home, seen)
        with pytest.raises(NothingToRotateError):
            await rotating.rotated(store, unseen.new.id, by=Actor.SENDER)
        home.advance_clock(101)
        assert await watches.tell_due(store) == 1
        assert await rotating.remind_on(store, seen.new.id, (soon + 50) * 1000)
        home.advance_clock(50)
        assert await watches.tell_due(store) == 1
        await rotating.rotated(store, seen.new.id, by=Actor.SENDER)
        with pytest.raises(NothingToRotateError):
            await rotating.rotated(store, seen.new.id, by=Actor.ADMIN)
        assert not await rotating.remind_on(store, seen.new.id, (soon + 90) * 1000)
        assert (await words(store, seen))[-3:] == [Event.ROTATE_DUE, Event.ROTATE_DUE, Event.ROTATED]


async def test_a_claim_wants_a_press_of_the_recipient(home: Home) -> None:
    """Ten minutes before it at most; what is refused for want of it costs nothing."""
    home.hold_clock()
    async with home.open("bot") as store:
        sealed = await delivered(store, verify=Verify.SLACK)
        for _ in range(2):
            with pytest.raises(NotVerifiedError):
                await claims.claim(store, sealed.present(right=False), SOMEBODY)
            until = await recipient_verification.verify(store, sealed.new.id)
            assert until is not None
            assert await recipient_verification.verify(store, sealed.new.id) == until
            home.advance_clock(600)
        await recipient_verification.verify(store, sealed.new.id)
        home.advance_clock(599)
        await claims.claim(store, sealed.present(), SOMEBODY)
        assert await recipient_verification.verify(store, sealed.new.id) is None
        said = await words(store, sealed)
        assert said.count(Event.RECIPIENT_VERIFIED) == 3
        assert Event.PASSPHRASE_FAILED not in said


async def test_what_one_person_was_handed(home: Home) -> None:
    """Whatever became of it, and whoever sent it."""
    async with home.open("bot") as store:
        seen = await delivered(store)
        other = await delivered(store, sender_id="USAM")
        await delivered(store, recipient_id="ULEE")
        await viewed(store, home, seen)
        found = await handed.to(store, "UDANA")
        assert [drop.id for drop in found] == [seen.new.id, other.new.id]
        assert await handed.erased(store) == handed.Erased([], 0)
        steps = await history.of(store, seen.new.id)
        claimed = next(step for step in steps if step.event is Event.CLAIMED)
        assert (claimed.network, claimed.browser) == ("198.51.100.0/24", "Firefox")


async def test_a_watch_waits_for_what_holds_it_up(home: Home) -> None:
    """For a pause to end, and for somebody to see the key; the day that was set stays the day that is shown."""
    home.hold_clock()
    async with home.open("bot") as store:
        soon = store.clock.now_seconds() + 4000
        held = await delivered(store, lives_seconds=2 * _DAY, unviewed_after=3600, rotate_by=soon)
        await pausing.pause(store, held.new.id)
        home.advance_clock(4001)
        assert await watches.tell_due(store) == 0
        await pausing.resume(store, held.new.id)
        assert await watches.tell_due(store) == 1
        found = await find(store, held.new.id)
        assert found is not None
        assert found.rotate_by == soon * 1000
        await viewed(store, home, held)
        assert await watches.tell_due(store) == 1
        assert (await words(store, held))[-1] is Event.ROTATE_DUE


async def test_a_pause_ends_what_was_pressed_before(home: Home) -> None:
    """Whoever pressed Open, and then did not expect it, lets nobody in until they press again."""
    async with home.open("bot") as store:
        sealed = await delivered(store, verify=Verify.SLACK)
        await recipient_verification.verify(store, sealed.new.id)
        await pausing.pause(store, sealed.new.id)
        await pausing.resume(store, sealed.new.id)
        with pytest.raises(NotVerifiedError):
            await claims.claim(store, sealed.present(), SOMEBODY)


async def test_who_asked_and_then_opened_it_needs_nobody(home: Home) -> None:
    """What was asked for while it was open is over with it."""
    async with home.open("bot") as store:
        sealed = await delivered(store)
        await asks.ask(store, sealed.new.id, sealed.new.link_proof, Ask.PASSPHRASE)
        assert await ids(store, Section.ATTENTION) == [sealed.new.id]
        await viewed(store, home, sealed)
        assert await ids(store, Section.HISTORY) == [sealed.new.id]


async def test_a_month_whose_key_is_away_is_not_left_out(home: Home) -> None:
    """A list that is short must not look whole."""
    async with home.open("bot") as store:
        await delivered(store)
        (month,) = (home.keyring / "months").iterdir()
        month.write_bytes(b"short")
        with pytest.raises(KeyUnreadableError):
            await handed.to(store, "UDANA")
