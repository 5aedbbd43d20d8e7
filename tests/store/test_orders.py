"""An order lets its holder seal one drop, once, on its terms; looking uses nothing up."""

import asyncio
import secrets
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Row, select, update

from store import orders, sweeper, vouching
from store.drops import find
from store.errors import DuplicateDropError, OrderUsedError, UnacceptableDropError, UnknownOrderError
from store.formats import event_v1
from store.formats.order_link_v1 import OrderLink
from store.handing_in import MOST_ENVELOPE_BYTES, HandedIn, hand_in
from store.keyring import KeyState
from store.log.who_may_say import believed
from store.opened import Store
from store.schema import drops, events
from store.schema_of_orders import orders as table
from store.schema_of_watches import watches
from store.signer import EventKey
from store.words import Delivery, Event, OrderState, SealedBy, Verify, Watch, Way
from tests.store.living import created
from tests.store.sealing_under_orders import ordered, seal_under, terms
from tests.stores import Home


async def test_a_look_tells_the_terms_and_uses_nothing_up(home: Home) -> None:
    """As often as anybody looks."""
    async with home.open("bot") as bot, home.open() as web:
        link, wanted, _ = await ordered(bot, home)
        for _ in range(3):
            seen = await orders.look(web, link)
            assert (seen.state, seen.terms, seen.drop_id, seen.delivery) == (OrderState.OPEN, wanted, None, None)
            assert seen.until - seen.present <= 900_000


async def test_only_its_token_tells_anything(home: Home) -> None:
    """Unknown id, wrong token and time over: one answer."""
    async with home.open("bot") as bot:
        link, _, _ = await ordered(bot, home)
        for wrong in (OrderLink(link.id, secrets.token_bytes(32)), OrderLink(secrets.token_bytes(16), link.token)):
            with pytest.raises(UnknownOrderError):
                await orders.look(bot, wrong)
        home.advance_clock(901)
        with pytest.raises(UnknownOrderError):
            await orders.look(bot, link)
        await sweeper.sweep(bot)
        async with bot.db.read() as tx:
            assert (await tx.execute(select(table))).all() == []


async def test_a_drop_is_what_was_ordered(home: Home) -> None:
    """Its people, its words and its reference are the order's; the log has the order; the bot may deliver it."""
    async with home.open("bot") as bot, home.open() as web:
        link, wanted, public = await ordered(bot, home)
        its, handed = seal_under(public, wanted, web.clock.now_seconds())
        await hand_in(web, link, handed)
        drop = await find(web, its.id)
        assert drop is not None
        assert (drop.sender_id, drop.recipient_id, drop.hint) == ("UMAYA", "UDANA", "your phone")
        assert drop.delivery is Delivery.PENDING
        seen = await orders.look(web, link)
        assert (seen.state, seen.drop_id, seen.delivery) == (OrderState.USED, its.id, Delivery.PENDING)
        claims = await _created(web, its.id)
        assert claims["sealed_by"] == SealedBy.PAGE
        assert claims["order"].count(".") == 2
        for word in ("UMAYA", "Dana", "Stripe"):
            assert word not in str(event_v1.unverified(claims["order"].encode()))
        assert await vouching.terms_of(bot, drop, believed(home.signing))


async def test_its_rules_are_what_was_ordered(home: Home) -> None:
    """Whom it asks to press, by when somebody is told, and what it is called in an environment."""
    rules: dict[str, Any] = {"verify": Verify.SLACK, "variable": "STRIPE_API_KEY"}
    async with home.open("bot") as bot, home.open() as web:
        present = web.clock.now_seconds()
        link, wanted, public = await ordered(
            bot, home, **rules, on_lock="destroy", unviewed_after=3600, rotate_by=present + 9000
        )
        its, handed = seal_under(public, wanted, present)
        await hand_in(web, link, handed)
        drop = await find(web, its.id)
        assert drop is not None
        assert (drop.verify, drop.variable, drop.on_lock) == (Verify.SLACK, "STRIPE_API_KEY", "destroy")
        assert drop.rotate_by == (present + 9000) * 1000
        async with web.db.read() as tx:
            watched = await tx.scalar(select(watches.c.at).where(watches.c.what == Watch.UNVIEWED))
        assert watched == drop.created_at + 3_600_000
        assert await vouching.terms_of(bot, drop, believed(home.signing))
        others: list[dict[str, Any]] = [{"verify": Verify.NONE}, {"variable": None}, {"variable": "PATH"}]
        for changed in others:
            assert not await vouching.terms_of(bot, replace(drop, **changed), believed(home.signing))


