"""A link that somebody else sealed: there while it can be delivered, under a lease, and gone with every ending."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import pytest

from store import claims, creation, deliveries, delivery_keys, expiring, sealed_links, sweeper
from store.deliveries import Place
from store.errors import UnacceptableDropError
from store.formats.link_v1 import Link
from store.opened import Store
from store.sealed_links import LEASE_MS, WAIT_MS, ForeignLinkError
from store.words import Outcome, SealedBy, Way
from tests.sealed_elsewhere import as_long_as_a_link, elsewhere, handed_in, published, waiting
from tests.store.faults import Crash, dying
from tests.store.living import SOMEBODY, refuse, revoked, viewed
from tests.store.reading import require_destroyed, row_of, words_of
from tests.stores import PUBLIC_URL, Home, Sealed, seal

FIFTEEN_MINUTES = 900
MOST_ACTS = 8
End = Callable[[Store, Home, Sealed], Awaitable[object]]


async def released(store: Store, home: Home, sealed: Sealed) -> None:
    await claims.claim(store, sealed.present(), SOMEBODY)
    home.advance_clock(61)
    await sweeper.sweep(store)


async def expired(store: Store, home: Home, sealed: Sealed) -> None:
    home.advance_clock(701)
    await sweeper.sweep(store)


async def undelivered(store: Store, home: Home, sealed: Sealed) -> None:
    await deliveries.record_undelivered(store, sealed.new.id, why="user_disabled")


async def locked_out(store: Store, home: Home, sealed: Sealed) -> None:
    await refuse(store, sealed, 5, home)


async def lost(store: Store, home: Home, sealed: Sealed) -> None:
    store.keyring.erase(sealed.new.id)
    await sweeper.sweep_keys(store)


ENDS: dict[str, End] = {
    end.__name__: end for end in (viewed, released, revoked, expired, undelivered, locked_out, lost)
}
LIVES = {"expired": 700}
ON_LOCK = {"locked_out": "destroy"}


async def one_to_end(store: Store, home: Home, outcome: str) -> Sealed:
    """A drop whose link waits, and which can end so."""
    return await handed_in(store, home, lives_seconds=LIVES.get(outcome, 100_000), on_lock=ON_LOCK.get(outcome, "lock"))


async def delivered(store: Store, sealed: Sealed) -> bool:
    return await deliveries.record_delivered(store, sealed.new.id, Place("D1", "1.0"))


async def test_every_outcome_has_an_end_here() -> None:
    """None of the seven words is left untried."""
    assert set(ENDS) == set(Outcome)


@pytest.mark.parametrize("outcome", ENDS)
async def test_every_ending_takes_the_sealed_link_with_it(store: Store, home: Home, outcome: str) -> None:
    """However a drop ends, also before its link was delivered; and another's link stays."""
    neighbour = await handed_in(store, home, lives_seconds=100_000)
    sealed = await one_to_end(store, home, outcome)
    assert await waiting(store) == {neighbour.new.id, sealed.new.id}
    await ENDS[outcome](store, home, sealed)
    await require_destroyed(store, sealed.new.id)
    assert (await row_of(store, sealed.new.id)).outcome == outcome
    assert await waiting(store) == {neighbour.new.id}


async def test_the_commit_that_records_delivery_takes_it_too(store: Store, home: Home) -> None:
    """And nobody is given it again."""
    sealed = await handed_in(store, home)
    assert await delivered(store, sealed)
    assert await waiting(store) == set()
    assert await sealed_links.take(store.db) is None
    assert await words_of(store, sealed.new.id) == ["created", "delivered"]


async def test_nobody_delivers_what_waited_for_fifteen_minutes(store: Store, home: Home) -> None:
    """Not before, though the lease of a link that the bot seals would be over; then undelivered, and it is gone."""
    home.hold_clock()
    sealed = await handed_in(store, home)
    home.advance_clock(FIFTEEN_MINUTES - 1)
    assert (await sweeper.sweep(store)).ended == 0
    assert await waiting(store) == {sealed.new.id}
    home.advance_clock(1)
    assert await sealed_links.take(store.db) is None
    assert (await sweeper.sweep(store)).ended == 1
    await require_destroyed(store, sealed.new.id)
    assert (await row_of(store, sealed.new.id)).outcome == "undelivered"
    assert await waiting(store) == set()


