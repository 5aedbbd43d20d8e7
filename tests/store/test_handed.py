"""What one person was handed: in which order, on pages, for one sender, and an end to what is outstanding."""

import asyncio
from typing import Any

import pytest

from store import endings, forgetting, handed, history, revoking, rotating
from store.drops import Drop, find
from store.errors import KeyUnreadableError, StoreUnavailableError
from store.handed import After, Counts, Need, need_of
from store.opened import Store
from store.words import Actor, Event, Outcome, State
from tests.store.living import created, revoked, viewed
from tests.store.test_forgetting import told
from tests.stores import Home, Sealed


async def by_admin(_drop: Drop) -> Actor | None:
    return Actor.ADMIN


async def lived(store: Store, home: Home, **fields: object) -> list[Sealed]:
    """One that must be rotated, one that can be opened, one that was rotated, and one that is over."""
    made = [await created(store, **fields) for _ in range(4)]
    await viewed(store, home, made[0])
    await viewed(store, home, made[2])
    await rotating.rotated(store, made[2].new.id, by=Actor.SENDER)
    await revoked(store, home, made[3])
    return made


async def pages(store: Store, most: int, whose: str | None = None) -> list[handed.Page]:
    """All of them, one after another."""
    found: list[handed.Page] = []
    after: After | None = None
    while not found or after is not None:
        found.append(await handed.page(store, "UDANA", whose, after=after, most=most))
        after = found[-1].after
    return found


async def test_what_must_be_rotated_comes_first(home: Home) -> None:
    """Then what can still be opened, then the rest; on pages as in one list, and as the counts say."""
    async with home.open("bot") as store:
        made = await lived(store, home)
        second = await lived(store, home, sender_id="USAM")
        await created(store, recipient_id="UELSEWHERE")
        drops = await handed.to(store, "UDANA")
        assert [need_of(drop) for drop in drops] == [0, 0, 1, 1, 2, 2, 2, 2]
        assert {drop.id for drop in drops[:2]} == {made[0].new.id, second[0].new.id}
        assert {drop.id for drop in drops[2:4]} == {made[1].new.id, second[1].new.id}
        found = await pages(store, 3)
        assert [drop.id for page in found for drop in page.drops] == [drop.id for drop in drops]
        assert [page.before for page in found] == [0, 3, 6]
        assert await handed.counts(store, "UDANA", None) == Counts(2, 2, 4)
        assert await handed.count_stoppable(store, "UDANA", None) == 2
        assert await handed.count_stoppable(store, "UDANA", None, team_id="TWORKSPACE") == 2
        assert await handed.count_stoppable(store, "UDANA", None, team_id="TANOTHER") == 0
        assert await handed.counts(store, "UDANA", "USAM") == Counts(1, 1, 2)
        assert await handed.count_stoppable(store, "UDANA", "USAM") == 1
        [of_sam] = await pages(store, 9, "USAM")
        assert {drop.id for drop in of_sam.drops} == {one.new.id for one in second}
        assert await handed.counts(store, "UNOBODY", None) == Counts(0, 0, 0)


async def test_what_is_rotated_draws_nothing_over_the_edge_of_a_page(home: Home) -> None:
    """The next page begins behind the last one that was shown, whatever was done on this one."""
    home.hold_clock()
    async with home.open("bot") as store:
        made = [await created(store) for _ in range(5)]
        for one in made:
            await viewed(store, home, one)
        first = await handed.page(store, "UDANA", None, most=2)
        for drop in first.drops:
            await rotating.rotated(store, drop.id, by=Actor.SENDER)
        second = await handed.page(store, "UDANA", None, after=first.after, most=9)
        assert {one.new.id for one in made} == {drop.id for drop in (*first.drops, *second.drops)}
        assert second.before == 0


async def test_what_was_erased_is_said(home: Home) -> None:
    """How many name no recipient any more: of all, and of one sender."""
    async with home.open("bot") as store:
        gone, kept = await created(store), await created(store, sender_id="USAM", recipient_id="ULEE")
        for one in (gone, kept):
            await revoked(store, home, one)
        await told(store)
        await forgetting.forget(store, gone.new.id, "UDANA")
        assert (await handed.erased(store)).forgotten == 1
        assert (await handed.erased(store, "UMAYA")).forgotten == 1
        assert (await handed.erased(store, "USAM")).forgotten == 0


async def test_all_that_is_outstanding_is_revoked_once(home: Home) -> None:
    """By two programs at once; pressed again it revokes nothing, and what was opened is as it was."""
    async with home.open("bot") as store, home.open("bot") as other:
        made = await lived(store, home)
        more = [await created(store) for _ in range(3)]
        act = [revoking.revoke_all(one, "UDANA", None, by_admin, seconds=60) for one in (store, other)]
        first, second = await asyncio.gather(*act)
        assert first.revoked + second.revoked == 4
        assert first.unfinished + second.unfinished + first.refused + second.refused == 0
        assert await revoking.revoke_all(store, "UDANA", None, by_admin, seconds=60) == revoking.Tally()
        for one in (made[1], *more):
            drop = await find(store, one.new.id)
            assert drop is not None
            assert (drop.state, drop.outcome, drop.ended_by) == (State.DESTROYED, Outcome.REVOKED, "admin")
        seen = await find(store, made[0].new.id)
        assert seen is not None
        assert seen.outcome is Outcome.VIEWED


