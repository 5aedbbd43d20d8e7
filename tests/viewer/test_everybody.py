"""The page of a record for people without a mouse, a wide screen, eyesight, scripts or https."""

from collections.abc import Awaitable, Callable

import pytest
from playwright.async_api import Browser, Page, expect

from store import record_endings
from tests.browser import room
from tests.browser.axe import violations
from tests.browser.test_keyboard import Keyboard
from tests.browser.tour import LOOKS
from tests.browser.visiting import Visit, visiting
from tests.store.looking import SENDER, TYPED, Holder, guess
from tests.viewer.real_viewer import RealViewer

pytestmark = pytest.mark.asyncio(loop_scope="session")
LINES = "-----BEGIN KEY-----\n" + "x" * 200 + "\n-----END KEY-----\n"


async def _door(page: Page) -> None:
    for summary in ("I don't have the passphrase", "I was not expecting this"):
        await page.get_by_text(summary).click()


async def _wrong(page: Page) -> None:
    for _ in range(3):
        await page.fill("#passphrase", "wrong words")
        await page.press("#passphrase", "Enter")
        await page.wait_for_selector("#problem:not(:empty)")
        await page.wait_for_selector("#passphrase:enabled")
    await page.wait_for_selector("text=Next try in")


async def _shown(page: Page) -> None:
    await page.fill("#passphrase", TYPED)
    await page.press("#passphrase", "Enter")
    await page.wait_for_selector("#secret")
    await page.get_by_role("button", name="Show").click()


async def _cleared(page: Page) -> None:
    await _shown(page)
    await page.get_by_role("button", name="clear this page").click()


Scene = Callable[[Page], Awaitable[None]]
SCENES: dict[str, Scene] = {"door": _door, "wrong": _wrong, "shown": _shown, "cleared": _cleared}
STOPPED = ("locked", "ended", "unknown", "cut")


async def _judged(visit: Visit) -> None:
    """Nothing wrong, nothing sticks out, in both directions; the title says what the heading says."""
    assert await violations(visit.page) == []
    for wrong in (room.OUTSIDE, room.SMALL_TARGETS, room.UNNAMED):
        assert await visit.page.evaluate(wrong) == []
    await visit.page.evaluate("document.documentElement.dir = 'rtl'")
    assert await visit.page.evaluate(room.OUTSIDE) == []
    title = (await visit.page.title()).translate({0x2068: None, 0x2069: None})
    assert title == await visit.heading()


@pytest.mark.parametrize("name", SCENES)
async def test_axe_and_room_find_nothing(viewer: RealViewer, chromium: Browser, name: str) -> None:
    """Each scene that can be reached with the link, wide and at 320 pixels, light and dark."""
    for size, scheme in LOOKS:
        holder = await viewer.make(LINES)
        async with visiting(chromium, viewport=size, color_scheme=scheme, reduced_motion="reduce") as visit:
            await visit.come(viewer.link(holder))
            await SCENES[name](visit.page)
            await _judged(visit)
            assert visit.console == []


@pytest.mark.parametrize("name", STOPPED)
async def test_what_cannot_be_read_is_as_well_made(viewer: RealViewer, chromium: Browser, name: str) -> None:
    """Locked, ended, unknown, cut: wide and at 320 pixels, light and dark."""
    holder = await viewer.make()
    link = viewer.link(holder)
    if name == "locked":
        await guess(viewer.web, holder, viewer.home)
    elif name == "ended":
        await record_endings.revoke(viewer.bot, holder.link.id)
    elif name == "unknown":
        other = Holder(type(holder.link)(bytes(16), holder.link.key, "p", holder.link.kind))
        link = viewer.link(other)
    else:
        link = link[:-1]
    for size, scheme in LOOKS:
        async with visiting(chromium, viewport=size, color_scheme=scheme, reduced_motion="reduce") as visit:
            await visit.come(link)
            await _judged(visit)
            assert visit.console == []


async def test_a_keyboard_is_enough(viewer: RealViewer, visit: Visit) -> None:
    """From the field to the cleared page and back by Tab, Enter and keys; the focus is never lost."""
    holder = await viewer.make()
    await visit.come(viewer.link(holder))
    page, keys = visit.page, Keyboard(visit.page)
    assert await keys.here() == "Passphrase, in words"
    await page.keyboard.type(TYPED)
    await page.keyboard.press("Enter")
    await page.wait_for_selector("#secret")
    assert await keys.here() == "The credential (hidden)"
    await keys.press("Show")
    await keys.press("I have it, clear this page")
    assert await keys.here() == "This page is clear"
    await keys.press("Type the passphrase again")
    await page.wait_for_selector("#passphrase")


async def test_copy_gives_the_very_text(viewer: RealViewer, chromium: Browser) -> None:
    """While it stays masked, line breaks included."""
    holder = await viewer.make("a\r\nb\n")
    async with visiting(chromium, permissions=["clipboard-write"]) as visit:
        await visit.page.add_init_script(
            "navigator.clipboard.writeText = async (text) => { globalThis.copied = text; };"
        )
        await visit.come(viewer.link(holder))
        await visit.try_passphrase(TYPED)
        await visit.page.wait_for_selector("#secret")
        await visit.page.get_by_role("button", name="Copy", exact=True).click()
        await expect(visit.page.locator("#status")).to_contain_text("Copied.")
        assert await visit.page.evaluate("copied") == "a\r\nb\n"


async def test_without_javascript_or_webcrypto_it_says_what_is_missing(viewer: RealViewer, chromium: Browser) -> None:
    """And that nothing is used up; nothing is asked of the server."""
    holder = await viewer.make()
    async with visiting(chromium, java_script_enabled=False) as visit:
        await visit.page.goto(viewer.link(holder))
        assert "This page needs JavaScript." in await visit.text()
        assert "Nothing is used up" in await visit.text()
    async with visiting(chromium) as visit:
        await visit.page.add_init_script("Object.defineProperty(Crypto.prototype, 'subtle', {get: () => undefined})")
        await visit.come(viewer.link(holder))
        assert await visit.heading() == "This page needs https"
        assert not [one for one in visit.requests if "/api/" in one.url]


async def test_changes_are_announced(viewer: RealViewer, visit: Visit) -> None:
    """Refusals are alerts, progress is a polite status, and the language is said."""
    holder = await viewer.make()
    await visit.come(viewer.link(holder))
    assert await visit.page.get_attribute("html", "lang") == "en"
    assert await visit.page.get_attribute("#status", "aria-live") == "polite"
    assert SENDER in await visit.heading()
    await visit.try_passphrase("")
    await expect(visit.page.get_by_role("alert")).to_contain_text("No try is used up")
