"""api.test, auth.test, apps.connections.open, users.info, users.list."""

from __future__ import annotations

import secrets

from sandbox import fixtures
from sandbox.rules import Rule, when
from sandbox.wire import Json
from sandbox.workspace import Workspace

PERSON = Rule(
    "users.info: somebody who exists",
    "reference/methods/users.info",
    "user_not_found",
    when(lambda person: person is None, "no such person"),
)


async def test_api(workspace: Workspace, given: Json) -> Json:
    return {"args": given}


async def test_token(workspace: Workspace, given: Json) -> Json:
    return {
        "url": f"{workspace.base_url}/",
        "team": fixtures.TEAM_NAME,
        "user": fixtures.BOT_NAME.lower(),
        "team_id": fixtures.TEAM,
        "user_id": fixtures.BOT_USER,
        "bot_id": fixtures.BOT,
        "is_enterprise_install": False,
    }


async def open_connection(workspace: Workspace, given: Json) -> Json:
    """An address for one WebSocket; it works once."""
    ticket = secrets.token_hex(16)
    workspace.tickets.add(ticket)
    address = workspace.base_url.replace("http", "ws", 1)
    return {"url": f"{address}/link/?ticket={ticket}&app_id={fixtures.APP}"}


async def describe_person(workspace: Workspace, given: Json) -> Json:
    person = workspace.people.get(str(given.get("user")))
    PERSON.hold(person)
    assert person is not None
    return {"user": person.as_slack()}


async def list_people(workspace: Workspace, given: Json) -> Json:
    """People of this workspace; those of other companies are found by id only."""
    members = [p.as_slack() for p in workspace.people.values() if p.team_id == fixtures.TEAM]
    return {"members": members, "cache_ts": int(workspace.clock.now()), "response_metadata": {"next_cursor": ""}}
