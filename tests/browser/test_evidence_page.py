"""The page of an evidence pack for everybody: narrow and wide, light and dark, without JavaScript, and on paper."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from tests.browser import room
from tests.browser.axe import violations
from tests.browser.real_receipts import Receipts, real_receipts
from tests.browser.tour import LOOKS
from tests.browser.visiting import visiting
from tests.store.packs import MONTH, kept

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest_asyncio.fixture(loop_scope="session")
async def shown(tmp_path: Path) -> AsyncIterator[Receipts]:
    """The server."""
    async with real_receipts(tmp_path) as server:
        yield server


async def address(shown: Receipts, tmp_path: Path) -> str:
    """Where a pack with everything that can be said of one is shown."""
    pack_id = await kept(shown.store.db, tmp_path / "zip", bytes(3_000_000), MONTH, faults=2)
    return f"{shown.url}/evidence/{pack_id.hex()}"


async def test_axe_and_room_find_nothing(shown: Receipts, chromium: Browser, tmp_path: Path) -> None:
    """No violation, nothing sticks out, every target is large enough and has a name; also where there is no pack."""
    for url in (await address(shown, tmp_path), f"{shown.url}/evidence/x"):
        for size, scheme in LOOKS:
            async with visiting(chromium, viewport=size, color_scheme=scheme, reduced_motion="reduce") as visit:
                await visit.page.goto(url)
                assert await violations(visit.page) == []
                for wrong in (room.OUTSIDE, room.SMALL_TARGETS, room.UNNAMED):
                    assert await visit.page.evaluate(wrong) == []
                assert visit.console == []


async def test_a_screen_reader_finds_its_way(shown: Receipts, chromium: Browser, tmp_path: Path) -> None:
    """One main, one first heading, every section named by its own."""
    async with visiting(chromium) as visit:
        await visit.page.goto(await address(shown, tmp_path))
        tree = await visit.page.locator("body").aria_snapshot()
    assert re.findall(r"^- (\w+)", tree, re.MULTILINE) == ["banner", "main"]
    assert tree.count("[level=1]") == 1
    regions = re.findall(r'- region "([^"]+)"', tree)
    assert regions == re.findall(r'heading "([^"]+)" \[level=2\]', tree)
    assert len(regions) == 4


async def test_it_prints_on_one_sheet(shown: Receipts, chromium: Browser, tmp_path: Path) -> None:
    """With the hash, which is what somebody files."""
    async with visiting(chromium) as visit:
        await visit.page.goto(await address(shown, tmp_path))
        pdf = await visit.page.pdf(prefer_css_page_size=True)
        assert re.findall(rb"/Type\s*/Page\b", pdf) == [b"/Type /Page"]
        await visit.page.emulate_media(media="print")
        assert re.search(r"[0-9a-f]{64}", await visit.page.inner_text("main"))
