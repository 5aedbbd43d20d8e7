"""Slack out of the app's reach, and everything else that is switched on and off for the app."""

from __future__ import annotations

import asyncio

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.fixtures import AUDIT, DANA, GENERAL, MAYA, PARTNERS, PIA, PROJECT, SAM
from sandbox.rules import Refused
from sandbox.running import Sandbox
from tests.sandbox.breaking import breaking, refusal
from tests.sandbox.conftest import bolt, connected
from tests.sandbox.parts import button, form, section
from tests.sandbox.rawsocket import raw_socket


async def test_all_of_slack_is_away_and_comes_back(sandbox: Sandbox, client: AsyncWebClient) -> None:
    """Sockets are cut and none opens, calls and response URLs fail; afterwards a Bolt app works again by itself."""
    app = bolt(sandbox)

    @app.command("/sendsecret")
    async def asked(ack: object) -> None:
        await ack("here")  # type: ignore[operator]

    url = f"{sandbox.url}/response/{sandbox.workspace.response_urls.issue(MAYA, GENERAL, 'slash')}"
    async with connected(sandbox, app, ping_interval=0.5):
        await sandbox.go_away()
        with pytest.raises(aiohttp.ClientError):
            await client.auth_test()
        async with aiohttp.ClientSession() as session, session.post(url, json={"text": "x"}) as answer:
            assert answer.status == 503
        with pytest.raises(aiohttp.WSServerHandshakeError):
            async with aiohttp.ClientSession() as session:
                await session.ws_connect(f"{sandbox.url}/link/?ticket=any")
        sandbox.set("ack_seconds", 0.05)
        assert (await sandbox.type(MAYA, GENERAL, "/sendsecret"))["outcome"] == "dispatch_failed"
        sandbox.come_back()
        sandbox.set("ack_seconds", 10)
        assert await sandbox.wait_sockets(seconds=30)
        assert await sandbox.type(MAYA, GENERAL, "/sendsecret") == {"outcome": "acked"}
    assert sandbox.calls("auth.test")[0]["fault"] == "reset"


async def test_slack_is_away_for_a_while(sandbox: Sandbox, client: AsyncWebClient) -> None:
    """It returns when its time is over, a later absence is not cut short, and clear_faults ends all of it."""
    with pytest.raises(Refused):
        await sandbox.go_away("meteor")
    await sandbox.go_away("http_503", seconds=0.01)
    await sandbox.workspace.changes.until(lambda: None if sandbox.workspace.faults.away else True, 10)
    assert (await client.auth_test())["ok"]
    await sandbox.go_away("http_503", seconds=0)
    await sandbox.go_away("http_500")
    with pytest.raises(SlackApiError) as no:
        await client.auth_test()
    assert no.value.response.status_code == 500
    sandbox.clear_faults()
    assert (await client.auth_test())["ok"]


async def test_over_http_nothing_reaches_the_app_while_slack_is_away(sandbox: Sandbox) -> None:
    """A person's act fails at once, and no request goes out."""
    sandbox.set("request_url", "http://127.0.0.1:9/slack/events")
    sandbox.set("subscribed", ["app_home_opened"])
    await sandbox.go_away()
    assert (await sandbox.type(MAYA, GENERAL, "/sendsecret"))["outcome"] == "dispatch_failed"
    await sandbox.open_home(MAYA)
    assert sandbox.road.http.sent == []


async def test_a_rate_limit_may_last_for_hours(sandbox: Sandbox, client: AsyncWebClient) -> None:
    """Every call of the method gets the same Retry-After until the fault is cleared; other methods work."""
    sandbox.fault("chat.postMessage", "ratelimited", times=None, retry_after=7200)
    for _ in range(3):
        with pytest.raises(SlackApiError) as no:
            await client.chat_postMessage(channel=AUDIT, text="x")
        assert no.value.response.headers["Retry-After"] == "7200"
    assert (await client.conversations_open(users=DANA))["ok"]
    sandbox.clear_faults("chat.postMessage")
    assert (await client.chat_postMessage(channel=AUDIT, text="x"))["ok"]


