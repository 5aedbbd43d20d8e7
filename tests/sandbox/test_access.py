"""Tokens and scopes: who may call which method, in Slack's words."""

from __future__ import annotations

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.fixtures import AUDIT, BOT, BOT_USER, DANA, SCOPES, TEAM
from sandbox.running import Sandbox
from tests.sandbox.breaking import breaking, breaks, refusal


def with_token(sandbox: Sandbox, token: str) -> AsyncWebClient:
    return AsyncWebClient(token=token, base_url=sandbox.api_url, retry_handlers=[])


async def test_the_bot_learns_who_it_is(client: AsyncWebClient) -> None:
    """auth.test names team, user and bot."""
    told = await client.auth_test()
    assert (told["team_id"], told["user_id"], told["bot_id"]) == (TEAM, BOT_USER, BOT)


@breaks("token: present", "token: one that Slack issued", "token: of the kind that the method wants")
async def test_a_call_needs_the_right_token(sandbox: Sandbox) -> None:
    """No token, an unknown one and the app's token where the bot's is wanted are refused."""
    async with aiohttp.ClientSession() as session, session.post(f"{sandbox.api_url}auth.test") as answer:
        assert await answer.json() == {"ok": False, "error": "not_authed"}
    await breaking(sandbox, "token: one that Slack issued", with_token(sandbox, "xoxb-no").auth_test())
    kind = "token: of the kind that the method wants"
    await breaking(sandbox, kind, with_token(sandbox, sandbox.app_token).auth_test())
    await breaking(
        sandbox, kind, with_token(sandbox, sandbox.bot_token).apps_connections_open(app_token=sandbox.bot_token)
    )


async def test_a_revoked_token_and_an_uninstalled_app_are_out(sandbox: Sandbox, client: AsyncWebClient) -> None:
    """After `revoke_token` and `uninstall` nothing works; after `reinstall` it does."""
    sandbox.revoke_token()
    await breaking(sandbox, "token: not revoked", client.auth_test())
    sandbox.uninstall()
    await breaking(sandbox, "token: the app is installed", client.auth_test())
    sandbox.reinstall()
    assert (await client.auth_test())["ok"]


async def test_a_scope_that_was_not_granted_is_missing(sandbox: Sandbox, client: AsyncWebClient) -> None:
    """conversations.info needs a scope that the app does not ask for; a dropped scope is missed at once."""
    assert sandbox.workspace.app.scopes == set(SCOPES)
    await breaking(sandbox, "scopes: the method's scope was granted", client.conversations_info(channel=AUDIT))
    told = sandbox.calls("conversations.info")[0]["answer"]
    assert told["needed"] == "channels:read,groups:read,im:read,mpim:read"
    assert told["provided"] == "chat:write,commands,im:write,users:read"
    sandbox.drop_scope("users:read")
    assert await refusal(client.users_info(user=DANA)) == "missing_scope"
    sandbox.drop_scope("im:write")
    assert await refusal(client.conversations_open(users=DANA)) == "missing_scope"
    sandbox.grant_scope("im:write")
    assert (await client.conversations_open(users=DANA))["ok"]


@breaks("call: a method that exists", "call: a method that the sandbox plays")
async def test_an_unknown_method_is_refused(sandbox: Sandbox, client: AsyncWebClient) -> None:
    """A method that Slack does not have, and one that the sandbox does not play, are unknown."""
    await breaking(sandbox, "call: a method that exists", client.api_call("chat.whisper"))
    sandbox.grant_scope("reactions:write")
    play = client.reactions_add(channel=AUDIT, timestamp="1.1", name="x")
    await breaking(sandbox, "call: a method that the sandbox plays", play)


async def test_arguments_arrive_by_query_form_and_json(sandbox: Sandbox) -> None:
    """The three ways that Slack takes are the same call, and the token is recorded by kind only."""
    bearer = {"Authorization": f"Bearer {sandbox.bot_token}"}
    address = f"{sandbox.api_url}users.info"
    async with aiohttp.ClientSession() as session:
        for attempt in (
            session.get(address, params={"user": DANA}, headers=bearer),
            session.post(address, data={"user": DANA, "token": sandbox.bot_token}),
            session.post(address, json={"user": DANA}, headers=bearer),
        ):
            async with attempt as answer:
                assert (await answer.json())["user"]["id"] == DANA
        async with session.post(address, data=b"{", headers=bearer | {"Content-Type": "application/json"}) as answer:
            assert (await answer.json())["error"] == "invalid_json"
    for call in sandbox.calls("users.info"):
        assert call["arguments"] == {"user": DANA}
        assert call["token"] == "bot"
    assert sandbox.bot_token not in str(sandbox.calls())
