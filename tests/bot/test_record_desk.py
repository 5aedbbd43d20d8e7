"""Records in Slack: made in a window; their keys handed over or shown once, and no record left that has none."""

import asyncio
import io
import json
from typing import Any

import pytest

from bot import form, home_view, record_form, sealing, sending
from bot import record_form_wording as wording
from bot.policy import Policy, Verification
from bot.record_form import Handing, Offer
from sandbox.fixtures import DANA, MAYA, MAYA_DANA, TEAM
from sandbox.running import Sandbox
from store import record_endings, records
from store.errors import StoreUnavailableError
from store.records import Named
from store.words import RecordState
from tests.bot.desk import Desk, found, working
from tests.bot.records_made import KEY, LABEL, VALUE, handed, opened, sent, shown_key, value_of
from tests.bot.test_home import home
from tests.e2e.reading import like, words_of
from tests.stores import Home


async def test_the_key_goes_to_whom_it_is_for(desk: Desk, everything_logged: io.StringIO) -> None:
    """By default as a drop; a program reads with what they open, and neither key nor credential is anywhere else."""
    key = await handed(desk, await opened(desk), reads="3", rotate_url="https://dashboard.stripe.com/apikeys")
    assert await value_of(desk.store, key) == VALUE
    [held] = await records.everything(desk.store)
    assert held.named == Named(LABEL, "https://dashboard.stripe.com/apikeys", owner=MAYA, recipient=DANA, team=TEAM)
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
    assert held.named == Named(LABEL, owner=MAYA, team=TEAM)


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


async def test_a_key_that_cannot_be_sealed_in_time(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The record is revoked again; the same window can be sent again."""
    view = await opened(desk)
    with monkeypatch.context() as busy:
        busy.setattr(sealing.SealingPool, "seal", raising(sealing.TooBusyError()))
        assert (await sent(desk, view))["errors"] == {form.SECRET: wording.NOT_SEALED}
    assert [held.state for held in await records.everything(desk.store)] == [RecordState.REVOKED]
    assert await value_of(desk.store, await handed(desk, view)) == VALUE


async def test_a_record_that_cannot_be_revoked_again_is_said(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """At the field, or in the window: nobody has its key, and Home has it."""
    monkeypatch.setattr(record_endings, "revoke", raising(StoreUnavailableError()))
    view = await opened(desk)
    with monkeypatch.context() as busy:
        busy.setattr(sealing.SealingPool, "seal", raising(sealing.TooBusyError()))
        assert (await sent(desk, view))["errors"] == {form.SECRET: wording.NOT_SEALED_LEFT}
    desk.sandbox.fault("chat.postMessage", "error", error="restricted_action", times=500)
    assert (await sent(desk, view))["outcome"] == "update"
    assert await desk.sandbox.wait_view(MAYA, "sent_drop", contains="I could not revoke the record just now")


async def test_a_record_that_is_made_too_late_is_ended(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Slack is answered in time; what is made a moment later is nobody's, and ends."""
    view, make, revoke = await opened(desk), records.make, record_endings.revoke
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
    monkeypatch.setattr(records, "make", late)
    monkeypatch.setattr(sending, "STARTED_WITHIN", 0.3)
    assert (await sent(desk, view))["errors"] == {form.SECRET: wording.BUSY}
    begun.set()
    async with asyncio.timeout(20):
        await over.wait()
    assert [held.state for held in await records.everything(desk.store)] == [RecordState.REVOKED]


async def test_where_no_secret_is_typed_into_slack(sandbox: Sandbox, sqlite_home: Home) -> None:
    """The command says so, and Home has no button for it; a window of before is refused."""
    policy = sqlite_home.path / "policy.yml"
    policy.write_text("secrets_typed: outside-slack\n")
    async with working(sandbox, sqlite_home, policy_file=policy) as desk:
        await sandbox.type(MAYA, MAYA_DANA, "/sendsecret code @dana")
        assert await desk.told(MAYA, "this window needs that")
        assert home_view.CODE not in json.dumps(await home(desk, contains=home_view.RECORDS))
    assert record_form.handings(Offer(policy=Policy(verify=Verification.REQUIRED))) == [Handing.HAND]


async def test_what_stands_behind_the_name_is_not_taken(desk: Desk) -> None:
    """It has been through Slack; the window says so, and does not hold it."""
    view = await opened(desk, f"/sendsecret code @dana {VALUE}")
    assert wording.NOT_TAKEN in words_of(view)
    assert VALUE not in json.dumps(view)


def raising(error: Exception) -> Any:
    """Something that breaks."""

    async def broken(*_: object, **__: object) -> None:
        raise error

    return broken
