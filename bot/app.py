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

from bot import form, looking_back, presses, submission
from bot.block_kit import Json
from bot.command import Command
from bot.dispatcher import Dispatcher
from bot.library_log import library_logger
from bot.presses import Presses
from bot.sending import Sending, Submitted
from bot.slack_calls import Slack
from bot.underway import Underway
from store.logs import place_of

COMMAND: Final = "/sendsecret"
VIEWS: Final = (form.CALLBACK, *looking_back.VIEWS)

_log = structlog.get_logger("app")


@dataclass(frozen=True)
class Parts:
    """What the listeners call."""

    slack: Slack
    command: Command
    sending: Sending
    presses: Presses
    dispatcher: Dispatcher
    underway: Underway


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
    return app


def _listen(app: AsyncApp, parts: Parts) -> None:
    @app.command(COMMAND)
    async def command(ack: Any, body: dict[str, Any]) -> None:
        with parts.underway.one():
            await parts.command.answer(ack, body)

    @app.view(form.CALLBACK)
    async def send_drop(ack: Any, body: dict[str, Any]) -> None:
        with parts.underway.one():
            view = body["view"]
            given = submission.read(view.get("state", {}).get("values", {}), body.get("response_urls") or ())
            try:
                await parts.sending.submit(ack, Submitted(view["id"], body["user"]["id"], given, form.notes_in(view)))
            finally:
                parts.dispatcher.wake()

    @app.error
    async def failed(error: Exception) -> BoltResponse | None:
        if isinstance(error, BoltUnhandledRequestError):
            _log.warning("something that Slack sent was not answered in time, or has no listener")
            return BoltResponse(status=404, body="")
        _log.error("a listener failed", error=place_of(error))
        return None
