"""A whole hand-over through the page, with a small app at the other end of a real socket."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.async_api import Page, expect

from sandbox.fixtures import AUDIT, DANA, MAYA, SAM
from sandbox.running import Sandbox
from tests.sandbox.conftest import bolt, connected
from tests.sandbox.page.screens import entry, screen, show, switch
from tests.sandbox.parts import button, field, form, option, plain, section

pytestmark = pytest.mark.asyncio(loop_scope="session")


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
        maya = screen(page, MAYA)
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

        await expect(switch(page, DANA)).to_have_accessible_name(re.compile("1 unread"))
        dana = await show(page, DANA)
        await entry(dana, "Sendsecret").click()
        async with page.context.expect_page() as opened:
            await dana.get_by_role("link", name="Press").click()
        other = await opened.value
        assert other.url.endswith("/page/icon.svg")
        await other.close()
        await dana.get_by_text("Gone").wait_for()
        await dana.get_by_text("(edited)").wait_for()
        sam = await show(page, SAM)
        await sam.get_by_role("button", name="1 reply").click()
        await sam.get_by_role("complementary", name="Thread").get_by_text("delivered").wait_for()


async def test_a_click_on_a_row_s_menu_reaches_the_app(sandbox: Sandbox, page: Page) -> None:
    """The app's Home: published when it is opened, walked by keyboard, and its menu's choice arrives."""
    app = bolt(sandbox)
    chosen: list[str] = []
    menu = {"type": "overflow", "action_id": "more", "options": [option("Remind"), option("Revoke")]}

    @app.event("app_home_opened")
    async def opened(event: Any, client: Any) -> None:
        if event["tab"] == "home":
            view = {"type": "home", "blocks": [section("One drop", accessory=menu)]}
            await client.views_publish(user_id=event["user"], view=view)

    @app.action("more")
    async def took(ack: Any, action: Any) -> None:
        chosen.append(action["selected_option"]["value"])
        await ack()

    async with connected(sandbox, app):
        maya = screen(page, MAYA)
        await entry(maya, "Sendsecret").click()
        more = maya.get_by_role("button", name="More actions", exact=True)
        await more.press("ArrowDown")
        await page.keyboard.press("ArrowDown")
        await page.keyboard.press("Enter")
        await sandbox.workspace.changes.until(lambda: chosen or None, 10)
        assert chosen == ["Revoke"]
        assert await maya.get_by_role("tab", name="Home").get_attribute("aria-selected") == "true"
