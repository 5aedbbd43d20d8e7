"""Whatever an app sends, the Web API answers in Slack's form: never a 500, never silence."""

from __future__ import annotations

from typing import Any

import aiohttp
import pytest

from sandbox.fixtures import AUDIT, MAYA
from sandbox.running import Sandbox
from sandbox.web_api.methods import METHODS
from tests.sandbox.parts import form, section

NAMES = (
    "channel", "user", "users", "user_id", "ts", "thread_ts", "text", "blocks", "metadata", "view", "view_id",
    "external_id", "hash", "trigger_id", "unfurl_links", "attachments", "return_im",
)  # fmt: skip
STRANGE: tuple[Any, ...] = (None, True, 0, -1.5, "", "x", "\ud800", [], ["x"], [[]], {}, {"a": []}, {"type": []})


@pytest.mark.parametrize("method", METHODS)
async def test_strange_arguments_get_an_answer(sandbox: Sandbox, method: str) -> None:
    """Each argument of each method is once each strange value; the answer is 200, an object, and says ok or why not."""
    right: dict[str, Any] = {"channel": AUDIT, "user": MAYA, "users": MAYA, "user_id": MAYA, "text": "x"}
    right |= {"view": {"type": "home", "blocks": [section()]} if method == "views.publish" else form()}
    token = sandbox.app_token if METHODS[method].wants == "app" else sandbox.bot_token
    headers = {"Authorization": f"Bearer {token}"}
    async with aiohttp.ClientSession(headers=headers) as session:
        for name in NAMES:
            for value in STRANGE:
                body = {**right, name: value}
                if method in ("views.open", "views.push") and name != "trigger_id":
                    body["trigger_id"] = sandbox.workspace.triggers.issue(MAYA)
                async with session.post(f"{sandbox.api_url}{method}", json=body) as answer:
                    told = await answer.json()
                    assert answer.status == 200, (name, value)
                    assert told["ok"] or isinstance(told["error"], str)


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"[" * 100_000, b"\xff\xfe", b'"x"'])
async def test_a_strange_body_gets_an_answer(sandbox: Sandbox, body: bytes) -> None:
    """Bodies that are no JSON object are refused in words too."""
    headers = {"Authorization": f"Bearer {sandbox.bot_token}", "Content-Type": "application/json"}
    async with aiohttp.ClientSession(headers=headers) as session:
        async with session.post(f"{sandbox.api_url}chat.postMessage", data=body) as answer:
            assert answer.status == 200
            assert not (await answer.json())["ok"]
        async with session.post(f"{sandbox.url}/response/none", data=body) as answer:
            assert answer.status == 404
        async with session.post(f"{sandbox.url}/control/type", data=body) as answer:
            assert answer.status == 400
