"""Webhooks in the Home tab: who is shown what was given up, and who may have it sent again."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from unittest.mock import patch

import pytest
from aiohttp import web

from bot.home_webhooks import REPLAY, blocks
from bot.rights import Clicker, Rights
from sandbox.fixtures import MAYA, NOOR, OTHER_TEAM, SAM, TEAM
from sandbox.running import Sandbox
from store import webhooks, webhooks_standing
from store.errors import StoreUnavailableError
from store.webhooks_standing import Failed
from tests.bot.consumer import Consumer, consuming, file_of
from tests.bot.desk import Desk, Json, found, working
from tests.bot.test_home import home
from tests.bot.test_rights import Asked
from tests.stores import Home

SIEM = "siem"
HOUR = {"Retry-After": "3600"}


@dataclass
class Watched:
    """A workplace whose webhook says Gone until it is back."""

    desk: Desk
    consumer: Consumer
    is_back: list[bool] = field(default_factory=list)

    async def given_up(self, user: str = SAM) -> Json:
        """The tab of somebody with an office, once it says so."""
        await self.desk.send()
        await self.consumer.until(lambda it: len(it.seen) >= 2)
        return await home(self.desk, user, contains=f"Webhook `{SIEM}`")


@pytest.fixture
async def watched(sandbox: Sandbox, sqlite_home: Home, tmp_path: Path) -> AsyncIterator[Watched]:
    """The bot at work, with administrator, auditor and webhook."""
    async with consuming() as consumer:
        file = file_of(tmp_path, siem=consumer)
        async with working(sandbox, sqlite_home, webhooks_file=file, auditors=NOOR) as desk:
            at = Watched(desk, consumer)
            consumer.verdict = lambda _told: None if at.is_back else web.Response(status=410)
            yield at


async def press(desk: Desk, user: str, view: Json) -> None:
    """Press Replay."""
    [block] = [b for b in view["blocks"] if b.get("accessory", {}).get("action_id") == REPLAY]
    await desk.sandbox.click(user, REPLAY, view=view["id"], block_id=block["block_id"])


@pytest.mark.parametrize("user", [SAM, NOOR])
async def test_an_office_is_shown_what_was_given_up_and_replays_it(watched: Watched, user: str) -> None:
    """Administrator and auditor: how many, since when and why; after the press it arrives, and nothing is left."""
    desk = watched.desk
    view = await watched.given_up(user)
    assert "It answered 410" in str(view)
    watched.is_back.append(True)
    await press(desk, user, view)
    assert await desk.sandbox.wait_view(user, home=True, contains="will be sent again", lacks="It answered 410")
    await watched.consumer.until(lambda it: any(told["type"] == "drop.created" for told in it.told))
    assert await webhooks_standing.failed(desk.store, [SIEM]) == []


async def test_an_office_is_shown_what_waits_and_has_it_tried_now(watched: Watched) -> None:
    """An endpoint that refuses for minutes: since when, why, how many; after the press the line is gone."""
    desk, consumer = watched.desk, watched.consumer
    consumer.verdict = lambda _told: None if watched.is_back else web.Response(status=400, headers=HOUR)
    await desk.send()
    await consumer.until(lambda it: len(it.seen) >= 2)
    desk.home.advance_clock(600)
    view = await home(desk, SAM, contains="has not taken events")
    assert "It answered 400" in str(view)
    assert "Waiting: " in str(view)
    watched.is_back.append(True)
    await press(desk, SAM, view)
    assert await desk.sandbox.wait_view(SAM, home=True, contains="will be sent again", lacks="It answered 400")
    await consumer.until(lambda it: any(told["type"] == "drop.created" for told in it.told))


async def test_nobody_else_is_shown_it_or_can_replay_it(watched: Watched) -> None:
    """A member's own tab says nothing of it, and a press that is made by hand, or by a former office, does nothing."""
    desk = watched.desk
    view = await watched.given_up()
    own = await home(desk, MAYA, contains="Send a credential")
    assert SIEM not in str(own)
    assert REPLAY not in str(own)
    tab = desk.sandbox.workspace.modals.homes[MAYA]
    tab.set({**tab.definition, "blocks": view["blocks"]})
    await press(desk, MAYA, {**view, "id": own["id"]})
    assert await desk.sandbox.wait_view(MAYA, home=True, contains="Only administrators and auditors")
    assert await webhooks_standing.failed(desk.store, [SIEM])


async def test_a_press_that_comes_too_late(watched: Watched) -> None:
    """Somebody was faster, or the endpoint is not in the file any more: each is said, on a page of the tab too."""
    desk = watched.desk
    view = await watched.given_up()
    watched.is_back.append(True)
    assert await webhooks.replay(desk.store, SIEM)
    await press(desk, SAM, view)
    assert await desk.sandbox.wait_view(SAM, home=True, contains="has nothing that is tried no more")
    tab = desk.sandbox.workspace.modals.homes[SAM]
    gone = [block for block in view["blocks"] if block.get("accessory", {}).get("action_id") == REPLAY]
    gone[0]["accessory"]["value"] = "elsewhere"
    tab.set({**tab.definition, "blocks": view["blocks"]})
    await press(desk, SAM, view)
    assert await desk.sandbox.wait_view(SAM, home=True, contains="There is no such webhook")


async def test_a_store_that_is_away_is_said(watched: Watched) -> None:
    """Nothing was changed, and the line with its button stands there still."""
    view = await watched.given_up()
    with patch.object(webhooks, "replay", side_effect=StoreUnavailableError):
        await press(watched.desk, SAM, view)
        shown = found(await watched.desk.sandbox.wait_view(SAM, home=True, contains="I could not reach my store"))
    assert "It answered 410" in str(shown)


def test_who_holds_an_office_of_this_workspace() -> None:
    """An id of another workspace is nobody's here."""
    rights = Rights(Asked(), TEAM, admins=[SAM], auditors=[NOOR])
    assert rights.tends_webhooks(Clicker(SAM, TEAM))
    assert rights.tends_webhooks(Clicker(NOOR, TEAM))
    for other in (Clicker(MAYA, TEAM), Clicker(SAM, OTHER_TEAM), Clicker(NOOR, OTHER_TEAM), Clicker("", "")):
        assert not rights.tends_webhooks(other)


def test_many_are_named_elsewhere() -> None:
    """Three lines, and where the others are."""
    failed = [Failed(f"e{number}", number + 1, 0, "answered_500") for number in range(5)]
    shown = blocks(failed)
    assert len(shown) == 4
    assert "one event was not taken" in str(shown[0])
    assert "2 events were not taken" in str(shown[1])
    assert "sendsecret webhook list" in str(shown[3])
    assert blocks(failed[:3]) == shown[:3]
