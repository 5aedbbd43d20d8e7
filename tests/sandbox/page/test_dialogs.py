"""Forms and questions: what is typed stays, errors and waiting show, a question is asked, the keyboard comes back."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from playwright.async_api import Locator, Page, expect
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.fixtures import AUDIT, DANA, GENERAL, MAYA, MAYA_DANA, PARTNERS, SAM
from sandbox.running import Sandbox
from tests.sandbox.page.screens import entry, focused, screen, show
from tests.sandbox.parts import Json, button, field, form, mrkdwn, option, plain, section
from tests.sandbox.rawsocket import raw_socket

pytestmark = pytest.mark.asyncio(loop_scope="session")

CONFIRM = {
    "title": plain("Sure?"), "text": mrkdwn("Dana *cannot* open it"),
    "confirm": plain("Yes"), "deny": plain("No"), "style": "danger",
}  # fmt: skip


async def opened(sandbox: Sandbox, page: Page, client: AsyncWebClient, view: Json) -> Locator:
    """A form on Maya's screen."""
    trigger = sandbox.workspace.triggers.issue(MAYA, conversation=GENERAL)
    await client.views_open(trigger_id=trigger, view=view)
    dialog = screen(page, MAYA).get_by_role("dialog")
    await dialog.wait_for()
    return dialog


async def test_an_update_keeps_what_is_typed_and_shows_what_is_new(
    sandbox: Sandbox, page: Page, client: AsyncWebClient
) -> None:
    """What stands in a field and was not sent yet stays; what the update added is scrolled into sight."""
    dialog = await opened(sandbox, page, client, form())
    view = sandbox.views(MAYA)[0]["id"]
    box = dialog.get_by_role("textbox", name="label")
    await box.fill("half typed")
    await client.views_update(view_id=view, view=form(section("A warning"), field("label")))
    await dialog.get_by_text("A warning").wait_for()
    assert await box.input_value() == "half typed"
    long = [field(f"f{n}", {"multiline": True}, optional=True) for n in range(8)]
    await client.views_update(view=form(field("label"), *long), view_id=view)
    await dialog.get_by_label("f7").wait_for()
    await client.views_update(view=form(field("label"), *long, section("Below the fold")), view_id=view)
    warning = dialog.get_by_text("Below the fold")
    await warning.wait_for()
    edges = "node => [node, node.closest('.modal-blocks')].map((one) => one.getBoundingClientRect().bottom)"
    bottom, fold = await warning.evaluate(edges)
    assert bottom <= fold + 1


async def test_a_form_waits_and_says_what_went_wrong(sandbox: Sandbox, page: Page, client: AsyncWebClient) -> None:
    """An empty field is refused on the spot; then "Sending…"; an app that does not answer leaves the form and words."""
    dialog = await opened(sandbox, page, client, form())
    send = dialog.get_by_role("button", name="Send")
    await send.click()
    await dialog.get_by_role("alert").get_by_text("Please complete this required field.").wait_for()
    box = dialog.get_by_role("textbox", name="label")
    await expect(box).to_be_focused()
    await page.keyboard.type("a label")
    async with raw_socket(sandbox) as socket:
        sandbox.set("ack_seconds", 30)
        await page.keyboard.press("Enter")
        envelope = await socket.next()
        await expect(dialog.get_by_role("button", name="Sending…")).to_be_disabled()
        await socket.ack(envelope, {"response_action": "errors", "errors": {"label": "Not that."}})
        await dialog.get_by_role("alert").get_by_text("Not that.").wait_for()
        sandbox.set("ack_seconds", 0.05)
        await send.click()
        await dialog.get_by_role("alert").get_by_text("We had some trouble connecting. Try again?").wait_for()
    await expect(box).to_have_value("a label")


async def test_an_app_that_is_silent_is_named(sandbox: Sandbox, page: Page, client: AsyncWebClient) -> None:
    """A command and a button that nobody answers in time: Slack's own sentences, where the person looks."""
    sandbox.set("ack_seconds", 0.05)
    blocks = [{"type": "actions", "elements": [button("go")]}]
    await client.chat_postMessage(channel=AUDIT, text="x", blocks=blocks)
    maya = screen(page, MAYA)
    await entry(maya, "security-audit").click()
    async with raw_socket(sandbox):
        await maya.get_by_role("button", name="Press").click()
        await maya.get_by_role("alert").get_by_text("did not answer").wait_for()
        box = maya.get_by_role("textbox", name="Message")
        await box.fill("/sendsecret")
        await box.press("Escape")
        await box.press("Enter")
        await maya.locator(".ephemeral").get_by_text('failed with the error "operation_timeout"').wait_for()


