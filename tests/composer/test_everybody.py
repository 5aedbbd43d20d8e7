"""The page for people without a mouse, a wide screen, eyesight or https; and what happens when they leave it."""

from typing import Any

import pytest
from playwright.async_api import Browser, Dialog, Page, expect

from store.formats.payload_v1 import Text
from store.words import OrderKind
from tests.browser import room
from tests.browser.axe import violations
from tests.browser.test_keyboard import Keyboard
from tests.browser.tour import LOOKS
from tests.browser.visiting import Visit, visiting
from tests.composer.hands import SENT, passphrase, seal
from tests.composer.real_composer import RealComposer
from tests.composer.scenes import LONG, SCENES, refused

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest.mark.parametrize("name", SCENES)
async def test_axe_and_room_find_nothing(composer: RealComposer, chromium: Browser, name: str) -> None:
    """Each scene, wide and at 320 pixels, light and dark, in both directions: nothing wrong, nothing sticks out."""
    for size, scheme in LOOKS:
        async with visiting(chromium, viewport=size, color_scheme=scheme, reduced_motion="reduce") as visit:
            await visit.come(await composer.order(label=LONG, recipient_name=f"Dana {LONG}", hint=LONG))
            await SCENES[name](visit.page)
            assert await violations(visit.page) == []
            for wrong in (room.OUTSIDE, room.SMALL_TARGETS, room.UNNAMED):
                assert await visit.page.evaluate(wrong) == []
            await visit.page.evaluate("document.documentElement.dir = 'rtl'")
            assert await visit.page.evaluate(room.OUTSIDE) == []
            heading = await visit.heading()
            assert (await visit.page.title()).translate({0x2068: None, 0x2069: None}) == heading
            assert [line for line in visit.console if "net::ERR_FAILED" not in line] == []


async def test_whoever_was_asked_finds_as_much_room(composer: RealComposer, chromium: Browser) -> None:
    """The same page for somebody who was asked for a secret, whose words are others."""
    asked: dict[str, Any] = {"kind": OrderKind.REQUEST, "recipient_class": "member", "hint": None}
    for size, scheme in LOOKS:
        async with visiting(chromium, viewport=size, color_scheme=scheme, reduced_motion="reduce") as visit:
            await visit.come(await composer.order(label=LONG, recipient_name=f"Maya {LONG}", **asked))
            assert await violations(visit.page) == []
            for wrong in (room.OUTSIDE, room.SMALL_TARGETS, room.UNNAMED):
                assert await visit.page.evaluate(wrong) == []


async def test_names_are_text_and_never_markup(composer: RealComposer, visit: Visit) -> None:
    """A label, a hint and a name from strangers: shown as they are, without what would turn the line around."""
    await visit.come(await composer.order(label="<img src=x>", recipient_name="\u202eDana", hint="<b>h</b>"))
    assert await visit.page.locator("img, b").count() == 0
    assert "<img src=x>" in await visit.text()
    assert "\u202e" not in await visit.text()


async def test_a_keyboard_is_enough(composer: RealComposer, visit: Visit) -> None:
    """From the field to the cleared page by Tab, Enter and keys; the focus is always drawn and never lost."""
    await visit.come(await composer.order())
    page, keys = visit.page, Keyboard(visit.page)
    assert await keys.here() == "The secret"
    await page.keyboard.type("by hand")
    await page.keyboard.press("Enter")
    await keys.press("Use one that Dana Petrov already knows")
    assert await keys.here() == "A passphrase that Dana Petrov already knows"
    await keys.press("Make four words instead")
    assert await keys.here() == "Use one that Dana Petrov already knows"
    await keys.press("Seal it")
    words = await passphrase(page)
    assert await keys.here() == "Sealed for Dana Petrov"
    await keys.press("Copy")
    await keys.press("I have passed it on, clear this page")
    assert await keys.here() == "This page is clear"
    assert await composer.opened(words) == Text("by hand\n")


async def test_copy_gives_the_passphrase(composer: RealComposer, chromium: Browser) -> None:
    """Just the words."""
    async with visiting(chromium, permissions=["clipboard-write"]) as visit:
        await visit.page.add_init_script(
            "navigator.clipboard.writeText = async (text) => { globalThis.copied = text; };"
        )
        await visit.come(await composer.order())
        await visit.page.fill("#secret", "s")
        words = await seal(visit.page)
        await visit.page.get_by_role("button", name="Copy").click()
        await expect(visit.page.get_by_role("status").first).to_contain_text("Copied.")
        assert await visit.page.evaluate("copied") == words


