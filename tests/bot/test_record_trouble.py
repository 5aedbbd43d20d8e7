"""Records in Slack when something goes wrong: away, too late, sent twice, somebody else's, or over meanwhile."""

import asyncio
from typing import Any

import pytest

from bot import form, home_view, people, record_desk, record_form, record_views, sealing, sending
from bot import record_form_wording as form_says
from bot import record_window_wording as wording
from sandbox.fixtures import MAYA, NOOR
from store import own_records, record_endings, record_renewing, record_rotating, records
from store.errors import KeyUnreadableError, RecordChangedError, StoreUnavailableError, TooManyRecordsError
from store.words import Actor, RecordState
from tests.bot.desk import Desk, found
from tests.bot.records_made import (
    VALUE,
    answered,
    handed,
    listing,
    made,
    opened,
    press_in_row,
    sent,
    shown_key,
    value_of,
)
from tests.bot.test_home import home
from tests.e2e.reading import like, words_of


async def test_a_new_key_that_goes_nowhere_is_said(desk: Desk) -> None:
    """The old one is dead all the same, and the record is not ended."""
    old = await made(desk)
    await press_in_row(desk, await listing(desk, contains=old.id_text), record_views.ROTATE, old)
    view = found(await desk.sandbox.wait_view(MAYA, record_form.ROTATE))
    desk.sandbox.fault("chat.postMessage", "error", error="restricted_action", times=500)
    await sent(desk, view)
    assert await desk.sandbox.wait_view(MAYA, "sent_drop", contains="The record is still there: rotate it once more")
    assert (await records.find(desk.store, old.id)).state is RecordState.LIVE