async def test_each_trouble_is_switched_on_and_off(sandbox: Sandbox, client: AsyncWebClient) -> None:
    """Token, scope, Messages tab, archive, membership and trigger id: refused by its name, then fine again."""
    dm = (await client.conversations_open(users=DANA))["channel"]["id"]
    sandbox.invite_bot(PROJECT)

    async def said(channel: str) -> str:
        return await refusal(client.chat_postMessage(channel=channel, text="x"))

    sandbox.revoke_token()
    assert await said(AUDIT) == "token_revoked"
    sandbox.reinstall()
    sandbox.drop_scope("chat:write")
    assert await said(AUDIT) == "missing_scope"
    sandbox.grant_scope("chat:write")
    sandbox.set("messages_tab", False)
    assert await said(dm) == "messages_tab_disabled"
    sandbox.set("messages_tab", True)
    sandbox.archive(AUDIT)
    assert await said(AUDIT) == "is_archived"
    sandbox.archive(AUDIT, False)
    sandbox.kick_bot(PROJECT)
    assert await said(PROJECT) == "not_in_channel"
    sandbox.invite_bot(PROJECT)
    sandbox.set("trigger_seconds", -1)
    late = client.views_open(trigger_id=sandbox.workspace.triggers.issue(MAYA), view=form())
    await breaking(sandbox, "trigger_id: three seconds", late)
    sandbox.set("trigger_seconds", 3)
    assert (await client.views_open(trigger_id=sandbox.workspace.triggers.issue(MAYA), view=form()))["ok"]
    for channel in (AUDIT, dm, PROJECT):
        assert (await client.chat_postMessage(channel=channel, text="x"))["ok"]


async def test_a_click_opens_a_view_once(sandbox: Sandbox, client: AsyncWebClient) -> None:
    """The trigger_id of somebody's click, of another company even, opens one view for that person."""
    blocks = [section("A row", accessory=button("go", value="7"))]
    ts = (await client.chat_postMessage(channel=PARTNERS, text="x", blocks=blocks))["ts"]
    async with raw_socket(sandbox) as socket:
        for person in (MAYA, PIA):
            click = asyncio.create_task(sandbox.click(person, "go", PARTNERS, ts))
            envelope = await socket.next()
            await socket.ack(envelope)
            await click
            told = envelope["payload"]
            assert told["message"]["blocks"][0]["accessory"]["value"] == "7"
            assert told["user"]["team_id"] == sandbox.workspace.people[person].team_id
            await client.views_open(trigger_id=told["trigger_id"], view=form())
            again = client.views_open(trigger_id=told["trigger_id"], view=form())
            await breaking(sandbox, "trigger_id: single use", again)
            assert len(sandbox.views(person)) == 1
    assert sandbox.views(SAM) == []


async def test_a_line_of_a_menu_may_open_a_page(sandbox: Sandbox, client: AsyncWebClient) -> None:
    """An overflow menu's line with a URL opens it and tells the app, after the menu's own question."""
    lines = [
        {"text": {"type": "plain_text", "text": word}, "value": word, **more}
        for word, more in (("Revoke", {}), ("Help", {"url": "https://example.com/help"}))
    ]
    blocks = [section("A row", accessory={"type": "overflow", "action_id": "more", "options": lines})]
    ts = (await client.chat_postMessage(channel=AUDIT, text="x", blocks=blocks))["ts"]
    async with raw_socket(sandbox) as socket:
        for word, opens in (("Revoke", None), ("Help", "https://example.com/help")):
            click = asyncio.create_task(sandbox.click(SAM, "more", AUDIT, ts, chosen=word))
            envelope = await socket.next()
            await socket.ack(envelope)
            assert await click == {"outcome": "acked", "opens": opens}
            assert envelope["payload"]["actions"][0]["selected_option"]["value"] == word
