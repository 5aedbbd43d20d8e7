"""The page in a real browser: three screens, a form filled by hand, a button, Home, and hostile text."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from playwright.async_api import Locator, Page, async_playwright
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.fixtures import AUDIT, DANA, MAYA, SAM
from sandbox.running import Sandbox
from tests import chromium
from tests.sandbox.conftest import bolt, connected
from tests.sandbox.parts import button, field, form, option, plain, section


@pytest.fixture
async def page(sandbox: Sandbox) -> AsyncIterator[Page]:
    """The sandbox's page at desktop size; a script error or a policy violation fails the test."""
    wrong: list[str] = []
    async with async_playwright() as play:
        browser = await play.chromium.launch(executable_path=chromium.path(), args=list(chromium.FLAGS))
        shown = await browser.new_page(viewport={"width": 1280, "height": 800})
        shown.on("pageerror", lambda error: wrong.append(str(error)))
        shown.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
        await shown.goto(f"{sandbox.url}/")
        await screen(shown, SAM).locator(".chip").first.wait_for()
        yield shown
        await browser.close()
    assert wrong == []


def screen(page: Page, user: str) -> Locator:
    return page.locator(f"section[data-user={user}]")


async def test_a_hand_over_by_hand(sandbox: Sandbox, page: Page) -> None:
    """Maya types and fills the form, an error shows and is mended, Dana's button opens a tab, Sam sees the thread."""
    app = bolt(sandbox)
    expires = {"type": "static_select", "options": [option("1 hour"), option("1 day")]}

    @app.command("/sendsecret")
    async def asked(ack: Any, command: Any, client: Any) -> None:
        await ack()
        blocks = [
            field("to", {"type": "multi_users_select"}),
            field("secret", {"multiline": True}),
            field("expires", expires),
        ]
        await client.views_open(trigger_id=command["trigger_id"], view=form(*blocks))

    @app.view("ask")
    async def submitted(ack: Any, view: Any, client: Any) -> None:
        values = view["state"]["values"]
        if values["secret"]["secret"]["value"] == "no":
            await ack(response_action="errors", errors={"secret": "Not that."})
            return
        assert values["to"]["to"]["selected_users"] == [DANA]
        assert values["expires"]["expires"]["selected_option"]["value"] == "1 day"
        await ack(
            response_action="update", view={"type": "modal", "title": plain("Sent"), "blocks": [section("*Done*")]}
        )
        channel = (await client.conversations_open(users=DANA))["channel"]["id"]
        blocks = [
            section("Opens once"),
            {"type": "actions", "elements": [button("open", url=f"{sandbox.url}/page/icon.svg")]},
        ]
        await client.chat_postMessage(channel=channel, text="x", blocks=blocks)
        parent = await client.chat_postMessage(channel=AUDIT, text="a drop")
        await client.chat_postMessage(channel=AUDIT, text="delivered", thread_ts=parent["ts"])

    @app.action("open")
    async def clicked(ack: Any, body: Any, client: Any) -> None:
        await ack()
        await client.chat_update(channel=body["channel"]["id"], ts=body["message"]["ts"], text="Gone")

    async with connected(sandbox, app):
        maya, dana, sam = (screen(page, user) for user in (MAYA, DANA, SAM))
        composer = maya.get_by_role("textbox", name="Message")
        await composer.fill("/sendsecret")
        await maya.get_by_role("option", name="/sendsecret").wait_for()
        await composer.press("Enter")
        dialog = maya.get_by_role("dialog")
        await dialog.get_by_role("combobox", name="to").fill("dan")
        await dialog.get_by_role("option", name="Dana Okafor").click()
        await dialog.get_by_role("textbox", name="secret").fill("no")
        await dialog.get_by_label("expires").select_option("1 day")
        await dialog.get_by_role("button", name="Send").click()
        await dialog.get_by_role("alert").get_by_text("Not that.").wait_for()
        await dialog.get_by_role("textbox", name="secret").fill("sk_live_1")
        await dialog.get_by_role("button", name="Send").click()
        await dialog.get_by_text("Done").wait_for()
        await dialog.get_by_role("button", name="Close").first.click()
        await dialog.wait_for(state="detached")

        await dana.get_by_role("button", name="Sendsecret").click()
        async with page.context.expect_page() as opened:
            await dana.get_by_role("link", name="Press").click()
        assert (await opened.value).url.endswith("/page/icon.svg")
        await dana.get_by_text("Gone").wait_for()
        await dana.get_by_text("(edited)").wait_for()
        await sam.get_by_role("button", name="1 reply").click()
        await sam.get_by_text("delivered").wait_for()


