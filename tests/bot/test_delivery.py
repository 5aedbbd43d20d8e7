"""A link that arrives once, twice, late or never."""

import asyncio
import json
from typing import Any

import pytest

from bot import carrying_out, delivery
from bot.mrkdwn import Markup
from sandbox.fixtures import DANA, MAYA, NOOR
from store import deliveries
from store.deliveries import Place
from store.errors import DropEndedError, StoreUnavailableError
from store.opened import Store
from store.words import Outcome
from tests.bot.desk import SECRET, Desk, found, link_in, shown_passphrase


async def test_a_post_without_an_answer_is_made_again_with_the_same_link(desk: Desk) -> None:
    """Two messages may stand there; they are one drop with one link."""
    desk.sandbox.fault("chat.postMessage", "reset_after", times=1)
    view = await desk.send("/sendsecret @noor")
    dm = str(desk.sandbox.bot_dm(NOOR))
    links = [link_in(message) for message in desk.sandbox.messages(NOOR, dm)]
    assert len(links) == 2
    assert links[0] == links[1]
    assert await desk.read(links[0], shown_passphrase(view)) == SECRET


@pytest.mark.parametrize(
    ("method", "code", "said"),
    [
        ("conversations.open", "user_disabled", "account is deactivated"),
        ("conversations.open", "user_not_visible", "shares no channel with me"),
        ("chat.postMessage", "channel_not_found", "shares no channel with me"),
        ("chat.postMessage", "messages_tab_disabled", "Messages tab is off"),
        ("chat.postMessage", "some_new_code", "would not take the message (some_new_code)"),
    ],
)
async def test_a_link_that_slack_does_not_take_is_undelivered(desk: Desk, method: str, code: str, said: str) -> None:
    """The drop ends, nothing is left to open, and the sender reads why and what to do."""
    view = await desk.open_form("/sendsecret @noor")
    await desk.fill(view)
    desk.sandbox.fault(method, "error", times=1, error=code)
    assert (await desk.submit(view))["outcome"] == "update"
    shown = found(await desk.sandbox.wait_view(MAYA, "sent_drop", contains="Not sent"))
    assert said in json.dumps(shown["blocks"])
    assert "Passphrase: " not in json.dumps(shown["blocks"])
    texts = await desk.audit_thread("Destroyed: undelivered")
    assert any("Link not delivered" in text for text in texts)
    assert await desk.sandbox.wait_message(MAYA, contains="did not reach *Noor Haddad*")


async def test_slack_that_never_answers_leaves_nothing_to_open(desk: Desk) -> None:
    """Both posts may have been accepted: the drop ends all the same, and its link says so."""
    view = await desk.open_form("/sendsecret @noor")
    await desk.fill(view, passphrase="7777 8888")
    desk.sandbox.fault("chat.postMessage", "reset_after", times=2)
    await desk.submit(view)
    assert await desk.sandbox.wait_view(MAYA, "sent_drop", contains="Perhaps not sent")
    message = found(await desk.sandbox.wait_message(NOOR, contains="open_drop"))
    with pytest.raises(DropEndedError) as ended:
        await desk.read(link_in(message), "77778888")
    assert ended.value.outcome is Outcome.UNDELIVERED


class Unrecorded:
    """A store that does not take that a link arrived until it is told to; `tried` is set at each try."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._record = deliveries.record_delivered
        self.is_away = True
        self.tried = asyncio.Event()
        monkeypatch.setattr(delivery, "_RECORD_AGAIN_AFTER", (0.02,))
        monkeypatch.setattr(deliveries, "record_delivered", self.record)

    async def record(self, store: Store, drop_id: bytes, place: Place, **said: bool) -> bool:
        """In place of `deliveries.record_delivered`."""
        self.tried.set()
        if self.is_away:
            raise StoreUnavailableError("away")
        return await self._record(store, drop_id, place, **said)

    async def try_again(self, times: int) -> None:
        """Return when it was tried so many times more."""
        for _ in range(times):
            self.tried.clear()
            await asyncio.wait_for(self.tried.wait(), 10)


async def test_a_link_is_recorded_when_the_store_is_back(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is tried for as long as the lease holds, and then everything is as if nothing had been."""
    unrecorded = Unrecorded(monkeypatch)
    view = await desk.open_form("/sendsecret @noor")
    await desk.fill(view)
    await desk.submit(view)
    link = await desk.link(NOOR)
    await unrecorded.try_again(20)
    assert "Not sent" not in json.dumps(found(desk.view())["blocks"])
    unrecorded.is_away = False
    shown = found(await desk.sandbox.wait_view(MAYA, "sent_drop", contains="Revoke (wrong person)"))
    assert await desk.read(link, shown_passphrase(shown)) == SECRET


