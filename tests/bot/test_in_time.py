"""What is not stored in the time that Slack gives is refused in words, and nothing of it is sent."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest

from bot import sealing, sending, sent_before
from bot.storing import Refused, Storing, TimesUp
from bot.underway import Underway
from sandbox.fixtures import MAYA, NOOR, SAM
from store import creation
from store.errors import StoreUnavailableError
from store.words import Delivery, Outcome
from tests.bot.desk import SECRET, Desk, found, shown_passphrase
from tests.bot.orders import order
from tests.store.reading import of_form
from tests.stores import Home

ANSWER_WITHIN = 3.0
"""What Slack gives (interactivity/handling-user-interaction, acknowledgment)."""

DEADLINES = (sending.LOOKED_UP_WITHIN, sending.STARTED_WITHIN, sending.STORED_WITHIN)


def test_the_deadlines_leave_room_for_the_answer() -> None:
    """People are known before a seal must begin, a seal begins before it must be stored, and a second is left."""
    assert sorted(DEADLINES) == list(DEADLINES)
    assert DEADLINES[-1] <= ANSWER_WITHIN - 1.0


@asynccontextmanager
async def storing(home: Home, cores: int = 1) -> AsyncIterator[tuple[Storing, Underway]]:
    """The step under test, on a real store."""
    pool, underway = sealing.SealingPool(cores), Underway()
    async with home.open("bot") as store:
        yield Storing(store, pool, underway), underway
        assert await underway.drain(10)
    pool.close()


def in_seconds(start: float, stored: float) -> TimesUp:
    """Deadlines from now."""
    now = asyncio.get_running_loop().time()
    return TimesUp(start_by=now + start, stored_by=now + stored)


async def test_a_seal_that_cannot_begin_in_time_is_refused(sqlite_home: Home) -> None:
    """With one core and no time to wait for it, the first is sealed and the second refused."""
    async with storing(sqlite_home) as (step, _):
        first, second = await step.store_all([order("U0A"), order("U0B")], in_seconds(0.0, 10))
        assert isinstance(first, sealing.SealedDrop)
        assert second == Refused(is_busy=True)


async def test_what_is_stored_too_late_is_ended_at_once(sqlite_home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sender was told that nothing is sent; a row that commits after that ends as undelivered."""
    begun, late, create = asyncio.Event(), asyncio.Event(), creation.create

    async def slowly(*given: Any) -> None:
        begun.set()
        await late.wait()
        await create(*given)

    monkeypatch.setattr(creation, "create", slowly)
    async with storing(sqlite_home) as (step, underway):
        assert await step.store_all([order("U0A", submission="V1")], in_seconds(10, 3)) == [Refused(is_busy=True)]
        assert begun.is_set()
        late.set()
        assert await underway.drain(10)
        async with sqlite_home.open() as store:
            [drop] = await of_form(store, "V1")
    assert (drop.outcome, drop.delivery) == (Outcome.UNDELIVERED, Delivery.UNDELIVERED)


def refuse_some(monkeypatch: pytest.MonkeyPatch, is_refused: Callable[[str], bool]) -> None:
    """Let the store be away for some recipients."""
    create = creation.create

    async def sometimes(store: Any, new: Any) -> None:
        if is_refused(new.recipient_id):
            raise StoreUnavailableError("away")
        await create(store, new)

    monkeypatch.setattr(creation, "create", sometimes)


