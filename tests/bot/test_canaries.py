"""
Nothing secret where it does not belong.

Each canary is searched as it is, in hex, in base64 at all three offsets, and escaped for URLs and JSON; the search is
first shown to find each of these spellings.
"""

import base64
import io
import json
import logging
import re
import urllib.parse
from dataclasses import dataclass

import pytest

from bot import program
from sandbox.fixtures import AUDIT, DANA, MAYA, MAYA_DANA, SAM
from sandbox.running import Sandbox
from store.formats import link_v1
from store.words import Way
from tests.bot.desk import Desk, found, link_in, working
from tests.canaries import is_in
from tests.stores import Home

SECRET = 'canary"secret/ü+51H8x'
PASSPHRASE = 'canary"phrase/ü+77aa'
PLANTED = "planted canary"


def test_the_search_finds_what_is_planted() -> None:
    """Each spelling, in the middle of something else, is found."""
    canary = SECRET.encode()
    for offset in range(3):
        assert is_in(canary, base64.b64encode(b"x" * offset + canary + b"tail"))
        assert is_in(canary, base64.urlsafe_b64encode(b"x" * (offset + 3) + canary + b"tail"))
    assert is_in(canary, json.dumps({"a": SECRET}).encode())
    assert is_in(canary, urllib.parse.urlencode({"a": SECRET}).encode())
    assert is_in(canary, b"00" + canary.hex().encode())
    assert not is_in(canary, b"nothing of the kind")


@dataclass(frozen=True)
class Road:
    """A way of a link: what Maya types and chooses, and what may carry the link's key."""

    line: str
    chosen: dict[str, str]
    may_carry_link: set[str]
    carries_way_in: set[str]


ROADS = {
    Way.DM: Road("/sendsecret @dana", {}, {"chat.postMessage"}, set()),
    Way.SHOWN: Road("/sendsecret @dana", {"delivery": "shown"}, {"answer to view_submission", "views.update"}, set()),
    # The post to the form's response_url is no call of the Web API: what it leaves is the message.
    Way.HERE: Road("/sendsecret here @dana", {}, {f"message in {MAYA_DANA}"}, {"view_submission"}),
}


@pytest.mark.parametrize("way", ROADS, ids=str)
async def test_no_canary_leaves_its_place(
    sandbox: Sandbox, sqlite_home: Home, everything_logged: io.StringIO, way: Way
) -> None:
    """Secret, passphrase and the way into a conversation come with the form and go nowhere; the link goes its way."""
    road = ROADS[way]
    async with working(sandbox, sqlite_home, log_level="DEBUG") as desk:
        logging.getLogger("tests.planted").warning(PLANTED)
        view = await desk.open_form(road.line)
        await desk.fill(view, label=PLANTED, secret=SECRET, passphrase=PASSPHRASE, **road.chosen)
        assert (await desk.submit(view))["outcome"] == "update"
        link = await _link(desk, way)
        assert await desk.read(link, PASSPHRASE) == SECRET
        await desk.audit_thread("Destroyed: viewed")
        assert await sandbox.wait_call("views.update")
        assert await sandbox.wait_message(MAYA, contains="confirmed by the page, and destroyed")
        if way is Way.DM:
            assert await sandbox.wait_message(DANA, contains="and destroyed. It came from", lacks="open_drop")
        secrets = {"secret": SECRET.encode(), "passphrase": PASSPHRASE.encode(), "link key": link.key}
        ways_in = _ways_in(desk)
        assert bool(ways_in) == bool(road.carries_way_in)
        secrets |= {f"way in {number}": way_in for number, way_in in enumerate(ways_in)}
        logged = everything_logged.getvalue().encode()
        audit = json.dumps(sandbox.messages(SAM, AUDIT)).encode()
        assert is_in(PLANTED.encode(), logged)
        assert is_in(b"Dana", audit)
        for name, canary in secrets.items():
            assert not is_in(canary, logged), f"{name} in the log"
            assert not is_in(canary, audit), f"{name} in the audit channel"
        _only_where_it_belongs(desk, road, secrets)
        _no_metadata(desk)
    _nothing_on_disk(sqlite_home, secrets)


async def _link(desk: Desk, way: Way) -> link_v1.Link:
    if way is Way.SHOWN:
        shown = found(await desk.sandbox.wait_view(MAYA, "sent_drop", contains="```"))
        [url] = re.findall(r"```(\S+)```", json.dumps(shown["blocks"]))
        return link_in({"blocks": [{"url": url}]})
    return await desk.link()


def _ways_in(desk: Desk) -> list[bytes]:
    """The one part of each of the form's response URLs that nobody can guess."""
    payloads = [envelope["payload"] for envelope in desk.sandbox.envelopes()]
    urls = [url["response_url"] for payload in payloads for url in payload.get("response_urls") or []]
    return [url.rsplit("/", 1)[1].encode() for url in urls]


def _everything(desk: Desk) -> list[tuple[str, bytes]]:
    """All that went between Slack and the bot, and all that stands in Slack now, by the name of what carries it."""
    sandbox, things = desk.sandbox, list[tuple[str, object]]()
    for envelope in sandbox.envelopes():
        kind = str(envelope["payload"].get("type", envelope["kind"]))
        things += [(kind, envelope["payload"]), (f"answer to {kind}", envelope["reply"])]
    things += [(call["method"], call["arguments"]) for call in sandbox.calls()]
    for conversation in sandbox.workspace.conversations.values():
        things += [
            (f"message in {conversation.id}", (message.text, message.blocks)) for message in conversation.messages
        ]
    return [(name, json.dumps(thing, default=str).encode()) for name, thing in things]