async def test_a_link_that_cannot_be_recorded_is_taken_back(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the lease is over its message has no link any more, though Slack is busy, and the sender reads the truth."""
    unrecorded = Unrecorded(monkeypatch)
    view = await desk.open_form("/sendsecret @noor")
    await desk.fill(view, passphrase="7777 8888")
    await desk.submit(view)
    link = await desk.link(NOOR)
    await unrecorded.try_again(2)
    desk.sandbox.fault("chat.update", "ratelimited", times=1, retry_after=1)
    desk.home.advance_clock(182)
    shown = found(await desk.sandbox.wait_view(MAYA, "sent_drop", contains="could not be recorded"))
    assert "destroyed within three minutes" in json.dumps(shown["blocks"])
    assert "did not answer" not in json.dumps(shown["blocks"])
    message = found(await desk.sandbox.wait_message(NOOR, contains="This link was taken back", lacks="open_drop"))
    assert link.fragment() not in json.dumps(message)
    await desk.audit_thread("Destroyed: undelivered")
    assert (await desk.drop(link)).outcome is Outcome.UNDELIVERED


async def test_a_drop_that_cannot_be_ended_is_not_called_destroyed(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Slack refused the link and the store is away: the sender reads that the secret is still there."""

    async def away(*_: object, **__: object) -> bool:
        raise StoreUnavailableError("away")

    monkeypatch.setattr(deliveries, "record_undelivered", away)
    view = await desk.open_form("/sendsecret @noor")
    await desk.fill(view)
    desk.sandbox.fault("chat.postMessage", "error", times=1, error="messages_tab_disabled")
    await desk.submit(view)
    shown = found(await desk.sandbox.wait_view(MAYA, "sent_drop", contains="Perhaps not sent"))
    assert "is not destroyed yet" in json.dumps(shown["blocks"])
    assert "was destroyed" not in json.dumps(shown["blocks"])


@pytest.mark.parametrize("kind", ["ratelimited", "http_500", "reset"])
async def test_the_modal_says_how_it_went_though_slack_stumbles(desk: Desk, kind: str) -> None:
    """One failed update does not leave it at "Sending…" without Revoke."""
    view = await desk.open_form("/sendsecret @noor")
    await desk.fill(view)
    desk.sandbox.fault("views.update", kind, times=2, retry_after=1)
    await desk.submit(view)
    shown = found(await desk.sandbox.wait_view(MAYA, "sent_drop", contains="Revoke (wrong person)"))
    desk.sandbox.fault("views.update", kind, times=1, retry_after=1)
    await desk.sandbox.click(MAYA, "revoke", view=shown["id"])
    assert await desk.sandbox.wait_view(MAYA, "sent_drop", contains="Revoked. The secret is destroyed")


async def test_no_passphrase_is_to_be_passed_on_where_no_link_arrived(desk: Desk) -> None:
    """The note stands while something is sent or was; above failures alone it would send somebody nowhere."""
    view = await desk.open_form("/sendsecret @noor @sam")
    await desk.fill(view)
    desk.sandbox.fault("chat.postMessage", "error", times=2, error="messages_tab_disabled")
    await desk.submit(view)
    shown = found(await desk.sandbox.wait_view(MAYA, "sent_drop", contains="Messages tab is off"))
    assert "phone or text" not in json.dumps(shown["blocks"])


async def test_a_busy_slack_is_waited_for(desk: Desk) -> None:
    """A 429 delays the link by as long as Slack says, and everything arrives."""
    desk.sandbox.fault("chat.postMessage", "ratelimited", times=1, retry_after=1)
    view = await desk.send("/sendsecret @noor")
    assert await desk.read(await desk.link(NOOR), shown_passphrase(view)) == SECRET


async def test_a_double_submit_is_one_drop(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two clicks at once get the same answer, and a late one does not wipe the passphrase off the screen."""
    both, go = asyncio.Event(), delivery.deliver

    async def when_both_are_answered(*given: Any) -> Markup | None:
        await both.wait()
        return await go(*given)

    # On a slow machine the second answer could otherwise come after the view that says how it went, and over it.
    monkeypatch.setattr(carrying_out, "deliver", when_both_are_answered)
    view = await desk.open_form("/sendsecret @noor")
    await desk.fill(view)
    answers = await asyncio.gather(*(desk.sandbox.submit(view["id"]) for _ in range(2)))
    assert [answer["outcome"] for answer in answers] == ["update", "update"]
    both.set()
    shown = found(await desk.sandbox.wait_view(MAYA, "sent_drop", contains="Revoke (wrong person)"))
    assert "sent already" not in json.dumps(shown["blocks"])
    await desk.sandbox.redeliver(kind="interactive")
    late = desk.sandbox.envelopes()[-1]["reply"]["view"]
    assert shown_passphrase(late) == shown_passphrase(shown)
    links = [m for m in desk.sandbox.messages(NOOR, str(desk.sandbox.bot_dm(NOOR))) if "open_drop" in json.dumps(m)]
    assert len(links) == 1
    assert await desk.read(link_in(links[0]), shown_passphrase(shown)) == SECRET


async def test_the_open_button_is_acknowledged(desk: Desk) -> None:
    """Clicking it opens the link and leaves no warning beside the message."""
    await desk.send("/sendsecret @noor")
    message = found(await desk.sandbox.wait_message(NOOR, contains="open_drop"))
    clicked = await desk.sandbox.click(NOOR, "open_drop", message["conversation"], message["ts"])
    assert clicked["outcome"] == "acked"
    assert link_in(message).fragment() in clicked["opens"]


async def test_no_message_is_crawled(desk: Desk) -> None:
    """Both unfurl flags are off on every message, so that Slack's crawler looks at none of our links."""
    view = await desk.send()
    await desk.read(await desk.link(DANA), shown_passphrase(view))
    await desk.audit_thread("Destroyed: viewed")
    for call in desk.sandbox.calls("chat.postMessage"):
        assert str(call["arguments"]["unfurl_links"]).lower() in {"false", "0"}
        assert str(call["arguments"]["unfurl_media"]).lower() in {"false", "0"}
        assert "metadata" not in call["arguments"]
    assert not [visit for visit in desk.sandbox.visits() if visit["status"] is not None]
