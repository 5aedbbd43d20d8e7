"""
Making a call to Slack again, for calls that may be carried out twice.

Edits and views say the same when they are said twice; a post that was taken is a second message, so that it is made
again only where Slack says that it did not take it.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

from bot.slack_calls import SlackBusyError, SlackUnansweredError

_TRIES: Final = 4
_LONGEST_WAIT: Final = 30.0
_PAUSE: Final = 0.5

Answer = TypeVar("Answer")


async def patiently(
    call: Callable[[], Awaitable[Answer]], *, longest_wait: float = _LONGEST_WAIT, is_post: bool = False
) -> Answer:
    """
    The answer of `call`, which is made four times at most.

    Waits as long as Slack asks for, up to `longest_wait` seconds a time, and doubles its own pause where Slack did
    not answer; for what `is_post` that is the end.  Raises the last SlackError, and a refusal at once: Slack's no stays
    a no.
    """
    for tried in range(1, _TRIES):
        try:
            return await call()
        except SlackBusyError as busy:
            if busy.seconds > longest_wait:
                raise
            await asyncio.sleep(busy.seconds)
        except SlackUnansweredError:
            if is_post:
                raise
            await asyncio.sleep(_PAUSE * 2 ** (tried - 1))
    return await call()