def _only_where_it_belongs(desk: Desk, road: Road, secrets: dict[str, bytes]) -> None:
    everything = _everything(desk)

    def carriers(canary: bytes) -> set[str]:
        return {name for name, thing in everything if is_in(canary, thing)}

    # The label may stand in every kind of thing, so that a search of the wrong place is seen.
    assert carriers(PLANTED.encode()) >= {
        "view_submission",
        "chat.postMessage",
        f"message in {desk.sandbox.bot_dm(MAYA)}",
    }
    assert is_in(b"sent_drop", b"".join(thing for name, thing in everything if name == "answer to view_submission"))
    assert carriers(b"sent_drop") >= {"views.update"}
    assert carriers(secrets["secret"]) == carriers(secrets["passphrase"]) == {"view_submission"}
    carry_link = carriers(secrets["link key"])
    assert carry_link
    assert carry_link <= road.may_carry_link
    for name, canary in secrets.items():
        assert not name.startswith("way in") or carriers(canary) == road.carries_way_in
    posts = [call["arguments"] for call in desk.sandbox.calls("chat.postMessage")]
    spoken = [message["text"] for message in (*posts, *desk.sandbox.messages(DANA, MAYA_DANA))]
    assert not [text for text in spoken if is_in(secrets["link key"], text.encode())], "a notification shows the text"
    assert len([post for post in posts if is_in(secrets["link key"], json.dumps(post).encode())]) == (
        "chat.postMessage" in road.may_carry_link
    )


def _holds_metadata(said: object) -> bool:
    """Whether something that we say to Slack has metadata anywhere: Slack keeps it where nobody looks."""
    if isinstance(said, dict):
        return any((name.endswith("metadata") and value) or _holds_metadata(value) for name, value in said.items())
    return isinstance(said, list) and any(_holds_metadata(part) for part in said)


def _no_metadata(desk: Desk) -> None:
    assert _holds_metadata({"view": {"blocks": [], "private_metadata": "x"}})
    assert _holds_metadata([{"metadata": {"event_type": "x"}}])
    said = [envelope["reply"] for envelope in desk.sandbox.envelopes()]
    said += [call["arguments"] for call in desk.sandbox.calls()]
    assert len(said) > 3
    assert not _holds_metadata(said)


def _nothing_on_disk(home: Home, secrets: dict[str, bytes]) -> None:
    (home.keyring / "planted").write_bytes(b"before " + base64.b64encode(PLANTED.encode()))
    files = [file for file in home.path.rglob("*") if file.is_file()]
    found_in = {file.name for file in files if is_in(PLANTED.encode(), file.read_bytes())}
    assert found_in == {"planted"}, "the label stands under the key of its month"
    assert any(is_in(b"drop.created", file.read_bytes()) for file in files if file.name.startswith("store.db"))
    for file in files:
        for name, canary in secrets.items():
            assert not is_in(canary, file.read_bytes()), f"{name} in {file.name}"


async def test_a_listener_that_fails_logs_no_body(
    sandbox: Sandbox, sqlite_home: Home, everything_logged: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever fails inside a submission, the log gets a type and a place, and the sender a sentence."""

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError(SECRET)

    async with working(sandbox, sqlite_home) as desk:
        view = await desk.open_form("/sendsecret @noor")
        await desk.fill(view, secret=SECRET, passphrase=PASSPHRASE)
        monkeypatch.setattr("bot.sending.submission.check", fail)
        answer = await desk.sandbox.submit(view["id"])
        assert "Nothing was sent" in answer["errors"]["recipients"]
    logged = everything_logged.getvalue()
    assert "RuntimeError at " in logged
    assert not is_in(SECRET.encode(), logged.encode())


async def test_a_command_that_fails_logs_no_line(
    sandbox: Sandbox, sqlite_home: Home, everything_logged: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same outside the form: what was typed on the line is in no log."""

    def fail(line: str) -> None:
        raise RuntimeError(line)

    monkeypatch.setattr("bot.command.grammar.read", fail)
    sandbox.set("ack_seconds", 3)  # nobody answers
    async with working(sandbox, sqlite_home):
        await sandbox.type(MAYA, MAYA_DANA, f"/sendsecret {SECRET}")
    assert "a listener failed" in everything_logged.getvalue()
    assert not is_in(SECRET.encode(), everything_logged.getvalue().encode())


async def test_an_unknown_request_logs_no_body(
    sandbox: Sandbox, sqlite_home: Home, everything_logged: io.StringIO
) -> None:
    """A view that no listener knows may hold a secret: the log says that something came, not what."""
    async with working(sandbox, sqlite_home) as desk:
        view = await desk.open_form("/sendsecret @noor")
        await desk.fill(view, secret=SECRET)
        sandbox.set("ack_seconds", 3)  # nobody answers
        desk.sandbox.workspace.modals.find(view["id"]).definition["callback_id"] = "unknown"  # type: ignore[union-attr]
        await desk.sandbox.submit(view["id"])
    assert "has no listener" in everything_logged.getvalue()
    assert not is_in(SECRET.encode(), everything_logged.getvalue().encode())


async def test_a_refused_token_is_one_sentence(sandbox: Sandbox, sqlite_home: Home) -> None:
    """The operator reads which setting is wrong, and never its value."""
    for name, token in (("slack_bot_token", "xoxb-wrong-canary"), ("slack_app_token", "xapp-wrong-canary")):
        with pytest.raises(program.ProgramError) as refused:
            async with working(sandbox, sqlite_home, **{name: token}):
                pass
        assert str(refused.value).startswith(f"{name.upper()}: Slack does not accept it")
        assert "canary" not in str(refused.value)
