"""The receipt's page for everybody: narrow and wide, light and dark, by keyboard, to a screen reader, and on paper."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from store import asks, claims
from store.events import append, next_number
from store.formats.event_v1 import disclose
from store.words import Event
from tests.browser import room
from tests.browser.axe import violations
from tests.browser.real_receipts import Receipts, real_receipts
from tests.browser.test_keyboard import Keyboard
from tests.browser.tour import LOOKS
from tests.browser.visiting import Visit, visiting
from tests.store.living import SOMEBODY, created

pytestmark = pytest.mark.asyncio(loop_scope="session")
LONG = "Pneumonoultramicroscopicsilicovolcanoconiosis" * 3
PAPER_WIDTH, PAPER_HEIGHT = 595, 842
FOREIGN_COLOURS = """() => {
    const dark = [];
    for (const each of document.querySelectorAll("body, main, section, .both")) {
        const [r, g, b, a = 1] = getComputedStyle(each).backgroundColor.match(/[\\d.]+/g).map(Number);
        if (a > 0 && Math.min(r, g, b) < 250) dark.push(each.outerHTML.slice(0, 60));
    }
    return dark;
}"""


@pytest_asyncio.fixture(loop_scope="session")
async def shown(tmp_path: Path) -> AsyncIterator[Receipts]:
    """The server."""
    async with real_receipts(tmp_path) as server:
        yield server


async def checked(page: Page, address: str) -> None:
    """Come, see the names, press the button."""
    await page.goto(address)
    await page.wait_for_selector("#names dl")
    await page.get_by_role("button", name="Check this receipt").click()
    await page.wait_for_selector("#lines li")


async def eventful(shown: Receipts) -> str:
    """A drop that was viewed after eight events; the id of its receipt."""
    sealed = await created(shown.store)
    won = sealed.present()
    async with shown.store.db.write() as tx:
        for event in (Event.DELIVERED, Event.DOOR_OPENED, Event.RECIPIENT_VERIFIED, Event.UNLOCKED):
            n, at = await next_number(tx, shown.store, sealed.new.id)
            await append(tx, shown.store, event, drop_id=sealed.new.id, n=n, at=at)
    await asks.not_me(shown.store, sealed.new.id, sealed.new.link_proof)
    await claims.claim(shown.store, won, SOMEBODY)
    rid = await claims.acknowledge(shown.store, sealed.new.id, sealed.new.link_proof, won.claim)
    await shown.integrate()
    assert rid is not None
    return rid


async def test_axe_and_room_find_nothing(shown: Receipts, chromium: Browser) -> None:
    """With names and findings on it: no violation, nothing sticks out, every target is large enough and has a name."""
    rid = await shown.ended("released")
    for size, scheme in LOOKS:
        async with visiting(chromium, viewport=size, color_scheme=scheme, reduced_motion="reduce") as visit:
            await checked(visit.page, shown.address(rid, shown.token(rid)))
            assert await violations(visit.page) == []
            for wrong in (room.OUTSIDE, room.SMALL_TARGETS, room.UNNAMED):
                assert await visit.page.evaluate(wrong) == []
            await visit.page.evaluate("document.documentElement.dir = 'rtl'")
            assert await visit.page.evaluate(room.OUTSIDE) == []
            assert visit.console == []


async def test_endless_names_fit_and_stay_text(shown: Receipts, chromium: Browser) -> None:
    """A name without a space, with markup and with a mark that turns the writing around harms nothing at 320 pixels."""
    rid = await shown.ended()
    async with visiting(chromium, viewport={"width": 320, "height": 640}) as visit:
        # Every digest is taken for one of the receipt's, so that names of any kind come to be shown.
        await visit.page.add_init_script("Array.prototype.includes = () => true;")
        texts = [
            disclose("sender_name", f"\u202e<img src=x>{LONG}", bytes(16)).text,
            disclose("label", LONG, bytes(16)).text,
        ]
        answer = {"disclosures": texts, "until": 1}
        await visit.page.route("**/names", lambda route: route.fulfill(json=answer))
        await visit.page.goto(shown.address(rid, shown.token(rid)))
        await visit.page.wait_for_selector("#names dl")
        assert await visit.page.locator("#names img").count() == 0
        assert "<img src=x>" in await visit.page.inner_text("#names")
        assert "\u202e" not in await visit.page.inner_text("#names")
        assert await visit.page.evaluate(room.OUTSIDE) == []


async def test_what_proves_and_what_does_not_are_of_one_size(shown: Receipts, chromium: Browser) -> None:
    """Both lists have the same letters, weight, colour and width, beside each other on a wide screen."""
    async with visiting(chromium, viewport={"width": 1280, "height": 800}) as visit:
        await visit.page.goto(shown.address(await shown.ended()))
        left, right = await visit.page.evaluate(
            """() => ["proves", "not"].map((id) => {
                const section = document.getElementById(id).parentElement;
                const box = section.getBoundingClientRect();
                const said = [section.querySelector("h2"), section.querySelector("li")].map((each) => {
                    const { fontSize, fontWeight, color, fontFamily } = getComputedStyle(each);
                    return [fontSize, fontWeight, color, fontFamily];
                });
                return { top: box.top, width: box.width, said };
            })"""
        )
        assert abs(left.pop("width") - right.pop("width")) < 3
        assert left == right


async def test_a_screen_reader_finds_its_way(shown: Receipts, visit: Visit) -> None:
    """One main, one first heading, every section named by its own, findings announced, names of new tabs none."""
    rid = await shown.ended()
    await checked(visit.page, shown.address(rid, shown.token(rid)))
    tree = await visit.page.locator("body").aria_snapshot()
    assert re.findall(r"^- (\w+)", tree, re.MULTILINE) == ["banner", "main"]
    assert tree.count("[level=1]") == 1
    regions = re.findall(r'- region "([^"]+)"', tree)
    assert regions == re.findall(r'heading "([^"]+)" \[level=2\]', tree)
    assert len(regions) == 9
    await expect(visit.page.get_by_role("status")).to_contain_text("Everything holds")
    await expect(visit.page.get_by_label("The log's key that you kept, if you have one")).to_have_attribute(
        "aria-describedby", "kept-help"
    )


async def test_a_keyboard_is_enough(shown: Receipts, visit: Visit) -> None:
    """Tab leads to the field, the button and the downloads; Enter checks; the focus is drawn and stays where it was."""
    await visit.page.goto(shown.address(await shown.ended()))
    keys = Keyboard(visit.page)
    await keys.to("The log's key that you kept, if you have one")
    await visit.page.keyboard.press("Enter")
    await visit.page.wait_for_selector("#lines li")
    assert await keys.here() == "Check this receipt"
    await keys.to("The signed receipt (.jws)")
    async with visit.page.expect_download() as download:
        await visit.page.keyboard.press("Enter")
    assert re.fullmatch(r"receipt-[0-9a-f]{8}\.jws", (await download.value).suggested_filename)


async def test_it_prints_on_one_sheet(shown: Receipts, chromium: Browser) -> None:
    """A viewed drop with eight events, its names and findings: one page of A4, light, no buttons, address and id."""
    rid = await eventful(shown)
    async with visiting(chromium, viewport={"width": 390, "height": 844}, color_scheme="dark") as visit:
        await checked(visit.page, shown.address(rid, shown.token(rid)))
        assert await visit.page.locator(".events li").count() >= 8
        pdf = await visit.page.pdf(prefer_css_page_size=True)
        assert re.findall(rb"/Type\s*/Page\b", pdf) == [b"/Type /Page"]
        [box] = re.findall(rb"/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]", pdf)
        assert [round(float(side)) for side in box] == [PAPER_WIDTH, PAPER_HEIGHT]
        await visit.page.emulate_media(media="print", color_scheme="dark")
        assert await visit.page.evaluate(FOREIGN_COLOURS) == []
        for pressed in await visit.page.locator("button, input, a").all():
            await expect(pressed).to_be_hidden()
        printed = await visit.page.inner_text("main")
        assert shown.address(rid) in printed
        assert f"rc_{rid}" in printed
        assert "Dana Petrov" in printed
