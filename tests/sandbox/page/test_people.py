"""Three people in one window: in front by turns, or side by side; on a phone one at a time; and a fresh start."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.fixtures import AUDIT, DANA, MAYA, MAYA_DANA, PROJECT, SAM
from sandbox.running import Sandbox
from tests.sandbox.breaking import refusal
from tests.sandbox.page.screens import entry, screen, show, switch
from tests.sandbox.parts import form
from tests.sandbox.rawsocket import raw_socket

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_one_in_front_or_all_side_by_side(sandbox: Sandbox, page: Page) -> None:
    """What Maya sends stands at Dana's at once; the columns say whose they are; one goes back to one."""
    maya, dana = screen(page, MAYA), screen(page, DANA)
    assert not await dana.is_visible()
    await page.get_by_role("button", name="Side by side").click()
    for user, name in ((MAYA, "Maya Castillo"), (DANA, "Dana Okafor"), (SAM, "Sam Lindqvist")):
        await screen(page, user).get_by_role("heading", name=name, level=1).wait_for()
    box = maya.get_by_role("textbox", name="Message")
    await box.fill("hello there")
    await box.press("Enter")
    await dana.locator(".message").get_by_text("hello there").wait_for()
    await page.get_by_role("button", name="One at a time").click()
    await dana.wait_for(state="hidden")
    await show(page, DANA)
    assert await switch(page, DANA).get_attribute("aria-pressed") == "true"
    assert not await maya.is_visible()


async def test_one_screen_at_a_time_on_a_phone(sandbox: Sandbox, page: Page) -> None:
    """At 390 px one person's screen is shown, the switcher names unread messages, and nothing scrolls sideways."""
    await page.set_viewport_size({"width": 390, "height": 800})
    assert await screen(page, MAYA).is_visible()
    assert not await screen(page, DANA).is_visible()
    assert await page.get_by_role("button", name="Side by side").is_hidden()
    await sandbox.type(MAYA, PROJECT, "hello")
    await switch(page, DANA).get_by_label("1 unread").wait_for()
    dana = await show(page, DANA)
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    await entry(dana, "pipelines").click()
    await dana.get_by_text("hello").wait_for()


async def test_arrow_keys_walk_the_people_and_the_conversations(page: Page) -> None:
    """Tab stops once at each list; arrows, Home and End move inside, Enter chooses."""
    await switch(page, MAYA).focus()
    await page.keyboard.press("ArrowRight")
    await page.keyboard.press("Enter")
    dana = screen(page, DANA)
    await dana.wait_for()
    await entry(dana, "Maya Castillo").focus()
    await page.keyboard.press("Home")
    await page.keyboard.press("Enter")
    await dana.get_by_role("heading", name="#pipelines").wait_for()
    stops = await dana.get_by_role("navigation").locator("button[tabindex='0']").count()
    assert stops == 1


async def test_what_is_half_typed_stays_with_its_conversation(page: Page) -> None:
    """Words for Dana do not turn up in a channel that others read."""
    maya = screen(page, MAYA)
    box = maya.get_by_role("textbox", name="Message")
    await box.fill("for Dana only")
    await entry(maya, "general").click()
    await expect(box).to_have_value("")
    await entry(maya, "Dana Okafor").click()
    await expect(box).to_have_value("for Dana only")


async def test_enter_completes_a_half_typed_name_and_sends_a_whole_one(page: Page) -> None:
    """Nobody sends "@da" to nobody: the first Enter takes the offer, the next one sends."""
    maya = screen(page, MAYA)
    box = maya.get_by_role("textbox", name="Message")
    await box.fill("hello @da")
    await maya.get_by_role("option", name="Dana Okafor").wait_for()
    await box.press("Enter")
    assert await box.input_value() == "hello @dana "
    await box.press("Enter")
    await maya.locator(".message").get_by_text("hello").wait_for()


async def test_a_slash_shows_commands_and_how_they_are_used(page: Page) -> None:
    """The hint stays behind the command until something is typed, and does not stop Enter."""
    maya = screen(page, MAYA)
    box = maya.get_by_role("textbox", name="Message")
    await box.press("/")
    offer = maya.get_by_role("option", name="/sendsecret")
    assert "[@person]" in await offer.inner_text()
    assert "opens once" in await offer.inner_text()
    await box.press("ArrowDown")
    await box.press("Enter")
    assert await box.input_value() == "/sendsecret "
    assert "[@person]" in await offer.inner_text()
    await box.press_sequentially("x")
    await offer.wait_for(state="detached")
    await box.fill("")
    await box.press("/")
    await box.press("Escape")
    await expect(maya.get_by_role("listbox")).to_be_hidden()


async def test_a_fresh_workspace(sandbox: Sandbox, page: Page, client: AsyncWebClient) -> None:
    """Reset asks and says what it leaves alone; then messages, threads and forms are gone, the app still connected."""
    async with raw_socket(sandbox):
        dm = (await client.conversations_open(users=DANA))["channel"]["id"]
        parent = await client.chat_postMessage(channel=AUDIT, text="a drop")
        await client.chat_postMessage(channel=AUDIT, text="delivered", thread_ts=parent["ts"])
        await sandbox.type(MAYA, MAYA_DANA, "hello")
        sandbox.deactivate(DANA)
        await client.views_open(trigger_id=sandbox.workspace.triggers.issue(MAYA), view=form())
        old = sandbox.workspace.triggers.issue(MAYA)
        await screen(page, MAYA).get_by_role("dialog").wait_for()
        sam = await show(page, SAM)
        await sam.get_by_role("button", name="1 reply").click()
        await page.get_by_role("button", name="Reset").click()
        asked = page.get_by_role("alertdialog")
        await asked.get_by_text("Secrets that were already sent are not touched").wait_for()
        await page.keyboard.press("Escape")
        await asked.wait_for(state="detached")
        assert sandbox.messages(SAM, AUDIT)
        await page.get_by_role("button", name="Reset").click()
        await asked.get_by_role("button", name="Reset the workspace").click()
        await sam.get_by_text("No messages yet").wait_for()
        await sam.get_by_role("complementary", name="Thread").wait_for(state="hidden")
        await screen(page, MAYA).get_by_role("dialog").wait_for(state="detached")
        assert await page.get_by_text("The app is connected").is_visible()
        again = await client.chat_postMessage(channel=dm, text="the same DM")
        assert [m["ts"] for m in sandbox.messages(DANA, dm)] == [again["ts"]]
        assert await refusal(client.views_open(trigger_id=old, view=form())) == "invalid_trigger_id"
