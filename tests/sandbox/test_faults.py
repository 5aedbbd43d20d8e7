"""Injected faults: what the client sees, and whether Slack has carried the call out."""

from __future__ import annotations

import asyncio

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.fixtures import AUDIT, SAM
from sandbox.rules import Refused
from sandbox.running import Sandbox
from tests.sandbox.breaking import refusal

POST = "chat.postMessage"


def texts(sandbox: Sandbox) -> list[str]:
    return [m["text"] for m in sandbox.messages(SAM, AUDIT)]


async def test_a_rate_limit_says_when_to_come_back(sandbox: Sandbox, client: AsyncWebClient) -> None:
    """429 with Retry-After, nothing posted; Slack's own retry then gets through."""
    sandbox.fault(POST, "ratelimited", retry_after=30)
    with pytest.raises(SlackApiError) as no:
        await client.chat_postMessage(channel=AUDIT, text="x")
    assert (no.value.response.status_code, no.value.response["error"]) == (429, "ratelimited")
    assert no.value.response.headers["Retry-After"] == "30"
    assert texts(sandbox) == []
    sandbox.fault(POST, "ratelimited", retry_after=0)
    patient = AsyncWebClient(
        token=sandbox.bot_token,
        base_url=sandbox.api_url,
        retry_handlers=[AsyncRateLimitErrorRetryHandler(max_retry_count=2)],
    )
    await patient.chat_postMessage(channel=AUDIT, text="second try")
    assert texts(sandbox) == ["second try"]


@pytest.mark.parametrize("kind", ["http_500", "http_503", "error"])
async def test_a_refused_call_is_not_carried_out(sandbox: Sandbox, client: AsyncWebClient, kind: str) -> None:
    """Errors of the server and of Slack leave no message, and the next call works."""
    sandbox.fault(POST, kind, error="fatal_error")
    with pytest.raises(SlackApiError):
        await client.chat_postMessage(channel=AUDIT, text="x")
    await client.chat_postMessage(channel=AUDIT, text="y")
    assert texts(sandbox) == ["y"]
    assert [call["fault"] for call in sandbox.calls(POST)] == [kind, ""]


@pytest.mark.parametrize(("kind", "posted"), [("reset", []), ("reset_after", ["x"])])
async def test_a_reset_comes_before_or_after_the_call_is_accepted(
    sandbox: Sandbox, client: AsyncWebClient, kind: str, posted: list[str]
) -> None:
    """The client cannot tell them apart; the conversation can."""
    sandbox.fault(POST, kind)
    with pytest.raises(aiohttp.ClientError):
        await client.chat_postMessage(channel=AUDIT, text="x")
    assert texts(sandbox) == posted


@pytest.mark.parametrize(("kind", "posted"), [("timeout", []), ("timeout_after", ["x"])])
async def test_a_timeout_holds_the_answer(
    sandbox: Sandbox, client: AsyncWebClient, kind: str, posted: list[str]
) -> None:
    """The call hangs until the fault is cleared; `timeout_after` has posted meanwhile."""
    sandbox.fault(POST, kind)
    hanging = asyncio.create_task(client.chat_postMessage(channel=AUDIT, text="x"))
    assert await sandbox.wait_call(POST, answered=kind == "timeout_after")
    assert not hanging.done()
    assert texts(sandbox) == posted
    sandbox.clear_faults()
    with pytest.raises(aiohttp.ClientError):
        await hanging


async def test_a_malformed_answer_comes_after_the_fact(sandbox: Sandbox, client: AsyncWebClient) -> None:
    """Half a JSON object arrives, and the message is there."""
    sandbox.fault(POST, "malformed")
    with pytest.raises(SlackApiError, match="non-JSON format"):
        await client.chat_postMessage(channel=AUDIT, text="x")
    assert texts(sandbox) == ["x"]


async def test_a_fault_lasts_as_often_as_asked(sandbox: Sandbox, client: AsyncWebClient) -> None:
    """Twice, or until cleared, for one method or for all."""
    sandbox.fault(POST, "error", times=2, error="internal_error")
    for expected in ("internal_error", "internal_error"):
        assert await refusal(client.chat_postMessage(channel=AUDIT, text="x")) == expected
    assert (await client.chat_postMessage(channel=AUDIT, text="x"))["ok"]
    sandbox.fault("*", "error", times=None, error="fatal_error")
    assert await refusal(client.auth_test()) == "fatal_error"
    assert await refusal(client.users_info(user=SAM)) == "fatal_error"
    sandbox.clear_faults()
    assert (await client.auth_test())["ok"]
    with pytest.raises(Refused):
        sandbox.fault(POST, "meteor")
