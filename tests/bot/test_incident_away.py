"""A laptop is gone while Slack or the store is away: what is outstanding ends first, and what is read is so."""

import asyncio
from typing import Any

import pytest

from bot import incident_wording
from sandbox.fixtures import DANA, MAYA, TEAM
from store import handed
from store.errors import StoreUnavailableError
from tests.bot import looking_back
from tests.bot.looking_back import PEOPLE, Screen, typed_by
from tests.store.living import created
from tests.stores import Home

ADMIN = PEOPLE["administrator"]


class Silent(Screen):
    """Slack has the first change of a window and answers when it is told to."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = 0
        self.answers = asyncio.Event()

    async def update_view(self, view_id: str, view: dict[str, Any]) -> None:
        self.asked += 1
        if self.asked == 1:
            await self.answers.wait()
        await super().update_view(view_id, view)


async def test_revoking_does_not_wait_for_slack(sqlite_home: Home) -> None:
    """Everything is destroyed while Slack owes its first answer; what it shows late is no window's last word."""
    async with sqlite_home.open("bot") as store:
        for _ in range(30):
            await created(store, sender_id=MAYA, recipient_id=DANA, team_id=TEAM)
        ready, screen = Screen(), Silent()
        await looking_back.incident_desk(store, ready).answer(f"<@{DANA}>", typed_by(ADMIN))
        act = asyncio.create_task(looking_back.incident_desk(store, screen).revoke_all(ready.shown, ADMIN))
        async with asyncio.timeout(30):
            while await handed.count_stoppable(store, DANA, None):  # noqa: ASYNC110 - a store tells nobody
                await asyncio.sleep(0.01)
        assert screen.views == []
        await asyncio.sleep(0.2)
        assert not act.done()
        screen.answers.set()
        await act
        assert [("Revoking" in str(view)) for view in screen.views] == [True, False]
        assert "Revoked and destroyed unopened: 30." in screen.text


async def test_what_was_revoked_before_the_store_went(sqlite_home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is said with what is not known, though the list cannot be read again."""
    async with sqlite_home.open("bot") as store:
        for _ in range(21):
            await created(store, sender_id=MAYA, recipient_id=DANA, team_id=TEAM)
        screen, stoppable = Screen(), handed.stoppable
        desk = looking_back.incident_desk(store, screen)
        await desk.answer(f"<@{DANA}>", typed_by(ADMIN))

        async def away(*_: object, **__: object) -> Any:
            raise StoreUnavailableError

        async def last(*given: Any, **named: Any) -> Any:
            for name in ("stoppable", "count_stoppable", "page"):
                monkeypatch.setattr(handed, name, away)
            return await stoppable(*given, **named)

        monkeypatch.setattr(handed, "stoppable", last)
        await desk.revoke_all(screen.shown, ADMIN)
        told = [block["text"]["text"] for block in screen.views[-1]["blocks"]]
        assert told == [
            incident_wording.REVOKED.format(count=20),
            incident_wording.UNFINISHED_CUT,
            incident_wording.STORE_AWAY,
        ]
