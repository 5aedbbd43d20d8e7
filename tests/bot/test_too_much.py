"""Whoever has sent as much as anybody may is told so by every way in, nothing is begun, and later it works again."""

import json
from typing import Any

import pytest

from bot import form, form_wording, record_form, record_views, request_wording, sealing, sent_wording
from bot import record_form_wording as record_says
from sandbox.fixtures import GENERAL, MAYA, SAM
from store import creation, records, sending_bounds
from store.asked_records import Stands
from store.asked_words import AskedRecord, NotMade
from store.errors import SendingTooOftenError
from tests.bot.desk import Desk, found
from tests.bot.records_made import listing, made, opened, press_in_row, sent, value_of
from tests.bot.test_composer import LABEL, OUTSIDE, count
from tests.bot.test_orders_asked import ask, token_of
from tests.bot.test_records_asked import ask as ask_for_record
from tests.e2e.reading import like, words_of

BOUNDS = ("MOST_IN_WINDOW", "MOST_OPEN")


async def begun(*_: Any, **__: Any) -> Any:
    """A passphrase is stretched for nobody."""
    raise AssertionError("begun")


@pytest.mark.parametrize(
    ("bound", "in_form", "asking"),
    [
        (BOUNDS[0], form_wording.TOO_OFTEN, request_wording.TOO_OFTEN),
        (BOUNDS[1], form_wording.TOO_MANY_OPEN, request_wording.TOO_MANY_OPEN),
    ],
)
async def test_a_form_a_page_and_a_request(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, bound: str, in_form: str, asking: str
) -> None:
    """Of several people none gets anything, and the same form works once there is room."""
    monkeypatch.setattr(sending_bounds, bound, 2)
    await desk.send("/sendsecret @noor")
    view = await desk.open_form("/sendsecret @noor @sam")
    await desk.fill(view)
    with monkeypatch.context() as nothing:
        nothing.setattr(sealing.SealingPool, "seal", begun)
        answer = await desk.sandbox.submit(view["id"])
    assert like(in_form).fullmatch(answer["errors"][form.RECIPIENTS])
    await desk.sandbox.fill(view["id"], {form.SECRET: "", form.DELIVERY: OUTSIDE})
    assert like(in_form).fullmatch((await desk.sandbox.submit(view["id"]))["errors"][form.RECIPIENTS])
    monkeypatch.setattr(sending_bounds, bound, 1)
    await desk.sandbox.type(MAYA, GENERAL, f"/sendsecret request @dana {LABEL}")
    assert like(asking).search(words_of(await desk.told(MAYA, "as many as anybody may")))
    assert await count(desk) == 0
    assert desk.sandbox.bot_dm(SAM) is None
    monkeypatch.setattr(sending_bounds, bound, 3)
    assert (await desk.sandbox.submit(view["id"]))["outcome"] == "update"
    assert await count(desk) == 2


async def test_of_several_the_one_too_many_is_named(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody else's bot made one in the same moment: the others get their link, and this one's row says why not."""
    create = creation.create

    async def too_often(store: Any, new: Any) -> None:
        if new.recipient_id == SAM:
            raise SendingTooOftenError(119)
        await create(store, new)

    monkeypatch.setattr(creation, "create", too_often)
    view = await desk.send("/sendsecret @noor @sam")
    assert json.dumps(view["blocks"]).count("Passphrase: ") == 1
    said = sent_wording.NOT_STORED_TOO_OFTEN.format(most=100, wait="2 minutes")
    assert said in words_of(view)
    assert desk.sandbox.bot_dm(SAM) is None


async def test_a_client_is_told(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a word, and when there is room: of an order and of a record."""
    token = await token_of(desk)
    for bound, why, names, wait in (
        (BOUNDS[0], "sent-too-often", ["5 minutes"], range(241, 301)),
        (BOUNDS[1], "too-many-open", ["1"], [None]),
    ):
        monkeypatch.setattr(sending_bounds, bound, 1)
        if bound == BOUNDS[0]:
            assert (await ask(desk, token)).terms is not None
            _, stands = await ask_for_record(desk, token)
            assert stands == Stands(AskedRecord.REFUSED, why=NotMade.TOO_OFTEN)
        else:
            await desk.send("/sendsecret @noor")
        refusal = (await ask(desk, token)).refusal
        assert refusal is not None
        assert (refusal.why, refusal.names) == (why, names)
        assert refusal.retry_after_seconds in wait
        monkeypatch.setattr(sending_bounds, bound, 100)


async def test_a_record_whose_key_could_not_be_handed_over(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """None is made, and one that is there keeps its key, though the record alone would be within the bounds."""
    old = await made(desk)
    for bound, most, said in ((BOUNDS[0], 2, record_says.TOO_OFTEN), (BOUNDS[1], 0, record_says.TOO_MANY_OPEN)):
        monkeypatch.setattr(sending_bounds, bound, most)
        answer = await sent(desk, await opened(desk))
        assert like(said).fullmatch(answer["errors"][form.RECIPIENTS])
        monkeypatch.setattr(sending_bounds, bound, min(most, 1))
        await press_in_row(desk, await listing(desk, contains=old.id_text), record_views.ROTATE, old)
        view = found(await desk.sandbox.wait_view(MAYA, record_form.ROTATE))
        assert like(said).fullmatch((await sent(desk, view))["errors"][form.SECRET])
        monkeypatch.setattr(sending_bounds, bound, 100)
    assert [held.version for held in await records.everything(desk.store)] == [1]
    assert await value_of(desk.store, old)
