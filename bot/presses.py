"""
The buttons as Slack sends them: acknowledged at once, carried out, and answered where they stand.

In the modal the answer takes the place of what it is about; in a message only whoever pressed sees it, and the
message itself is brought up to date by the notices that the change wrote.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import structlog
from slack_bolt.async_app import AsyncApp

from bot import (
    composer_views,
    drop_buttons,
    incident_links,
    incident_standing,
    incident_views,
    pack_messages,
    press_values,
    receipt_buttons,
    recipient_messages,
    request_messages,
    request_wording,
    sender_messages,
    sent_views,
)
from bot.block_kit import Json
from bot.buttons import Buttons
from bot.dispatcher import Dispatcher
from bot.home_presses import HOME, HomePresses
from bot.mrkdwn import Markup
from bot.patience import patiently
from bot.press_to_open import PressToOpen
from bot.replies import reply
from bot.request_desk import RequestDesk
from bot.rights import Clicker, clicker_of
from bot.rotation import Rotation, WillRemind
from bot.slack_calls import Slack, SlackError
from bot.starting_again import StartingAgain
from bot.underway import Underway

ACTIONS: Final = (
    recipient_messages.OPEN,
    recipient_messages.PRESS,
    recipient_messages.NOT_EXPECTED,
    drop_buttons.REVOKE,
    drop_buttons.UNLOCK,
    drop_buttons.RESUME,
    drop_buttons.LOST,
    drop_buttons.AGAIN,
    drop_buttons.REMIND,
    drop_buttons.ROTATED,
    drop_buttons.PROVIDER,
    incident_views.REVOKE_ALL,
    incident_standing.END_TOKENS,
    incident_views.TAKE,
    incident_links.PAGE,
    incident_links.TABLE,
    incident_views.FIRST,
    incident_views.NEXT,
    sender_messages.ROTATE_ON,
    receipt_buttons.RECEIPT,
    pack_messages.OPEN,
    composer_views.OPEN,
    request_messages.TAKE_BACK,
)

Press = Callable[[str, Clicker, str], Awaitable[Markup | None]]

_log = structlog.get_logger("presses")


@dataclass(frozen=True)
class Presses:
    """What a press needs."""

    slack: Slack
    buttons: Buttons
    starting_again: StartingAgain
    requests: RequestDesk
    press_to_open: PressToOpen
    rotation: Rotation
    dispatcher: Dispatcher
    underway: Underway
    home: HomePresses


def listen(app: AsyncApp, parts: Presses) -> None:
    """Add the listeners for every button."""
    buttons, starting = parts.buttons, parts.starting_again
    for action_id, press in {
        recipient_messages.NOT_EXPECTED: _without_trigger(buttons.not_expected),
        drop_buttons.REVOKE: _without_trigger(buttons.revoke),
        drop_buttons.UNLOCK: _without_trigger(buttons.unlock),
        drop_buttons.RESUME: _without_trigger(buttons.resume),
        drop_buttons.REMIND: _without_trigger(buttons.remind),
        drop_buttons.ROTATED: _without_trigger(parts.rotation.rotated),
        drop_buttons.LOST: starting.lost_passphrase,
        drop_buttons.AGAIN: starting.send_again,
    }.items():
        app.action(action_id)(_listener(parts, press))

    @app.action(recipient_messages.OPEN)
    async def open_drop(ack: Any, body: dict[str, Any], action: dict[str, Any]) -> None:
        await ack()  # the browser opens the link by itself; without this the client shows a warning
        with parts.underway.one():
            await _bury_here(parts, body, str(action.get("value", "")))

    @app.action(recipient_messages.PRESS)
    async def press_to_open(ack: Any, body: dict[str, Any], action: dict[str, Any]) -> None:
        await ack()
        with parts.underway.one():
            await _press_to_open(parts, body, str(action.get("value", "")))

    @app.action(receipt_buttons.RECEIPT)
    async def open_receipt(ack: Any) -> None:
        await ack()  # as above

    @app.action(pack_messages.OPEN)
    async def open_pack(ack: Any) -> None:
        await ack()  # as above

    @app.action(composer_views.OPEN)
    async def open_composer(ack: Any) -> None:
        await ack()  # as above

    @app.action(drop_buttons.PROVIDER)
    async def open_provider(ack: Any) -> None:
        await ack()  # as above

    @app.action(sender_messages.ROTATE_ON)
    async def rotate_on(ack: Any, body: dict[str, Any], action: dict[str, Any]) -> None:
        await ack()
        with parts.underway.one():
            await _rotate_on(parts, body, str(action.get("block_id", "")), action.get("selected_date"))

    @app.action(request_messages.TAKE_BACK)
    async def take_back(ack: Any, body: dict[str, Any], action: dict[str, Any]) -> None:
        await ack()
        with parts.underway.one():
            await _take_back(parts, body, str(action.get("value", "")))


def _without_trigger(press: Callable[[str, Clicker], Awaitable[Markup]]) -> Press:
    async def pressed(value: str, clicker: Clicker, _trigger_id: str) -> Markup:
        return await press(value, clicker)

    return pressed


def _listener(parts: Presses, press: Press) -> Callable[..., Awaitable[None]]:
    async def pressed(ack: Any, body: dict[str, Any], action: dict[str, Any]) -> None:
        await ack()
        with parts.underway.one():
            drop = str(action.get("value", ""))
            answer = await press(drop, clicker_of(body), str(body.get("trigger_id", "")))
            parts.dispatcher.wake()
            if (body.get("view") or {}).get("type") == HOME:
                await parts.home.answer(body, clicker_of(body), drop, answer)
            elif answer is not None:
                await _show(parts.slack, body, drop, answer)
            if action.get("action_id") == recipient_messages.NOT_EXPECTED:
                await _bury_here(parts, body, drop)

    return pressed


async def _press_to_open(parts: Presses, body: Mapping[str, Any], value: str) -> None:
    clicker = clicker_of(body)
    answer = await parts.press_to_open.pressed(value, clicker, str(body.get("trigger_id", "")))
    parts.dispatcher.wake()
    if answer is not None:
        await reply(parts.slack, body, clicker.user_id, answer)
        await _bury_here(parts, body, press_values.drop_in(value))


async def _take_back(parts: Presses, body: Mapping[str, Any], order: str) -> None:
    clicker = clicker_of(body)
    answer = await parts.requests.take_back(order, clicker)
    if answer == request_wording.TAKEN_BACK_NOW:
        try:
            await parts.slack.replace(str(body["response_url"]), request_messages.taken_back())
        except (SlackError, KeyError) as error:
            _log.info("a request that was taken back stands as it was", why=type(error).__name__)
    await reply(parts.slack, body, clicker.user_id, answer)


async def _rotate_on(parts: Presses, body: Mapping[str, Any], block_id: str, chosen: str | None) -> None:
    drop = sender_messages.drop_asked_of(block_id)
    answer = await parts.rotation.remind_on(drop, clicker_of(body), chosen)
    kept = chosen if isinstance(answer, WillRemind) else None
    await _answer(parts.slack, body, answer, lambda view: sent_views.dated(view, block_id, answer, kept))


async def _show(slack: Slack, body: Mapping[str, Any], drop: str, answer: Markup) -> None:
    await _answer(slack, body, answer, lambda view: _answered(view, drop, answer))


def _answered(view: Json, drop: str, answer: Markup) -> Json:
    is_list = view.get("callback_id") == incident_views.CALLBACK
    return incident_views.answered(view, drop, answer) if is_list else sent_views.answered(view, drop, answer)


async def _answer(slack: Slack, body: Mapping[str, Any], answer: Markup, shown: Callable[[Json], Json]) -> None:
    view = body.get("view")
    if not view:
        await reply(slack, body, clicker_of(body).user_id, answer)
        return
    try:
        answered = shown(view)
        await patiently(lambda: slack.update_view(view["id"], answered))
    except SlackError as error:
        # The modal was closed, most likely; the sender's DM says the same.
        _log.info("the answer to a button was not shown", why=type(error).__name__)


async def _bury_here(parts: Presses, body: Mapping[str, Any], value: str) -> None:
    """
    A dead link that still stands in a message becomes a tombstone when somebody presses it.

    Only this press gives us a way to edit what was posted into a conversation, or posted without an answer; other
    messages were edited when the drop ended.
    """
    drop = await parts.buttons.known(value)
    if drop is None or drop.outcome is None or "response_url" not in body:
        return
    try:
        await parts.slack.replace(str(body["response_url"]), recipient_messages.tombstone(drop))
    except SlackError as error:
        _log.warning("a dead link was not replaced in its message", why=type(error).__name__)