async def test_hostile_text_is_text(sandbox: Sandbox, page: Page, client: AsyncWebClient) -> None:
    """Markup in messages, labels and names is shown as it was typed; only Slack's own marks mean something."""
    hostile = "<img src=x onerror=alert(1)> *bold* &lt;b&gt; <javascript:alert(1)|click> <https://a.example|site>"
    await client.chat_postMessage(channel=AUDIT, text=hostile, blocks=[section(hostile)])
    shown = screen(page, SAM).locator(".message .text")
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
    note = screen(page, SAM).locator(".ephemeral")
    await note.get_by_text("Only visible to you").wait_for()
    assert "at 2023-11-1" in await note.inner_text()
    maya = screen(page, MAYA)
    await maya.get_by_role("button", name="Sendsecret").click()
    await maya.get_by_role("button", name="Home").click()
    await maya.get_by_role("heading", name="Outstanding").wait_for()
    assert await maya.get_by_text("Sending messages to this app").is_hidden()


async def test_an_update_keeps_what_is_typed_and_shows_what_is_new(
    sandbox: Sandbox, page: Page, client: AsyncWebClient
) -> None:
    """What stands in a field and was not sent yet stays; what the update added is scrolled into sight."""
    trigger = sandbox.workspace.triggers.issue(MAYA)
    view = (await client.views_open(trigger_id=trigger, view=form()))["view"]["id"]
    box = screen(page, MAYA).get_by_role("dialog").get_by_role("textbox", name="label")
    await box.fill("half typed")
    await client.views_update(view_id=view, view=form(section("A warning"), field("label")))
    await screen(page, MAYA).get_by_text("A warning").wait_for()
    assert await box.input_value() == "half typed"
    long = [field(f"f{n}", {"multiline": True}, optional=True) for n in range(8)]
    await client.views_update(view=form(field("label"), *long), view_id=view)
    await screen(page, MAYA).get_by_label("f7").wait_for()
    await client.views_update(view=form(field("label"), *long, section("Below the fold")), view_id=view)
    warning = screen(page, MAYA).get_by_text("Below the fold")
    await warning.wait_for()
    edges = "node => [node, node.closest('.modal-blocks')].map((one) => one.getBoundingClientRect().bottom)"
    bottom, fold = await warning.evaluate(edges)
    assert bottom <= fold + 1


async def test_one_screen_at_a_time_on_a_phone(sandbox: Sandbox, page: Page) -> None:
    """At 390 px one person's screen is shown, the switcher names unread messages, and nothing scrolls sideways."""
    await page.set_viewport_size({"width": 390, "height": 800})
    assert await screen(page, MAYA).is_visible()
    assert not await screen(page, DANA).is_visible()
    await sandbox.type(MAYA, "C0PROJECT1", "hello")
    dana = page.locator("#switcher").get_by_role("button", name="Dana")
    await dana.get_by_label("1 unread").wait_for()
    await dana.click()
    assert await screen(page, DANA).is_visible()
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")


async def test_enter_completes_a_half_typed_name_and_sends_a_whole_one(page: Page) -> None:
    """Nobody sends "@da" to nobody: the first Enter takes the offer, the next one sends."""
    box = screen(page, MAYA).get_by_role("textbox", name="Message")
    await box.fill("hello @da")
    await screen(page, MAYA).get_by_role("option", name="Dana Okafor").wait_for()
    await box.press("Enter")
    assert await box.input_value() == "hello @dana "
    await box.press("Enter")
    await screen(page, MAYA).locator(".message").get_by_text("hello").wait_for()
