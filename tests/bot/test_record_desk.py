"""Records in Slack: made in a window; their keys handed over or shown once, and no record left that has none."""

import io
import json

from bot import form, record_form
from bot import record_form_wording as wording
from bot.record_form import Handing
from sandbox.fixtures import DANA, MAYA
from store import records
from store.records import Named
from store.words import RecordState
from tests.bot.desk import Desk, found
from tests.bot.records_made import KEY, LABEL, VALUE, handed, opened, sent, shown_key, value_of
from tests.e2e.reading import like, words_of


async def test_the_key_goes_to_whom_it_is_for(desk: Desk, everything_logged: io.StringIO) -> None:
    """By default as a drop; a program reads with what they open, and neither key nor credential is anywhere else."""
    key = await handed(desk, await opened(desk), reads="3", rotate_url="https://dashboard.stripe.com/apikeys")
    assert await value_of(desk.store, key) == VALUE
    [held] = await records.everything(desk.store)
    assert held.named == Named(LABEL, "https://dashboard.stripe.com/apikeys", owner=MAYA, recipient=DANA)
    assert (held.reads_left, round((held.expires_at - (held.read_at or 0)) / 86_400_000)) == (2, 90)
    shown = words_of(found(desk.view()))
    assert like(wording.MADE_BOUNDED).search(shown)
    for place in (shown, everything_logged.getvalue(), json.dumps(desk.sandbox.workspace.calls, default=str)):
        assert not KEY.search(place)
        assert VALUE not in place


async def test_the_key_is_shown_once(desk: Desk, everything_logged: io.StringIO) -> None:
    """In the window alone; nobody gets a message with it."""
    key = await shown_key(desk, await opened(desk, "/sendsecret code"))
    assert await value_of(desk.store, key) == VALUE
    view = found(desk.view())
    assert like(wording.SHOWN).search(words_of(view))
    assert view.get("submit") is None
    assert "curl -H" in words_of(view)
    assert key.text not in everything_logged.getvalue()
    assert [one.method for one in desk.sandbox.workspace.calls if key.text in str(one)] == []
    [held] = await records.everything(desk.store)
    assert held.named == Named(LABEL, owner=MAYA)


async def test_the_key_is_saved_from_a_page(desk: Desk) -> None:
    """A link for whoever makes it: what its page shows once, it saves as a file."""
    answer = await sent(desk, await opened(desk), **{form.DELIVERY: Handing.PAGE.value})
    assert answer["outcome"] == "update"
    shown = words_of(found(await desk.sandbox.wait_view(MAYA, "sent_drop", contains="Nobody has it yet")))
    assert "/s/" in shown
    assert [held.named.recipient for held in await records.everything(desk.store) if held.named] == [DANA]
    assert not KEY.search(shown)


async def test_a_key_that_goes_nowhere_leaves_no_record(desk: Desk) -> None:
    """Slack does not take the link: the record is revoked, and the window says so."""
    view = await opened(desk)
    desk.sandbox.fault("chat.postMessage", "error", error="restricted_action", times=5)
    assert (await sent(desk, view))["outcome"] == "update"
    assert await desk.sandbox.wait_view(MAYA, "sent_drop", contains="so the record was revoked again")
    assert [held.state for held in await records.everything(desk.store)] == [RecordState.REVOKED]


async def test_what_is_filled_in_wrongly_is_said(desk: Desk) -> None:
    """At its field; no record is made."""
    view = await opened(desk)
    for field, entered, said in (
        (record_form.READS, "0", wording.NO_READS),
        (record_form.READS, "1000001", wording.NO_READS),
        (record_form.READS, "some", wording.NO_READS),
        (record_form.ROTATE_URL, "http://example.com", wording.NO_PAGE),
        (record_form.ROTATE_URL, f"https://example.com/{VALUE}", wording.PAGE_TELLS),
    ):
        answer = await sent(desk, view, **{field: entered})
        assert answer["errors"] == {field: said}
        await desk.sandbox.fill(view["id"], {field: ""})
    answer = await sent(desk, view, recipients=[])
    assert answer["errors"] == {form.RECIPIENTS: wording.NO_PERSON}
    assert await records.everything(desk.store) == []