async def test_a_lease_is_one_bots_and_ends(home: Home) -> None:
    """While one has it another gets nothing; when it died the other gets the same, and a postponed one in time."""
    home.hold_clock()
    async with home.open("bot") as one, home.open("bot") as two:
        sealed = await handed_in(one, home)
        taken = await sealed_links.take(one.db)
        assert taken is not None
        assert (taken.drop_id, taken.sealed_link) == (sealed.new.id, sealed.new.sealed_link)
        assert await sealed_links.take(two.db) is None
        home.advance_clock(LEASE_MS / 1000)
        again = await sealed_links.take(two.db)
        assert again is not None
        assert again.sealed_link == taken.sealed_link
        assert await sealed_links.postpone(one.db, taken, 0), "another's by now, and not to be given up"
        assert await sealed_links.take(one.db) is None
        assert await sealed_links.postpone(two.db, again, 300)
        home.advance_clock(299)
        assert await sealed_links.take(one.db) is None
        home.advance_clock(1)
        last = await sealed_links.take(one.db)
        assert last is not None
        assert not await sealed_links.postpone(one.db, last, FIFTEEN_MINUTES), "too late to be delivered"
        assert await sealed_links.take(two.db) is None, "it stays with whoever gives it up"


async def test_a_clock_that_was_set_back_holds_nothing_up(store: Store, home: Home) -> None:
    """A lease that ends in a year is none."""
    home.advance_clock(86_400 * 365)
    await handed_in(store, home, lives_seconds=86_400 * 800)
    assert await sealed_links.take(store.db) is not None
    home.reset_clock()
    assert await sealed_links.take(store.db) is not None


async def test_two_bots_at_once_never_take_the_same(home: Home) -> None:
    """Twenty links, two programs with three takers each: every link once."""
    async with home.open("bot") as one, home.open("bot") as two:
        made = {(await handed_in(one, home)).new.id for _ in range(20)}
        got: list[bytes] = []

        async def taker(store: Store) -> None:
            while (taken := await sealed_links.take(store.db)) is not None:
                got.append(taken.drop_id)

        await asyncio.gather(*(taker(store) for store in (one, two) * 3))
        if len(got) < len(made):  # lost races to others that had not committed; nobody has them
            await taker(one)
        assert sorted(got) == sorted(made)


async def test_what_is_claimed_already_is_delivered_to_nobody(store: Store, home: Home) -> None:
    """Somebody was handed the link another way and has opened it."""
    sealed = await handed_in(store, home)
    await claims.claim(store, sealed.present(), SOMEBODY)
    assert await sealed_links.take(store.db) is None


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"sealed_by": SealedBy.BOT}, "sealed elsewhere"),
        ({"way": Way.SHOWN}, "for a DM or an e-mail"),
        ({"way": Way.HERE}, "for a DM or an e-mail"),
        ({"sealed_link": b""}, "wrong size"),
        ({"sealed_link": bytes(5000)}, "wrong size"),
    ],
)
async def test_what_brings_no_sealed_link_is_refused(
    store: Store, home: Home, changed: dict[str, Any], why: str
) -> None:
    """And nothing is kept of it, neither row nor key."""
    sealed = elsewhere(await published(store, home))
    for size in ({}, {"sealed_link": (sealed.new.sealed_link or b"") + b"\0"}):
        with pytest.raises(UnacceptableDropError, match="wrong size" if size else why):
            await creation.create(store, replace(sealed.new, **(size or changed)))
    assert await waiting(store) == set()
    assert store.keyring.ids() == []


