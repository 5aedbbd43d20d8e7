"""Response URLs and answers in acknowledgements: who sees them, how often, how long."""

from __future__ import annotations

import asyncio

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from sandbox import responses
from sandbox.conversations import Message
from sandbox.fixtures import AUDIT, DANA, GENERAL, MAYA, MAYA_DANA, SAM
from sandbox.response_urls import ResponseUrl
from sandbox.rules import RULES
from sandbox.running import Sandbox
from tests.sandbox.breaking import BROKEN, breaks
from tests.sandbox.parts import Json, button, section
from tests.sandbox.rawsocket import raw_socket


async def post(url: str, body: object) -> tuple[int, str]:
    async with aiohttp.ClientSession() as session, session.post(url, json=body) as answer:
        return answer.status, await answer.text()


async def refused(rule: str, url: str, body: object) -> None:
    BROKEN.add(rule)
    status, text = await post(url, body)
    assert status in (400, 404)
    assert f'"error": "{RULES[rule].error}"' in text


async def run(sandbox: Sandbox, line: str = "/sendsecret", answer: Json | None = None, place: str = GENERAL) -> str:
    """Type a command; the response URL of its payload."""
    async with raw_socket(sandbox) as socket:
        command = asyncio.create_task(sandbox.type(MAYA, place, line))
        envelope = await socket.next()
        await socket.ack(envelope, answer)
        await command
    return str(envelope["payload"]["response_url"])


@breaks("response_url: ephemeral unless asked otherwise")
async def test_only_the_person_sees_an_answer(sandbox: Sandbox) -> None:
    """In a DM between two people too: Maya sees it, Dana does not."""
    url = await run(sandbox, place=MAYA_DANA)
    assert await post(url, {"text": "for you"}) == (200, "ok")
    assert [m["text"] for m in sandbox.messages(MAYA, MAYA_DANA)] == ["for you"]
    assert sandbox.messages(DANA, MAYA_DANA) == []
    loose = Message("1.1", GENERAL, "U", "x")
    with pytest.raises(RuntimeError):
        responses.EPHEMERAL.keep(({}, loose))


@breaks("response_url: in_channel publishes the typed command")
async def test_in_channel_publishes_the_typed_command(sandbox: Sandbox) -> None:
    """What was typed, a secret perhaps, appears before the answer for everybody."""
    url = await run(sandbox, "/sendsecret @dana hunter2", place=MAYA_DANA)
    await post(url, {"text": "done", "response_type": "in_channel"})
    assert [m["text"] for m in sandbox.messages(DANA, MAYA_DANA)] == [f"/sendsecret <@{DANA}|dana> hunter2", "done"]
    typed = ResponseUrl("t", MAYA, GENERAL, "slash", 0.0, typed="/sendsecret x")
    with pytest.raises(RuntimeError):
        responses.SHOWS_COMMAND.keep((typed, None))


async def test_an_answer_in_the_acknowledgement(sandbox: Sandbox) -> None:
    """Text in the acknowledgement is shown to the person alone and costs no use of the URL."""
    url = await run(sandbox, answer={"text": "usage"})
    assert [m["text"] for m in sandbox.ephemerals(MAYA)] == ["usage"]
    for _ in range(5):
        assert (await post(url, {"text": "x"}))[0] == 200
    await refused("response_url: five uses", url, {"text": "x"})


async def test_a_response_url_ends(sandbox: Sandbox) -> None:
    """After thirty minutes, and when it was never issued."""
    url = await run(sandbox)
    sandbox.move_clock(1801)
    await refused("response_url: thirty minutes", url, {"text": "x"})
    await refused("response_url: one that Slack issued", f"{sandbox.url}/response/nothing", {"text": "x"})


@pytest.mark.parametrize(
    ("rule", "body"),
    [
        ("response_url: a JSON object", ["x"]),
        ("response_url: delete_original stands alone", {"delete_original": True, "text": "x"}),
        ("response_url: text or blocks", {"response_type": "ephemeral"}),
        ("message: text is a string", {"text": {"a": 1}}),
        ("response_url: response_type is ephemeral or in_channel", {"text": "x", "response_type": "loud"}),
    ],
)
async def test_what_a_response_cannot_be(sandbox: Sandbox, rule: str, body: object) -> None:
    """Refused by name, with nothing shown."""
    url = await run(sandbox)
    await refused(rule, url, body)
    assert sandbox.ephemerals(MAYA) == []


async def test_a_button_s_url_replaces_and_deletes_its_message(sandbox: Sandbox, client: AsyncWebClient) -> None:
    """replace_original rewrites the message with the button; delete_original takes it away."""
    blocks = [section(), {"type": "actions", "elements": [button()]}]
    ts = (await client.chat_postMessage(channel=AUDIT, text="x", blocks=blocks))["ts"]
    async with raw_socket(sandbox) as socket:
        for body, left in (
            ({"replace_original": True, "text": "new", "blocks": blocks}, ["new"]),
            ({"delete_original": True}, []),
        ):
            click = asyncio.create_task(sandbox.click(SAM, "press", AUDIT, ts))
            envelope = await socket.next()
            await socket.ack(envelope)
            await click
            assert (await post(envelope["payload"]["response_url"], body))[0] == 200
            assert [m["text"] for m in sandbox.messages(SAM, AUDIT)] == left
