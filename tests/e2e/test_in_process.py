"""Sentences for what breaks between two lines: the bot runs in this process, so that it can be broken just there."""

from collections.abc import AsyncIterator

import pytest

from bot import form_wording, sealing, sending, submission, undelivered_wording
from sandbox.fixtures import MAYA
from sandbox.running import Sandbox
from store import deliveries
from store.errors import StoreUnavailableError
from tests.bot.desk import Desk, found, working
from tests.e2e.reading import like, words_of
from tests.stores import Home


@pytest.fixture
async def desk(sqlite_home: Home, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Desk]:
    """A workspace with the bot at work in this process, in no hurry."""
    monkeypatch.setattr(sending, "LOOKED_UP_WITHIN", 10.0)
    monkeypatch.setattr(sending, "STARTED_WITHIN", 15.0)
    monkeypatch.setattr(sending, "STORED_WITHIN", 20.0)
    async with Sandbox() as sandbox:
        sandbox.set("ack_seconds", 30)
        async with working(sandbox, sqlite_home) as desk:
            yield desk


async def no_core(*_: object, **__: object) -> sealing.SealedDrop:
    """Every core seals for somebody else."""
    raise sealing.TooBusyError


async def away(*_: object, **__: object) -> bool:
    """A store that does not answer."""
    raise StoreUnavailableError("away")


async def test_a_form_that_cannot_be_sealed_in_time_is_refused(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """No time to begin: nothing is sent, the form stays, and pressing Send again works."""
    view = await desk.open_form("/sendsecret @noor")
    await desk.fill(view)
    with monkeypatch.context() as busy:
        busy.setattr(sealing.SealingPool, "seal", no_core)
        answer = await desk.sandbox.submit(view["id"])
    assert answer["errors"] == {"recipients": form_wording.TOO_BUSY}
    assert not desk.sandbox.calls("chat.postMessage")
    assert (await desk.sandbox.submit(view["id"]))["outcome"] == "update"


async def test_what_nobody_foresaw_is_a_sentence(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """An error that no line expects is told without a traceback, and pressing Send again works."""
    view = await desk.open_form("/sendsecret @noor")
    await desk.fill(view)
    with monkeypatch.context() as broken:
        broken.setattr(submission, "check", lambda *_: 1 // 0)
        answer = await desk.sandbox.submit(view["id"])
    assert answer["errors"] == {"recipients": form_wording.UNEXPECTED}
    assert (await desk.sandbox.submit(view["id"]))["outcome"] == "update"


async def test_a_posted_link_that_cannot_be_recorded_is_left_and_said(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a conversation a message cannot be taken back: the sender reads that it is out and what becomes of it."""
    monkeypatch.setattr(deliveries, "record_delivered", away)
    view = await desk.open_form("/sendsecret here @dana")
    await desk.fill(view)
    assert (await desk.submit(view))["outcome"] == "update"
    desk.home.advance_clock(182)
    shown = found(await desk.sandbox.wait_view(MAYA, "sent_drop", contains="I cannot take it back", seconds=20))
    assert like(undelivered_wording.NOT_RECORDED_LEFT).search(words_of(shown))