async def test_only_a_drops_own_link_is_its_link(store: Store, home: Home) -> None:
    """Not one of another drop, of another server, with another key or mode, cut, or with anything behind it."""
    sealed, other = await handed_in(store, home), await handed_in(store, home)
    link = sealed.link
    assert await sealed_links.own_link(store, sealed.new.id, link.url(PUBLIC_URL)) == link
    own = link.url(PUBLIC_URL)
    for text in (
        other.link.url(PUBLIC_URL),
        link.url("https://evil.example"),
        link.url(f"{PUBLIC_URL}.evil.example"),
        Link(link.id, other.link.key, link.mode).url(PUBLIC_URL),
        Link(link.id, link.key, "n").url(PUBLIC_URL),
        own[:-1],
        f"{own} ",
        f"{own}|x",
        f" {own}",
        own.replace("#", "?x#"),
        own.upper(),
        as_long_as_a_link(),
        "",
    ):
        with pytest.raises(ForeignLinkError):
            await sealed_links.own_link(store, sealed.new.id, text)


async def create(store: Store, home: Home, sealed: Sealed) -> None:
    await creation.create(store, sealed.new)


async def deliver(store: Store, home: Home, sealed: Sealed) -> None:
    await delivered(store, sealed)


async def last_guess(store: Store, home: Home, sealed: Sealed) -> None:
    await refuse(store, sealed, 1, home)


@pytest.mark.parametrize(
    "verb", [create, deliver, viewed, revoked, undelivered, last_guess], ids=lambda it: it.__name__
)
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
async def test_a_crash_at_any_act_leaves_a_link_only_where_it_can_be_delivered(
    home: Home, verb: End, after: bool
) -> None:
    """Every durable act, before and after: a link waits just where its drop is pending, and in the end nowhere."""
    async with home.open("bot") as store:
        crashes = 0
        for at in range(1, MOST_ACTS):
            home.reset_clock()
            sealed = elsewhere(
                await published(store, home), lives_seconds=100_000, on_lock="destroy" if verb is last_guess else "lock"
            )
            if verb is not create:
                await creation.create(store, sealed.new)
            if verb is last_guess:
                await refuse(store, sealed, 4, home)
            doomed, _ = dying(store, at, after=after)
            try:
                await verb(doomed, home, sealed)
            except Crash:
                crashes += 1
            await require_sound(store, home, sealed)
        assert 0 < crashes < MOST_ACTS - 1


async def require_sound(store: Store, home: Home, sealed: Sealed) -> None:
    """What must hold whenever and wherever the program died."""
    row = None
    if sealed.new.id in await waiting(store):
        row = await row_of(store, sealed.new.id)  # no link without its drop
        assert row.delivery == "pending"
        assert row.outcome in (None, "locked_out"), "the last guess takes it with its third step"
    if row is not None and row.state == "sealed" and store.keyring.state(sealed.new.id).value == "live":
        taken = await sealed_links.take(store.db)
        assert taken is not None
        assert taken.drop_id == sealed.new.id
    home.advance_clock(FIFTEEN_MINUTES)
    await sweeper.sweep(store)
    assert await waiting(store) == set()


async def test_a_link_that_the_bot_seals_is_never_here(store: Store) -> None:
    """Its drop has the short lease of the program that holds it."""
    sealed = seal()
    await creation.create(store, sealed.new)
    row = await row_of(store, sealed.new.id)
    assert await waiting(store) == set()
    assert row.delivery_until - row.created_at < WAIT_MS / 4


async def test_the_newest_key_is_given_to_whoever_seals(home: Home) -> None:
    """None before a bot was here; then its own, also after an older folder was put back."""
    async with home.open("web") as web, home.open("bot") as bot:
        assert await delivery_keys.newest(web.db) is None
        public = await published(bot, home)
        newest = await delivery_keys.newest(web.db)
        assert newest is not None
        assert newest.public == public
        (home.signing / "delivery.key").unlink()
        await home.prepare()
        other = await published(bot, home)
        assert other != public
        assert len(await delivery_keys.in_use(web.db)) == 2


async def test_a_link_is_gone_with_the_time_of_its_drop(home: Home) -> None:
    """From the commit on after which nobody can claim."""
    async with home.open("bot") as store:
        sealed = elsewhere(await published(store, home), lives_seconds=60)
        await creation.create(store, sealed.new)
        home.advance_clock(61)
        assert await expiring.begin(store, sealed.new.id)
        assert await waiting(store) == set()