async def test_a_button_asks_first(sandbox: Sandbox, page: Page, client: AsyncWebClient) -> None:
    """Escape and No tell the app nothing and give the keyboard back; Yes tells it; its text has marks."""
    blocks = [{"type": "actions", "elements": [button("revoke", confirm=CONFIRM)]}]
    await client.chat_postMessage(channel=AUDIT, text="x", blocks=blocks)
    sam = await show(page, SAM)
    press = sam.get_by_role("button", name="Press")
    asked = sam.get_by_role("alertdialog", name="Sure?")
    async with raw_socket(sandbox) as socket:
        for leave in ("Escape", "Enter"):
            await press.click()
            await asked.locator("strong").get_by_text("cannot").wait_for()
            # A dangerous thing is not done by a second Enter.
            assert await focused(page) == "No"
            await page.keyboard.press(leave)
            await asked.wait_for(state="detached")
            assert await focused(page) == "Press"
        assert sandbox.envelopes() == []
        await press.click()
        await asked.get_by_role("button", name="Yes").click()
        envelope = await socket.next()
        await socket.ack(envelope)
    assert envelope["payload"]["actions"][0]["action_id"] == "revoke"


async def test_a_link_and_a_menu_ask_too(sandbox: Sandbox, page: Page, client: AsyncWebClient) -> None:
    """A declined link opens nothing, an agreed one opens; a declined choice goes back to what it was."""
    link = button("open", url=f"{sandbox.url}/page/icon.svg", confirm=CONFIRM)
    pick = {
        "type": "static_select", "action_id": "pick", "confirm": CONFIRM,
        "options": [option("one"), option("two")], "initial_option": option("one"),
    }  # fmt: skip
    sandbox.set("subscribed", [])
    home = {"type": "home", "blocks": [section("x", accessory=pick), {"type": "actions", "elements": [link]}]}
    await client.views_publish(user_id=MAYA, view=home)
    maya = screen(page, MAYA)
    await entry(maya, "Sendsecret").click()
    asked = maya.get_by_role("alertdialog")
    await maya.get_by_role("combobox").select_option("two")
    await asked.get_by_role("button", name="No").click()
    await expect(maya.get_by_role("combobox")).to_have_value("one")
    await maya.get_by_role("link", name="Press").click()
    await asked.get_by_role("button", name="No").click()
    assert sandbox.envelopes() == []
    assert len(page.context.pages) == 1
    async with raw_socket(sandbox) as socket:
        await maya.get_by_role("link", name="Press").click()
        async with page.context.expect_page() as opening:
            await asked.get_by_role("button", name="Yes").click()
        await (await opening.value).wait_for_load_state()
        await socket.ack(await socket.next())


async def test_people_are_picked_by_name(sandbox: Sandbox, page: Page, client: AsyncWebClient) -> None:
    """Typing narrows, Enter takes, chosen ones are chips; at the limit nobody more is offered; Backspace drops one."""
    to = field("to", {"type": "multi_users_select", "max_selected_items": 2})
    dialog = await opened(sandbox, page, client, form(to))
    box = dialog.get_by_role("combobox", name="to")
    await box.fill("nobody at all")
    await dialog.get_by_text("Nobody and nothing is called that.").wait_for()
    for name, whole in (("dan", "Dana Okafor"), ("@sam", "Sam Lindqvist")):
        await box.fill(name)
        await box.press("Enter")
        await dialog.get_by_role("button", name=f"Remove {whole}").wait_for()
    await box.click()
    await dialog.get_by_text("At most 2.").wait_for()
    await box.press("Backspace")
    await expect(dialog.locator(".token")).to_have_count(1)
    await dialog.get_by_role("button", name="Remove Dana Okafor").click()
    await expect(dialog.locator(".token")).to_have_count(0)


