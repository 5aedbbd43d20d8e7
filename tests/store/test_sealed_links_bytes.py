"""What is left of a sealed link in the files of an installation once it was delivered or its drop ended: nothing."""

import pytest

from store.formats import delivery_v1
from store.link_opener import LinkOpener
from store.opened import Store
from tests.sealed_elsewhere import handed_in
from tests.store.remains import bytes_under, pieces_in
from tests.store.test_sealed_links import ENDS, End, deliver, one_to_end
from tests.store.test_shredding import truncate
from tests.stores import Home, Sealed


async def left_too_long(store: Store, home: Home, sealed: Sealed) -> None:
    """No bot came."""
    home.advance_clock(901)
    await ENDS["expired"](store, home, sealed)


WAYS: dict[str, End] = {**ENDS, "deliver": deliver, "left too long": left_too_long}


@pytest.mark.parametrize("way", WAYS)
async def test_no_byte_of_it_is_left(sqlite_home: Home, way: str) -> None:
    """Neither in the database nor in its emptied log of writes, nor in a folder; a neighbour that waits is whole."""
    async with sqlite_home.open("bot") as store:
        sealed = await one_to_end(store, sqlite_home, way)
        stored = sealed.new.sealed_link or b""
        assert pieces_in(bytes_under(sqlite_home.path), stored) == len(stored) // 16
        await WAYS[way](store, sqlite_home, sealed)
        neighbour = await handed_in(store, sqlite_home)
        await truncate(store)
        everything = bytes_under(sqlite_home.path)
        assert pieces_in(everything, stored) == 0
        assert pieces_in(everything, sealed.link.key) == 0
        kept = neighbour.new.sealed_link or b""
        assert pieces_in(everything, kept) == len(kept) // 16
        private = LinkOpener(sqlite_home.signing).key.private
        assert delivery_v1.unseal(private, neighbour.new.id, kept) == neighbour.link.url(store.issuer)
