"""Every scene of the page, judged one by one: what it says to a screen reader, how it fits, what axe thinks."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from tests.browser.axe import violations
from tests.browser.catalogue import read, text_of
from tests.browser.pretend_reader import MAYA
from tests.browser.scenes import SCENES, showing
from tests.browser.tour import Tour, touring
from tests.browser.trees import frozen, written

pytestmark = pytest.mark.asyncio(loop_scope="session")
SPOKEN = [name for name, scene in SCENES.items() if scene.javascript]
every_scene = pytest.mark.parametrize("name", SCENES)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def tour(chromium: Browser, shell_url: str) -> AsyncIterator[Tour]:
    """The page in its own words."""
    async with touring(chromium, shell_url, read(), judged=True) as guide:
        yield guide


async def test_every_heading_has_a_scene() -> None:
    """A heading that no scene reaches would be on no picture and before no judge."""
    headings = {name for name in read() if "heading" in name.split(".")}
    assert headings == {scene.heading for scene in SCENES.values()} - {"", "opening"}


async def test_no_tree_is_left_over() -> None:
    """The frozen trees are those of the scenes there are."""
    assert list(frozen()) == list(SCENES)


@every_scene
async def test_the_accessibility_tree_is_the_frozen_one(tour: Tour, name: str) -> None:
    """Roles, names, title and focus are what somebody read and froze; `python -m tests.browser.trees` freezes anew."""
    assert written(await tour.seen(name)) == frozen()[name]


# Without scripts axe, a script itself, cannot run either.
@pytest.mark.parametrize("name", SPOKEN)
async def test_axe_finds_nothing(tour: Tour, name: str) -> None:
    """No violation on a desktop and at 320 pixels, light and dark."""
    found = (await tour.seen(name)).violations
    assert len(found) == 4
    assert {where: wrong for where, wrong in found.items() if wrong} == {}


@every_scene
async def test_everything_has_room_and_a_name(tour: Tour, name: str) -> None:
    """At 320 pixels, which is also 1280 at 400 %, nothing sticks out, targets are 44 pixels, controls have names."""
    seen = await tour.seen(name)
    assert seen.outside == {"ltr": [], "rtl": []}
    assert seen.small == []
    assert seen.unnamed == []


@pytest.mark.parametrize("name", SPOKEN)
async def test_the_scene_begins_with_its_heading(tour: Tour, name: str) -> None:
    """The heading is the catalogue's, the title of the tab says the same, and the console stays silent."""
    seen = await tour.seen(name)
    assert seen.heading == text_of(read(), SCENES[name].heading, sender=MAYA)
    assert seen.title in {seen.heading, "Sendsecret"}
    assert seen.console == []


@pytest.mark.parametrize(
    ("spoil", "rule"),
    [
        ("document.querySelector('label').remove()", "label"),
        ("document.querySelector('h1').style.color = '#bbb'", "color-contrast"),
        ("document.documentElement.lang = ''", "html-has-lang"),
    ],
)
async def test_axe_would_find_something(chromium: Browser, shell_url: str, spoil: str, rule: str) -> None:
    """A page that is spoilt is not passed, so a silent judge is one who looked."""
    async with showing(chromium, shell_url, "door-free", color_scheme="light") as visit:
        await visit.page.evaluate(spoil)
        assert [line for line in await violations(visit.page) if line.startswith(f"{rule}:")]
