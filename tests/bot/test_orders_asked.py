"""The bot's answers to orders that clients ask for: who may, who is meant, and what is believed of the database."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import insert, select

from bot import orders_asked
from bot.asked_recipients import Judging
from bot.asked_template import Chosen
from bot.orders_asked import OrdersAsked
from bot.people import Person
from sandbox.fixtures import DANA, LEE, MAYA, NOOR, TEAM
from sandbox.running import Sandbox
from store import asked_orders, delivery_keys, orders, personal, tokens
from store.errors import UnknownOrderError
from store.formats import asked_order_v1, delivery_v1
from store.formats.api_token_v1 import ApiToken
from store.formats.asked_order_v1 import Asked, Refusal, Wishes
from store.formats.errors import MalformedError
from store.formats.order_link_v1 import OrderLink
from store.opened import Store
from store.orders import Seen
from store.schema import events
from store.schema_of_orders import orders as table
from store.words import Event, OrderState
from tests.bot.desk import Desk, working
from tests.bot.postbox import postbox, url
from tests.stores import Home

WISHES = Wishes("@noor", "Deploy key", "your phone", 3600, None, anyway=False)


async def token_of(desk: Desk, user: str = MAYA) -> ApiToken:
    """A token that the bot has given."""
    async with desk.home.open("bot") as bot:
        return (await tokens.make(bot, TEAM, user))[0]


async def answered(store: Store, link: OrderLink) -> Seen:
    """The order once the bot has answered."""
    async with asyncio.timeout(20):
        while (seen := await orders.look(store, link)).state is OrderState.ASKED:  # noqa: ASYNC110 - the bot's act
            await asyncio.sleep(0.05)
    return seen


async def ask(desk: Desk, token: ApiToken, **changed: Any) -> Seen:
    """Ask, and wait for the answer."""
    async with asyncio.timeout(20):
        while await delivery_keys.newest(desk.store.db) is None:  # noqa: ASYNC110 - the bot's act
            await asyncio.sleep(0.05)
    return await answered(desk.store, await asked_orders.ask(desk.store, token, replace(WISHES, **changed)))


async def why(desk: Desk, token: ApiToken, **changed: Any) -> str:
    """Why it is refused."""
    seen = await ask(desk, token, **changed)
    assert seen.state is OrderState.REFUSED
    assert seen.refusal is not None
    assert seen.terms is None
    return seen.refusal.why


async def test_an_order_is_on_the_bots_own_words(desk: Desk) -> None:
    """Names, classes and teams are Slack's; by handle in any case, and by id."""
    token = await token_of(desk)
    for to in ("@noor", "@NOOR", NOOR):
        seen = await ask(desk, token, to=to, label=" Deploy key ")
        assert seen.terms is not None
        terms = seen.terms
        assert (terms.sender_id, terms.sender_name, terms.recipient_id, terms.recipient_name) == (
            MAYA, "Maya Castillo", NOOR, "Noor Haddad"
        )  # fmt: skip
        assert (terms.recipient_class, terms.label, terms.kind, terms.way) == ("member", "Deploy key", "client", "dm")
        assert seen.until - seen.present <= 300_000


async def test_a_name_of_two_people_is_nobodys(desk: Desk) -> None:
    """Whoever gives themselves another's name does not get what is for the other."""
    token = await token_of(desk)
    desk.sandbox.workspace.people[LEE].handle = "Noor"
    seen = await ask(desk, token)
    assert seen.refusal is not None
    assert seen.refusal.why == "ambiguous"
    assert sorted(seen.refusal.names) == [
        f"Lee Fontaine (a guest, Agency designer): {LEE}", f"Noor Haddad (Backend engineer): {NOOR}"
    ]  # fmt: skip


async def test_a_guest_must_be_meant(desk: Desk) -> None:
    """As in the form."""
    token = await token_of(desk)
    assert await why(desk, token, to=DANA) == "confirm"
    assert (await ask(desk, token, to=DANA, anyway=True)).state is OrderState.OPEN


async def test_an_address_is_written_to_where_there_is_mail(sandbox: Sandbox, sqlite_home: Home) -> None:
    """In its one spelling, and only if it is meant."""
    async with postbox() as box, working(sandbox, sqlite_home, smtp_url=url(box), smtp_from="a@b.example") as desk:
        token = await token_of(desk)
        assert await why(desk, token, to="noor@Example.com") == "confirm"
        assert await why(desk, token, to="noor at@Example.com", anyway=True) == "no-address"
        seen = await ask(desk, token, to="noor@Example.com", anyway=True)
        assert seen.terms is not None
        assert (seen.terms.recipient_id, seen.terms.recipient_class, seen.terms.way) == (
            "noor@example.com", "email", "mail"
        )  # fmt: skip


async def test_without_mail_no_address_is_taken(desk: Desk) -> None:
    """Before anything is sealed."""
    assert await why(desk, await token_of(desk), to="noor@example.com", anyway=True) == "no-email"


async def test_whoever_is_no_member_any_more_orders_nothing(desk: Desk) -> None:
    """A token is ninety days old at most, and people change in them."""
    token = await token_of(desk)
    person = desk.sandbox.workspace.people[MAYA]
    person.is_restricted = True
    assert await why(desk, token) == "may-not-send"
    person.is_restricted, person.deleted = False, True
    assert await why(desk, token) == "may-not-send"