async def test_all_are_closed_before_the_first_is_destroyed(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody opens the last while the first is being destroyed; each has its event; and it is told how far it is."""
    async with home.open("bot") as store:
        made = [await created(store) for _ in range(45)]
        finish, seen, progress = endings.finish, list[Counts](), list[int]()

        async def looking(store: Store, drop_id: bytes) -> bool:
            seen.append(await handed.counts(store, "UDANA", None))
            return await finish(store, drop_id)

        monkeypatch.setattr(endings, "finish", looking)
        tally = await revoking.revoke_all(store, "UDANA", None, by_admin, seconds=60, at=progress.append)
        assert (tally, progress) == (revoking.Tally(revoked=45), [25])
        assert seen[0] == Counts(0, 0, 45)
        for one in (made[0], made[-1]):
            events = [step.event for step in await history.of(store, one.new.id)]
            assert events[-3:] == [Event.REVOKED, Event.DESTROYED, Event.RECEIPT]


async def test_only_what_one_may_is_revoked(sqlite_home: Home) -> None:
    """Another sender's is not looked at, and one that is refused stays as it is."""
    async with sqlite_home.open("bot") as store:
        mine, foreign = await created(store), await created(store, sender_id="USAM")

        async def nobody(_drop: Drop) -> Actor | None:
            return None

        assert await revoking.revoke_all(store, "UDANA", None, nobody, seconds=60) == revoking.Tally(refused=2)
        assert await revoking.revoke_all(store, "UDANA", "UMAYA", by_admin, seconds=60) == revoking.Tally(revoked=1)
        states = [(await find(store, one.new.id)) for one in (mine, foreign)]
        assert [drop and drop.state for drop in states] == [State.DESTROYED, State.SEALED]


async def test_what_was_opened_in_between_is_counted_as_opened(
    sqlite_home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the list and its turn somebody opens it: too late, and said so."""
    async with sqlite_home.open("bot") as store:
        sealed = await created(store)

        async def after_a_claim(_drop: Drop) -> Actor | None:
            await viewed(store, sqlite_home, sealed)
            return Actor.ADMIN

        assert await revoking.revoke_all(store, "UDANA", None, after_a_claim, seconds=60) == revoking.Tally(opened=1)
        assert need_of(found := (await handed.to(store, "UDANA"))[0]) is Need.ROTATE
        assert found.outcome is Outcome.VIEWED


async def test_what_could_not_be_finished_is_finished_by_the_same_act(
    sqlite_home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A key out of reach, or no time left: counted as unfinished, and done when it is asked for again."""
    async with sqlite_home.open("bot") as store:
        for _ in range(3):
            await created(store)

        async def away(*_: object) -> None:
            raise KeyUnreadableError

        with monkeypatch.context() as broken:
            broken.setattr(endings, "_erase_key", away)
            first = await revoking.revoke_all(store, "UDANA", None, by_admin, seconds=60)
        assert first == revoking.Tally(unfinished=3)
        assert await handed.counts(store, "UDANA", None) == Counts(0, 0, 3)
        assert await handed.count_stoppable(store, "UDANA", None) == 3
        late = await revoking.revoke_all(store, "UDANA", None, by_admin, seconds=0)
        assert late == revoking.Tally(unfinished=3)
        assert await revoking.revoke_all(store, "UDANA", None, by_admin, seconds=60) == revoking.Tally(revoked=3)


@pytest.mark.parametrize(("goes", "left"), [("for a moment", 25), ("for good", 0)])
async def test_what_was_begun_is_finished_when_the_store_goes(
    sqlite_home: Home, monkeypatch: pytest.MonkeyPatch, goes: str, left: int
) -> None:
    """The second lot cannot be read: the first is destroyed, what it came to is said, and that there is more."""
    async with sqlite_home.open("bot") as store:
        for _ in range(45):
            await created(store)
        stoppable, read = handed.stoppable, list[bytes]()

        async def once(*given: Any, after: bytes = b"", most: int) -> Any:
            read.append(after)
            if len(read) > 1:
                raise StoreUnavailableError
            return await stoppable(*given, after=after, most=most)

        async def away(*_: object, **__: object) -> int:
            raise StoreUnavailableError

        with monkeypatch.context() as broken:
            broken.setattr(handed, "stoppable", once)
            if goes == "for good":
                broken.setattr(handed, "count_stoppable", away)
            tally = await revoking.revoke_all(store, "UDANA", None, by_admin, seconds=60)
            assert tally == revoking.Tally(revoked=20, unfinished=left, is_cut=goes == "for good")
            with pytest.raises(StoreUnavailableError):
                await revoking.revoke_all(store, "UDANA", None, by_admin, seconds=60)
        assert await handed.counts(store, "UDANA", None) == Counts(0, 25, 20)
        assert await revoking.revoke_all(store, "UDANA", None, by_admin, seconds=60) == revoking.Tally(revoked=25)
