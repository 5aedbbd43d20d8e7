"""The list of an incident for everybody: narrow and wide, light and dark, without JavaScript."""

from pathlib import Path

import pytest
from playwright.async_api import Browser

from store.incident import links
from tests.browser import room
from tests.browser.axe import violations
from tests.browser.real_receipts import real_receipts
from tests.browser.tour import LOOKS
from tests.browser.visiting import visiting
from tests.store.living import created

pytestmark = pytest.mark.asyncio(loop_scope="session")
DANA, TEAM = "U0DANA", "T0"
LONG = "Pneumonoultramicroscopicsilicovolcanoconiosis" * 3


async def test_axe_and_room_find_nothing(chromium: Browser, tmp_path: Path) -> None:
    """With an endless name in it, without anything in it, and over: no violation, nothing sticks out."""
    async with real_receipts(tmp_path) as shown:
        await created(shown.store, recipient_id=DANA, recipient_name=LONG, team_id=TEAM)
        pages = {"anything": "https://example.com/rotate"}
        some, none = (
            links.give(shown.store, who, TEAM, with_labels=True, pages=pages).text for who in (DANA, "U0NOBODY")
        )
        for link in (some, none, "over"):
            for size, scheme in LOOKS:
                async with visiting(chromium, viewport=size, color_scheme=scheme, reduced_motion="reduce") as visit:
                    await visit.page.goto(f"{shown.url}/incident/{link}")
                    assert await violations(visit.page) == []
                    for wrong in (room.OUTSIDE, room.SMALL_TARGETS, room.UNNAMED):
                        assert await visit.page.evaluate(wrong) == []
                    assert visit.console == []