async def test_a_store_that_is_away_is_a_sentence_and_sending_again_works(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing was sent, the form stays filled, and the same form can be sent when the store is back."""
    with monkeypatch.context() as away:
        refuse_some(away, lambda _: True)
        view = await desk.open_form("/sendsecret @noor")
        await desk.fill(view)
        answer = await desk.sandbox.submit(view["id"])
    assert "could not store this. Nothing was sent" in answer["errors"]["recipients"]
    assert (await desk.sandbox.submit(view["id"]))["outcome"] == "update"
    shown = found(await desk.sandbox.wait_view(MAYA, "sent_drop", contains="Revoke (wrong person)"))
    assert await desk.read(await desk.link(NOOR), shown_passphrase(shown)) == SECRET


async def test_of_several_those_not_stored_are_named(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The others get their link; who was refused is told in the same modal and gets nothing."""
    refuse_some(monkeypatch, lambda recipient: recipient == SAM)
    view = await desk.send("/sendsecret @noor @sam")
    assert json.dumps(view["blocks"]).count("Passphrase: ") == 1
    assert "Not sent: I was busy" in json.dumps(view["blocks"])
    assert desk.sandbox.bot_dm(SAM) is None


async def test_a_form_that_was_sent_before_is_not_sent_again(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Long after its answer was forgotten here, the store still knows the form by its view."""
    monkeypatch.setattr(sending, "_ANSWER_KEPT_SECONDS", 0)
    await desk.send("/sendsecret @noor")
    await desk.sandbox.wait_message(MAYA, contains="has the link")
    await desk.sandbox.redeliver(kind="interactive")
    shown = found(await desk.sandbox.wait_view(MAYA, "sent_drop", contains="This form has been sent already"))
    assert "has the link. It opens once" in json.dumps(shown["blocks"])
    assert "Passphrase: " not in json.dumps(shown["blocks"])
    assert desk.sandbox.bot_dm(NOOR) is not None
    opened = [m for m in desk.sandbox.messages(NOOR, str(desk.sandbox.bot_dm(NOOR))) if "open_drop" in json.dumps(m)]
    assert len(opened) == 1


async def test_an_undelivered_form_is_sealed_anew(desk: Desk) -> None:
    """What did not arrive may be sent again from the same form; it is another drop with another link."""
    view = await desk.open_form("/sendsecret @noor")
    await desk.fill(view)
    desk.sandbox.fault("chat.postMessage", "error", times=1, error="messages_tab_disabled")
    await desk.submit(view)
    assert await desk.sandbox.wait_view(MAYA, "sent_drop", contains="Messages tab is off")
    await desk.sandbox.wait_message(MAYA, contains="did not reach")
    await desk.sandbox.redeliver(kind="interactive")
    shown = found(await desk.sandbox.wait_view(MAYA, "sent_drop", contains="Revoke (wrong person)"))
    assert await desk.read(await desk.link(NOOR), shown_passphrase(shown)) == SECRET
    outcomes = [drop.outcome for drop in await of_form(desk.store, view["id"])]
    assert outcomes == [Outcome.UNDELIVERED, Outcome.VIEWED]


async def test_a_store_that_does_not_answer_is_not_waited_for(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Looking for earlier drops of the form has the deadline that storing has; the sender reads what to do."""
    never = asyncio.Event()

    async def silent(*_: object) -> list[Any]:
        await never.wait()
        return []

    view = await desk.open_form("/sendsecret @noor")
    await desk.fill(view)
    monkeypatch.setattr(sending, "STORED_WITHIN", 0.3)
    with monkeypatch.context() as away:
        away.setattr(sent_before, "of_sending", silent)
        answer = await asyncio.wait_for(desk.sandbox.submit(view["id"]), 20)
    assert "could not store this. Nothing was sent" in answer["errors"]["recipients"]
    monkeypatch.setattr(sending, "STORED_WITHIN", 20.0)
    assert (await desk.sandbox.submit(view["id"]))["outcome"] == "update"


async def test_a_form_sent_again_reaches_those_whom_it_did_not(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a form made before is known for each recipient: who has it gets nothing more, who was refused gets it."""
    monkeypatch.setattr(sending, "_ANSWER_KEPT_SECONDS", 0)
    with monkeypatch.context() as away:
        refuse_some(away, lambda recipient: recipient == SAM)
        await desk.send("/sendsecret @noor @sam")
    await desk.sandbox.wait_message(MAYA, contains="has the link")
    await desk.sandbox.redeliver(kind="interactive")
    shown = found(await desk.sandbox.wait_view(MAYA, "sent_drop", contains="This form has been sent already"))
    assert await desk.read(await desk.link(SAM), shown_passphrase(shown)) == SECRET
    opened = [m for m in desk.sandbox.messages(NOOR, str(desk.sandbox.bot_dm(NOOR))) if "open_drop" in json.dumps(m)]
    assert len(opened) == 1
