"""Finding one's way on the page: whose screen, and who is in front."""

from __future__ import annotations

from playwright.async_api import Locator, Page

from sandbox.fixtures import DANA, MAYA, SAM

NAMES = {MAYA: "Maya", DANA: "Dana", SAM: "Sam"}


def screen(page: Page, user: str) -> Locator:
    return page.locator(f"section[data-user={user}]")


def switch(page: Page, user: str) -> Locator:
    """The button that brings this person to the front."""
    return page.locator("#switcher").get_by_role("button", name=NAMES[user])


async def show(page: Page, user: str) -> Locator:
    """Bring this person to the front; their screen."""
    await switch(page, user).click()
    shown = screen(page, user)
    await shown.wait_for()
    return shown


def entry(shown: Locator, name: str) -> Locator:
    """A line of somebody's list of conversations."""
    return shown.get_by_role("navigation").get_by_role("button", name=name)


async def focused(page: Page) -> str:
    """What has the keyboard: its label, else its text."""
    script = "document.activeElement.ariaLabel || document.activeElement.textContent"
    return str(await page.evaluate(script)).strip()