async def test_an_id_of_somebody_elses_is_not_rotated(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Private metadata is no right: it is judged again when the window is sent."""
    theirs, mine = await made(desk, NOOR), await made(desk)
    await press_in_row(desk, await listing(desk, contains=mine.id_text), record_views.ROTATE, mine)
    view = found(await desk.sandbox.wait_view(MAYA, record_form.ROTATE))
    submit = record_desk.RecordDesk.submit

    async def another(at: Any, ack: Any, body: Any) -> None:
        body["view"]["private_metadata"] = theirs.id_text
        await submit(at, ack, body)

    monkeypatch.setattr(record_desk.RecordDesk, "submit", another)
    assert (await sent(desk, view))["errors"] == {form.SECRET: form_says.NOT_YOURS}
    assert (await records.find(desk.store, theirs.id)).version == 1


async def test_a_window_that_comes_twice_makes_one(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Slack sends again what it thinks was not answered; the second is told so, and no second key is shown."""
    answers: list[Any] = []
    submit = record_desk.RecordDesk.submit

    async def noted(at: record_desk.RecordDesk, ack: Any, body: Any) -> None:
        async def both(**answer: Any) -> None:
            answers.append(answer)
            await ack(**answer)

        await submit(at, both, body)

    monkeypatch.setattr(record_desk.RecordDesk, "submit", noted)
    await shown_key(desk, await opened(desk, "/sendsecret code"))
    await desk.sandbox.redeliver(kind="interactive")
    assert [answer["response_action"] for answer in answers] == ["update", "errors"]
    assert answers[1]["errors"] == {form.SECRET: form_says.MADE_ALREADY}
    assert len(await records.everything(desk.store)) == 1


async def test_what_goes_wrong_is_said(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """A store or a keyring that is away, a guest, and what nobody foresaw: each is said, and it can be sent again."""
    monkeypatch.setattr(people, "_FRESH_SECONDS", 0)
    view = await opened(desk)

    for error, said in (
        (StoreUnavailableError(), form_says.AWAY),
        (KeyUnreadableError(), form_says.RING_AWAY),
        (TooManyRecordsError(), form_says.TOO_MANY.format(most="1,000")),
        (RuntimeError(), form_says.UNEXPECTED),
    ):
        with monkeypatch.context() as at_first:
            at_first.setattr(records, "make", raising(error))
            assert (await sent(desk, view))["errors"] == {form.RECIPIENTS: said}
    desk.sandbox.workspace.people[MAYA].is_restricted = True
    assert (await sent(desk, view))["errors"] == {form.RECIPIENTS: form_says.MAY_NOT}
    desk.sandbox.workspace.people[MAYA].is_restricted = False
    desk.sandbox.fault("users.info", "error", times=2)
    assert (await sent(desk, view))["errors"] == {form.RECIPIENTS: form_says.SENDER_UNKNOWN}
    assert await records.everything(desk.store) == []
    await handed(desk, view)
    monkeypatch.setattr(own_records, "page", raising(StoreUnavailableError()))
    await listing(desk, contains=wording.AWAY)


async def test_a_record_that_ended_meanwhile_is_not_rotated_or_revoked(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On an older screen, or in the same moment."""
    key = await made(desk)
    view = await listing(desk, contains=key.id_text)
    async with desk.home.open("bot") as bot:
        await record_endings.revoke(bot, key.id)
    await press_in_row(desk, view, record_views.REVOKE, key)
    await answered(desk, wording.ENDED_BEFORE)
    key = await made(desk)
    await press_in_row(desk, await listing(desk, contains=key.id_text), record_views.ROTATE, key)
    view = found(await desk.sandbox.wait_view(MAYA, record_form.ROTATE))
    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(record_rotating, "rotate", raising(RecordChangedError()))
        assert (await sent(desk, view))["errors"] == {form.SECRET: form_says.CHANGED}
    async with desk.home.open("bot") as bot:
        await record_endings.revoke(bot, key.id)
    assert (await sent(desk, view))["errors"] == {form.SECRET: form_says.NOT_YOURS}


async def test_a_new_key_that_cannot_be_sealed_in_time(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The old one is dead all the same; the same window can be sent again."""
    key = await made(desk)
    await press_in_row(desk, await listing(desk, contains=key.id_text), record_views.ROTATE, key)
    view = found(await desk.sandbox.wait_view(MAYA, record_form.ROTATE))
    with monkeypatch.context() as busy:
        busy.setattr(sealing.SealingPool, "seal", raising(sealing.TooBusyError()))
        assert (await sent(desk, view))["errors"] == {form.SECRET: form_says.NOT_SEALED_ROTATED}
    assert await value_of(desk.store, await handed(desk, view)) == VALUE


async def test_a_rotation_that_comes_too_late_is_not_said_to_be_undone(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The old key may be dead already: whoever reads that goes on, and does not turn away."""
    key, rotate, begun = await made(desk), record_rotating.rotate, asyncio.Event()
    await press_in_row(desk, await listing(desk, contains=key.id_text), record_views.ROTATE, key)
    view = found(await desk.sandbox.wait_view(MAYA, record_form.ROTATE))

    async def late(*given: Any, **named: Any) -> Any:
        rotated = await rotate(*given, **named)
        await begun.wait()
        return rotated

    with monkeypatch.context() as slow:
        slow.setattr(record_rotating, "rotate", late)
        slow.setattr(sending, "STARTED_WITHIN", 0.3)
        assert (await sent(desk, view))["errors"] == {form.SECRET: form_says.BUSY_ROTATING}
    begun.set()
    assert await value_of(desk.store, await handed(desk, view)) == VALUE


async def test_what_the_keyring_could_not_overwrite_is_said(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody reads all the same; it is said, and the sweeper repeats it."""
    key = await made(desk)

    async def not_erased(*_: object, **__: object) -> bool:
        return False

    monkeypatch.setattr(record_rotating, "erase_every", not_erased)
    monkeypatch.setattr(record_endings, "erase_every", not_erased)
    await press_in_row(desk, await listing(desk, contains=key.id_text), record_views.ROTATE, key)
    await shown_key(desk, found(await desk.sandbox.wait_view(MAYA, record_form.ROTATE)))
    assert form_says.KEY_LEFT in words_of(found(desk.view()))
    await press_in_row(desk, await listing(desk, contains=key.id_text), record_views.REVOKE, key)
    assert like(wording.REVOKED_KEY_LEFT).search(await answered(desk, "could not be overwritten"))


async def test_what_was_said_before_is_not_said_again(desk: Desk) -> None:
    """On an older screen."""
    key = await made(desk)
    view = await listing(desk, contains=key.id_text)
    async with desk.home.open("bot") as bot:
        await record_renewing.renewed(bot, key.id, by=Actor.SENDER)
    await press_in_row(desk, view, record_views.RENEW, key)
    await answered(desk, wording.RENEWED_BEFORE)


async def test_a_window_that_slack_does_not_open_is_said(desk: Desk) -> None:
    """To whoever pressed."""
    tab = await home(desk, contains=home_view.RECORDS)
    for action in (home_view.RECORDS, home_view.CODE):
        desk.sandbox.fault("views.open", "error", error="expired_trigger_id")
        await desk.sandbox.click(MAYA, action, view=tab["id"])
        assert await desk.sandbox.wait_message(MAYA, contains=wording.NOT_OPENED)


def raising(error: Exception) -> Any:
    """Something that breaks."""

    async def broken(*_: object, **__: object) -> None:
        raise error

    return broken