async def test_a_menu_of_conversations_offers_what_its_filter_leaves(
    sandbox: Sandbox, page: Page, client: AsyncWebClient
) -> None:
    """It starts where Maya is; channels shared with another company and the app's DM are not in the list."""
    await client.conversations_open(users=MAYA)
    menu: dict[str, Any] = {
        "type": "conversations_select", "response_url_enabled": True, "default_to_current_conversation": True,
        "filter": {"exclude_external_shared_channels": True, "exclude_bot_users": True},
    }  # fmt: skip
    dialog = await opened(sandbox, page, client, form(field("where", menu)))
    await dialog.get_by_role("button", name="Remove #general").wait_for()
    await dialog.get_by_role("combobox", name="where").click()
    offered = await dialog.get_by_role("option").locator(".name").all_inner_texts()
    assert offered == ["#security-audit", "#pipelines", "Dana Okafor"]
    assert PARTNERS not in offered
    await dialog.get_by_role("option", name="Dana Okafor").click()
    async with raw_socket(sandbox) as socket:
        await dialog.get_by_role("button", name="Send").click()
        told = await socket.next()
        await socket.ack(told)
    assert [url["channel_id"] for url in told["payload"]["response_urls"]] == [MAYA_DANA]


async def test_escape_closes_a_form_and_the_keyboard_goes_back(sandbox: Sandbox, page: Page) -> None:
    """The form takes the keyboard, what lies under it rests, and afterwards one types where one was."""
    maya = screen(page, MAYA)
    box = maya.get_by_role("textbox", name="Message")
    async with raw_socket(sandbox) as socket:
        await box.fill("/sendsecret")
        await box.press("Escape")
        await box.press("Enter")
        envelope = await socket.next()
        opening = asyncio.create_task(sandbox.wait_view(MAYA))
        client = AsyncWebClient(token=sandbox.bot_token, base_url=sandbox.api_url)
        await client.views_open(trigger_id=envelope["payload"]["trigger_id"], view=form())
        await socket.ack(envelope)
        assert await opening
    dialog = maya.get_by_role("dialog")
    await expect(dialog.get_by_label("label")).to_be_focused()
    assert await box.evaluate("node => Boolean(node.closest('[inert]'))")
    await page.keyboard.press("Escape")
    await dialog.wait_for(state="detached")
    await expect(box).to_be_focused()
    await page.keyboard.type("back")
    await expect(box).to_have_value("back")


async def test_a_thread_is_read_answered_and_left(sandbox: Sandbox, page: Page, client: AsyncWebClient) -> None:
    """The pane shows parent and answers, new ones at once; one's own answer goes in; Escape returns to the message."""
    parent = await client.chat_postMessage(channel=AUDIT, text="a drop")
    await client.chat_postMessage(channel=AUDIT, text="created", thread_ts=parent["ts"])
    sam = await show(page, SAM)
    fold = sam.get_by_role("button", name="1 reply")
    await fold.click()
    pane = sam.get_by_role("complementary", name="Thread")
    reply = pane.get_by_role("textbox", name="Reply")
    await expect(reply).to_be_focused()
    await reply.fill("who is that?")
    await reply.press("Enter")
    await pane.get_by_text("who is that?").wait_for()
    await client.chat_postMessage(channel=AUDIT, text="delivered", thread_ts=parent["ts"])
    await pane.get_by_text("delivered").wait_for()
    await pane.get_by_role("separator").get_by_text("3 replies").wait_for()
    await reply.fill("/sendsecret")
    await reply.press("Enter")
    await sam.locator(".ephemeral").get_by_text("not supported in threads").wait_for()
    await page.keyboard.press("Escape")
    await pane.wait_for(state="hidden")
    assert "3 replies" in await focused(page)
    await page.set_viewport_size({"width": 390, "height": 800})
    await sam.get_by_role("button", name="3 replies").click()
    assert await sam.get_by_role("log", name="Messages", exact=True).is_hidden()
    await client.chat_delete(channel=AUDIT, ts=parent["ts"])
    await pane.wait_for(state="hidden")
    assert await sam.get_by_role("log", name="Messages", exact=True).is_visible()
    assert sandbox.messages(DANA, MAYA_DANA) == []
