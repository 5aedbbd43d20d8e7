"""Buttons: link buttons, ephemeral messages, Home, confirmations, and an app that does not answer."""

from __future__ import annotations

import asyncio

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.control import clicks
from sandbox.fixtures import AUDIT, DANA, MAYA, PARTNERS, PIA, SAM
from sandbox.rules import Refused
from sandbox.running import Sandbox
from tests.sandbox.breaking import breaks
from tests.sandbox.parts import Json, button, mrkdwn, option, plain, section
from tests.sandbox.rawsocket import raw_socket

CONFIRM = {"title": plain("Sure?"), "text": mrkdwn("Really"), "confirm": plain("Yes"), "deny": plain("No")}


def row(*parts: Json) -> list[Json]:
    return [{"type": "actions", "block_id": "row", "elements": list(parts)}]


@breaks("block_actions in a message: a fresh response_url")
async def test_a_link_button_opens_and_tells(sandbox: Sandbox, client: AsyncWebClient) -> None:
    """The click opens the URL and reaches the app with message, channel and each time another response_url."""
    blocks = row(button("open", url="https://example.com/#k", value="7"))
    ts = (await client.chat_postMessage(channel=AUDIT, text="x", blocks=blocks))["ts"]
    seen = []
    async with raw_socket(sandbox) as socket:
        for _ in range(2):
            click = asyncio.create_task(sandbox.click(SAM, "open", AUDIT, ts))
            envelope = await socket.next()
            await socket.ack(envelope)
            assert await click == {"outcome": "acked", "opens": "https://example.com/#k"}
            seen.append(envelope["payload"])
    assert seen[0]["response_url"] != seen[1]["response_url"]
    assert seen[0]["container"]["type"] == "message"
    assert (seen[0]["message"]["ts"], seen[0]["channel"]["id"]) == (ts, AUDIT)
    (action,) = seen[0]["actions"]
    assert (action["action_id"], action["block_id"], action["value"]) == ("open", "row", "7")
    with pytest.raises(RuntimeError):
        clicks.FRESH.keep({"trigger_id": "1"})


async def test_an_app_that_does_not_answer_leaves_a_warning(sandbox: Sandbox, client: AsyncWebClient) -> None:
    """A missing acknowledgement, even of a link button, is an error beside the message until the next click."""
    sandbox.set("ack_seconds", 0.05)
    ts = (await client.chat_postMessage(channel=AUDIT, text="x", blocks=row(button("open", url="https://x.example"))))[
        "ts"
    ]
    async with raw_socket(sandbox):
        assert (await sandbox.click(SAM, "open", AUDIT, ts))["outcome"] == "operation_timeout"
    assert sandbox.messages(SAM, AUDIT)[0]["warned"]
    assert sandbox.complaints(SAM)[0]["error"] == "operation_timeout"


@breaks("block_actions in a view: container view, no message, channel or response_url")
async def test_a_click_in_home_carries_a_view_only(sandbox: Sandbox, client: AsyncWebClient) -> None:
    """A button and an overflow menu in Home reach the app with container `view` and what was chosen."""
    menu = {"type": "overflow", "action_id": "more", "options": [option("remind"), option("revoke")]}
    await client.views_publish(user_id=MAYA, view={"type": "home", "blocks": row(button("go"), menu)})
    home = sandbox.home(MAYA)
    assert home is not None
    async with raw_socket(sandbox) as socket:
        click = asyncio.create_task(sandbox.click(MAYA, "more", view=home["id"], chosen="revoke"))
        envelope = await socket.next()
        await socket.ack(envelope)
        await click
    payload = envelope["payload"]
    assert payload["container"] == {"type": "view", "view_id": home["id"]}
    assert not {"message", "channel", "response_url"} & set(payload)
    assert payload["actions"][0]["selected_option"]["value"] == "revoke"
    with pytest.raises(RuntimeError):
        clicks.HOME_CLICK.keep({**payload, "channel": {}})


async def test_a_confirmation_that_is_declined_tells_nobody(sandbox: Sandbox, client: AsyncWebClient) -> None:
    """Saying no in the dialog sends nothing to the app."""
    blocks = row(button("revoke", confirm=CONFIRM))
    ts = (await client.chat_postMessage(channel=AUDIT, text="x", blocks=blocks))["ts"]
    told = await sandbox.click(SAM, "revoke", AUDIT, ts, confirmed=False)
    assert told == {"outcome": "not_confirmed", "opens": None}
    assert sandbox.envelopes() == []


async def test_a_click_in_an_ephemeral_message_names_no_message(sandbox: Sandbox, client: AsyncWebClient) -> None:
    """Only its container says where it was; nobody else can click it."""
    ts = (await client.chat_postEphemeral(channel=AUDIT, user=SAM, text="x", blocks=row(button("go"))))["message_ts"]
    with pytest.raises(Refused):
        await sandbox.click(MAYA, "go", AUDIT, ts)
    async with raw_socket(sandbox) as socket:
        click = asyncio.create_task(sandbox.click(SAM, "go", AUDIT, ts))
        envelope = await socket.next()
        await socket.ack(envelope)
        await click
    assert envelope["payload"]["container"]["is_ephemeral"]
    assert "message" not in envelope["payload"]


async def test_people_of_another_company_can_click(sandbox: Sandbox, client: AsyncWebClient) -> None:
    """Their own team stands in the payload; an app must look at it."""
    blocks = [section(), *row(button("go"))]
    ts = (await client.chat_postMessage(channel=PARTNERS, text="x", blocks=blocks))["ts"]
    async with raw_socket(sandbox) as socket:
        click = asyncio.create_task(sandbox.click(PIA, "go", PARTNERS, ts))
        envelope = await socket.next()
        await socket.ack(envelope)
        await click
    payload = envelope["payload"]
    assert payload["team"]["id"] == payload["user"]["team_id"] == "T0PARTNER1"
    with pytest.raises(Refused):
        await sandbox.click(DANA, "go", PARTNERS, ts)
