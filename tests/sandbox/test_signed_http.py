"""HTTP mode: signatures right and wrong, retries of events, the certificate probe."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from slack_sdk.signature import SignatureVerifier

from sandbox import signed_http
from sandbox.fixtures import GENERAL, MAYA
from sandbox.running import Sandbox
from tests.sandbox.breaking import breaks


class Receiver:
    """An app over HTTP: verifies with Slack's own verifier and answers what the test set."""

    def __init__(self) -> None:
        self.requests: list[tuple[bytes, dict[str, str]]] = []
        self.statuses: list[int] = []
        self.headers: dict[str, str] = {}

    async def receive(self, request: web.Request) -> web.Response:
        self.requests.append((await request.read(), {k.lower(): v for k, v in request.headers.items()}))
        status = self.statuses.pop(0) if self.statuses else 200
        return web.Response(status=status, headers=self.headers)


@pytest.fixture
async def receiver(sandbox: Sandbox) -> AsyncIterator[Receiver]:
    there = Receiver()
    app = web.Application()
    app.router.add_post("/slack/events", there.receive)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    sandbox.set("request_url", f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events")
    sandbox.workspace.app.retry_delays = (0.0, 0.0, 0.0)
    yield there
    await runner.cleanup()


def valid(sandbox: Sandbox, request: tuple[bytes, dict[str, str]]) -> bool:
    body, headers = request
    verifier = SignatureVerifier(sandbox.workspace.app.signing_secret)
    return verifier.is_valid_request(body, headers)


@breaks("http: signed with the signing secret over the raw body")
async def test_a_command_is_signed_as_slack_signs(sandbox: Sandbox, receiver: Receiver) -> None:
    """Slack's own verifier takes it; a stale and a wrong signature it does not; both are delivered on request."""
    assert await sandbox.type(MAYA, GENERAL, "/sendsecret") == {"outcome": "acked"}
    assert valid(sandbox, receiver.requests[0])
    for flaw in ("stale", "wrong", "missing"):
        sandbox.flaw(flaw)
        await sandbox.type(MAYA, GENERAL, "/sendsecret")
        body, headers = receiver.requests[-1]
        assert not valid(sandbox, (body, {"x-slack-signature": "", "x-slack-request-timestamp": "0", **headers}))
    sandbox.flaw("malformed")
    await sandbox.type(MAYA, GENERAL, "/sendsecret")
    assert receiver.requests[-1][1]["x-slack-request-timestamp"] == "zzz"
    with pytest.raises(RuntimeError):
        signed_http.SIGNED.keep(("", ""))


async def test_the_same_bytes_can_be_replayed_and_the_certificate_probed(sandbox: Sandbox, receiver: Receiver) -> None:
    """A replay is byte for byte the request before; the probe is unsigned and says ssl_check=1."""
    await sandbox.type(MAYA, GENERAL, "/sendsecret")
    assert await sandbox.replay() == 200
    assert receiver.requests[0][0] == receiver.requests[1][0]
    assert receiver.requests[0][1]["x-slack-signature"] == receiver.requests[1][1]["x-slack-signature"]
    assert await sandbox.ssl_check() == 200
    assert b"ssl_check=1" in receiver.requests[2][0]
    assert "x-slack-signature" not in receiver.requests[2][1]


@breaks("http: an event is retried with the same event_id, its number and its reason")
async def test_an_event_is_retried_until_taken(sandbox: Sandbox, receiver: Receiver) -> None:
    """Two failures, then success: three requests, the same body, numbered, with a reason."""
    receiver.statuses = [500, 500, 200]
    await sandbox.open_home(MAYA)
    sent = sandbox.road.http.sent
    await sandbox.workspace.changes.until(lambda: (len(sent) == 3 and sent[-1].status) or None, 10)
    assert len({body for body, _ in receiver.requests}) == 1
    assert [h.get("x-slack-retry-num") for _, h in receiver.requests] == [None, "1", "2"]
    assert receiver.requests[1][1]["x-slack-retry-reason"] == "http_error"
    with pytest.raises(RuntimeError):
        signed_http.SAME_EVENT.keep(signed_http.Sent({}, b"", number=1))


async def test_no_retry_ends_the_retries(sandbox: Sandbox, receiver: Receiver) -> None:
    """`x-slack-no-retry: 1` on a failure is obeyed."""
    receiver.statuses, receiver.headers = [500], {"X-Slack-No-Retry": "1"}
    await sandbox.open_home(MAYA)
    sent = sandbox.road.http.sent
    await sandbox.workspace.changes.until(lambda: (len(sent) == 1 and sent[0].status) or None, 10)
    await sandbox.type(MAYA, GENERAL, "/sendsecret")
    assert len(receiver.requests) == 2
