"""Records in Slack by both doors: a page for people, and escrow, with which a rotation needs no credential."""

import asyncio
import io
import json
import threading
from typing import Any

import pytest

from bot import form, record_form, record_given, record_views, sealing, sending
from bot import record_form_wording as wording
from bot.record_form import Handing, Offer
from sandbox.fixtures import DANA, MAYA, TEAM
from store import record_endings, record_escrow, record_pages, records
from store.errors import EscrowAbsentError, EscrowUnreadableError, UnknownRecordError
from store.formats import record_page_v1
from store.record_doors import RecordDoor
from store.records import Named
from store.words import RecordState
from tests.bot import orders
from tests.bot.desk import Desk, Json, found
from tests.bot.pages_made import LINES, handed_page, made_page, page, shown_page
from tests.bot.records_made import (
    LABEL,
    VALUE,
    handed,
    listing,
    made,
    opened,
    press_in_row,
    sent,
    shown_key,
    value_of,
)
from tests.bot.view_shapes import EXPIRIES
from tests.e2e.reading import like, words_of

UNTICKED: Json = {record_form.ESCROW: []}
TICKED: Json = {record_form.ESCROW: [record_form.ESCROW]}


async def test_a_page_goes_to_whom_it_is_for(desk: Desk, everything_logged: io.StringIO) -> None:
    """Link and four words in a drop; the page says who made it, and shows the credential over and over."""
    reader = await handed_page(desk, await opened(desk), **page(reads="3"))
    assert [await reader.read(desk.store) for _ in range(2)] == [VALUE, VALUE]
    door = await reader.door(desk.store)
    assert (door.sender, door.label) == (desk.sandbox.workspace.people[MAYA].real_name, LABEL)
    [held] = await records.everything(desk.store)
    assert (held.door, held.named) == (RecordDoor.PAGE, Named(LABEL, owner=MAYA, recipient=DANA, team=TEAM))
    assert (held.reads_left, held.master) == (1, None)
    shown = words_of(found(desk.view()))
    assert like(wording.MADE_PAGE_BOUNDED).search(shown)
    for place in (shown, everything_logged.getvalue(), json.dumps(desk.sandbox.workspace.calls, default=str)):
        assert not LINES.search(place)
        for secret in (reader.typed, reader.link.fragment(), VALUE):
            assert secret not in place


async def test_link_and_passphrase_are_shown_once(desk: Desk, everything_logged: io.StringIO) -> None:
    """In the window alone, which says that this page shows it until when, and to whom."""
    reader = await shown_page(desk, await opened(desk, "/sendsecret code"), **page())
    assert await reader.read(desk.store) == VALUE
    view = found(desk.view())
    for sentence in (wording.SHOWN_PAGE, wording.MADE_PAGE):
        assert like(sentence).search(words_of(view))
    assert "to whoever has link and passphrase" in words_of(view)
    assert view.get("submit") is None
    assert [one.method for one in desk.sandbox.workspace.calls if reader.typed in str(one)] == []
    assert reader.typed not in everything_logged.getvalue()


async def test_a_page_that_goes_nowhere_leaves_no_record(desk: Desk) -> None:
    """As with a key."""
    view = await opened(desk)
    desk.sandbox.fault("chat.postMessage", "error", error="restricted_action", times=5)
    assert (await sent(desk, view, **page()))["outcome"] == "update"
    assert await desk.sandbox.wait_view(MAYA, "sent_drop", contains="so the record was revoked again")
    assert [held.state for held in await records.everything(desk.store)] == [RecordState.REVOKED]


async def test_a_page_is_given_another_link(desk: Desk) -> None:
    """The credential is typed again; the old link is like one that never was."""
    old = await made_page(desk)
    view = await _to_rotate(desk, old)
    assert like(wording.AGAIN_FOR_PAGE).search(words_of(view))
    assert wording.TYPE_AGAIN in words_of(view)
    new = await handed_page(desk, view, secret="rk_live_another_one")
    assert (new.link.id, await new.read(desk.store)) == (old.link.id, "rk_live_another_one")
    assert (await new.door(desk.store)).sender == "Maya"
    with pytest.raises(UnknownRecordError):
        await old.door(desk.store)
    assert like(wording.ROTATED_PAGE).search(words_of(found(desk.view())))


