"""A person is forgotten in every drop that is over: nothing says any more who they were, and what was signed holds."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select, text, update

from store import claims, creation, deliveries, drops, endings, forgetting, orders, personal, receipt_names, receipts
from store.deliveries import Place
from store.formats import base64url
from store.log.sequencer import Sequencer
from store.opened import Store
from store.personal import ERASED, disclosure_of
from store.schema import disclosures, messages, metadata, notices
from store.schema import drops as rows
from store.verifying import disclosures as texts
from store.words import Audience
from tests.store.faults import Crash, dying
from tests.store.living import SOMEBODY, created
from tests.store.reading import events_of, notices_of
from tests.store.sealing_under_orders import terms
from tests.store.test_log import drained
from tests.stores import Home, Sealed, seal
from tests.verifying.attacked import attack, checked, failed, require_failure
from tests.verifying.lived import either

PEOPLE: dict[str, Any] = {
    "sender_id": "USENDER",
    "recipient_id": "URECIPIENT",
    "recipient_name": "Rosa Recipient",
    "hint": "the street you grew up in",
    "reference": "TICKET-4711",
}
YEARS = 20 * 366 * 86_400


async def over(store: Store, **fields: Any) -> Sealed:
    """A drop that was opened once, by somebody whose network and browser were seen."""
    sealed = await created(store, lives_seconds=YEARS, **{**PEOPLE, **fields})
    await deliveries.record_delivered(store, sealed.new.id, Place("D0RECIPIENT", "1.0"))
    presented = sealed.present()
    await claims.claim(store, presented, SOMEBODY)
    await claims.acknowledge(store, sealed.new.id, sealed.new.link_proof, presented.claim)
    await told(store)
    return sealed


async def told(store: Store) -> None:
    """Everybody is told everything."""
    async with store.db.write() as tx:
        await tx.execute(update(notices).values(done_at=1))


async def disclosed(store: Store, drop_id: bytes) -> dict[str, set[str]]:
    """Every value that can still be disclosed of a drop, by its name."""
    found: dict[str, set[str]] = {}
    async with store.db.read() as tx:
        for row in await tx.execute(select(disclosures).where(disclosures.c.drop_id == drop_id)):
            name, value = texts.fields(disclosure_of(store.months, row) or "")
            found.setdefault(name, set()).add(value)
    return found


async def test_a_recipient_is_forgotten(store: Store) -> None:
    """Name, id, workspace, label, reference and where they came from; the sender and the outcome stay."""
    sealed = await over(store, recipient_team="TPARTNER")
    before = await disclosed(store, sealed.new.id)
    assert set(before) >= forgetting.FIELDS["recipient"]
    found = await forgetting.find(store, "URECIPIENT")
    assert found == forgetting.Found(over=[sealed.new.id])
    assert await forgetting.forget(store, sealed.new.id, "URECIPIENT") == 1

    drop = await drops.find(store, sealed.new.id)
    assert drop is not None
    assert (drop.recipient_id, drop.recipient_name, drop.recipient_team) == ("", ERASED, None)
    assert (drop.sender_id, drop.header.sender, drop.header.label) == ("USENDER", "Maya Okafor", ERASED)
    assert (drop.outcome, drop.recipient_class) == ("viewed", "guest")
    assert set(await disclosed(store, sealed.new.id)) == {"team", "sender", "sender_name"}
    last = (await events_of(store, sealed.new.id))[-1]
    assert (last["evt"], last["who"], last["by"], last.get("_sd")) == ("person.forgotten", "recipient", "admin", None)
    assert (await notices_of(store, sealed.new.id))[-1] == ("audit", "person.forgotten")
    assert await forgetting.find(store, "URECIPIENT") == forgetting.Found()
    assert await forgetting.forget(store, sealed.new.id, "URECIPIENT") == 0
    async with store.db.read() as tx:
        assert (await tx.execute(select(messages.c.audience))).scalars().all() == []
    await deliveries.remember(store, sealed.new.id, Audience.RECIPIENT, Place("D0RECIPIENT", "2.0"))
    assert await deliveries.place_of(store, sealed.new.id, Audience.RECIPIENT) is None


async def test_a_sender_is_forgotten(store: Store) -> None:
    """Name, id, label and reference; the recipient stays, and can be forgotten after it."""
    sealed = await over(store)
    assert await forgetting.forget(store, sealed.new.id, "USENDER") == 1
    drop = await drops.find(store, sealed.new.id)
    assert drop is not None
    assert (drop.sender_id, drop.header.sender, drop.header.label) == ("", ERASED, ERASED)
    assert (drop.recipient_id, drop.recipient_name) == ("URECIPIENT", "Rosa Recipient")
    assert set(await disclosed(store, sealed.new.id)) == {"team", "recipient", "recipient_name", "network", "browser"}
    assert await forgetting.forget(store, sealed.new.id, "URECIPIENT") == 1
    assert set(await disclosed(store, sealed.new.id)) == {"team"}


async def test_whoever_sent_to_themselves_is_forgotten_twice(store: Store) -> None:
    """Each role has an event of its own."""
    sealed = await over(store, sender_id="URECIPIENT")
    assert await forgetting.forget(store, sealed.new.id, "URECIPIENT") == 2
    assert [event["who"] for event in (await events_of(store, sealed.new.id))[-2:]] == ["sender", "recipient"]


async def test_a_live_drop_is_named_and_left_alone(store: Store) -> None:
    """Its header is part of what was sealed, and its people still need their messages."""
    sealed = await created(store, **PEOPLE)
    assert await forgetting.find(store, "URECIPIENT") == forgetting.Found(live=[sealed.new.id])
    assert await forgetting.forget(store, sealed.new.id, "URECIPIENT") == 0
    assert (await claims.claim(store, sealed.present(), SOMEBODY)).envelope == sealed.new.envelope


async def test_nobody_else_is_forgotten(store: Store) -> None:
    """Another person's drops, and the same id in words that only look like it, are left alone."""
    sealed = await over(store)
    for other in ("UOTHER", "urecipient", "URECIPIENT ", "Rosa Recipient", ""):
        assert await forgetting.find(store, other) == forgetting.Found()
        assert await forgetting.forget(store, sealed.new.id, other) == 0
    assert await disclosed(store, sealed.new.id)


