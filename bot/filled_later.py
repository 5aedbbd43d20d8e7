"""
A modal that opens at once and says what it is for once that is known.

A trigger lives three seconds, and a store that is busy may need longer: whoever types the command sees that something
is being looked for, and no answer comes too late to be shown.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

import structlog

from bot.block_kit import Json
from bot.mrkdwn import Markup
from bot.patience import patiently
from bot.replies import reply
from bot.slack_calls import Slack, SlackError
from store.logs import place_of

_ANSWERED_WITHIN: Final = 1.5
_SHOWN_WITHIN: Final = 1.0

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


async def answer(
    ack: Callable[..., Awaitable[None]],
    slack: Slack,
    view_id: str,
    looking: Json,
    make: Callable[[], Awaitable[Json]],
    failed: Json,
) -> None:
    """
    Answer a submission with what `make` returns; with `looking`, filled later, only where that would come too late.

    An answer and a call take different ways to Slack: one that is sent just before the other can be shown after it, and
    whoever submitted would look at `looking` for ever.
    """
    making = asyncio.ensure_future(_made(make, failed))
    await asyncio.wait({making}, timeout=_ANSWERED_WITHIN)
    if making.done():
        await ack(response_action="update", view=making.result())
        return
    await ack(response_action="update", view=looking)
    await asyncio.sleep(_SHOWN_WITHIN)
    await _fill(slack, view_id, await making, failed)


async def fill(slack: Slack, view_id: str, make: Callable[[], Awaitable[Json]], failed: Json) -> None:
    """Put what `make` returns in the place of what says that something is looked for; `failed` where that cannot be."""
    await _fill(slack, view_id, await _made(make, failed), failed)


async def _made(make: Callable[[], Awaitable[Json]], failed: Json) -> Json:
    try:
        return await make()
    except Exception as error:  # noqa: BLE001 - nobody is left before a window that looks for ever
        _log.error("a view could not be made", error=place_of(error))
        return failed


async def _fill(slack: Slack, view_id: str, view: Json, failed: Json) -> None:
    if not await put(slack, view_id, view) and view is not failed:
        await put(slack, view_id, failed)


class Progress:
    """
    How far something is, shown beside it: what goes on never waits for Slack, which may be away for minutes.

    One call at a time, and tried once: what does not come through is out of date by then.
    """

    def __init__(self, slack: Slack, view_id: str) -> None:
        self._slack = slack
        self._view_id = view_id
        self._task: asyncio.Task[bool] | None = None

    def show(self, view: Json) -> None:
        """Show this soon, or never where Slack has not answered the one before."""
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(_put(self._slack.update_view(self._view_id, view)))

    async def over(self) -> None:
        """Wait until nothing of it can take the place of what is put there next."""
        if self._task is not None:
            await self._task


async def put(slack: Slack, view_id: str, view: Json) -> bool:
    """Show a view in place of what stands there; False where Slack does not take it, as when it was closed."""
    return await _put(patiently(lambda: slack.update_view(view_id, view)))


async def _put(call: Awaitable[None]) -> bool:
    try:
        await call
    except SlackError as error:
        _log.info("a view was not brought up to date", why=getattr(error, "code", type(error).__name__))
        return False
    except Exception as error:  # noqa: BLE001 - what goes on behind the window must not end with it
        _log.error("a view was not brought up to date", error=place_of(error))
        return False
    return True
