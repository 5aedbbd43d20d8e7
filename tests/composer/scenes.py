"""Every scene of the composer's page by name, and the way to it from an order that was just opened."""

import re
from collections.abc import Awaitable, Callable

from playwright.async_api import Page

from tests.composer.hands import choose, seal

LONG = "Pneumonoultramicroscopicsilicovolcanoconiosis" * 3
WAITING = "text=Trying again in"


async def typed(page: Page) -> None:
    """A text, a known passphrase, and everything that can be unfolded."""
    await page.fill("#secret", f"{LONG}\nsecond line")
    await page.get_by_role("button", name="already knows").click()
    await page.fill("#passphrase", "1234")
    await page.get_by_text("Who sees what").click()


async def offered(page: Page) -> None:
    """The offer to keep line breaks, and a refusal."""
    await page.evaluate(
        """() => {
            const field = document.querySelector("#secret");
            const carried = new DataTransfer();
            carried.setData("text/plain", "a\\r\\nb");
            field.dispatchEvent(new ClipboardEvent("paste", { clipboardData: carried }));
            field.value = "a\\nb";
            field.dispatchEvent(new Event("input"));
        }"""
    )
    await page.wait_for_selector(".note button")


async def refused(page: Page) -> None:
    """Nothing to seal."""
    await page.get_by_role("button", name="Seal it").click()
    await page.wait_for_selector("#problem:not(:empty)")


async def file(page: Page) -> None:
    """A file with a long name."""
    await choose(page, f"{LONG}.pem", b"content")
    await page.wait_for_selector(".file")


async def waiting(page: Page) -> None:
    """A server that does not answer."""
    await page.route(re.compile("/drop$"), lambda route: route.abort())
    await file(page)
    await page.get_by_role("button", name="Seal it").click()
    await page.wait_for_selector(WAITING)


async def sent(page: Page) -> None:
    """Sealed, and the passphrase in view."""
    await page.fill("#secret", "s")
    await seal(page)


async def cleared(page: Page) -> None:
    """Passed on."""
    await sent(page)
    await page.get_by_role("button", name="clear this page").click()


async def used(page: Page) -> None:
    """Loaded again."""
    await cleared(page)
    await page.reload()
    await page.wait_for_selector("h1:has-text('sealed already')")


async def cut(page: Page) -> None:
    """Half of the link."""
    await page.evaluate("location.hash = location.hash.slice(0, -2)")
    await page.wait_for_selector("#whole")


async def over(page: Page) -> None:
    """Another token."""
    await page.route(re.compile("/look$"), lambda route: route.fulfill(status=404, json={
        "type": "urn:sendsecret:problem:not-found"}, content_type="application/problem+json"))  # fmt: skip
    await page.reload()
    await page.wait_for_selector("h1:has-text('is over')")


async def empty(_page: Page) -> None:
    """As it comes."""


SCENES: dict[str, Callable[[Page], Awaitable[None]]] = {
    scene.__name__: scene
    for scene in (empty, typed, offered, refused, file, waiting, sent, cleared, used, cut, over)
}  # fmt: skip