async def test_changes_are_announced(composer: RealComposer, visit: Visit) -> None:
    """Refusals are alerts, progress is a polite status, and a cut link leads to a field."""
    await visit.come(await composer.order())
    assert await visit.page.get_attribute("html", "lang") == "en"
    await refused(visit.page)
    await expect(visit.page.get_by_role("alert")).to_contain_text("Type or paste the secret first")
    assert await visit.page.get_attribute("#status", "aria-live") == "polite"


async def test_a_cut_link_can_be_completed(composer: RealComposer, visit: Visit) -> None:
    """The whole one, pasted as a mail program wraps it, leads on; a foreign one is named and not followed."""
    url = await composer.order()
    await visit.come(url[:-3])
    assert await visit.heading() == "This link was cut off"
    for pasted, words in (
        (url[:-1], "not the whole link yet"),
        (url.replace("localhost", "evil.example"), "belongs to"),
    ):
        await visit.page.fill("#whole", pasted)
        await visit.page.get_by_role("button", name="Go on").click()
        await expect(visit.page.get_by_role("alert")).to_contain_text(words)
    await visit.page.fill("#whole", f"<{url[:40]}\n{url[40:].replace('#', '%23')}>")
    await visit.page.get_by_role("button", name="Go on").click()
    await visit.page.wait_for_selector("#secret")
    assert visit.page.url == url


async def test_without_webcrypto_the_page_says_what_is_missing(composer: RealComposer, visit: Visit) -> None:
    """Nothing is asked of the server."""
    await visit.page.add_init_script("Object.defineProperty(Crypto.prototype, 'subtle', {get: () => undefined})")
    await visit.come(await composer.order())
    assert await visit.heading() == "This page needs https"
    assert not [request for request in visit.requests if "/api/" in request.url]


async def test_without_javascript_the_command_is_named(composer: RealComposer, chromium: Browser) -> None:
    """`sendsecret send`, and that nothing was sealed."""
    async with visiting(chromium, java_script_enabled=False) as visit:
        await visit.page.goto(await composer.order())
        told = await visit.text()
        assert "sendsecret send" in told
        assert "Nothing was sealed" in told


@pytest.mark.parametrize("scene", ["empty", "typed", "file", "waiting", "sent", "cleared"])
async def test_leaving_is_asked_about_while_something_would_be_lost(
    composer: RealComposer, visit: Visit, scene: str
) -> None:
    """With a secret typed or chosen, or a passphrase nobody has passed on; else the page lets go."""
    await visit.come(await composer.order())
    await SCENES[scene](visit.page)
    await visit.page.mouse.click(5, 5)  # without a touch no browser asks
    asked: list[str] = []

    async def answer(dialog: Dialog) -> None:
        asked.append(dialog.type)
        await dialog.accept()

    visit.page.on("dialog", answer)
    await visit.page.close(run_before_unload=True)
    await expect_closed(visit.page)
    assert asked == ([] if scene in {"empty", "cleared"} else ["beforeunload"])
    visit.console[:] = [line for line in visit.console if "net::ERR_FAILED" not in line]


async def expect_closed(page: Page) -> None:
    """Wait until the tab is gone."""
    if not page.is_closed():
        await page.wait_for_event("close")


@pytest.mark.parametrize("scene", ["typed", "sent"])
async def test_leaving_takes_everything_along(composer: RealComposer, visit: Visit, scene: str) -> None:
    """On pagehide nothing that was typed or made is left in the document."""
    await visit.come(await composer.order())
    await SCENES[scene](visit.page)
    words = await visit.page.inner_text(".made") if scene == "sent" else LONG
    await visit.page.evaluate(
        "globalThis.fields = [...document.querySelectorAll('input, textarea')];"
        "dispatchEvent(new PageTransitionEvent('pagehide'))"
    )
    assert words not in await visit.page.content()
    assert await visit.page.evaluate("fields.every((field) => field.value === '')")


async def test_clearing_leaves_nothing(composer: RealComposer, visit: Visit) -> None:
    """After sealing the secret is out of every field; after clearing the passphrase is out of the page."""
    await visit.come(await composer.order())
    await visit.page.fill("#secret", LONG)
    await visit.page.evaluate("globalThis.field = document.querySelector('#secret')")
    words = await seal(visit.page)
    assert LONG not in await visit.page.content()
    assert await visit.page.evaluate("field.value") == ""
    await visit.page.get_by_role("button", name="clear this page").click()
    assert words not in await visit.page.content()
    assert await visit.page.locator(SENT).count() == 0