async def test_once_and_again(home: Home) -> None:
    """The same drop again is the same; another one is refused, and leaves no key behind."""
    async with home.open("bot") as bot, home.open() as web:
        link, wanted, public = await ordered(bot, home)
        _, handed = seal_under(public, wanted, web.clock.now_seconds())
        await hand_in(web, link, handed)
        await hand_in(web, link, handed)
        _, another = seal_under(public, wanted, web.clock.now_seconds())
        with pytest.raises(OrderUsedError):
            await hand_in(web, link, another)
        with pytest.raises(OrderUsedError):
            await hand_in(web, link, replace(handed, link_proof=secrets.token_bytes(32)))
        assert len(list((home.keyring / "drops").iterdir())) == 1


async def test_twenty_at_once_make_one_drop(home: Home) -> None:
    """In two programs: one drop, one key."""
    async with home.open("bot") as bot, home.open() as one, home.open() as two:
        link, wanted, public = await ordered(bot, home)
        made = [seal_under(public, wanted, one.clock.now_seconds())[1] for _ in range(20)]
        ways = [hand_in(store, link, handed) for handed, store in zip(made, [one, two] * 10, strict=True)]
        results = await asyncio.gather(*ways, return_exceptions=True)
        assert results.count(None) == 1
        assert {type(one) for one in results} == {type(None), OrderUsedError}
        async with one.db.read() as tx:
            assert len((await tx.execute(select(drops.c.id))).all()) == 1
        assert len(list((home.keyring / "drops").iterdir())) == 1


async def test_the_same_drop_at_once_is_one(home: Home) -> None:
    """In two programs, as after a lost answer: all hear yes, and the one key opens it."""
    async with home.open("bot") as bot, home.open() as one, home.open() as two:
        link, wanted, public = await ordered(bot, home)
        its, handed = seal_under(public, wanted, one.clock.now_seconds())
        await asyncio.gather(*(hand_in(store, link, handed) for store in [one, two] * 5))
        assert one.keyring.state(its.id) is KeyState.LIVE
        async with one.db.read() as tx:
            assert (await tx.execute(select(drops.c.id))).scalars().all() == [its.id]


async def test_a_crash_between_key_and_commit_loses_nothing(home: Home) -> None:
    """The same drop comes again, and finds the key that was made for it."""
    async with home.open("bot") as bot:
        link, wanted, public = await ordered(bot, home)
        its, handed = seal_under(public, wanted, bot.clock.now_seconds())
        key = bot.keyring.create(its.id)
        await hand_in(bot, link, handed)
        assert bot.keyring.read(its.id) == key


async def test_another_drops_id_is_refused_and_leaves_its_key(home: Home) -> None:
    """Whoever seals chooses the id: somebody else's open drop must not be hurt by it."""
    async with home.open("bot") as bot:
        victim = await created(bot)
        link, wanted, public = await ordered(bot, home)
        _, handed = seal_under(public, wanted, bot.clock.now_seconds(), drop_id=victim.new.id)
        with pytest.raises(DuplicateDropError):
            await hand_in(bot, link, handed)
        assert bot.keyring.state(victim.new.id) is KeyState.LIVE
        assert (await orders.look(bot, link)).state is OrderState.OPEN


async def test_an_order_whose_key_is_retired_is_over(home: Home) -> None:
    """Nobody would believe what is sealed under it."""
    async with home.open("bot") as bot:
        link, _, _ = await ordered(bot, home)
        async with bot.db.write() as tx:
            await orders.end_signed_by(tx, "another key")
        assert (await orders.look(bot, link)).state is OrderState.OPEN
        async with bot.db.write() as tx:
            await orders.end_signed_by(tx, EventKey.read("bot", home.signing / "event-bot.key").kid)
        with pytest.raises(UnknownOrderError):
            await orders.look(bot, link)


async def test_an_order_that_is_just_over_is_not_used(home: Home) -> None:
    """Between the look and the commit its time may end; a drop says the moment at which it was judged."""
    async with home.open("bot") as bot:
        link, wanted, public = await ordered(bot, home)
        home.hold_clock()
        home.advance_clock(899)
        its, handed = seal_under(public, wanted, bot.clock.now_seconds())
        async with bot.db.write() as tx:
            _, at = await orders.use(tx, bot, link.id, its.id)
            assert at == await tx.scalar(select(bot.clock.now()))
            await tx.rollback()
        home.advance_clock(2)
        with pytest.raises(OrderUsedError):
            async with bot.db.write() as tx:
                await orders.use(tx, bot, link.id, its.id)
        with pytest.raises(UnknownOrderError):
            await hand_in(bot, link, handed)


OTHERWISE: list[tuple[str, dict[str, Any]]] = [
    ("another sender", {"sender": "Sam Ortiz"}),
    ("another label", {"label": "Your payroll password"}),
    ("a longer life", {"expires_at": 4_000_000_000}),
    ("no passphrase", {"mode": "n", "form": "free"}),
    ("made an hour ago", {"ago": 3600}),
    ("made in an hour", {"ago": -3600}),
]


