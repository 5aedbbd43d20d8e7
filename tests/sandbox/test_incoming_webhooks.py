"""Incoming webhooks: what comes through, as whom, and what is refused with which word."""

from __future__ import annotations

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.fixtures import ANCHOR_USER, ANCHORS, SAM
from sandbox.rules import RULES
from sandbox.running import Sandbox
from tests.sandbox.breaking import BROKEN, refusal
from tests.sandbox.parts import Json, section


async def post(sandbox: Sandbox, body: object, name: str = "anchors") -> tuple[int, str]:
    url = f"{sandbox.url.rstrip('/')}/services/{name}"
    kind = {"data": body} if isinstance(body, str) else {"json": body}
    async with aiohttp.ClientSession() as session, session.post(url, **kind) as answer:
        return answer.status, await answer.text()


async def test_it_posts_as_its_own_app(sandbox: Sandbox, client: AsyncWebClient) -> None:
    """Sam reads it in its channel; the bot, another app, can neither edit nor delete it."""
    assert await post(sandbox, {"text": "size 3", "blocks": [section("size 3")]}) == (200, "ok")
    [message] = sandbox.messages(SAM, ANCHORS)
    assert (message["user"], message["text"]) == (ANCHOR_USER, "size 3")
    for call in (
        client.chat_update(channel=ANCHORS, ts=message["ts"], text="size 2"),
        client.chat_delete(channel=ANCHORS, ts=message["ts"]),
    ):
        assert await refusal(call) in ("cant_update_message", "cant_delete_message", "channel_not_found")
    assert [one["text"] for one in sandbox.messages(SAM, ANCHORS)] == ["size 3"]


BAD: list[tuple[str, object, str]] = [
    ("incoming webhook: one that Slack issued", {"text": "x"}, "another"),
    ("incoming webhook: a JSON object", "no json", "anchors"),
    ("incoming webhook: a JSON object", ["x"], "anchors"),
    ("incoming webhook: text or blocks", {}, "anchors"),
]


@pytest.mark.parametrize(("rule", "body", "name"), BAD)
async def test_what_is_refused(sandbox: Sandbox, rule: str, body: Json, name: str) -> None:
    """With Slack's word for it, and nothing is posted."""
    BROKEN.add(rule)
    status, said = await post(sandbox, body, name)
    assert (status, said) == (404 if name == "another" else 400, RULES[rule].error)
    assert sandbox.messages(SAM, ANCHORS) == []


async def test_an_archived_channel_takes_nothing(sandbox: Sandbox) -> None:
    """410, and the word for it."""
    BROKEN.add("incoming webhook: not into an archived channel")
    sandbox.workspace.conversations[ANCHORS].archived = True
    assert await post(sandbox, {"text": "x"}) == (410, "channel_is_archived")


BROKEN.update(rule for rule, _, _ in BAD)
BROKEN.add("incoming webhook: not into an archived channel")