async def test_escrow_is_off_until_somebody_ticks_it(desk: Desk) -> None:
    """And says what it means where it is ticked."""
    view = await opened(desk)
    assert wording.ESCROW_HINT in words_of(view)
    await handed(desk, view)
    await handed(desk, await opened(desk), **TICKED)
    assert wording.IN_ESCROW in words_of(found(desk.view()))
    assert [held.master for held in await records.everything(desk.store)] == [None, 1]


async def test_a_key_in_escrow_is_rotated_without_the_credential(desk: Desk) -> None:
    """Empty keeps it, and a new one replaces it; the tick taken off ends the escrow, and keeps the credential."""
    first = await shown_key(desk, await opened(desk), **TICKED)
    second = await shown_key(desk, await _to_rotate(desk, first), secret="")
    assert (second.id, await value_of(desk.store, second)) == (first.id, VALUE)
    for sentence in (wording.KEPT, wording.IN_ESCROW):
        assert sentence in words_of(found(desk.view()))
    assert "You pasted" not in words_of(found(desk.view()))
    third = await shown_key(desk, await _to_rotate(desk, first), secret="rk_live_another_one")
    assert await value_of(desk.store, third) == "rk_live_another_one"
    assert wording.KEPT not in words_of(found(desk.view()))
    last = await shown_key(desk, await _to_rotate(desk, first), secret="", **UNTICKED)
    assert await value_of(desk.store, last) == "rk_live_another_one"
    assert wording.ESCROW_ENDED in words_of(found(desk.view()))
    assert (await records.find(desk.store, last.id)).master is None


async def test_a_page_in_escrow_is_rotated_without_the_credential(desk: Desk) -> None:
    """It goes as a drop, and the guest is asked about first: the tick stays as it was."""
    old = await made_page(desk, escrow=True)
    new = await handed_page(desk, await _to_rotate(desk, old), secret="")
    assert (new.link.id, await new.read(desk.store)) == (old.link.id, VALUE)
    assert (await records.find(desk.store, new.link.id)).master == 1
    assert new.typed != old.typed
    assert like(wording.ROTATED_PAGE).search(words_of(found(desk.view())))
    assert wording.KEPT in words_of(found(desk.view()))


async def test_slack_asks_for_the_credential_without_escrow(desk: Desk) -> None:
    """The field must be filled in."""
    view = await _to_rotate(desk, await made(desk))
    [block] = [b for b in view["blocks"] if b.get("block_id") == form.SECRET]
    assert (block["optional"], block["element"]["min_length"]) == (False, 1)


@pytest.mark.parametrize(
    ("is_escrowed", "entered", "is_refused"), [(False, "", True), (True, "  ", True), (True, "", False)]
)
def test_only_what_is_in_escrow_can_be_kept(is_escrowed: bool, entered: str, is_refused: bool) -> None:
    """Whatever a window says; and spaces alone are no credential anywhere."""
    offer = Offer(recipient=DANA, record="A" * 22, label=LABEL, is_escrowed=is_escrowed)
    chosen = {"selected_option": {"value": Handing.WINDOW.value}}
    state = {form.SECRET: {form.SECRET: {"value": entered}}, form.DELIVERY: {form.DELIVERY: chosen}}
    given = record_given.read({"state": {"values": state}, "private_metadata": offer.record})
    wanted, errors = record_given.check(given, orders.MAYA, {}, EXPIRIES, offer)
    assert (form.SECRET in errors, wanted is None) == (is_refused, is_refused)


