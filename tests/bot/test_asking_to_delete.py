"""Whoever wrote a message in which a secret stood is asked to delete it once a link has arrived, and once only."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import select

from sandbox.fixtures import AUDIT, DANA, GENERAL, MAYA, MAYA_DANA, NOOR, SAM
from sandbox.running import Sandbox
from store.schema import events
from tests.bot.desk import SECRET, Desk, Json, found, working
from tests.bot.sealing_outside import seal_outside, urls_in
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
    assert not _asked(desk)
    desk.home.advance_clock(1)
    await desk.sandbox.redeliver(kind="interactive")
    assert await desk.sandbox.wait_message(NOOR, contains="Please delete your message of")
    assert await desk.sandbox.wait_view(MAYA, "sent_drop", contains="*The message is still there*: I ask", lacks=left)
    await desk.sandbox.redeliver(kind="interactive")
    assert await desk.audit_thread("in place of a message in Slack")
    assert len(_asked(desk)) == 1


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
