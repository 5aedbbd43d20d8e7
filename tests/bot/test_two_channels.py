"""
Two channels by design: link and passphrase never travel the same way, whichever way somebody sends.

Chat is whatever Slack keeps and shows to others: messages, their edits, answers to a command or a press.  A window is
none: it is on the sender's screen alone, and gone when it is closed.
"""

import json
import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from bot.slack_calls import Slack
from sandbox.fixtures import GENERAL, MAYA, NOOR, SAM
from sandbox.running import Sandbox
from store.formats import link_v1
from tests.bot.desk import PASSPHRASE, Desk, Json, found, working
from tests.bot.postbox import Postbox, postbox, url
from tests.bot.sealing_outside import seal_outside, urls_in
from tests.bot.test_mail_happy_path import link_of
from tests.store.sealing_under_orders import STRETCHED
from tests.stores import Home

LABEL = "Deploy key of the day"
SECRET = "canary-of-two-channels"
Sent = tuple[link_v1.Link, str]


def made(view: Json) -> str:
    """The passphrase that a window shows."""
    [shown] = re.findall(r"Passphrase: `([^`]+)`", json.dumps(view["blocks"]))
    return str(shown)


async def by_form(desk: Desk, line: str, **values: Any) -> Json:
    """The window after sending."""
    view = await desk.open_form(line)
    await desk.sandbox.fill(view["id"], {"label": LABEL, "secret": SECRET, **values})
    assert (await desk.submit(view))["outcome"] == "update"
    return found(await desk.sandbox.wait_view(MAYA, "sent_drop", contains="Revoke (wrong person)"))


async def digits(desk: Desk, _: Postbox) -> Sent:
    """Made by us, into a DM."""
    passphrase = made(await by_form(desk, "/sendsecret @noor"))
    return await desk.link(NOOR), passphrase


async def words(desk: Desk, _: Postbox) -> Sent:
    """Three words, as a template wants them."""
    passphrase = made(await by_form(desk, "/sendsecret @noor words"))
    return await desk.link(NOOR), passphrase


async def chosen(desk: Desk, _: Postbox) -> Sent:
    """The sender's own, with tries used up and allowed anew."""
    await by_form(desk, "/sendsecret @noor", passphrase=PASSPHRASE)
    link = await desk.link(NOOR)
    await desk.guess_wrong(link, 5)
    await desk.press(MAYA, "unlock", contains="unlock")
    assert await desk.sandbox.wait_message(NOOR, contains="allowed five more tries")
    return link, PASSPHRASE


async def shown(desk: Desk, _: Postbox) -> Sent:
    """The link goes to the sender, who passes both on."""
    view = await by_form(desk, "/sendsecret @noor", delivery="shown")
    [address] = re.findall(r"```(\S+)```", json.dumps(view["blocks"]))
    path, fragment = address.split("#")
    return link_v1.parse(path.rsplit("/", 1)[1], fragment), made(view)


async def here(desk: Desk, _: Postbox) -> Sent:
    """The link goes into a conversation."""
    passphrase = made(await by_form(desk, "/sendsecret here @dana"))
    return await desk.link(), passphrase


async def mailed(desk: Desk, box: Postbox) -> Sent:
    """The link goes to an address."""
    passphrase = made(await by_form(desk, "/sendsecret noor@example.com"))
    letter = await box.wait()
    assert passphrase not in letter.part("plain") + letter.part("html")
    return link_of(letter), passphrase


async def outside(desk: Desk, _: Postbox) -> Sent:
    """Sealed in a page, which makes the passphrase."""
    view = await desk.open_form("/sendsecret @noor")
    await desk.sandbox.fill(view["id"], {"label": LABEL, "delivery": "outside"})
    assert (await desk.submit(view))["outcome"] == "update"
    [page] = urls_in(found(await desk.sandbox.wait_view(MAYA, "composers")))
    await seal_outside(desk, page, secret=SECRET)
    return await desk.link(NOOR), STRETCHED.decode()


async def asked(desk: Desk, _: Postbox) -> Sent:
    """Somebody else seals it, for whoever asked."""
    await desk.sandbox.type(MAYA, GENERAL, f"/sendsecret request @noor {LABEL}")
    message = found(await desk.sandbox.wait_message(NOOR, contains="open_composer"))
    await seal_outside(desk, urls_in(message)[0], secret=SECRET)
    return await desk.link(MAYA), STRETCHED.decode()


WAYS: list[Callable[[Desk, Postbox], Awaitable[Sent]]] = [digits, words, chosen, shown, here, mailed, outside, asked]


@pytest.mark.parametrize("way", WAYS, ids=lambda way: str(way.__name__))
async def test_no_chat_call_holds_a_passphrase(
    sandbox: Sandbox, sqlite_home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: Any
) -> None:
    """From the command to the tombstone, however it is spelt; and the secret is in none either."""
    answers: list[Json] = []
    respond = Slack._respond

    async def recorded(self: Slack, response_url: str, said: Json) -> None:
        answers.append(said)
        await respond(self, response_url, said)

    monkeypatch.setattr(Slack, "_respond", recorded)
    file = tmp_path / "templates.yml"
    file.write_text("words: {passphrase: made-words}")
    changed = {"smtp_from": "drops@sendsecret.example", "templates_file": file}
    async with postbox() as box, working(sandbox, sqlite_home, smtp_url=url(box), **changed) as desk:
        link, passphrase = await way(desk, box)
        await desk.guess_wrong(link, 1)
        assert await desk.read(link, passphrase) == SECRET
        teller = NOOR if way is asked else MAYA
        assert await sandbox.wait_message(teller, contains="confirmed by the page, and destroyed")
        await desk.audit_thread("Destroyed: viewed")
        await sandbox.type(SAM, GENERAL, "/sendsecret help")
        said = in_chat(desk, answers)
    assert is_said(LABEL, said)
    assert is_said(passphrase, [*said, json.dumps({"text": f"It is {passphrase.replace(' ', '-')}."})])
    assert not is_said(passphrase, said)
    assert not is_said(SECRET, said)


def in_chat(desk: Desk, answers: list[Json]) -> list[str]:
    """All that the bot has ever put into Slack's chat, edits and answers too, and all that stands there now."""
    sandbox = desk.sandbox
    things: list[object] = [call["arguments"] for call in sandbox.calls() if call["method"].startswith("chat.")]
    assert things
    things += answers
    things += [envelope["reply"] for envelope in sandbox.envelopes() if envelope["kind"] == "slash_commands"]
    for conversation in sandbox.workspace.conversations.values():
        things += [(message.text, message.blocks) for message in conversation.messages]
    return [json.dumps(thing, default=str) for thing in things]


def is_said(text: str, said: list[str]) -> bool:
    """Whether any of it holds this text, with whatever between its words and groups."""
    pattern = re.compile(r"\W{0,3}".join(re.escape(part) for part in re.findall(r"\w+", text)), re.IGNORECASE)
    return any(pattern.search(thing) for thing in said)
