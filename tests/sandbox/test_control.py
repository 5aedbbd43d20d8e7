"""The control over HTTP, the command line, and who may speak to the sandbox at all."""

from __future__ import annotations

import asyncio
import sys

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.fixtures import AUDIT, DANA, GENERAL, MAYA, PROJECT
from sandbox.running import Sandbox
from tests.sandbox.parts import Json, section
from tests.sandbox.rawsocket import raw_socket


async def verb(sandbox: Sandbox, name: str, body: object = None, **headers: str) -> tuple[int, Json]:
    async with aiohttp.ClientSession() as session:
        call = session.post(f"{sandbox.url}/control/{name}", json=body if body is not None else {}, headers=headers)
        async with call as answer:
            return answer.status, await answer.json()


async def test_every_act_can_be_done_over_http(sandbox: Sandbox) -> None:
    """Typing, looking and waiting work by JSON as they do in Python."""
    waiting = asyncio.create_task(verb(sandbox, "wait_message", {"user": DANA, "contains": "hello"}))
    status, told = await verb(sandbox, "type", {"user": MAYA, "conversation": PROJECT, "text": "hello"})
    assert (status, told["answer"]["outcome"]) == (200, "posted")
    assert (await waiting)[1]["answer"]["text"] == "hello"
    assert (await verb(sandbox, "screen", {"user": DANA}))[1]["answer"]["conversations"]
    assert (await verb(sandbox, "tokens"))[1]["answer"]["bot_token"] == sandbox.bot_token


@pytest.mark.parametrize(
    ("name", "body", "error"),
    [
        ("explode", {}, "no_such_verb"),
        ("_person", {}, "no_such_verb"),
        ("type", {"user": MAYA}, "wrong_arguments"),
        ("type", [1], "wrong_arguments"),
        ("type", {"user": "U0NOBODY01", "conversation": GENERAL, "text": "x"}, "no_such_person"),
        ("submit", {"view": "V0"}, "no_such_view"),
        ("click", {"user": MAYA, "action_id": "x", "conversation": AUDIT, "ts": "1"}, "no_such_message"),
        ("set", {"name": "bot_token", "value": "x"}, "no_such_setting"),
        ("redeliver", {}, "no_such_envelope"),
        ("type", {"user": [], "conversation": GENERAL, "text": "x"}, "wrong_arguments"),
        ("wait_message", {"user": MAYA, "seconds": "long"}, "wrong_arguments"),
    ],
)
async def test_a_wrong_request_is_answered_in_words(sandbox: Sandbox, name: str, body: object, error: str) -> None:
    """400 with a code and a sentence, never a traceback."""
    status, told = await verb(sandbox, name, body)
    assert (status, told["error"]) == (400, error)
    assert told["said"]


async def test_other_websites_cannot_play_with_it(sandbox: Sandbox) -> None:
    """A foreign Origin and a foreign Host are refused; the page's own are not."""
    async with aiohttp.ClientSession() as session:
        for headers, status in (
            ({"Origin": "https://evil.example"}, 403),
            ({"Host": "evil.example"}, 403),
            ({"Origin": sandbox.url}, 200),
        ):
            async with session.post(f"{sandbox.url}/control/people", json={}, headers=headers) as answer:
                assert answer.status == status
    with pytest.raises(ValueError, match="this computer only"):
        Sandbox(host="0.0.0.0")  # noqa: S104 - the address that must be refused


async def test_waiting_ends_when_the_time_is_over(sandbox: Sandbox) -> None:
    """Nothing found is None, or False, and not an error."""
    assert await sandbox.wait_message(MAYA, contains="never", seconds=0.01) is None
    assert await sandbox.wait_view(MAYA, seconds=0.01) is None
    assert await sandbox.wait_call("chat.postMessage", seconds=0.01) is None
    assert await sandbox.wait_complaint(MAYA, seconds=0.01) is None
    assert not await sandbox.wait_sockets(seconds=0.01)
    assert await sandbox.wait_no_view(MAYA, seconds=0.01)


async def test_the_live_stream_tells_of_changes(sandbox: Sandbox) -> None:
    """A server-sent event arrives with a larger version when something changes."""
    async with aiohttp.ClientSession() as session, session.get(f"{sandbox.url}/control/live") as stream:
        first = await asyncio.wait_for(stream.content.readline(), 10)
        await stream.content.readline()
        await sandbox.type(MAYA, GENERAL, "hello")
        second = await asyncio.wait_for(stream.content.readline(), 10)
        assert int(second.removeprefix(b"data: ")) > int(first.removeprefix(b"data: "))


async def test_a_deactivated_person_is_out(sandbox: Sandbox, client: AsyncWebClient) -> None:
    """Deactivating somebody in the middle is felt by the bot."""
    await verb(sandbox, "deactivate", {"user": DANA})
    assert (await client.users_info(user=DANA))["user"]["deleted"]


async def test_the_command_line_says_one_line_and_refuses_other_hosts() -> None:
    """`python -m sandbox` prints where it listens; a host that is not loopback ends with words and 2."""
    listening = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "sandbox", "--port", "0", stdout=asyncio.subprocess.PIPE
    )
    assert listening.stdout is not None
    line = (await asyncio.wait_for(listening.stdout.readline(), 30)).decode()
    assert line.startswith("Pretend workspace at http://127.0.0.1:")
    async with aiohttp.ClientSession() as session, session.get(line.split()[-1]) as page:
        assert "nothing leaves this computer" in await page.text()
    listening.terminate()
    assert await listening.stdout.read() == b""
    assert await listening.wait() == 0
    refused = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "sandbox",
        "--host",
        "0.0.0.0",  # noqa: S104 - the address that must be refused
        stderr=asyncio.subprocess.PIPE,
    )
    _, words = await refused.communicate()
    assert refused.returncode == 2
    assert b"this computer only" in words


async def test_a_reset_in_the_middle_of_a_command(sandbox: Sandbox, client: AsyncWebClient) -> None:
    """Everything is as at the start, and the answer that was still on its way shows in the fresh workspace."""
    blocks = [section()]
    await client.chat_postMessage(channel=AUDIT, text="x", blocks=blocks)
    sandbox.archive(AUDIT)
    async with raw_socket(sandbox) as socket:
        command = asyncio.create_task(sandbox.type(MAYA, GENERAL, "/sendsecret"))
        envelope = await socket.next()
        assert (await verb(sandbox, "reset"))[0] == 200
        await socket.ack(envelope, {"text": "usage"})
        assert await command == {"outcome": "acked"}
    assert [m["text"] for m in sandbox.messages(MAYA, GENERAL)] == ["usage"]
    assert sandbox.messages(MAYA, AUDIT) == []
    assert not sandbox.workspace.conversations[AUDIT].archived
    url = envelope["payload"]["response_url"]
    async with aiohttp.ClientSession() as session, session.post(url, json={"text": "late"}) as answer:
        assert answer.status == 404
    assert (await client.chat_postMessage(channel=AUDIT, text="again"))["ok"]


async def test_the_command_line_turns_on_what_the_manifest_turns_on() -> None:
    """`--home` gives the app its Home tab, as a manifest with home_tab_enabled does."""
    listening = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "sandbox", "--port", "0", "--home", stdout=asyncio.subprocess.PIPE
    )
    assert listening.stdout is not None
    url = (await asyncio.wait_for(listening.stdout.readline(), 30)).decode().split()[-1]
    async with aiohttp.ClientSession() as session, session.post(f"{url}/control/screen", json={"user": MAYA}) as told:
        assert (await told.json())["answer"]["home_tab"] is True
    listening.terminate()
    assert await listening.wait() == 0
