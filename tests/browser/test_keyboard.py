"""The whole way with a keyboard alone: nothing here touches a mouse, and at every stop the focus can be seen."""

import asyncio

import pytest
from playwright.async_api import Browser, Page, expect

from store.formats.payload_v1 import Text
from tests.browser.pretend_reader import PretendReader
from tests.browser.scenes import SECRET
from tests.browser.visiting import DONE, Visit, visiting

pytestmark = pytest.mark.asyncio(loop_scope="session")

# What has the focus: its name as a person would say it, and whether the browser draws a ring around it.
_HERE = """() => {
    const here = document.activeElement;
    const style = getComputedStyle(here);
    const name = here.getAttribute("aria-label") ?? here.labels?.[0]?.textContent ?? here.textContent;
    const box = here.getBoundingClientRect();
    return {
        name: name.replace(/[\\u2068\\u2069]/g, "").trim(),
        tag: here.tagName,
        ring: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
        inView: box.top >= 0 && box.bottom <= innerHeight,
    };
}"""
_REMEMBER_COPIES = "navigator.clipboard.writeText = async (text) => { globalThis.copied = text; };"


class Keyboard:
    """Hands that press keys and look where the focus is."""

    def __init__(self, page: Page) -> None:
        self.page = page

    async def here(self) -> str:
        """The name of what has the focus. It is drawn and within the window, or this fails."""
        found = await self.page.evaluate(_HERE)
        for _ in range(500):
            if found["inView"]:
                break
            await asyncio.sleep(0.02)  # it is being scrolled to
            found = await self.page.evaluate(_HERE)
        assert found["tag"] != "BODY", "the focus is nowhere"
        assert found["ring"] or found["tag"] == "H1", found
        assert found["inView"], found
        return str(found["name"])

    async def to(self, name: str, *, back: bool = False) -> None:
        """Tab until `name` has the focus; every stop on the way is looked at, and there are not many."""
        for _ in range(10):
            await self.page.keyboard.press("Shift+Tab" if back else "Tab")
            if await self.here() == name:
                return
        pytest.fail(f"no way to {name} by Tab")

    async def press(self, name: str, key: str = "Enter") -> None:
        """Go to `name` and press `key` on it."""
        if await self.here() != name:
            await self.to(name)
        await self.page.keyboard.press(key)

    async def type(self, text: str) -> None:
        """Type, and press Enter."""
        await self.page.keyboard.type(text)
        await self.page.keyboard.press("Enter")


async def test_from_door_to_cleared_page(visit: Visit, shell_url: str) -> None:
    """Door, refused, wrong, right, shown, copied, cleared; the focus goes to what comes next each time."""
    await visit.page.add_init_script(_REMEMBER_COPIES)
    pretend, keys, page = PretendReader(Text(SECRET)), Keyboard(visit.page), visit.page
    await pretend.attach(page)
    await visit.come(pretend.link.url(shell_url))
    assert await keys.here() == "Passphrase, in digits"
    await keys.type("abc")
    await expect(page.get_by_role("alert")).to_contain_text("digits 0 to 9")
    assert await keys.here() == "Passphrase, in digits"
    await page.keyboard.press("Control+A")
    await keys.type("1234")
    await expect(page.get_by_role("alert")).to_contain_text("4 tries left")
    assert await keys.here() == "Passphrase, in digits"
    await page.keyboard.type("4711")
    await keys.press("Show", "Space")
    assert await keys.here() == "Passphrase, in digits"
    await page.keyboard.press("Enter")
    await page.wait_for_selector(DONE)
    assert await keys.here() == "The secret (hidden)"
    await keys.press("Show", "Space")
    assert await page.input_value("#secret") == SECRET
    await keys.to("Copy", back=True)
    await keys.press("Copy")
    await expect(page.locator("#status")).to_contain_text("Copied.")
    assert await page.evaluate("copied") == SECRET
    await keys.press("I have it, clear this page")
    await expect(page.locator("h1")).to_have_text("This page is clear")
    assert await keys.here() == "This page is clear"


