"""What HTTP mode refuses: each refusal is the same for whoever sent it, and the log has its reason alone."""

import json
import time
from urllib.parse import urlencode

import pytest

from bot import http_mode
from bot.signatures import Presented, Signatures
from sandbox.fixtures import DANA
from sandbox.signed_http import FLAWS
from tests.bot.posting import CANARY, Posting, check_plain
from tests.bot.signing import Signed, command_body, signature
from tests.web.wire import connected, exchange, get, post, read_reply

PATH = http_mode.PATH


@pytest.mark.parametrize("flaw", FLAWS)
async def test_what_the_sandbox_signs_wrongly_does_nothing(http: Posting, flaw: str) -> None:
    """The same submission is refused with a broken signature and taken with a right one; it is one drop."""
    sandbox = http.desk.sandbox
    view = await http.desk.open_form()
    await http.desk.fill(view, secret=CANARY)
    sandbox.flaw(flaw)
    answer = await sandbox.submit(view["id"])
    assert answer["outcome"] not in ("update", "acked")
    assert sandbox.road.http.sent[-1].status == 401
    [line] = http.logged("refused a request")
    assert json.loads(line)["reason"] == {"stale": "stale", "wrong": "forged"}.get(flaw, "malformed")
    assert set(json.loads(line)) == {"event", "level", "logger", "timestamp", "request", "reason", "skew_seconds"}
    http.check_silent()
    assert sandbox.bot_dm(DANA) is None
    await http.desk.submit(view)
    assert (await http.desk.link()).key


AT = str(int(time.time()))
BODY = urlencode({"payload": json.dumps({"type": "view_submission", "secret": CANARY})}).encode()


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"timestamp": None}, "malformed"),
        ({"signature": None}, "malformed"),
        ({"timestamp": None, "signature": None}, "malformed"),
        ({"timestamp": "zzz"}, "malformed"),
        ({"timestamp": "\uff11\uff18" + "\uff10" * 8}, "malformed"),
        ({"timestamp": "99999999999999999999"}, "malformed"),
        ({"signature": "v0=ü€" + "0" * 60}, "forged"),
        ({"signature": "v0="}, "forged"),
        ({"signature": signature(b"another body", AT)}, "forged"),
        ({"secret": "another secret entirely"}, "forged"),
        ({"secret": ""}, "forged"),
        ({"timestamp": "0000000000"}, "forged"),
        ({"age": 301}, "stale"),
        ({"age": 360}, "stale"),
        ({"age": -400}, "stale"),
    ],
)
async def test_a_request_that_is_not_slacks_is_refused(http: Posting, changed: dict[str, str], reason: str) -> None:
    """401, the same for every reason; the log has the reason and the skew, and nothing of the request."""
    reply = await http.post(Signed(**{"body": BODY, "secret": http.secret, **changed}))  # type: ignore[arg-type]
    assert (reply.status, reply.body) == (401, b"Not accepted. Nothing was changed.\n")
    check_plain(reply)
    [line] = http.logged("refused a request")
    told = json.loads(line)
    assert told["reason"] == reason
    assert (told["skew_seconds"] is None) == (reason == "malformed")
    assert not http.logged("answered")
    http.check_silent()


async def test_a_header_that_stands_twice_is_refused(http: Posting) -> None:
    """Even if both are right: a proxy may have read another one."""
    right = Signed(BODY, http.secret).raw()
    [line] = [line for line in right.split(b"\r\n") if line.startswith(b"X-Slack-Signature")]
    assert (await exchange(http.port, right.replace(line, line + b"\r\n" + line))).status == 401
    assert json.loads(http.logged("refused a request")[0])["reason"] == "malformed"


async def test_another_body_is_refused(http: Posting) -> None:
    """One byte that was not signed."""
    right = Signed(BODY, http.secret).raw()
    assert (await exchange(http.port, right[:-1] + b"#")).status == 401
    http.check_silent()


async def test_a_replay_does_nothing(http: Posting) -> None:
    """The same bytes a second time are refused, and no second drop is made."""
    sandbox = http.desk.sandbox
    await http.desk.send("/sendsecret @noor", secret=CANARY)
    before = len(sandbox.calls())
    assert await sandbox.replay() == 401
    assert json.loads(http.logged("refused a request")[0])["reason"] == "replayed"
    assert not [c for c in sandbox.calls()[before:] if c["method"] in ("views.open", "chat.postMessage")]
    http.check_silent()


