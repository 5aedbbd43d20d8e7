"""Drops are found by what people have of them."""

from store import finding, listing, retention
from store.formats import base64url
from store.listing import Section
from store.opened import Store
from tests.store.living import created, revoked
from tests.store.test_forgetting import over
from tests.store.test_retention import MONTH_SECONDS
from tests.stores import Home


async def test_a_drop_is_found_by_how_its_id_begins(home: Home) -> None:
    """From six characters on, on both engines, whatever bits the last character splits."""
    async with home.open("bot") as store:
        made = [await created(store) for _ in range(3)]
        for one in made:
            text = base64url.encode(one.new.id)
            for length in range(finding.LEAST_CHARACTERS, 23):
                [drop] = await finding.by_short(store, text[:length], most=2)
                assert drop.id == one.new.id
            assert [drop.id for drop in await finding.by_short(store, text[:5], most=2)] == []
        for nothing in ("", "######", "A" * 23, "é" * 6, "AAAAAA="):
            assert await finding.by_short(store, nothing, most=2) == []


async def test_a_drop_is_found_by_its_receipt(home: Home) -> None:
    """By the receipt's id; another event's id leads nowhere."""
    async with home.open("bot") as store:
        sealed = await created(store)
        await revoked(store, home, sealed)
        [drop] = await finding.by_short(store, base64url.encode(sealed.new.id), most=1)
        assert drop.receipt is not None
        [found] = await finding.by_receipt(store, drop.receipt)
        assert found.id == sealed.new.id
        assert await finding.by_receipt(store, "0" * 32) == []


async def test_the_latest_of_a_sender(home: Home) -> None:
    """Newest first, so many at most; or everybody's."""
    async with home.open("bot") as store:
        for sender in ("UMAYA", "USAM", "UMAYA", "UMAYA"):
            await created(store, sender_id=sender)
        assert len(await finding.latest(store, "UMAYA", most=2)) == 2
        assert len(await finding.latest(store, "UMAYA", most=9)) == 3
        assert len(await finding.latest(store, None, most=9)) == 4
        assert await finding.latest(store, "UNOBODY", most=9) == []


async def listed(store: Store, section: Section) -> list[bytes]:
    """Among everybody's."""
    return [drop.id for drop in (await listing.page(store, section, None, most=9)).drops]


async def test_what_is_nobodys_any_more_stands_in_no_list(home: Home) -> None:
    """Not among everybody's, whom nobody could be shown it by, and in no count: due to be rotated or not."""
    home.hold_clock()
    async with home.open("bot") as store:
        due = await over(store, rotate_by=store.clock.now_seconds() + 100)
        home.advance_clock(3 * MONTH_SECONDS)
        kept = await over(store)
        assert await listed(store, Section.ATTENTION) == [due.new.id]
        assert len((await retention.sweep(store, 2)).forgotten) == 1
        assert await listed(store, Section.ATTENTION) == []
        assert await listed(store, Section.HISTORY) == [kept.new.id]
        counted = await listing.counts(store, None)
        assert (counted.attention, counted.outstanding, counted.opened) == (0, 0, 1)
        assert [drop.id for drop in await finding.latest(store, None, most=9)] == [kept.new.id]
