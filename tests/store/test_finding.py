"""Drops are found by what people have of them."""

from store import finding
from store.formats import base64url
from tests.store.living import created, revoked
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
