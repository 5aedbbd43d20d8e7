"""
Nothing secret where it does not belong.

Each canary is searched as it is, in hex, in base64 at all three offsets, and escaped for URLs and JSON; the search is
first shown to find each of these spellings.
"""

import base64
import io
import json
import logging
import urllib.parse
from pathlib import Path

import pytest

from bot import program
from sandbox.fixtures import AUDIT, DANA, MAYA, MAYA_DANA, SAM
from sandbox.running import Sandbox
from store.formats import base64url
from tests.bot.desk import Desk, working
from tests.canaries import is_in
from tests.stores import Home

SECRET = 'canary"secret/ü+51H8x'
PASSPHRASE = 'canary"phrase/ü+77aa'


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


async def test_no_canary_leaves_its_place(sandbox: Sandbox, sqlite_home: Home, everything_logged: io.StringIO) -> None:
    """Secret and passphrase arrive in the submission and go nowhere; the link key is in the DM's button only."""
    async with working(sandbox, sqlite_home, log_level="DEBUG") as desk:
        logging.getLogger("tests.planted").warning("planted canary")
        await desk.send(secret=SECRET, passphrase=PASSPHRASE)
        link = await desk.link()
        assert await desk.read(link, PASSPHRASE) == SECRET
        await desk.audit_thread("Destroyed: viewed")
        assert await sandbox.wait_message(DANA, contains="and destroyed. It came from", lacks="open_drop")
        secrets = {"secret": SECRET.encode(), "passphrase": PASSPHRASE.encode(), "link key": link.key}
        logged = everything_logged.getvalue().encode()
        assert b"planted canary" in logged
        for name, canary in secrets.items():
            assert not is_in(canary, logged), f"{name} in the log"
            assert not is_in(canary, json.dumps(sandbox.messages(SAM, AUDIT)).encode()), f"{name} in the audit channel"
        _only_where_it_belongs(desk, secrets)
    _nothing_on_disk(sqlite_home.path, secrets)


def _only_where_it_belongs(desk: Desk, secrets: dict[str, bytes]) -> None:
    carriers = {"secret": set[str](), "passphrase": set[str](), "link key": set[str]()}
    for envelope in desk.sandbox.envelopes():
        payload = json.dumps(envelope["payload"]).encode()
        for name, canary in secrets.items():
            if is_in(canary, payload):
                carriers[name].add(str(envelope["payload"].get("type", envelope["kind"])))
    assert carriers == {"secret": {"view_submission"}, "passphrase": {"view_submission"}, "link key": set()}
    for call in desk.sandbox.calls():
        arguments = json.dumps(call["arguments"]).encode()
        assert not is_in(secrets["secret"], arguments), call["method"]
        assert not is_in(secrets["passphrase"], arguments), call["method"]
        assert "metadata" not in call["arguments"]
        assert '"private_metadata": "' not in json.dumps(call["arguments"])
        if call["method"] != "chat.postMessage":
            assert not is_in(secrets["link key"], arguments), call["method"]
    carrying = [c for c in desk.sandbox.calls("chat.postMessage") if is_in(secrets["link key"], str(c).encode())]
    assert len(carrying) == 1
    assert base64url.encode(secrets["link key"]) not in carrying[0]["arguments"]["text"]


def _nothing_on_disk(path: Path, secrets: dict[str, bytes]) -> None:
    files = [file for file in path.rglob("*") if file.is_file()]
    assert any(file.name == "store.db" for file in files)
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
