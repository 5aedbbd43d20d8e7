"""Notices: in order, never lost, never twice while somebody holds the lease."""

import asyncio

from store import creation, endings, outbox
from store.opened import Store
from store.words import Audience
from tests.stores import Home, Sealed, seal


async def owed(store: Store) -> Sealed:
    """A drop that was created and revoked: three events, and so three audit notices."""
    sealed = seal()
    await creation.create(store, sealed.new)
    await endings.revoke(store, sealed.new.id)
    return sealed


async def drain(store: Store) -> list[tuple[str, str]]:
    """Settle all that is due, as a dispatcher would."""
    told = []
    while leased := await outbox.lease(store):
        for notice in leased:
            told.append((str(notice.audience), notice.about["event"].removeprefix("drop.")))
            await outbox.settle(store, notice)
    return told


async def test_the_notices_of_a_drop_leave_in_their_order(store: Store) -> None:
    """For each audience of a drop, the order is that of the events."""
    await owed(store)
    told = await drain(store)
    assert [word for audience, word in told if audience == "audit"] == ["created", "revoked", "destroyed", "receipt"]
    assert await outbox.lease(store) == []


async def test_a_postponed_notice_holds_back_only_its_own_drop_and_audience(store: Store, home: Home) -> None:
    """What waits for Slack to recover delays nobody else, and is not overtaken."""
    home.hold_clock()
    await owed(store)
    first = next(n for n in await outbox.lease(store) if n.audience is Audience.AUDIT)
    await outbox.postpone(store, first, 30)
    home.advance_clock(61)  # the other leases of that batch are over
    await outbox.postpone(store, first, 30)
    assert not [one for one in await drain(store) if one[0] == "audit"]
    home.advance_clock(31)
    assert [word for _, word in await drain(store)] == ["created", "revoked", "destroyed", "receipt"]


async def test_a_lease_ends_with_its_program(store: Store, home: Home) -> None:
    """A program that dies with a notice in hand loses nothing: a minute later it is due again."""
    home.hold_clock()
    await owed(store)
    leased = {notice.id for notice in await outbox.lease(store)}
    assert leased
    assert await outbox.lease(store) == []
    home.advance_clock(61)
    again = await outbox.lease(store)
    assert {notice.id for notice in again} == leased
    assert {notice.tries for notice in again} == {2}


async def test_parked_notices_come_back_in_order(store: Store, home: Home) -> None:
    """A channel that was archived for hours gets everything, in order, when it returns."""
    await owed(store)
    first = next(n for n in await outbox.lease(store) if n.audience is Audience.AUDIT)
    await outbox.park(store, first, "is_archived")
    home.advance_clock(3600)
    assert not [one for one in await drain(store) if one[0] == "audit"]
    assert await outbox.unpark(store, Audience.AUDIT) == 1
    assert [word for _, word in await drain(store)] == ["created", "revoked", "destroyed", "receipt"]


async def test_two_dispatchers_never_hold_the_same_notice(home: Home) -> None:
    """Replicas share the outbox; a lease is exclusive."""
    async with home.open("bot") as one, home.open("bot") as two:
        for _ in range(8):
            await owed(one)
        leased = await asyncio.gather(*(outbox.lease(store, most=6) for store in (one, two) for _ in range(3)))
        ids = [notice.id for batch in leased for notice in batch]
        assert ids
        assert len(ids) == len(set(ids))
