"""Whoever wrote a message in which a secret stood is asked to delete it once a link has arrived, and once only."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.asking_to_delete import AskingToDelete
from bot.message import Message
from bot.original_message import Original
from bot.slack_calls import Slack, SlackBusyError, SlackError, SlackRefusedError, SlackUnansweredError
from sandbox.fixtures import AUDIT, DANA, GENERAL, MAYA, MAYA_DANA, NOOR, SAM
from sandbox.running import Sandbox
from store import leaks
from store.deliveries import Place
from store.schema import drops, events
from tests.bot.desk import SECRET, Desk, Json, found, link_in, shown_passphrase, working
from tests.bot.sealing_outside import seal_outside, urls_in
from tests.store.living import created
from tests.store.sealing_under_orders import STRETCHED
from tests.stores import Home


@pytest.fixture
async def outside(sandbox: Sandbox, sqlite_home: Home, tmp_path: Path) -> AsyncIterator[Desk]:
    """A desk at which every secret is typed outside Slack."""
    file = tmp_path / "policy.yml"
    file.write_text("secrets_typed: outside-slack\n")
    async with working(sandbox, sqlite_home, policy_file=file) as desk:
        yield desk


async def _form(desk: Desk, *recipients: str, author: str = NOOR, place: str = GENERAL) -> Json:
    """The form for a message that holds a secret, filled in, and the message."""
    posted = await desk.sandbox.type(author, place, SECRET)
    await desk.sandbox.use_shortcut(MAYA, place, posted["ts"])
    view = found(await desk.sandbox.wait_view(MAYA, "send_drop"))
    await desk.sandbox.fill(view["id"], {"label": "Stripe key", "recipients": list(recipients)})
    return view


def _asked(desk: Desk) -> list[Json]:
    return [call for call in desk.sandbox.calls("chat.postMessage") if "Please delete your" in json.dumps(call)]


async def _words(desk: Desk) -> list[str]:
    async with desk.store.db.read() as tx:
        return list((await tx.execute(select(events.c.event).order_by(events.c.position))).scalars())


async def test_whoever_wrote_it_reads_where_it_stands(desk: Desk) -> None:
    """After the link's own message, with the address of theirs; where Slack does not say that, without one."""
    view = await _form(desk, SAM)
    await desk.submit(view)
    asked = found(await desk.sandbox.wait_message(NOOR, contains="Please delete your message of"))
    assert f"<https://pretend.slack.com/archives/{GENERAL}/p" in json.dumps(asked)
    posts = [json.dumps(call) for call in desk.sandbox.calls("chat.postMessage")]
    [at] = [number for number, post in enumerate(posts) if "Please delete your" in post]
    assert any("open_drop" in post for post in posts[:at])
    view = await _form(desk, SAM, author=DANA, place=MAYA_DANA)
    await desk.submit(view)
    asked = found(await desk.sandbox.wait_message(DANA, contains="Please delete your message of"))
    assert "https://" not in json.dumps(asked)
    assert desk.sandbox.calls("chat.getPermalink")[-1]["answer"]["error"] == "channel_not_found"


async def test_where_no_link_arrives_nobody_is_asked(desk: Desk) -> None:
    """Window and DM say that the message was left; the same form again asks, and a third time does not."""
    desk.sandbox.fault("chat.postMessage", "error", error="restricted_action", times=1)
    await desk.submit(await _form(desk, SAM))
    left = "The message in which it stood was left as it is"
    assert await desk.sandbox.wait_view(MAYA, "sent_drop", contains=left)
    assert await desk.sandbox.wait_message(MAYA, contains=left)
    assert await desk.sandbox.wait_message(MAYA, contains="also when you send it again: I will not")
    assert not _asked(desk)
    desk.home.advance_clock(1)
    await desk.sandbox.redeliver(kind="interactive")
    assert await desk.sandbox.wait_message(NOOR, contains="Please delete your message of")
    assert await desk.sandbox.wait_view(MAYA, "sent_drop", contains="*The message is still there*: I ask", lacks=left)
    await desk.sandbox.redeliver(kind="interactive")
    assert await desk.audit_thread("in place of a message in Slack")
    assert len(_asked(desk)) == 1