async def test_what_somebody_wrote_into_the_database_is_not_believed(desk: Desk) -> None:
    """A question with a token that nobody gave, in Maya's row or none: refused, and in no log."""
    token = await token_of(desk)
    await ask(desk, token)
    key = await delivery_keys.newest(desk.store.db)
    assert key is not None
    forged = ApiToken(token.id, bytes(32))
    link = OrderLink(bytes(16), bytes(32))
    proof = delivery_v1.seal(
        key.public, link.id, asked_order_v1.to_seal(forged, WISHES, desk.store.clock.now_seconds() + 60)
    )
    async with desk.store.db.write() as tx:
        month = str(await tx.scalar(select(table.c.month)))
        asked = Asked(WISHES, token.id, proof).encode()
        sealed = personal.seal_order(desk.store.months.to_write(month), link.id, asked)
        row = {"id": link.id, "state": "asked", "proof": orders.proof_of(link), "month": month, "personal": sealed}
        await tx.execute(insert(table).values(**row, until=2**50))
    seen = await answered(desk.store, link)
    assert seen.refusal is not None
    assert seen.refusal.why == "no-token"
    async with desk.store.db.read() as tx:
        used = (await tx.execute(select(events).where(events.c.event == Event.TOKEN_USED))).all()
    assert len(used) == 1


async def test_a_slack_that_is_away_is_waited_for(desk: Desk) -> None:
    """Nothing is refused for it, and nothing ordered."""
    token = await token_of(desk)
    desk.sandbox.fault("users.info", "http_500", times=2)
    assert (await ask(desk, token)).state is OrderState.OPEN


async def test_a_refusal_about_our_app_is_no_refusal_of_a_person(desk: Desk) -> None:
    """A scope that is missing says nothing about Maya: she waits, and is not told that she is no member."""
    token = await token_of(desk)
    desk.sandbox.fault("users.info", "error", times=2, error="missing_scope")
    assert (await ask(desk, token)).state is OrderState.OPEN


async def test_a_question_that_is_kept_for_later_is_none(desk: Desk) -> None:
    """The web program says until when a question lasts: more than it waits is not believed."""
    token = await token_of(desk)
    now = 1_800_000_000
    for later, is_one in ((0, True), (120, True), (-1, False), (200, False), (2**40, False)):
        said = asked_order_v1.to_seal(token, WISHES, now + later)
        if is_one:
            assert asked_order_v1.token_in(said, WISHES, now) == token
        else:
            with pytest.raises(MalformedError):
                asked_order_v1.token_in(said, WISHES, now)


async def test_a_bot_without_the_key_leaves_it_to_one_that_has_it(desk: Desk) -> None:
    """A key that cannot be read for a moment is no reason to refuse for good."""
    token = await token_of(desk)
    await ask(desk, token)
    key = desk.home.signing / "delivery.key"
    aside = key.rename(desk.home.signing / "aside")
    link = await asked_orders.ask(desk.store, token, WISHES)
    await asyncio.sleep(1.5)
    assert (await orders.look(desk.store, link)).state is OrderState.ASKED
    aside.rename(key)
    assert (await answered(desk.store, link)).state is OrderState.OPEN


async def test_one_slow_answer_holds_up_no_other(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Slack may take its time about one person; only so many are begun at once, and all are answered in the end."""
    slow, begun, in_hand = asyncio.Event(), 0, []
    judged, look = Judging.recipient, OrdersAsked._look

    async def held_up(judging: Judging, wishes: Wishes, chosen: Chosen) -> Person | Refusal:
        nonlocal begun
        if wishes.to == "@sam":
            begun += 1
            await slow.wait()
        return await judged(judging, wishes, chosen)

    async def counted(orders: OrdersAsked, group: asyncio.TaskGroup) -> None:
        await look(orders, group)
        in_hand.append(len(orders._in_hand))

    monkeypatch.setattr(Judging, "recipient", held_up)
    monkeypatch.setattr(orders_asked, "_AT_ONCE", 3)
    token = await token_of(desk)
    assert (await ask(desk, token)).state is OrderState.OPEN
    waits = [await asked_orders.ask(desk.store, token, replace(WISHES, to="@sam")) for _ in range(2)]
    async with asyncio.timeout(20):
        while begun < 2:  # noqa: ASYNC110 - the bot's act
            await asyncio.sleep(0.01)
    assert (await ask(desk, token)).state is OrderState.OPEN
    waits += [await asked_orders.ask(desk.store, token, replace(WISHES, to="@sam")) for _ in range(3)]
    monkeypatch.setattr(OrdersAsked, "_look", counted)
    async with asyncio.timeout(20):
        while len(in_hand) < 4:  # noqa: ASYNC110 - the bot's act
            await asyncio.sleep(0.01)
    assert max(in_hand) == 3
    slow.set()
    assert {(await answered(desk.store, link)).state for link in waits} == {OrderState.OPEN}


async def test_nobody_else_hears_the_answer(desk: Desk) -> None:
    """Only whoever asked has the order's token."""
    link = await asked_orders.ask(desk.store, await token_of(desk), WISHES)
    await answered(desk.store, link)
    with pytest.raises(UnknownOrderError):
        await orders.look(desk.store, OrderLink(link.id, bytes(32)))