@pytest.mark.parametrize("is_escrowed", [False, True])
def test_a_window_that_asks_nothing_of_escrow_leaves_it(is_escrowed: bool) -> None:
    """As one that was opened before there was the tick."""
    offer = Offer(recipient=DANA, record="A" * 22, label=LABEL, is_escrowed=is_escrowed)
    chosen = {"selected_option": {"value": Handing.WINDOW.value}}
    state = {form.SECRET: {form.SECRET: {"value": VALUE}}, form.DELIVERY: {form.DELIVERY: chosen}}
    given = record_given.read({"state": {"values": state}, "private_metadata": offer.record})
    wanted, _ = record_given.check(given, orders.MAYA, {}, EXPIRIES, offer)
    assert wanted is not None
    assert wanted.escrow is is_escrowed


async def test_what_the_master_key_forbids_is_said(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """None to put it in escrow with, none to open what is kept, or no escrow any more: each at its field."""
    view = await opened(desk)
    with monkeypatch.context() as away:
        away.setattr(record_escrow, "require_possible", raising(EscrowUnreadableError("it is absent")))
        assert (await sent(desk, view, **TICKED))["errors"] == {record_form.ESCROW: wording.NO_MASTER}
    assert await records.everything(desk.store) == []
    view = await _to_rotate(desk, await made_page(desk, escrow=True))
    for error, said in (
        (EscrowUnreadableError("its master key 1 is absent"), wording.UNOPENED),
        (EscrowAbsentError(), wording.NOT_ESCROWED),
    ):
        with monkeypatch.context() as away:
            away.setattr(record_escrow, "value_of", raising(error))
            assert (await sent(desk, view, secret=""))["errors"] == {form.SECRET: said}
    assert (await records.everything(desk.store))[0].version == 1


async def test_a_passphrase_is_derived_beside_the_event_loop(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a thread, and in its turn: while every core seals, nothing is made, and the window says so."""
    threads: list[threading.Thread] = []
    derive = record_page_v1.derive

    def noted(*given: Any) -> Any:
        threads.append(threading.current_thread())
        return derive(*given)

    monkeypatch.setattr(record_page_v1, "derive", noted)
    turn, pools = sealing.SealingPool.turn, []

    def seen(pool: sealing.SealingPool, whose: str, *, start_by: float) -> Any:
        pools.append(pool)
        return turn(pool, whose, start_by=start_by)

    monkeypatch.setattr(sealing.SealingPool, "turn", seen)
    await shown_page(desk, await opened(desk), **page())
    assert threads
    assert threading.main_thread() not in threads
    [pool] = pools
    monkeypatch.setattr(sending, "STARTED_WITHIN", 0.3)
    while pool._turns._free:
        await pool._turns.begin("another's")
    assert (await sent(desk, await opened(desk), **page()))["errors"] == {form.SECRET: wording.BUSY}
    assert len(await records.everything(desk.store)) == 1
    pool._turns.end()


async def test_a_page_that_is_made_too_late_is_ended(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """As with a key: nobody has its link."""
    view, make, revoke = await opened(desk), record_pages.make, record_endings.revoke
    begun, over = asyncio.Event(), asyncio.Event()

    async def late(*given: Any, **named: Any) -> Any:
        made = await make(*given, **named)
        await begun.wait()
        return made

    async def noted(*given: Any, **named: Any) -> Any:
        is_erased = await revoke(*given, **named)
        over.set()
        return is_erased

    monkeypatch.setattr(record_endings, "revoke", noted)
    monkeypatch.setattr(record_pages, "make", late)
    monkeypatch.setattr(sending, "STARTED_WITHIN", 0.3)
    assert (await sent(desk, view, **page()))["errors"] == {form.SECRET: wording.BUSY}
    begun.set()
    async with asyncio.timeout(20):
        await over.wait()
    assert [held.state for held in await records.everything(desk.store)] == [RecordState.REVOKED]


async def _to_rotate(desk: Desk, record: Any) -> Json:
    """The window for another key, or link, out of the list."""
    before = desk.view()
    await press_in_row(desk, await listing(desk, contains=record.id_text), record_views.ROTATE, record)
    not_hash = None if before is None else before["hash"]
    return found(await desk.sandbox.wait_view(MAYA, record_form.ROTATE, not_hash=not_hash))


def raising(error: Exception) -> Any:
    """Something that breaks."""

    async def broken(*_: object, **__: object) -> None:
        raise error

    return broken