def _failing(monkeypatch: pytest.MonkeyPatch, *failures: SlackError) -> None:
    """Let the next posts that ask somebody to delete fail so, and no other."""
    post, waiting = Slack.post, list(failures)

    async def once(slack: Slack, channel: str, message: Message, *, thread: str | None = None) -> Place:
        if waiting and "Please delete your" in json.dumps(message.blocks):
            raise waiting.pop(0)
        return await post(slack, channel, message, thread=thread)

    monkeypatch.setattr(Slack, "post", once)


async def test_a_busy_slack_is_waited_for(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is told that it failed."""
    _failing(monkeypatch, *[SlackBusyError(0.05)] * 3)
    await desk.submit(await _form(desk, SAM))
    assert await desk.sandbox.wait_message(NOOR, contains="Please delete your message of")
    assert not await desk.sandbox.wait_message(MAYA, contains="Ask them yourself", seconds=0.3)
    assert len(_asked(desk)) == 1


@pytest.mark.parametrize(
    "failure", [SlackBusyError(3600), SlackRefusedError("restricted_action"), SlackUnansweredError("no answer")]
)
async def test_who_cannot_be_asked_is_not_promised(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, failure: SlackError
) -> None:
    """The sender is told, window and audit channel promise nothing, and what arrives next of that form asks again."""
    _failing(monkeypatch, failure)
    await desk.submit(await _form(desk, SAM))
    assert await desk.sandbox.wait_message(MAYA, contains="Ask them yourself")
    assert await desk.sandbox.wait_view(MAYA, "sent_drop", contains="Ask them yourself", lacks="I ask whoever wrote it")
    assert await desk.audit_thread("that message stays until it is deleted")
    assert not _asked(desk)
    async with desk.store.db.read() as tx:
        [drop_id] = (await tx.execute(select(drops.c.id))).scalars()
    assert await leaks.is_now_to_be_asked(desk.store, drop_id)


async def test_a_stop_on_the_way_counts_as_unasked(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was recorded is taken back."""
    sealed = await created(desk.store, submission="V1", replaces_leak=True, sender_id=MAYA)

    async def stopped(*_: object, **__: object) -> Place:
        raise asyncio.CancelledError

    monkeypatch.setattr(Slack, "post", stopped)
    async with Slack(desk.sandbox.bot_token, desk.sandbox.api_url) as slack:
        with suppress(asyncio.CancelledError):
            await AskingToDelete(desk.store, slack).ask(Original(NOOR, GENERAL, "1.1"), sealed.new.id, MAYA, "Maya")
    assert await leaks.is_now_to_be_asked(desk.store, sealed.new.id)


async def test_several_links_ask_once(desk: Desk) -> None:
    """Also where one of them fails: what was handed over need not stand there any more."""
    desk.sandbox.fault("conversations.open", "error", error="user_disabled", times=1)
    await desk.submit(await _form(desk, SAM, DANA))
    view = found(desk.view())
    if "anyway" in json.dumps(view):
        await desk.submit(view)
    assert await desk.sandbox.wait_message(NOOR, contains="Please delete your message of")
    assert await desk.sandbox.wait_message(MAYA, contains="did not reach")
    assert len(_asked(desk)) == 1
    assert not await desk.sandbox.wait_message(MAYA, contains="was left as it is", seconds=0.3)


async def test_what_is_typed_outside_slack_asks_at_delivery(outside: Desk) -> None:
    """Two pages of one form: the first that is sealed asks, and each drop says that it replaces a leak."""
    view = await _form(outside, SAM, NOOR)
    await outside.sandbox.submit(view["id"])
    pages = urls_in(found(await outside.sandbox.wait_view(MAYA, "composers")))
    assert not _asked(outside)
    for number, page in enumerate(pages, 1):
        sealed = await seal_outside(outside, page)
        assert await outside.sandbox.wait_message(MAYA, contains=f"*{sealed.terms.recipient_name}* has the link")
        asked = found(await outside.sandbox.wait_message(NOOR, contains="Please delete your message of"))
        assert f"archives/{GENERAL}/p" in json.dumps(asked)
        assert (await _words(outside)).count("leak.replaced") == number
    words = await _words(outside)
    assert words.index("leak.replaced") > words.index("drop.delivered")
    assert await outside.sandbox.wait_message(SAM, AUDIT, contains="in place of a message in Slack")
    assert len(_asked(outside)) == 1


async def test_a_page_whose_link_does_not_arrive_asks_nobody(outside: Desk) -> None:
    """The sender's DM says that the message was left; the log does not say that it was replaced."""
    view = await _form(outside, SAM)
    await outside.sandbox.submit(view["id"])
    [page] = urls_in(found(await outside.sandbox.wait_view(MAYA, "composers")))
    outside.sandbox.fault("conversations.open", "error", times=1, error="user_disabled")
    await seal_outside(outside, page)
    assert await outside.sandbox.wait_message(MAYA, contains="did not reach")
    assert await outside.sandbox.wait_message(MAYA, contains="The message in which it stood was left as it is")
    assert not _asked(outside)
    assert "leak.replaced" not in await _words(outside)


def _opened_unanswered(monkeypatch: pytest.MonkeyPatch, desk: Desk, typed: str | None = None) -> None:
    """Slack takes each message with a link and does not say so; whoever reads the first opens the link at once."""
    post, opened = Slack.post, set[bytes]()

    async def once(slack: Slack, channel: str, message: Message, *, thread: str | None = None) -> Place:
        place = await post(slack, channel, message, thread=thread)
        if "open_drop" not in json.dumps(message.blocks):
            return place
        link = link_in({"blocks": message.blocks})
        if link.id not in opened:
            opened.add(link.id)
            shown = typed or shown_passphrase(found(await desk.sandbox.wait_view(MAYA, "sent_drop")))
            await desk.read(link, shown)
        raise SlackUnansweredError("no answer")

    monkeypatch.setattr(Slack, "post", once)


async def test_what_was_opened_has_arrived(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Slack confirmed nothing: whoever wrote the message is asked, and the window does not say that nobody was."""
    _opened_unanswered(monkeypatch, desk)
    await desk.submit(await _form(desk, SAM))
    assert await desk.sandbox.wait_message(NOOR, contains="Please delete your message of")
    assert await desk.sandbox.wait_view(MAYA, "sent_drop", contains="but the link arrived", lacks="was left as it is")
    assert len(_asked(desk)) == 1


async def test_what_was_opened_from_a_page_has_arrived(outside: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The log says as well that the message was replaced, after that the link arrived."""
    _opened_unanswered(monkeypatch, outside, STRETCHED.decode())
    view = await _form(outside, SAM)
    await outside.sandbox.submit(view["id"])
    [page] = urls_in(found(await outside.sandbox.wait_view(MAYA, "composers")))
    await seal_outside(outside, page)
    assert await outside.sandbox.wait_message(NOOR, contains="Please delete your message of")
    assert await outside.sandbox.wait_message(MAYA, contains="but the link arrived")
    words = await _words(outside)
    assert words.index("drop.claimed") < words.index("drop.delivered") == words.index("leak.replaced") - 1


async def test_another_page_asks_nobody(outside: Desk) -> None:
    """One that is about no message."""
    view = await outside.open_form("/sendsecret @sam")
    await outside.sandbox.fill(view["id"], {"label": "Stripe key"})
    await outside.sandbox.submit(view["id"])
    [page] = urls_in(found(await outside.sandbox.wait_view(MAYA, "composers")))
    await seal_outside(outside, page)
    assert await outside.sandbox.wait_message(SAM, contains="open_drop")
    assert await outside.audit_thread("delivered")
    assert "leak.replaced" not in await _words(outside)
    assert not _asked(outside)
