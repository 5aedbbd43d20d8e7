""" "Replace with a link": from a message that should not be there to a drop, and to a request to delete it."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from sandbox.fixtures import AUDIT, BOT, DANA, GENERAL, KAI, MAYA, MAYA_DANA, NOOR, PROJECT, SAM
from sandbox.running import Sandbox
from store.schema import events
from store.words import Event
from tests.bot.desk import SECRET, Desk, Json, found, working
from tests.bot.sealing_outside import urls_in
from tests.canaries import is_in
from tests.stores import Home

FILLED = {"label": "Stripe key", "recipients": [NOOR]}


async def _opened(desk: Desk, text: str, *, author: str = MAYA, user: str = MAYA, place: str = GENERAL) -> Json:
    posted = await desk.sandbox.type(author, place, text)
    assert (await desk.sandbox.use_shortcut(user, place, posted["ts"]))["outcome"] == "acked"
    return found(await desk.sandbox.wait_view(user, "send_drop"))


async def _sent(desk: Desk, view: Json, user: str = MAYA, **values: Any) -> Json:
    await desk.sandbox.fill(view["id"], {**FILLED, **values})
    answer = await desk.sandbox.submit(view["id"])
    assert answer["outcome"] == "update", answer
    return found(await desk.sandbox.wait_view(user, "sent_drop", contains="Revoke (wrong person)"))


def _secret(view: Json) -> str | None:
    [field] = [block["element"] for block in view["blocks"] if block.get("block_id") == "secret"]
    text: str | None = field.get("initial_value")
    return text


async def test_a_message_of_ones_own_becomes_a_drop(desk: Desk) -> None:
    """The text is in the field, the note says that it has been through Slack; then the author is to delete it."""
    view = await _opened(desk, f"{SECRET} & <more>")
    assert _secret(view) == f"{SECRET} & <more>"
    assert "has been through Slack" in json.dumps(view)
    assert "initial_users" not in json.dumps(view)
    shown = await _sent(desk, view)
    answers = json.dumps([one["reply"] for one in desk.sandbox.envelopes()], default=str)
    assert "As soon as a link has arrived I ask you in a DM" in answers
    assert "Now delete your message" in json.dumps(shown)
    asked = found(await desk.sandbox.wait_message(MAYA, contains="Please delete your message of"))
    assert f"<#{GENERAL}>" in json.dumps(asked)
    assert await desk.sandbox.wait_message(NOOR, contains="open_drop")
    assert await desk.sandbox.wait_message(SAM, AUDIT, contains="in place of a message in Slack")
    async with desk.store.db.read() as tx:
        rows = (await tx.execute(select(events.c.event, events.c.n).order_by(events.c.position))).all()
    ours = [tuple(row) for row in rows if row.n in (1, 2)]
    assert ours[:2] == [(Event.CREATED, 1), (Event.LEAK_REPLACED, 2)]


async def test_somebody_elses_message_is_its_authors_to_delete(desk: Desk) -> None:
    """They are asked in words that repeat nothing; whoever sent reads that, also after a second look at a guest."""
    view = await _opened(desk, SECRET, author=DANA, place=MAYA_DANA)
    await desk.fill(view, recipients=[DANA])
    assert (await desk.submit(view))["outcome"] == "update"
    assert await desk.sandbox.wait_view(MAYA, contains="*: I ask whoever wrote it")
    asked = found(await desk.sandbox.wait_message(DANA, contains="Please delete your message of"))
    said = json.dumps(asked)
    assert "a direct message. Maya Castillo has put what it is about behind a link" in said
    assert SECRET not in said
    assert "Stripe" not in said


async def test_a_form_that_was_not_sent_asks_nobody(desk: Desk) -> None:
    """What was refused, or closed, is not replaced."""
    view = await _opened(desk, SECRET, author=NOOR)
    await desk.sandbox.fill(view["id"], {"label": SECRET, "recipients": [NOOR]})
    assert (await desk.sandbox.submit(view["id"]))["outcome"] == "errors"
    assert not await desk.sandbox.wait_message(NOOR, contains="Please delete", seconds=0.2)


async def test_the_same_form_twice_asks_once(desk: Desk) -> None:
    """A double click is one drop, one event and one request."""
    view = await _opened(desk, SECRET, author=NOOR)
    await _sent(desk, view, recipients=[SAM])
    await desk.sandbox.wait_message(NOOR, contains="Please delete")
    posted = [call for call in desk.sandbox.calls("chat.postMessage") if "Please delete" in json.dumps(call)]
    assert len(posted) == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("see https://db.example and paste", "is not plain text"),
        (f"{SECRET} for @noor", "is not plain text"),
        ("x" * 3001, "over 3,000 characters"),
    ],
)
async def test_what_slack_has_changed_is_not_taken(desk: Desk, text: str, said: str) -> None:
    """Nor what is longer than the form takes; the field is empty and the note says why."""
    view = await _opened(desk, text)
    assert _secret(view) is None
    assert said in json.dumps(view)


async def test_what_an_app_wrote(desk: Desk) -> None:
    """Nobody can be asked, and whoever sends reads that; a message of ours is none that could hold a secret."""
    workspace = desk.sandbox.workspace
    posted = await desk.sandbox.type(MAYA, GENERAL, SECRET)
    message = workspace.conversations[GENERAL].find(posted["ts"])
    assert message is not None
    message.bot_id = "B0ANOTHER1"
    await desk.sandbox.use_shortcut(MAYA, GENERAL, posted["ts"])
    shown = await _sent(desk, found(await desk.sandbox.wait_view(MAYA, "send_drop")))
    assert "an app wrote it" in json.dumps(shown)
    message.bot_id = BOT
    await desk.sandbox.use_shortcut(MAYA, GENERAL, posted["ts"])
    assert await desk.told(MAYA, "a message of mine")


async def test_an_author_who_cannot_be_reached_is_the_senders_to_ask(desk: Desk) -> None:
    """Slack refuses the DM; silence would look as if they had been asked."""
    posted = await desk.sandbox.type(NOOR, GENERAL, SECRET)
    message = desk.sandbox.workspace.conversations[GENERAL].find(posted["ts"])
    assert message is not None
    message.author = KAI
    await desk.sandbox.use_shortcut(MAYA, GENERAL, posted["ts"])
    await _sent(desk, found(await desk.sandbox.wait_view(MAYA, "send_drop")))
    assert await desk.sandbox.wait_message(MAYA, contains="Ask them yourself")


async def test_who_may_not_send_opens_no_form(desk: Desk) -> None:
    """A guest reads what to do instead; nothing of the message is said."""
    posted = await desk.sandbox.type(DANA, PROJECT, SECRET)
    await desk.sandbox.use_shortcut(DANA, PROJECT, posted["ts"])
    told = await desk.told(DANA, "have it rotated")
    assert SECRET not in json.dumps(told)
    assert desk.view(DANA) is None


async def test_a_form_that_slack_does_not_open_is_said(desk: Desk) -> None:
    """Too late, and for another reason."""
    posted = await desk.sandbox.type(MAYA, GENERAL, SECRET)
    for code, said in (("expired_trigger_id", "3 seconds"), ("fatal_error", "did not open the form")):
        desk.sandbox.fault("views.open", "error", error=code)
        await desk.sandbox.use_shortcut(MAYA, GENERAL, posted["ts"])
        assert await desk.told(MAYA, said)


async def test_where_nothing_is_typed_into_slack_it_leads_to_the_page(
    sandbox: Sandbox, sqlite_home: Home, tmp_path: Path
) -> None:
    """The form has no field, the text is not taken, and nobody is asked while nothing has arrived."""
    file = tmp_path / "policy.yml"
    file.write_text("secrets_typed: outside-slack\n")
    async with working(sandbox, sqlite_home, policy_file=file) as desk:
        view = await _opened(desk, SECRET, author=NOOR)
        assert SECRET not in json.dumps(view)
        assert "not to be typed into Slack here" in json.dumps(view)
        assert "secret" not in {block.get("block_id") for block in view["blocks"]}
        await sandbox.fill(view["id"], FILLED)
        assert (await sandbox.submit(view["id"]))["outcome"] == "update"
        shown = found(await sandbox.wait_view(MAYA, "composers"))
        assert urls_in(shown)
        assert "As soon as a link has arrived I ask whoever wrote it" in json.dumps(shown)
        assert not await sandbox.wait_message(NOOR, contains="Please delete", seconds=0.2)


async def test_where_nothing_that_was_in_slack_is_taken(sandbox: Sandbox, sqlite_home: Home, tmp_path: Path) -> None:
    """The field is there, and empty."""
    file = tmp_path / "policy.yml"
    file.write_text("text_on_the_line: refuse\n")
    async with working(sandbox, sqlite_home, policy_file=file) as desk:
        view = await _opened(desk, SECRET)
        assert _secret(view) is None
        assert "Rotate what stood there, and paste the new secret below" in json.dumps(view)


async def test_the_text_is_in_the_field_and_nowhere_else(
    sandbox: Sandbox, sqlite_home: Home, everything_logged: io.StringIO
) -> None:
    """Of all that the bot says to Slack only the form holds it; no log does, and no file."""
    async with working(sandbox, sqlite_home, log_level="DEBUG") as desk:
        view = await _opened(desk, SECRET, author=NOOR)
        assert view.get("private_metadata", "") == ""
        await _sent(desk, view, recipients=[SAM])
        assert await sandbox.wait_message(NOOR, contains="Please delete your message of")
        assert await sandbox.wait_message(SAM, AUDIT, contains="in place of a message in Slack")
        carriers = [call["method"] for call in sandbox.calls() if is_in(SECRET.encode(), json.dumps(call).encode())]
        assert carriers == ["views.open"]
        replies = json.dumps([envelope["reply"] for envelope in sandbox.envelopes()], default=str)
        assert not is_in(SECRET.encode(), replies.encode())
        assert not is_in(SECRET.encode(), everything_logged.getvalue().encode())
    for path in (path for path in sqlite_home.path.rglob("*") if path.is_file()):
        assert not is_in(SECRET.encode(), path.read_bytes()), path
