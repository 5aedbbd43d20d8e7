"""Notices: in order, never lost, never twice while somebody holds the lease."""

import asyncio
from typing import Any

import pytest

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


@pytest.mark.parametrize("audience", [None, *Audience])
async def test_a_lease_with_nothing_due_takes_no_writers_lock(
    store: Store, home: Home, monkeypatch: pytest.MonkeyPatch, audience: Audience | None
) -> None:
    """It is asked for twice a second and nearly always in vain: no claim may wait for that."""
    home.hold_clock()
    await owed(store)
    for notice in await outbox.lease(store):
        await outbox.postpone(store, notice, 30)

    def write() -> Any:
        raise AssertionError("a write transaction for nothing")

    with monkeypatch.context() as patched:
        patched.setattr(store.db, "write", write)
        assert await outbox.lease(store, audience) == []
        assert await outbox.unpark(store, audience or Audience.AUDIT) == 0
        home.advance_clock(31)
        with pytest.raises(AssertionError, match="for nothing"):
            await outbox.lease(store, audience)
    assert await outbox.lease(store, audience)


async def test_each_audience_is_leased_by_itself(store: Store) -> None:
    """What the security team is owed keeps nobody else's notices back, however much of it there is."""
    for _ in range(3):
        await owed(store)
    leased = await outbox.lease(store, Audience.SENDER, most=3)
    assert [notice.audience for notice in leased] == [Audience.SENDER] * 3
    assert {notice.audience for notice in await outbox.lease(store)} == {Audience.AUDIT, Audience.RECIPIENT}


async def test_a_notice_knows_what_is_owed_after_it(store: Store) -> None:
    """The same audience's events of the same drop, in order, and nobody else's."""
    await owed(store)
    await owed(store)
    first, _ = await outbox.lease(store, Audience.AUDIT)
    assert [event.removeprefix("drop.") for event in first.later] == ["revoked", "destroyed", "receipt"]
    await outbox.settle(store, first)
    [second] = await outbox.lease(store, Audience.AUDIT)
    assert [event.removeprefix("drop.") for event in second.later] == ["destroyed", "receipt"]


async def test_what_is_given_back_untried_is_due_at_once(store: Store, home: Home) -> None:
    """Nothing waits for a lease that nobody uses, and what was not tried does not count as tried."""
    home.hold_clock()
    await owed(store)
    leased = await outbox.lease(store)
    await outbox.release(store, leased)
    await outbox.release(store, [])
    assert await outbox.lease(store) == leased


async def test_a_late_program_does_not_undo_a_later_lease(store: Store, home: Home) -> None:
    """Whoever comes back after a minute may settle what was told, and not give away what another one holds."""
    home.hold_clock()
    await owed(store)
    [late] = await outbox.lease(store, Audience.RECIPIENT)
    home.advance_clock(61)
    [again] = await outbox.lease(store, Audience.RECIPIENT)
    await outbox.release(store, [late])
    await outbox.postpone(store, late, 0)
    await outbox.park(store, late, "is_archived")
    assert await outbox.lease(store, Audience.RECIPIENT) == []
    await outbox.postpone(store, again, 30)
    assert await outbox.is_waiting(store, again)
    home.advance_clock(31)
    assert not await outbox.is_waiting(store, again)
    assert [notice.id for notice in await outbox.lease(store, Audience.RECIPIENT)] == [late.id]


async def test_the_sender_of_a_form_is_in_one_programs_hands(home: Home) -> None:
    """However many take at the same moment: a form's drops share a message; other forms wait for nobody."""
    home.hold_clock()
    async with home.open("bot") as one, home.open("bot") as two:
        forms = {}
        for form in ("V0ONE", "V0TWO"):
            for number in range(3):
                sealed = seal(submission=form, recipient_id=f"U{number}")
                forms[sealed.new.id] = form
                await creation.create(one, sealed.new)
        takers = [outbox.lease(store, Audience.SENDER, most=2) for store in (one, two) for _ in range(2)]
        taken = [batch for batch in await asyncio.gather(*takers) if batch]
        assert sorted([forms[notice.drop_id] for notice in batch] for batch in taken) in (
            [["V0ONE"] * 2],  # whoever looked before the first had taken what is the oldest comes back with nothing
            [["V0ONE"] * 2, ["V0TWO"] * 2],
        )
        assert await outbox.lease(two, Audience.SENDER) == [] or len(taken) == 1
        [first, _] = next(batch for batch in taken if forms[batch[0].drop_id] == "V0ONE")
        await outbox.settle(two, first)
        assert "V0ONE" not in [forms[notice.drop_id] for notice in await outbox.lease(two, Audience.SENDER)]
        home.advance_clock(61)
        assert len(await outbox.lease(two, Audience.SENDER)) == 5, "a lease ends with its program"


async def test_what_was_settled_counts_once_nobody_holds_anything(store: Store, home: Home) -> None:
    """What is parked or being told leaves open whether an audience takes anything; what waits does not."""
    home.hold_clock()
    await owed(store)
    await owed(store)
    since = await outbox.present(store)
    home.advance_clock(1)
    first, second = await outbox.lease(store, Audience.AUDIT)
    await outbox.settle(store, first)
    assert await outbox.settled_since(store, Audience.AUDIT, since) == 0
    await outbox.park(store, second, "is_archived")
    assert await outbox.settled_since(store, Audience.AUDIT, since) == 0
    await outbox.unpark(store, Audience.AUDIT)
    assert await outbox.settled_since(store, Audience.AUDIT, since) == 1
    assert await outbox.settled_since(store, Audience.AUDIT, await outbox.present(store)) == 0
    assert await outbox.unsettled(store, [first.id, second.id]) == {second.id}
    assert await outbox.unsettled(store, []) == set()
