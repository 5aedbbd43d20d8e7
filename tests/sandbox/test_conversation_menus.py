"""A menu of conversations in a form: what it offers, where it starts, and the response URLs that it brings."""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.fixtures import ARCHIVED, AUDIT, DANA, GENERAL, MAYA, MAYA_DANA, PARTNERS, PROJECT
from sandbox.rules import Refused
from sandbox.running import Sandbox
from tests.sandbox.breaking import breaking, breaks
from tests.sandbox.parts import Json, button, field, form, section
from tests.sandbox.rawsocket import RawSocket, raw_socket

KINDS = ["im", "mpim", "private", "public"]
SAFE = {"include": KINDS, "exclude_external_shared_channels": True, "exclude_bot_users": True}


def menu(**more: Any) -> Json:
    return field("where", {"type": "conversations_select", "response_url_enabled": True, **more})


async def act(socket: RawSocket, doing: Any, payload: Json | None = None) -> Json:
    """Let somebody do something, acknowledge it; what the app was told."""
    task = asyncio.create_task(doing)
    envelope = await socket.next()
    await socket.ack(envelope, payload)
    await task
    told: Json = envelope["payload"]
    return told


async def opened(sandbox: Sandbox, client: AsyncWebClient, socket: RawSocket, place: str, view: Json) -> Json:
    """Maya types the command in `place` and the app opens `view`."""
    command = await act(socket, sandbox.type(MAYA, place, "/sendsecret"))
    shown: Json = (await client.views_open(trigger_id=command["trigger_id"], view=view))["view"]
    return shown


async def post(url: str, body: Json) -> int:
    async with aiohttp.ClientSession() as session, session.post(url, json=body) as answer:
        return answer.status


def chosen(view: Json) -> str | None:
    where: str | None = view["state"]["values"]["where"]["where"]["selected_conversation"]
    return where


async def test_a_form_brings_a_url_into_a_dm_between_people(sandbox: Sandbox, client: AsyncWebClient) -> None:
    """The submission names block, element, conversation and URL; five posts go where the bot is no member."""
    view = form(menu(default_to_current_conversation=True, filter=SAFE), field("label"))
    async with raw_socket(sandbox) as socket:
        shown = await opened(sandbox, client, socket, MAYA_DANA, view)
        assert chosen(shown) == MAYA_DANA
        await sandbox.fill(shown["id"], {"label": "key"})
        told = await act(socket, sandbox.submit(shown["id"]))
    (url,) = told["response_urls"]
    assert {name: url[name] for name in ("block_id", "action_id", "channel_id")} == {
        "block_id": "where", "action_id": "where", "channel_id": MAYA_DANA,
    }  # fmt: skip
    for number in range(5):
        assert await post(url["response_url"], {"text": f"n{number}", "response_type": "in_channel"}) == 200
    assert await post(url["response_url"], {"text": "sixth", "response_type": "in_channel"}) == 404
    seen = [m["text"] for m in sandbox.messages(DANA, MAYA_DANA)]
    # No command line before them, unlike a slash command's own response_url.
    assert seen == ["n0", "n1", "n2", "n3", "n4"]


async def test_such_a_message_changes_only_by_a_click_in_it(sandbox: Sandbox, client: AsyncWebClient) -> None:
    """chat.update is refused, in the words of each place; the URL of Dana's click replaces the message for both."""
    blocks = [section("The link"), {"type": "actions", "elements": [button("open")]}]
    loud = {"text": "x", "blocks": blocks, "response_type": "in_channel"}
    async with raw_socket(sandbox) as socket:
        for place in (MAYA_DANA, AUDIT):
            shown = await opened(sandbox, client, socket, place, form(menu(default_to_current_conversation=True)))
            told = await act(socket, sandbox.submit(shown["id"]))
            await post(told["response_urls"][0]["response_url"], loud)
        ts = sandbox.messages(DANA, MAYA_DANA)[0]["ts"]
        unreached = client.chat_update(channel=MAYA_DANA, ts=ts, text="y")
        await breaking(sandbox, "channel: never a DM between two people", unreached)
        there = sandbox.messages(MAYA, AUDIT)[0]["ts"]
        not_by_call = client.chat_update(channel=AUDIT, ts=there, text="y")
        await breaking(sandbox, "chat.update: never a message that came by a response_url", not_by_call)
        click = await act(socket, sandbox.click(DANA, "open", MAYA_DANA, ts))
    assert [block["type"] for block in click["message"]["blocks"]] == ["section", "actions"]
    assert await post(click["response_url"], {"replace_original": True, "text": "Gone"}) == 200
    (left,) = sandbox.messages(MAYA, MAYA_DANA)
    assert (left["text"], left.get("blocks")) == ("Gone", None)


@breaks("conversations_select: only what the menu offers to this person")
@pytest.mark.parametrize("place", [PARTNERS, ARCHIVED, "D0SENDSEC1", "C0NOWHERE1", "C0PROJECT1"])
async def test_what_the_menu_does_not_offer_cannot_be_chosen(
    sandbox: Sandbox, client: AsyncWebClient, place: str
) -> None:
    """Channels shared with another company, archived ones, the bot's DM, none at all, a kind that is left out."""
    bot_dm = (await client.conversations_open(users=MAYA))["channel"]["id"]
    chosen_filter = {**SAFE, "include": ["im", "private"]} if place == PROJECT else SAFE
    async with raw_socket(sandbox) as socket:
        shown = await opened(sandbox, client, socket, GENERAL, form(menu(filter=chosen_filter)))
    with pytest.raises(Refused, match="does not offer"):
        await sandbox.fill(shown["id"], {"where": bot_dm if place.startswith("D0SENDSEC") else place})
    await sandbox.fill(shown["id"], {"where": MAYA_DANA})


async def test_a_menu_starts_where_the_person_is(sandbox: Sandbox, client: AsyncWebClient) -> None:
    """Not where the filter forbids it, and the menu's own first choice wins; a pushed view still knows."""
    here = {"default_to_current_conversation": True}
    async with raw_socket(sandbox) as socket:
        shown = await opened(sandbox, client, socket, PARTNERS, form(menu(**here, filter=SAFE)))
        assert chosen(shown) is None
        shown = await opened(sandbox, client, socket, GENERAL, form(menu(**here, initial_conversation=PROJECT)))
        assert chosen(shown) == PROJECT
        view = form(field("label", optional=True))
        shown = await opened(sandbox, client, socket, GENERAL, view)
        await act(
            socket, sandbox.submit(shown["id"]), {"response_action": "push", "view": form(menu(**here, filter=SAFE))}
        )
    assert chosen(sandbox.views(MAYA)[-1]) == GENERAL
