"""
A modal that opens at once and says what it is for once that is known.

A trigger lives three seconds, and a store that is busy may need longer: whoever types the command sees that something
is being looked for, and no answer comes too late to be shown.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import structlog

from bot.block_kit import Json
from bot.mrkdwn import Markup
from bot.patience import patiently
from bot.replies import reply
from bot.slack_calls import Slack, SlackError

_log = structlog.get_logger("filled_later")


async def show(
    slack: Slack, body: Mapping[str, Any], looking: Json, make: Callable[[], Awaitable[Json]], not_opened: str
) -> None:
    """Open `looking` for whoever typed a command, and put what `make` returns in its place; else say `not_opened`."""
    try:
        view_id = await slack.open_view(str(body["trigger_id"]), looking)
    except SlackError as error:
        _log.warning("a view was not opened", why=getattr(error, "code", type(error).__name__))
        await reply(slack, body, str(body["user_id"]), Markup(not_opened))
        return
    await put(slack, view_id, await make())


async def put(slack: Slack, view_id: str, view: Json) -> None:
    """Show a view in place of what stands there; nothing where it was closed."""
    try:
        await patiently(lambda: slack.update_view(view_id, view))
    except SlackError as error:
        _log.info("a view was not brought up to date", why=getattr(error, "code", type(error).__name__))
