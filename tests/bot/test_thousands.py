"""What is drawn of 5,000 drops that are in the store, as Slack takes it, and how often the store is asked."""

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, cast

import pytest

from bot.home_desk import HomeDesk
from bot.home_view import Place
from bot.people import People
from bot.slack_calls import Slack
from sandbox.fixtures import DANA, MAYA, NOOR, SAM, TEAM
from store import handed, listing
from store.listing import MOST_STANDING, Section
from store.opened import Store
from tests.bot import looking_back
from tests.bot.looking_back import LEE, PEOPLE, Known, Screen, typed_by
from tests.bot.shapes import Shape
from tests.bot.slack_types import length_errors, type_errors
from tests.store.many import many
from tests.stores import Home


class Tabs(Screen):
    """Home tabs, too."""

    async def publish_home(self, _user: str, view: dict[str, Any], _instead_of: str | None = None) -> str:
        self.views.append(view)
        return "mark"


@pytest.fixture
async def store(sqlite_home: Home) -> AsyncIterator[Store]:
    async with sqlite_home.open("bot") as store:
        await many(store, 5000, senders=(MAYA, LEE), recipient=DANA, team_id=TEAM, days=365)
        yield store


async def test_everything_drawn_of_thousands_is_what_slack_takes(store: Store, tmp_path: Path) -> None:
    """For a sender and for the offices: each list from its first page, the overview, an incident and a dispute."""
    shapes: list[Shape] = []
    tabs = Tabs()
    desk = HomeDesk(store, cast("Slack", tabs), cast("People", Known()), looking_back.rights(), lambda _: True)
    for user, of_all in ((MAYA, False), (NOOR, True), (SAM, True)):
        for section in (None, *Section):
            await desk.show(user, Place(of_all, section))
            shapes.append((f"home of {user}, {section}", "home", tabs.views[-1]))
            assert len(tabs.views[-1]["blocks"]) > 20
    assert re.search(r"Needs somebody \([0-9]{3}\)", str(shapes[4][2]))
    assert "In the last 30 days: " in str(shapes[4][2])
    for who in ("sender", "administrator", "auditor"):
        screen = Screen()
        await looking_back.incident_desk(store, screen).answer(f"<@{DANA}>", typed_by(PEOPLE[who]))
        shapes.append((f"incident of {who}", "view", screen.views[-1]))
        await looking_back.dispute_desk(store, screen).answer("", typed_by(PEOPLE[who]))
        shapes.append((f"dispute of {who}", "view", screen.views[-1]))
    assert length_errors(shapes) == []
    assert type_errors(shapes, tmp_path) == []


async def test_every_page_of_a_list_is_whole(store: Store) -> None:
    """The lists of everybody's hold what those of each hold, though they are found another way."""
    for section in Section:
        everybodys, after = [], None
        while True:
            page = await listing.page(store, section, None, after=after, most=500)
            everybodys += [drop.id for drop in page.drops]
            if (after := page.after) is None:
                break
        each = [drop.id for who in (MAYA, LEE) for drop in (await listing.page(store, section, who, most=5000)).drops]
        assert sorted(everybodys) == sorted(each)
        assert len(everybodys) == len(set(everybodys))
    counts = await listing.counts(store, None)
    both = [await listing.counts(store, who) for who in (MAYA, LEE)]
    assert counts.attention == sum(one.attention for one in both)
    assert counts.outstanding == sum(one.outstanding for one in both)
    assert (counts.opened, counts.unopened) == (sum(o.opened for o in both), sum(o.unopened for o in both))


async def test_counting_ends_somewhere(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever has more than can be done anything about reads "over"."""
    monkeypatch.setattr(listing, "MOST_STANDING", 100)
    counts = await listing.counts(store, None)
    assert (counts.attention, counts.outstanding) == (101, 101)
    assert MOST_STANDING == 1000


async def test_an_incident_counts_once(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who may revoke everything is shown the numbers of one count."""
    asked, count = [], handed.counts

    async def counted(*given: Any) -> handed.Counts:
        asked.append(given)
        return await count(*given)

    monkeypatch.setattr(handed, "counts", counted)
    await looking_back.incident_desk(store, Screen()).answer(f"<@{DANA}>", typed_by(PEOPLE["administrator"]))
    assert len(asked) == 1
