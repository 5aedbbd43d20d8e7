"""What messages look like: text is text, days, edits, who else sees it, what is new."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.fixtures import AUDIT, DANA, MAYA, PROJECT, SAM
from sandbox.running import Sandbox
from tests.sandbox.page.screens import entry, screen, show, switch
from tests.sandbox.parts import plain, section

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_hostile_text_is_text(sandbox: Sandbox, page: Page, client: AsyncWebClient) -> None:
    """Markup in messages, labels and names is shown as it was typed; only Slack's own marks mean something."""
    hostile = "<img src=x onerror=alert(1)> *bold* &lt;b&gt; <javascript:alert(1)|click> <https://a.example|site>"
    await client.chat_postMessage(channel=AUDIT, text=hostile, blocks=[section(hostile)])
    shown = (await show(page, SAM)).locator(".message .text")
    await shown.wait_for()
    assert await shown.locator("img, b").count() == 0
    assert await shown.locator("strong").inner_text() == "bold"
    assert await shown.locator("a").get_attribute("href") == "https://a.example"
    assert "<b>" in await shown.inner_text()


async def test_home_dates_and_ephemerals(sandbox: Sandbox, page: Page, client: AsyncWebClient) -> None:
    """Home is drawn, a date is in the reader's words, an ephemeral message says that only one person sees it."""
    view = {"type": "home", "blocks": [{"type": "header", "text": plain("Outstanding")}]}
    await client.views_publish(user_id=MAYA, view=view)
    await client.chat_postEphemeral(channel=AUDIT, user=SAM, text="at <!date^1700000000^{date_num}|later>")
    note = (await show(page, SAM)).locator(".ephemeral")
    await note.get_by_text("Only visible to you").wait_for()
    assert "at 2023-11-1" in await note.inner_text()
    maya = await show(page, MAYA)
    await entry(maya, "Sendsecret").click()
    await maya.get_by_role("heading", name="Outstanding").wait_for()
    assert await maya.get_by_text("Sending messages to this app").is_hidden()


async def test_the_app_has_three_tabs(sandbox: Sandbox, page: Page) -> None:
    """Home says that there is none yet, About names commands and rights; without a Home tab there are two."""
    maya = screen(page, MAYA)
    await entry(maya, "Sendsecret").click()
    await maya.get_by_text("No Home yet").wait_for()
    await maya.get_by_role("tab", name="Home").press("End")
    await page.keyboard.press("Enter")
    about = maya.get_by_role("tabpanel", name="About")
    await about.get_by_text("/sendsecret").wait_for()
    await about.get_by_text("start direct messages with people").wait_for()
    await maya.get_by_role("tab", name="About").press("ArrowLeft")
    await page.keyboard.press("Enter")
    await maya.get_by_text("No messages from this app yet.").wait_for()
    sandbox.set("home_tab", False)
    await expect(maya.get_by_role("tab")).to_have_text(["Messages", "About"])


async def test_a_message_says_who_when_and_what_became_of_it(
    sandbox: Sandbox, page: Page, client: AsyncWebClient
) -> None:
    """Yesterday and today are apart, guests and apps carry a badge, a second message joins the first, edits show."""
    sandbox.move_clock(-86_400)
    await sandbox.type(DANA, PROJECT, "first")
    sandbox.move_clock(86_400)
    await sandbox.type(DANA, PROJECT, "second")
    await sandbox.type(DANA, PROJECT, "third")
    sandbox.invite_bot(PROJECT)
    told = await client.chat_postMessage(channel=PROJECT, text="fourth")
    await client.chat_update(channel=PROJECT, ts=told["ts"], text="changed")
    maya = screen(page, MAYA)
    await entry(maya, "pipelines").click()
    lines = maya.get_by_role("log", name="Messages", exact=True)
    await lines.get_by_text("(edited)").wait_for()
    assert await lines.locator(".divider.day").all_inner_texts() == ["Yesterday", "Today"]
    faces = lines.locator(".message:not(.joined) .byline strong")
    assert await faces.all_inner_texts() == ["Dana Okafor", "Dana Okafor", "Sendsecret"]
    assert [word.lower() for word in await lines.locator(".badge").all_inner_texts()] == ["guest", "guest", "app"]
    assert await lines.get_by_text("fourth").count() == 0


async def test_unread_is_bold_and_counted_until_it_is_read(sandbox: Sandbox, page: Page) -> None:
    """A line stands above what is new; looking at it clears the count, and the next visit has no line."""
    maya = screen(page, MAYA)
    await sandbox.type(DANA, PROJECT, "one")
    await sandbox.type(DANA, PROJECT, "two")
    pipelines = entry(maya, "pipelines")
    await pipelines.get_by_label("2 unread").wait_for()
    assert await pipelines.evaluate("node => getComputedStyle(node).fontWeight") == "700"
    await switch(page, MAYA).get_by_label("2 unread").wait_for()
    await expect(page).to_have_title("(2) Demo: Maya in a pretend workspace")
    await pipelines.click()
    await maya.get_by_role("separator", name="New messages").wait_for()
    await pipelines.get_by_label("2 unread").wait_for(state="detached")
    await expect(page).to_have_title("Demo: Maya in a pretend workspace")
    await entry(maya, "general").click()
    await pipelines.click()
    await maya.get_by_text("two").wait_for()
    assert await maya.get_by_role("separator", name="New messages").count() == 0


async def test_an_answer_in_a_thread_leaves_its_channel_read(
    sandbox: Sandbox, page: Page, client: AsyncWebClient
) -> None:
    """As in Slack: three answers show below the message, not as three unread messages of the channel."""
    parent = await client.chat_postMessage(channel=AUDIT, text="a drop")
    await sandbox.mark_read(MAYA, AUDIT)
    for word in ("created", "delivered", "opened"):
        await client.chat_postMessage(channel=AUDIT, text=word, thread_ts=parent["ts"])
    assert [c["unread"] for c in sandbox.conversations(MAYA) if c["id"] == AUDIT] == [0]
    await (await show(page, SAM)).get_by_role("button", name="3 replies").wait_for()