async def test_the_secret_is_copied_from_its_field_while_hidden(chromium: Browser, shell_url: str) -> None:
    """The copy keys on the masked field give the secret and not its dots."""
    async with visiting(chromium, permissions=["clipboard-read", "clipboard-write"]) as visit:
        pretend = PretendReader(Text(SECRET), None)
        await pretend.attach(visit.page)
        await visit.come(pretend.link.url(shell_url))
        await Keyboard(visit.page).to("Or type the word open")
        await visit.page.keyboard.type("open")
        await visit.page.wait_for_selector(DONE)
        await visit.page.evaluate(
            "addEventListener('copy', (e) => { globalThis.copied = e.clipboardData.getData('text'); })"
        )
        await visit.page.keyboard.press("Control+C")
        await expect(visit.page.locator("#status")).to_contain_text("Copied.")
        assert await visit.page.evaluate("copied") == SECRET


async def test_the_ways_beside_the_door(visit: Visit, shell_url: str) -> None:
    """Asking for the passphrase, carrying the link and saying "I was not expecting this" are within reach of Tab."""
    await visit.page.add_init_script(_REMEMBER_COPIES)
    pretend, keys, page = PretendReader(Text(SECRET)), Keyboard(visit.page), visit.page
    await pretend.attach(page)
    await visit.come(pretend.link.url(shell_url))
    await keys.press("I don't have the passphrase")
    await keys.press("Ask Maya Okafor for the passphrase")
    await page.wait_for_selector(".done")
    assert (await keys.here()).startswith("Maya Okafor is being told")
    await keys.press("Copy this link for another device", "Space")
    await expect(page.locator("#status")).to_contain_text("The link is copied.")
    assert await page.evaluate("copied") == pretend.link.url(shell_url)
    await keys.press("I was not expecting this")
    await keys.press("Tell Maya Okafor that I was not expecting this")
    await expect(page.locator(".done")).to_have_count(2)
    assert (await keys.here()).startswith("The sender is being told, and it is on record for their security team.")
    assert [name for name, _ in pretend.asked] == ["door", "ask", "not-me"]


async def test_a_cut_link_is_mended(visit: Visit, shell_url: str) -> None:
    """What is typed wrongly is said and can be typed again at once; the whole link leads to the door."""
    pretend, keys, page = PretendReader(Text(SECRET)), Keyboard(visit.page), visit.page
    await pretend.attach(page)
    whole = pretend.link.url(shell_url)
    await visit.come(whole[:-3])
    assert await keys.here() == "This link was cut off"
    await keys.to("Paste the whole link")
    await page.keyboard.insert_text(whole[:-1])
    await keys.press("Open", "Space")
    await expect(page.get_by_role("alert")).to_contain_text("not the whole link yet")
    assert await keys.here() == "Paste the whole link"
    await page.keyboard.press("Control+A")
    await page.keyboard.insert_text(whole)
    await keys.press("Open")
    await page.wait_for_selector("#passphrase")
    assert await keys.here() == "Passphrase, in digits"


@pytest.mark.parametrize("way", ["Space", "typed"])
async def test_a_deliberate_act(visit: Visit, shell_url: str, way: str) -> None:
    """Holding Space or typing the word opens; pressing Space or Enter shortly, as a switch would, opens nothing."""
    pretend, keys, page = PretendReader(Text(SECRET), None), Keyboard(visit.page), visit.page
    await pretend.attach(page)
    await visit.come(pretend.link.url(shell_url))
    assert await keys.here() == "Maya Okafor sent you a credential"
    await keys.press("Hold to open", "Space")
    await page.keyboard.press("Enter")
    assert pretend.requests("claim") == []
    if way == "Space":
        await page.keyboard.down(" ")
    else:
        await keys.to("Or type the word open")
        await page.keyboard.type("Open")
    await page.wait_for_selector(DONE)
    await page.keyboard.up(" ")
    assert len(pretend.requests("claim")) == 1
    assert await keys.here() == "The secret (hidden)"
    assert await page.input_value("#secret") != SECRET
