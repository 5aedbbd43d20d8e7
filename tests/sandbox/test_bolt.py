"""Slack's own libraries work against the sandbox: Bolt over Socket Mode, from command to edited message."""

from __future__ import annotations

from typing import Any

from sandbox.fixtures import DANA, GENERAL, MAYA
from sandbox.running import Sandbox
from tests.sandbox.conftest import bolt, connected
from tests.sandbox.parts import button, form, plain, section


async def test_a_hand_over_from_command_to_edited_message(sandbox: Sandbox) -> None:
    """Command, form, errors, update, post, click and edit travel through Bolt as they do with Slack."""
    app = bolt(sandbox)

    @app.command("/sendsecret")
    async def asked(ack: Any, command: Any, client: Any) -> None:
        await ack()
        assert command["text"] == f"<@{DANA}|dana> & co" or command["text"] == f"<@{DANA}|dana> &amp; co"
        await client.views_open(trigger_id=command["trigger_id"], view=form())

    @app.view("ask")
    async def submitted(ack: Any, body: Any, view: Any, client: Any) -> None:
        label = view["state"]["values"]["label"]["label"]["value"]
        if label == "bad":
            await ack(response_action="errors", errors={"label": "Not that one."})
            return
        closing = {"type": "modal", "title": plain("Sent"), "blocks": [section(f"Sent {label}")]}
        await ack(response_action="update", view=closing)
        opened = await client.conversations_open(users=DANA)
        await client.chat_postMessage(
            channel=opened["channel"]["id"],
            text="Maya sent you something",
            unfurl_links=False,
            unfurl_media=False,
            blocks=[section(label), {"type": "actions", "elements": [button("open", url=f"{sandbox.url}/")]}],
        )

    @app.action("open")
    async def clicked(ack: Any, body: Any, client: Any) -> None:
        await ack()
        place, ts = body["channel"]["id"], body["message"]["ts"]
        await client.chat_update(channel=place, ts=ts, text="Gone", blocks=[section("Gone")])

    async with connected(sandbox, app):
        assert await sandbox.type(MAYA, GENERAL, "/sendsecret @dana & co") == {"outcome": "acked"}
        view = await sandbox.wait_view(MAYA, "ask")
        assert view is not None
        await sandbox.fill(view["id"], {"label": "bad"})
        assert (await sandbox.submit(view["id"]))["errors"] == {"label": "Not that one."}
        await sandbox.fill(view["id"], {"label": "Stripe key"})
        assert (await sandbox.submit(view["id"]))["outcome"] == "update"
        assert await sandbox.wait_view(MAYA, contains="Sent Stripe key")
        message = await sandbox.wait_message(DANA, contains="Stripe key")
        assert message is not None
        clicked_it = await sandbox.click(DANA, "open", message["conversation"], message["ts"])
        assert clicked_it == {"outcome": "acked", "opens": f"{sandbox.url}/"}
        assert await sandbox.wait_message(DANA, ts=message["ts"], contains="Gone", lacks="Stripe key")
        assert sandbox.edits(DANA, message["conversation"], message["ts"])[0]["text"] == "Maya sent you something"
        assert sandbox.complaints() == []


async def test_the_home_tab_is_published_and_its_button_answered(sandbox: Sandbox) -> None:
    """Opening Home brings `app_home_opened`, and a click there reaches the app with a view and no channel."""
    app = bolt(sandbox)
    seen: list[Any] = []

    @app.event("app_home_opened")
    async def opened(event: Any, client: Any) -> None:
        home = {"type": "home", "blocks": [{"type": "actions", "elements": [button("revoke", value="x1")]}]}
        await client.views_publish(user_id=event["user"], view=home)

    @app.action("revoke")
    async def revoked(ack: Any, body: Any) -> None:
        seen.append(body)
        await ack()

    async with connected(sandbox, app):
        await sandbox.open_home(MAYA)
        home = await sandbox.wait_view(MAYA, home=True)
        assert home is not None
        assert (await sandbox.click(MAYA, "revoke", view=home["id"]))["outcome"] == "acked"
        assert seen[0]["container"] == {"type": "view", "view_id": home["id"]}
        assert not {"message", "channel", "response_url"} & set(seen[0])
