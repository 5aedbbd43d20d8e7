"""A link that a client keeps: nothing goes out, everybody is told what is so, and what was not ordered ends."""

import json
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from bot import access_log, links_kept
from bot.links_kept import LinksKept
from bot.policy import NONE
from sandbox.fixtures import AUDIT, DANA, MAYA, NOOR, SAM, TEAM
from sandbox.running import Sandbox
from store import asked_orders, creation, orders
from store.formats.link_v1 import Link
from store.handing_in import hand_in
from store.history import Step
from store.log.who_may_say import believed
from store.schema import drops
from store.words import Delivery, Event, OrderKind, Outcome, SealedBy, Way
from tests.bot.desk import Desk, working
from tests.bot.drops import NOW_MS
from tests.bot.test_orders_asked import WISHES, answered, ask, token_of
from tests.sealed_elsewhere import PASSPHRASE, published, terms
from tests.store.sealing_under_orders import ordered, seal_under
from tests.stores import Home, seal


async def kept(desk: Desk, **changed: Any) -> Link:
    """Maya's client orders it, seals, and hands in; the link as it alone has it."""
    token = await token_of(desk)
    await ask(desk, token)
    order = await asked_orders.ask(desk.store, token, replace(WISHES, delivery="link", **changed))
    seen = await answered(desk.store, order)
    assert seen.terms is not None
    its, handed = seal_under(await published(desk.store, desk.home), seen.terms, desk.store.clock.now_seconds())
    async with desk.home.open() as web:
        await hand_in(web, order, handed)
    return its


async def test_it_is_on_record_and_nothing_goes_out(desk: Desk) -> None:
    """The sender reads who has the link, in words that are true of it; the security team that it was given to them."""
    before = len(desk.sandbox.calls("chat.postMessage"))
    link = await kept(desk)
    assert await desk.sandbox.wait_message(MAYA, contains="has the link for *Noor Haddad*, to pass on; it never came")
    drop = await desk.drop(link)
    assert (drop.delivery, drop.way, drop.sealed_by) == (Delivery.DELIVERED, Way.SHOWN, SealedBy.CLIENT)
    assert await desk.audit_thread("Link kept by the program that sealed it with the sender's token; it never came")
    assert await desk.sandbox.wait_message(SAM, AUDIT, contains="Link kept by the sender's program, to pass on")
    assert not await desk.sandbox.wait_message(NOOR, seconds=0.1)
    said = json.dumps(desk.sandbox.calls("chat.postMessage")[before:])
    assert link.fragment() not in said
    assert "/s/" not in said


def test_the_access_log_says_who_has_the_link() -> None:
    """Of each sealer of a link that is passed on what is so."""
    for sealed_by, said in ((SealedBy.BOT, "given to the sender"), (SealedBy.CLIENT, "kept by the program")):
        made = Step(Event.CREATED, 1, NOW_MS, {"way": Way.SHOWN, "sealed_by": sealed_by, "expires_at": 2})
        lines = access_log.lines([made, Step(Event.DELIVERED, 2, NOW_MS, {"way": Way.SHOWN})])
        assert f"Link {said}" in lines[1]


async def test_damaged_ones_hold_up_no_other(sqlite_home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """More of them than are looked at together, in two ways, and all of them older."""
    monkeypatch.setattr(links_kept, "_AGAIN_SECONDS", 600)
    async with sqlite_home.open("bot") as bot:
        ids = []
        for _ in range(23):
            link, wanted, public = await ordered(bot, sqlite_home, way="shown", kind=OrderKind.CLIENT)
            its, handed = seal_under(public, wanted, bot.clock.now_seconds())
            await hand_in(bot, link, handed)
            ids.append(its.id)
        async with bot.db.write() as tx:
            for place, drop_id in enumerate(ids):
                spoilt: dict[str, Any] = {"personal": bytes(60)} if place % 2 else {"sealed_by": "spoilt"}
                spoilt = spoilt if place < 22 else {}
                whole = update(drops).where(drops.c.id == drop_id)
                await tx.execute(whole.values(created_at=drops.c.created_at - 23 + place, **spoilt))
        no_slack: Any = None
        looking = LinksKept(bot, no_slack, partial(believed, sqlite_home.signing), False, NONE)
        for _ in range(2):
            await looking.once()
        async with bot.db.read() as tx:
            found = [await tx.scalar(select(drops.c.delivery).where(drops.c.id == drop_id)) for drop_id in ids]
        assert found == [Delivery.PENDING] * 22 + [Delivery.DELIVERED]


async def test_its_sender_revokes_it_as_any_other(desk: Desk) -> None:
    """From the message that says how it stands."""
    link = await kept(desk)
    await desk.press(MAYA, "revoke", contains="to pass on; it never came")
    assert await desk.told(MAYA, "Revoked")
    assert (await desk.drop(link)).outcome is Outcome.REVOKED


async def test_what_nobody_ordered_ends_and_is_told(desk: Desk) -> None:
    """Whoever owns the web program cannot have the log say that Maya has a link for Dana."""
    whose: dict[str, Any] = {"sender_id": MAYA, "recipient_id": DANA, "team_id": TEAM, "way": Way.SHOWN}
    sealed = seal(sealed_by=SealedBy.CLIENT, passphrase=PASSPHRASE, **whose)
    async with desk.home.open("bot") as store:
        order = await orders.place(store, replace(terms(sealed.new), recipient_id=NOOR, kind="client"))
        await creation.create(store, replace(sealed.new, order=order.id))
    assert await desk.sandbox.wait_message(MAYA, contains="I did not order this secret")
    assert await desk.audit_thread("Destroyed: undelivered")
    assert (await desk.drop(sealed.link)).outcome is Outcome.UNDELIVERED


@pytest.mark.parametrize("policy", ["verify: required", "expires: [24h]"])
async def test_what_the_policy_of_now_forbids_ends(
    sandbox: Sandbox, sqlite_home: Home, tmp_path: Path, policy: str
) -> None:
    """It was ordered before the rules were so."""
    async with working(sandbox, sqlite_home) as desk:
        token = await token_of(desk)
        await ask(desk, token)
        order = await asked_orders.ask(desk.store, token, replace(WISHES, delivery="link"))
        seen = await answered(desk.store, order)
    assert seen.terms is not None
    (tmp_path / "policy.yml").write_text(policy)
    async with sqlite_home.open() as web:
        its, handed = seal_under(await published(web, sqlite_home), seen.terms, web.clock.now_seconds())
        await hand_in(web, order, handed)
    async with working(sandbox, sqlite_home, policy_file=tmp_path / "policy.yml") as desk:
        assert await desk.sandbox.wait_message(MAYA, contains="have changed since this was ordered")
        assert (await desk.drop(its)).outcome is Outcome.UNDELIVERED