@pytest.mark.parametrize(("what", "header"), OTHERWISE, ids=[what for what, _ in OTHERWISE])
async def test_what_was_not_ordered_is_refused(home: Home, what: str, header: dict[str, Any]) -> None:
    """And nothing is kept; the order may still be used."""
    async with home.open("bot") as bot:
        link, wanted, public = await ordered(bot, home)
        members = {name: value for name, value in header.items() if name != "ago"}
        _, handed = seal_under(public, wanted, bot.clock.now_seconds() - header.get("ago", 0), **members)
        with pytest.raises(UnacceptableDropError):
            await hand_in(bot, link, handed)
        await _still_open(bot, home, link)


async def test_wrong_sizes_are_refused(home: Home) -> None:
    """Of the envelope and of the sealed link."""
    async with home.open("bot") as bot:
        link, wanted, public = await ordered(bot, home)
        _, handed = seal_under(public, wanted, bot.clock.now_seconds())
        wrong: list[HandedIn] = [
            replace(handed, envelope=handed.envelope + bytes(1)),
            replace(handed, envelope=b"\x01" + bytes(60 + 4096 * (MOST_ENVELOPE_BYTES // 4096))),
            replace(handed, sealed_link=(handed.sealed_link or b"")[:-1]),
            replace(handed, header=handed.header[:-1]),
        ]
        for one in wrong:
            with pytest.raises(UnacceptableDropError):
                await hand_in(bot, link, one)
        await _still_open(bot, home, link)


async def test_the_bot_does_not_vouch_for_what_was_changed_in_the_database(home: Home) -> None:
    """Whoever owns the web program can write rows; the order's signature and its hash of the terms are the bot's."""
    async with home.open("bot") as bot, home.open() as web:
        link, wanted, public = await ordered(bot, home)
        its, handed = seal_under(public, wanted, web.clock.now_seconds())
        await hand_in(web, link, handed)
        drop = await find(web, its.id)
        assert drop is not None
        speakers = believed(home.signing)
        assert await vouching.terms_of(bot, drop, speakers)
        header = {"mode": "n", "sender": "Sam", "label": "Payroll", "expires_at": drop.header.expires_at + 1}
        changes: list[dict[str, Any]] = [{"header": replace(drop.header, **{name: header[name]})} for name in header]  # type: ignore[arg-type]
        changes += [{name: "USAM"} for name in ("team_id", "sender_id", "recipient_id", "recipient_name")]
        changes += [
            {"recipient_team": "T2"},
            {"recipient_class": "member"},
            {"hint": "call 555"},
            {"on_lock": "destroy"},
        ]
        changes += [{"template": "stripe"}, {"way": Way.MAIL}, {"sealed_by": SealedBy.CLIENT}]
        changes += [{"verify": Verify.SLACK}, {"variable": "STRIPE_API_KEY"}]
        changes.append({"created_at": drop.created_at + 903_000})
        for changed in changes:
            assert not await vouching.terms_of(bot, replace(drop, **changed), speakers), changed
        other = terms(recipient_id="USAM")
        async with web.db.read() as tx:
            row = (await tx.execute(select(table))).one()
        forged: list[dict[str, object]] = [
            dict(orders.sealed(web, row.month, row.id, other)),
            {"signed": orders.signed(web, row.id, wanted, row.until, row.until)},
            {"signed": "a.b.c"},
        ]
        for values in forged:
            async with web.db.write() as tx:
                await tx.execute(update(table).values(**values))
            for written in (drop, replace(drop, recipient_id="USAM")):
                assert not await vouching.terms_of(bot, written, speakers)
            async with web.db.write() as tx:
                await tx.execute(update(table).values(personal=row.personal, signed=row.signed))
        async with web.db.write() as tx:
            await tx.execute(update(table).values(id=bytes(16), personal=_resealed(web, row)))
        assert not await vouching.terms_of(bot, drop, speakers)
        async with web.db.write() as tx:
            await tx.execute(update(table).values(id=row.id, personal=row.personal))
        assert await vouching.terms_of(bot, drop, speakers)
        home.advance_clock(900 + 900 + 400)
        # The database says that it was created in time, and the bot has a clock of its own.
        assert not await vouching.terms_of(bot, drop, speakers)


def _resealed(store: Store, row: Row[Any]) -> bytes:
    """An order's terms for another id."""
    terms_ = orders.terms_of(store, row.month, row.id, row.personal)
    return bytes(orders.sealed(store, row.month, bytes(16), terms_)["personal"])


async def _still_open(store: Store, home: Home, link: OrderLink) -> None:
    assert (await orders.look(store, link)).state is OrderState.OPEN
    async with store.db.read() as tx:
        assert (await tx.execute(select(drops.c.id))).all() == []
    assert list((home.keyring / "drops").iterdir()) == []


async def _created(store: Store, drop_id: bytes) -> dict[str, Any]:
    of_drop = select(events.c.leaf).where(events.c.drop_id == drop_id, events.c.event == Event.CREATED)
    async with store.db.read() as tx:
        return event_v1.unverified((await tx.execute(of_drop)).scalar_one())
