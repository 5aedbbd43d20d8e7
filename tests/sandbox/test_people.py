"""Whom the bot can know and reach: members, guests, people of other companies, bots, the deactivated."""

from __future__ import annotations

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from sandbox import fixtures
from sandbox.fixtures import BOT_USER, DANA, KAI, LEE, MAYA, NOOR, OLD, PIA, ROBOT, SAM, SLACKBOT
from sandbox.running import Sandbox
from tests.sandbox.breaking import breaking


@pytest.mark.parametrize("user", [MAYA, DANA, LEE, PIA])
async def test_a_dm_is_opened_once(sandbox: Sandbox, client: AsyncWebClient, user: str) -> None:
    """Members, guests and external people with a common channel get one D… conversation, found again later."""
    first = await client.conversations_open(users=user)
    assert first["channel"]["id"].startswith("D")
    again = await client.conversations_open(users=user)
    assert (again["channel"]["id"], again["already_open"]) == (first["channel"]["id"], True)
    assert sandbox.bot_dm(user) == first["channel"]["id"]


@pytest.mark.parametrize(
    ("rule", "users"),
    [
        ("users or channel", ""),
        ("at most eight people", ",".join([MAYA] * 9)),
        ("somebody besides the bot", BOT_USER),
        ("never invents people", "U0NOBODY01"),
        ("not deactivated", OLD),
        ("people of another company only with a common channel", KAI),
        ("no bots", ROBOT),
        ("no bots", SLACKBOT),
    ],
)
async def test_whom_the_bot_cannot_open(sandbox: Sandbox, client: AsyncWebClient, rule: str, users: str) -> None:
    """Nobody is invented, and the unreachable are refused by name."""
    await breaking(sandbox, f"conversations.open: {rule}", client.conversations_open(users=users))


async def test_a_group_needs_its_own_scope(sandbox: Sandbox, client: AsyncWebClient) -> None:
    """Several people need mpim:write; strangers among them are refused even then."""
    await breaking(sandbox, "scopes: the method's scope was granted", client.conversations_open(users=[MAYA, SAM]))
    sandbox.grant_scope("mpim:write")
    strangers = client.conversations_open(users=[MAYA, KAI])
    await breaking(sandbox, "conversations.open: external people share a channel", strangers)
    first = await client.conversations_open(users=[MAYA, SAM])
    assert (await client.conversations_open(users=[SAM, MAYA]))["channel"] == first["channel"]


async def test_a_channel_can_be_asked_for_only_if_it_is_there(sandbox: Sandbox, client: AsyncWebClient) -> None:
    """`channel` and `prevent_creation` find, they do not make."""
    rule = "conversations.open: channel is a direct message that exists"
    await breaking(sandbox, rule, client.conversations_open(channel="D0NOTHERE1"))
    await breaking(sandbox, rule, client.conversations_open(users=NOOR, prevent_creation=True))
    assert sandbox.bot_dm(NOOR) is None


async def test_users_info_tells_people_apart(sandbox: Sandbox, client: AsyncWebClient) -> None:
    """The flags that a bot must read are Slack's: guests, strangers, the deactivated, Slackbot no bot."""
    await breaking(sandbox, "users.info: somebody who exists", client.users_info(user="U0NOBODY01"))

    async def flags(user: str) -> set[str]:
        person = (await client.users_info(user=user))["user"]
        return {name for name, value in person.items() if value is True}

    assert await flags(NOOR) == set()
    assert await flags(DANA) == {"is_restricted", "is_ultra_restricted"}
    assert await flags(LEE) == {"is_restricted"}
    assert await flags(KAI) == {"is_stranger"}
    assert await flags(OLD) == {"deleted"}
    assert await flags(ROBOT) == {"is_bot"}
    assert await flags(SLACKBOT) == set()
    pia = (await client.users_info(user=PIA))["user"]
    assert (pia["is_stranger"], pia["team_id"]) == (False, fixtures.OTHER_TEAM)
    assert "tz" not in (await client.users_info(user=OLD))["user"]


async def test_users_list_has_this_workspace_only(client: AsyncWebClient) -> None:
    """People of other companies are found by id, not in the list."""
    ids = {person["id"] for person in (await client.users_list())["members"]}
    assert {MAYA, DANA, SAM, OLD} <= ids
    assert not {PIA, KAI} & ids


async def test_a_channel_is_described_when_the_scope_is_there(sandbox: Sandbox, client: AsyncWebClient) -> None:
    """With channels:read the shared channel says so, and a DM between two people stays unknown."""
    sandbox.grant_scope("channels:read")
    told = (await client.conversations_info(channel=fixtures.PARTNERS))["channel"]
    assert (told["is_ext_shared"], told["is_member"]) == (True, True)
    rule = "conversations.info: one that exists and the bot can see"
    await breaking(sandbox, rule, client.conversations_info(channel=fixtures.MAYA_DANA))