@pytest.mark.parametrize("kept_as_typed", [False, True])
async def test_an_address_is_forgotten_however_it_is_typed(
    store: Store, monkeypatch: pytest.MonkeyPatch, kept_as_typed: bool
) -> None:
    """Its capitals are no matter, in drops and in pages to seal on; what was kept as typed is found as typed."""
    address = "Dana@example.com"
    with monkeypatch.context() as before:
        if kept_as_typed:
            before.setattr(personal, "known_as", str)
        sealed = await over(store, recipient_id=address, recipient_name=address, recipient_class="email")
        await orders.place(store, terms(recipient_id=address, recipient_class="email", way="mail"))
    assert (await forgetting.find(store, "dana@example.co")) == forgetting.Found()
    for typed in (address,) if kept_as_typed else ("dana@example.com", "DANA@EXAMPLE.COM"):
        assert await forgetting.find(store, typed) == forgetting.Found(over=[sealed.new.id], orders=1)
    assert await forgetting.forget_orders(store, typed) == 1
    assert await forgetting.forget(store, sealed.new.id, typed) == 1
    assert await forgetting.find(store, address) == forgetting.Found()


@pytest.mark.parametrize("kept", ["dana@example.com", "Dana@example.com"])
async def test_the_check_of_the_store_knows_both_spellings(
    sqlite_home: Home, monkeypatch: pytest.MonkeyPatch, kept: str
) -> None:
    """Without regard to capitals, and as it was typed before that."""
    async with either(sqlite_home) as store:
        with monkeypatch.context() as before:
            before.setattr(personal, "known_as", lambda person: kept if "@" in person else person)
            await over(store, recipient_id="Dana@example.com", recipient_class="email")
        await drained(Sequencer(store, sqlite_home.signing))
    assert failed(await asyncio.to_thread(checked, sqlite_home)) == []


async def test_nothing_in_the_database_says_who_it_was(store: Store) -> None:
    """Neither as it stands there nor opened with every key that is left."""
    sealed = await over(store)
    await deliveries.remember(store, sealed.new.id, Audience.SENDER, Place("D0SENDER", "1.0"))
    names = (
        "URECIPIENT",
        "USENDER",
        "Rosa",
        "Maya",
        "TICKET",
        "street",
        "198.51",
        "Firefox",
        "D0RECIPIENT",
        "D0SENDER",
    )
    before = await everything_read(store)
    assert [name for name in names if name not in before] == ["street"], "a hint is gone when its drop is over"
    assert [name for name in names if name in await everything(store)] == []
    await forgetting.forget(store, sealed.new.id, "URECIPIENT")
    await forgetting.forget(store, sealed.new.id, "USENDER")
    after = await everything_read(store) + await everything(store)
    assert [name for name in names if name in after] == []
    async with store.db.read() as tx:
        [row] = (await tx.execute(text("SELECT sender, recipient, hint, once FROM drops"))).all()
    assert tuple(row) == (None, None, None, None)


async def everything(store: Store) -> str:
    """Every value of every table, as it stands there."""
    said: list[str] = []
    async with store.db.read() as tx:
        for table in metadata.sorted_tables:
            for row in await tx.execute(table.select()):
                said += [one.decode("latin-1") if isinstance(one, bytes) else str(one) for one in row]
    return " ".join(said)


async def everything_read(store: Store) -> str:
    """Everything that opens with the keys of the months."""
    async with store.db.read() as tx:
        said: list[object] = [personal.of_row(store.months, row) for row in await tx.execute(select(rows))]
        said += [personal.hint_of(store.months, row) for row in await tx.execute(select(rows))]
        said += [personal.place_of(store.months, row) for row in await tx.execute(select(messages))]
        said += [texts.fields(disclosure_of(store.months, row) or "") for row in await tx.execute(select(disclosures))]
    return " ".join(map(str, said))


