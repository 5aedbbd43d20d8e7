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
from store.logs import place_of

_log = structlog.get_logger("filled_later")


async def show(
    slack: Slack,
    body: Mapping[str, Any],
    looking: Json,
    make: Callable[[], Awaitable[Json]],
    failed: Json,
    *,
    not_opened: str,
) -> None:
    """
    Open `looking` for whoever typed a command or pressed, and put what `make` returns in its place, or `failed`.

    Where it does not open, they are told `not_opened`.
    """
    try:
        view_id = await slack.open_view(str(body.get("trigger_id", "")), looking)
    except SlackError as error:
        _log.warning("a view was not opened", why=getattr(error, "code", type(error).__name__))
        user_id = str(body.get("user_id") or (body.get("user") or {}).get("id", ""))
        await reply(slack, body, user_id, Markup(not_opened))
        return
    await fill(slack, view_id, make, failed)


async def fill(slack: Slack, view_id: str, make: Callable[[], Awaitable[Json]], failed: Json) -> None:
    """Put what `make` returns in the place of what says that something is looked for; `failed` where that cannot be."""
    try:
        view = await make()
    except Exception as error:  # noqa: BLE001 - nobody is left before a window that looks for ever
        _log.error("a view could not be made", error=place_of(error))
        view = failed
    if not await put(slack, view_id, view) and view is not failed:
        await put(slack, view_id, failed)


async def put(slack: Slack, view_id: str, view: Json) -> bool:
    """Show a view in place of what stands there; False where Slack does not take it, as when it was closed."""
    try:
        await patiently(lambda: slack.update_view(view_id, view))
    except SlackError as error:
        _log.info("a view was not brought up to date", why=getattr(error, "code", type(error).__name__))
        return False
    except Exception as error:  # noqa: BLE001 - what goes on behind the window must not end with it
        _log.error("a view was not brought up to date", error=place_of(error))
        return False
    return True
