"""
The Bolt app: which listener takes what, and the border that no error crosses.

Built by a function.  Every listener acknowledges within Slack's three seconds; what fails is logged by type and
place, never with the request, whose body may be a form with a secret in it.
"""

from dataclasses import dataclass
from typing import Any, Final

import structlog
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.error import BoltUnhandledRequestError
from slack_bolt.response import BoltResponse

from bot import (
    form,
    form_notes,
    home_presses,
    looking_back,
    presses,
    record_window,
    shortcut,
    submission,
    template_step,
    token_window,
)
from bot.block_kit import Json
from bot.command import Command
from bot.dispatcher import Dispatcher
from bot.home_presses import HomePresses
from bot.home_view import SEND
from bot.library_log import library_logger
from bot.mrkdwn import Markup
from bot.presses import Presses
from bot.record_window import RecordWindow
from bot.replies import reply
from bot.sending import Sending, Submitted
from bot.shortcut import Shortcut
from bot.slack_calls import Slack
from bot.template import ANYTHING
from bot.token_window import TokenWindow
from bot.underway import Underway
from store.logs import begin_request, place_of

COMMAND: Final = "/sendsecret"
VIEWS: Final = (
    form.CALLBACK,
    template_step.CALLBACK,
    *looking_back.VIEWS,
    *token_window.VIEWS,
    *record_window.VIEWS,
)

_log = structlog.get_logger("app")


@dataclass(frozen=True)
class Parts:
    """What the listeners call."""

    slack: Slack
    command: Command
    sending: Sending
    presses: Presses
    shortcut: Shortcut
    dispatcher: Dispatcher
    underway: Underway
    home: HomePresses
    tokens: TokenWindow
    records: RecordWindow


def build_app(parts: Parts, identity: Json, bot_token: str) -> AsyncApp:
    """The app with its listeners.  `identity` is the answer of auth.test: asked once, not at each request."""
    authorized = AuthorizeResult(
        enterprise_id=identity.get("enterprise_id"),
        team_id=identity["team_id"],
        bot_user_id=identity.get("user_id"),
        bot_id=identity.get("bot_id"),
        bot_token=bot_token,
    )

    async def authorize() -> AuthorizeResult:
        return authorized

    app = AsyncApp(
        name="sendsecret",
        logger=library_logger(),
        client=parts.slack.client,
        authorize=authorize,
        # Socket Mode's requests come through a connection that we opened, HTTP mode's through bot.signatures:
        # slack_bolt's own check would put the body of what it refuses into the log.
        request_verification_enabled=False,
        raise_error_for_unhandled_request=True,
    )
    _listen(app, parts)
    presses.listen(app, parts.presses)
    looking_back.listen(app, parts.command.incidents, parts.command.disputes, parts.underway)
    home_presses.listen(app, parts.home)
    token_window.listen(app, parts.tokens, parts.underway)
    record_window.listen(app, parts.records, parts.underway, parts.dispatcher.wake)
    return app


def _listen(app: AsyncApp, parts: Parts) -> None:
    @app.middleware
    async def tell_apart(next_: Any) -> Any:
        begin_request()
        return await next_()

    @app.command(COMMAND)
    async def command(ack: Any, body: dict[str, Any]) -> None:
        with parts.underway.one():
            await parts.command.answer(ack, body)

    @app.shortcut({"type": "message_action", "callback_id": shortcut.CALLBACK})
    async def replace_message(ack: Any, body: dict[str, Any]) -> None:
        with parts.underway.one():
            await parts.shortcut.answer(ack, body)

    @app.view(form.CALLBACK)
    async def send_drop(ack: Any, body: dict[str, Any]) -> None:
        with parts.underway.one():
            view = body["view"]
            given = submission.read(view.get("state", {}).get("values", {}), body.get("response_urls") or ())
            try:
                name = str(view.get("private_metadata") or ANYTHING)
                submitted = Submitted(view["id"], body["user"]["id"], given, form_notes.ids_in(view), name)
                await parts.sending.submit(ack, submitted)
            finally:
                parts.dispatcher.wake()

    @app.action(SEND)
    async def send_from_home(ack: Any, body: dict[str, Any]) -> None:
        await ack()
        user_id = str(body["user"]["id"])

        async def said(**answer: str) -> None:
            if "text" in answer:
                await reply(parts.slack, body, user_id, Markup(answer["text"]))

        with parts.underway.one():
            typed = {"user_id": user_id, "trigger_id": body.get("trigger_id", ""), "text": ""}
            await parts.command.answer(said, typed)

    @app.view(template_step.CALLBACK)
    async def choose_template(ack: Any, body: dict[str, Any]) -> None:
        await ack(response_action="update", view=parts.command.after_step(template_step.chosen(body["view"])))

    @app.error
    async def failed(error: Exception) -> BoltResponse | None:
        if isinstance(error, BoltUnhandledRequestError):
            _log.warning("something that Slack sent was not answered in time, or has no listener")
            return BoltResponse(status=404, body="")
        _log.error("a listener failed", error=place_of(error))
        return None