async def test_a_body_over_the_limit_is_not_hashed(http: Posting, monkeypatch: pytest.MonkeyPatch) -> None:
    """413 with an announced length and without one; a byte less is judged by its signature."""
    large = b"a=" + b"x" * (http_mode.MOST_BYTES - 1)
    check = Signatures.check
    hashed: list[int] = []

    def watched(self: Signatures, claimed: Presented, body: bytes) -> int:
        hashed.append(len(body))
        return check(self, claimed, body)

    monkeypatch.setattr(Signatures, "check", watched)
    announced = await http.post(Signed(large, http.secret))
    raw = Signed(large, http.secret).raw()
    head, _, body = raw.partition(b"\r\n\r\n")
    length = b"Content-Length: %d" % len(large)
    chunked = head.replace(length, b"Transfer-Encoding: chunked") + b"\r\n\r\n%x\r\n" % len(body) + body
    streamed = await exchange(http.port, chunked + b"\r\n0\r\n\r\n")
    for reply in (announced, streamed):
        assert reply.status == 413
        check_plain(reply)
    assert hashed == []
    assert (await http.post(Signed(large[:-1], http.secret + "x"))).status == 401
    assert hashed == [http_mode.MOST_BYTES]


async def test_a_body_that_does_not_come_is_not_waited_for(http: Posting, monkeypatch: pytest.MonkeyPatch) -> None:
    """408 after the time that a body has, and the connection is closed."""
    monkeypatch.setattr(http_mode, "BODY_SECONDS", 0.1)
    async with connected(http.port) as (reader, writer):
        writer.write(Signed(BODY, http.secret).raw()[:-1])
        reply = await read_reply(reader)
        assert reply.status == 408
        check_plain(reply)
        assert await reader.read() == b""
    http.check_silent()


def test_the_limits_are_those_that_are_promised() -> None:
    """64 KiB, ten seconds for a body, five for a head."""
    assert (http_mode.MOST_BYTES, http_mode.BODY_SECONDS) == (65536, 10)
    assert http_mode._LIMITS["keepalive_timeout"] == 5


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"{" * 30_000,
        b'{"a":' * 10_000,
        b"payload=%7B",
        b"payload=%5B1%5D",
        b"payload=1",
        b"payload=null",
        b"\xff\xfe" + CANARY.encode(),
        b"",
        b"=&=",
        b'{"type":7}',
        b'{"type":"view_submission","view":"canary"}',
        b'{"type":"view_submission","view":{"callback_id":"send_drop"}}',
        b'{"type":"event_callback","event":[]}',
        b'{"type":"event_callback","event":{}}',
        b'{"type":"block_actions","user":"canary"}',
        b'{"type":"block_actions","actions":[]}',
        b'{"type":"block_actions","actions":{}}',
        b'{"authorizations":"canary"}',
        b"command=%2Fsendsecret&text=canary&trigger_id=1.2",
        b'{"type":"shortcut","callback_id":"send_secret","user":{}}',
        b'{"type":"message_action","callback_id":"replace_message","user":{"id":"U1"},"message":null}',
        b"payload=" + b"%5B" * 20_000,
    ],
)
async def test_nonsense_that_is_signed_is_no_traceback(http: Posting, body: bytes) -> None:
    """A refusal that says so, and the bot goes on."""
    reply = await http.post(Signed(body, http.secret))
    assert 400 <= reply.status < 500
    check_plain(reply)
    http.check_silent()
    await http.desk.open_form()


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (get(PATH), 405),
        (get(PATH, "PUT"), 405),
        (get(PATH, "DELETE"), 405),
        (get(PATH, "CANARY"), 400),
        (get("/"), 404),
        (post("/slack/events/canary", b"canary"), 404),
        (post(PATH, b"canary", Expect="canary"), 417),
        (b"canary canary\r\n\r\n", 400),
        (b"POST /canary HTTP/1.1\r\nHost: a\r\nContent-Length: canary\r\n\r\n", 400),
        (b"GET /" + b"canary" * 2000 + b" HTTP/1.1\r\nHost: a\r\n\r\n", 400),
    ],
)
async def test_anything_else_is_refused_without_an_echo(http: Posting, raw: bytes, status: int) -> None:
    """One address takes one method; broken requests get our answer and not the library's."""
    reply = await exchange(http.port, raw)
    assert reply.status == status
    check_plain(reply)
    if status == 405:
        assert reply.headers["allow"] == "POST"
    http.check_silent("canary")


async def test_headers_do_not_steer_the_library(http: Posting) -> None:
    """A header that nobody signed cannot choose what of slack_bolt runs, nor how the body is read."""
    steering = {"X_Slack_Bolt_Lazy_Only": "1", "X_Slack_Bolt_Lazy_Function_Name": "command", "Content_Encoding": "gzip"}
    reply = await http.post(Signed(command_body("help"), http.secret), **steering, Content_Type="text/x; charset=nope")
    assert reply.status == 200
    assert "How to hand over a secret" in reply.body.decode()
