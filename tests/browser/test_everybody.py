"""The page for people without a mouse, a wide screen, eyesight, JavaScript or https."""

import pytest
from playwright.async_api import Browser, expect

from store.formats.payload_v1 import Text
from tests.browser import room
from tests.browser.pretend_reader import PretendReader
from tests.browser.visiting import DONE, Visit, visiting

pytestmark = pytest.mark.asyncio(loop_scope="session")

LONG = "Pneumonoultramicroscopicsilicovolcanoconiosis" * 3


async def require_room(visit: Visit) -> None:
    """Nothing sticks out sideways, every target is large enough, and every control has a name."""
    for wrong in (room.OUTSIDE, room.SMALL_TARGETS, room.UNNAMED):
        assert await visit.page.evaluate(wrong) == []


async def test_endless_words_fit_320_pixels(chromium: Browser, shell_url: str) -> None:
    """A name, label, hint and secret without a space stay within a narrow phone on every scene that shows them."""
    async with visiting(chromium, viewport={"width": 320, "height": 640}) as visit:
        pretend = PretendReader(Text(f"{LONG}\nsecond line"), sender=LONG, label=LONG)
        pretend.hint = LONG
        await pretend.attach(visit.page)
        await visit.come(pretend.link.url(shell_url))
        await require_room(visit)
        await visit.try_passphrase("1")
        await expect(visit.page.locator("#problem")).to_contain_text("4 tries left")
        await require_room(visit)
        await visit.try_passphrase("4711")
        await visit.page.wait_for_selector(DONE)
        await visit.secret()
        await require_room(visit)
        for state in ("locked", "paused"):
            pretend.say("door", pretend.door(state=state))
            await visit.page.goto("about:blank")
            await visit.come(pretend.link.url(shell_url))
            await require_room(visit)


async def test_changes_are_announced(visit: Visit, shell_url: str) -> None:
    """Progress is a polite status, an error an alert, and the language and direction of the page are set."""
    pretend = PretendReader(Text("s3cret"))
    await pretend.attach(visit.page)
    await visit.come(pretend.link.url(shell_url))
    assert await visit.page.get_attribute("html", "lang") == "en"
    assert await visit.page.get_attribute("html", "dir") == "ltr"
    await visit.try_passphrase("1")
    await expect(visit.page.get_by_role("alert")).to_contain_text("That is not the passphrase.")
    assert await visit.page.get_attribute("#status", "aria-live") == "polite"


@pytest.mark.parametrize(("form", "mode"), [("digits", "numeric"), ("words", None), ("free", None)])
async def test_the_field_keeps_to_itself(visit: Visit, shell_url: str, form: str, mode: str | None) -> None:
    """The passphrase is hidden, fits the keyboard to its form, and invites no manager, speller or translator."""
    pretend = PretendReader(Text("s3cret"), "4711" if form == "digits" else "amber", form)  # type: ignore[arg-type]
    await pretend.attach(visit.page)
    await visit.come(pretend.link.url(shell_url))
    field = visit.page.locator("#passphrase")
    expected = {"type": "password", "autocomplete": "off", "spellcheck": "false", "translate": "no"}
    for name, value in {**expected, "data-1p-ignore": "", "data-lpignore": "true", "data-bwignore": ""}.items():
        assert await field.get_attribute(name) == value
    assert await field.get_attribute("inputmode") == mode
    toggle = visit.page.get_by_role("button", name="Show")
    await toggle.click()
    assert await field.get_attribute("type") == "text"
    await expect(visit.page.get_by_role("button", name="Hide")).to_have_attribute("aria-pressed", "true")


async def test_without_javascript_the_page_says_what_is_needed(chromium: Browser, shell_url: str) -> None:
    """A browser without scripts says so and what to do, and no heading claims that something is opening."""
    async with visiting(chromium, java_script_enabled=False) as visit:
        await visit.page.goto(f"{shell_url}/s/AAAAAAAAAAAAAAAAAAAAAA")
        text = await visit.page.inner_text("main")
        assert "open the link in another browser" in text
        assert "WebCrypto" in text
        assert "Nothing is used up." in text
        assert await visit.page.locator("h1:visible").all_inner_texts() == ["This page needs JavaScript."]


async def test_without_https_the_page_says_what_is_needed(visit: Visit, shell_url: str) -> None:
    """Where the browser withholds its cryptography, nothing is asked of the server and the reason is given."""
    await visit.page.add_init_script("Object.defineProperty(Crypto.prototype, 'subtle', {get: () => undefined})")
    await visit.come(f"{shell_url}/s/AAAAAAAAAAAAAAAAAAAAAA")
    assert await visit.heading() == "This page needs https"
    told = await visit.text()
    assert "Nothing is used up." in told
    assert "open the link in another browser" in told
    assert not [request for request in visit.requests if "/api/" in request.url]


async def test_the_link_can_be_carried_to_another_device(chromium: Browser, shell_url: str) -> None:
    """ "Copy this link" copies all of it, fragment included."""
    async with visiting(chromium, permissions=["clipboard-write"]) as visit:
        copied = "navigator.clipboard.writeText = async (text) => { globalThis.copied = text; };"
        await visit.page.add_init_script(copied)
        pretend = PretendReader(Text("s3cret"))
        await pretend.attach(visit.page)
        await visit.come(pretend.link.url(shell_url))
        await visit.page.get_by_role("button", name="Copy this link").click()
        await visit.page.wait_for_selector("text=The link is copied.")
        assert await visit.page.evaluate("copied") == pretend.link.url(shell_url)


async def test_the_demo_says_that_it_is_one(visit: Visit, shell_url: str) -> None:
    """Every page of a demonstration carries the mark."""
    await visit.come(f"{shell_url}/s/x")
    await expect(visit.page.get_by_text("Demo", exact=True)).to_be_visible()
