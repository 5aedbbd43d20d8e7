"""The menu of a message: the app's shortcut, by mouse, by keyboard, and on a phone."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from sandbox.fixtures import MAYA, MAYA_DANA
from sandbox.running import Sandbox
from tests.sandbox.conftest import bolt, connected
from tests.sandbox.page.screens import screen
from tests.sandbox.parts import field, form

pytestmark = pytest.mark.asyncio(loop_scope="session")

MENU = "More actions on this message"
SHORTCUT = "Replace with a link"


async def test_a_shortcut_is_chosen_by_mouse_and_by_keyboard(sandbox: Sandbox, page: Page) -> None:
    """The menu shows when one points at the message or comes to it; Escape leaves it; the app gets the message."""
    app, texts = bolt(sandbox), list[str]()

    @app.shortcut("replace_message")
    async def chosen(ack: Any, body: Any, client: Any) -> None:
        await ack()
        texts.append(body["message"]["text"])
        await client.views_open(trigger_id=body["trigger_id"], view=form(field("secret", {})))

    async with connected(sandbox, app):
        await sandbox.type(MAYA, MAYA_DANA, "hunter2")
        maya = screen(page, MAYA)
        message = maya.locator(".message").filter(has_text="hunter2")
        menu = message.locator(".message-menu")
        await page.mouse.move(0, 0)
        await expect(menu).to_have_css("opacity", "0")
        await message.hover()
        await expect(menu).to_have_css("opacity", "1")
        await message.get_by_role("button", name=MENU).click()
        await message.get_by_role("menuitem", name=SHORTCUT).click()
        await maya.get_by_role("dialog").wait_for()
        await page.keyboard.press("Escape")
        await maya.get_by_role("dialog").wait_for(state="detached")
        await page.mouse.move(0, 0)
        await message.get_by_role("button", name=MENU).focus()
        await expect(menu).to_have_css("opacity", "1")
        await page.keyboard.press("ArrowDown")
        await page.keyboard.press("Escape")
        await expect(message.get_by_role("menuitem")).to_have_count(0)
        await page.keyboard.press("Enter")
        await page.keyboard.press("Enter")
        await maya.get_by_role("dialog").wait_for()
        assert texts == ["hunter2", "hunter2"]


async def test_on_a_phone_the_menu_is_there_and_fits(sandbox: Sandbox, chromium: Browser) -> None:
    """Nothing hovers there: it is seen without, and its list is on the screen."""
    context = await chromium.new_context(viewport={"width": 320, "height": 640}, has_touch=True, is_mobile=True)
    try:
        phone = await context.new_page()
        await phone.goto(f"{sandbox.url}/")
        await sandbox.type(MAYA, MAYA_DANA, "a long line of words that fills the whole width of a phone and more of it")
        message = screen(phone, MAYA).locator(".message").filter(has_text="a long line")
        await expect(message.locator(".message-menu")).to_have_css("opacity", "1")
        await message.get_by_role("button", name=MENU).tap()
        item = message.get_by_role("menuitem", name=SHORTCUT)
        box = await item.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 320
        assert box["y"] + box["height"] <= 640
        assert await phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
    finally:
        await context.close()


async def test_an_app_without_a_shortcut_has_no_menu(sandbox: Sandbox, page: Page) -> None:
    """Nor has what only one person sees."""
    sandbox.workspace.app.shortcuts.clear()
    await sandbox.type(MAYA, MAYA_DANA, "hello there")
    message = screen(page, MAYA).locator(".message").filter(has_text="hello there")
    await message.wait_for()
    assert await message.locator(".message-menu").count() == 0