async def test_receipt_and_log_hold_after_it(home: Home) -> None:
    """The names behind the receipt are gone, the receipt is as it was, and the check of the store finds nothing."""
    async with either(home) as store:
        sealed = await over(store)
        await drained(Sequencer(store, home.signing))
        rid = await receipts.of_drop(store, sealed.new.id) or ""
        token = receipt_names.token(store, rid, with_label=True)
        assert len((await receipt_names.names(store, rid, token)).disclosures) == 7
        await forgetting.forget(store, sealed.new.id, "URECIPIENT")
        await drained(Sequencer(store, home.signing))
        shown = (await receipt_names.names(store, rid, token)).disclosures
        assert sorted(texts.fields(one)[0] for one in shown) == ["sender", "sender_name", "team"]
    assert failed(await asyncio.to_thread(checked, home)) == []


@pytest.mark.parametrize("after", [False, True])
async def test_a_crash_leaves_it_forgotten_and_said_or_neither(store: Store, after: bool) -> None:
    """One transaction holds the erasure and its event, and the same command goes on."""
    sealed = await over(store)
    doomed, _ = dying(store, 2, after=after)  # the first looks whether they were its sender
    with pytest.raises(Crash):
        await forgetting.forget(doomed, sealed.new.id, "URECIPIENT")
    is_said = "person.forgotten" in [event["evt"] for event in await events_of(store, sealed.new.id)]
    is_gone = "recipient" not in await disclosed(store, sealed.new.id)
    assert is_said is is_gone is after
    assert await forgetting.forget(store, sealed.new.id, "URECIPIENT") == (not after)


async def test_both_people_at_once(home: Home) -> None:
    """Two programs that forget one of them each: none brings the other back."""
    async with home.open("bot") as one, home.open("bot") as two:
        sealed = await over(one)
        done = await asyncio.gather(
            forgetting.forget(one, sealed.new.id, "URECIPIENT"), forgetting.forget(two, sealed.new.id, "USENDER")
        )
        drop = await drops.find(one, sealed.new.id)
    assert list(done) == [1, 1]
    assert drop is not None
    assert (drop.sender_id, drop.recipient_id, drop.header.sender, drop.recipient_name) == ("", "", ERASED, ERASED)


async def test_a_person_is_found_in_every_month(store: Store, home: Home) -> None:
    """Each month has a key of its own, and so another pseudonym for the same person."""
    first = await over(store)
    home.advance_clock(40 * 86_400)
    later = seal(lives_seconds=90 * 86_400, **PEOPLE)
    await creation.create(store, replace(later.new))
    await endings.revoke(store, later.new.id)
    await told(store)
    assert (await forgetting.find(store, "USENDER")).over == [first.new.id, later.new.id]
    assert len(base64url.encode(first.new.id)) == 22


async def test_whose_message_is_owed_is_forgotten_later(store: Store) -> None:
    """Their message still has a link in it, and whoever was forgotten is told nothing more."""
    sealed = await created(store, **PEOPLE)
    await endings.revoke(store, sealed.new.id)
    for person in ("URECIPIENT", "USENDER"):
        assert await forgetting.find(store, person) == forgetting.Found(live=[sealed.new.id])
        assert await forgetting.forget(store, sealed.new.id, person) == 0
    await told(store)
    assert await forgetting.forget(store, sealed.new.id, "URECIPIENT") == 1


async def test_a_sender_is_forgotten_when_the_whole_form_is_over(store: Store) -> None:
    """One message stands for all drops of a form, and is theirs until the last has ended."""
    one = await over(store, submission="V1", recipient_id="UONE")
    other = await created(store, submission="V1", **{**PEOPLE, "recipient_id": "UTWO"})
    await told(store)
    assert sorted((await forgetting.find(store, "USENDER")).live) == sorted([one.new.id, other.new.id])
    assert await forgetting.forget(store, one.new.id, "USENDER") == 0
    assert await forgetting.forget(store, one.new.id, "UONE") == 1
    await endings.revoke(store, other.new.id)
    await told(store)
    assert [await forgetting.forget(store, each.new.id, "USENDER") for each in (one, other)] == [1, 1]


@pytest.mark.parametrize(("person", "deleted"), [("USENDER", "recipient_name"), ("URECIPIENT", "team")])
async def test_nobody_else_goes_with_them_unseen(sqlite_home: Home, person: str, deleted: str) -> None:
    """A forgotten person is no excuse for deleting what was not theirs."""
    async with either(sqlite_home) as store:
        sealed = await over(store, reference=None)
        await forgetting.forget(store, sealed.new.id, person)
        await drained(Sequencer(store, sqlite_home.signing))
    assert failed(await asyncio.to_thread(checked, sqlite_home)) == []
    await asyncio.to_thread(attack, sqlite_home, (f"DELETE FROM disclosures WHERE name = '{deleted}'", {}))  # noqa: S608
    require_failure(await asyncio.to_thread(checked, sqlite_home), "^disclosures: .*gone, and nobody was said to be")
