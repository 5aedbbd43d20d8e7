"""Posting a link again: what stays true of a first post whose answer was lost."""

import asyncio

import pytest

from bot import undelivered_wording
from bot.delivery import give_up
from bot.slack_calls import SlackBusyError, SlackError, SlackRefusedError, SlackUnansweredError
from bot.ways import Couriers, Outgoing, Turn, send_out
from store.words import Way
from tests.bot.counted_slack import CountedSlack
from tests.store.living import created
from tests.stores import PUBLIC_URL, Home

UNANSWERED = SlackUnansweredError("no answer")
BUSY = SlackBusyError(0.01)
BUSY_FOR_LONG = SlackBusyError(3600.0)
REFUSED = SlackRefusedError("restricted_action")


async def why_not(home: Home, method: str, failures: list[SlackError]) -> str | None:
    """What the sender reads of a link to whose calls of one method Slack answers so."""
    left = list(failures)
    slack = CountedSlack(trouble=lambda called, _: left.pop(0) if called == method and left else None)

    async def on_wait(_: float) -> None:
        """Nobody watches."""

    async with home.open("bot") as store:
        sealed = await created(store)
        outgoing = Outgoing(sealed.link, "Maya", "key", 0, "UDANA", "Dana", lease_over=0, way=Way.DM)
        turn = Turn(asyncio.Semaphore(1), asyncio.get_running_loop().time() + 60, on_wait)
        with pytest.raises(SlackError) as error:
            await send_out(Couriers(slack, None), outgoing, PUBLIC_URL, turn)  # type: ignore[arg-type]
        return await give_up(store, outgoing, error.value)


@pytest.mark.parametrize(
    "failures",
    [
        [UNANSWERED, UNANSWERED],
        [UNANSWERED, BUSY_FOR_LONG],
        [UNANSWERED, BUSY, BUSY_FOR_LONG],
        [BUSY, UNANSWERED, BUSY_FOR_LONG],
        [UNANSWERED, REFUSED],
        [UNANSWERED, BUSY, REFUSED],
    ],
)
async def test_what_may_have_been_posted_is_never_called_unsent(sqlite_home: Home, failures: list[SlackError]) -> None:
    """One lost answer, and whatever Slack says afterwards, nobody knows whether the first message stands."""
    said = await why_not(sqlite_home, "chat.postMessage", failures)
    assert said == undelivered_wording.UNANSWERED.format(name="Dana")
    assert said.startswith("Perhaps not sent")


@pytest.mark.parametrize(
    ("method", "failures", "said"),
    [
        ("chat.postMessage", [BUSY, REFUSED], undelivered_wording.BY_CODE["restricted_action"]),
        ("chat.postMessage", [BUSY, BUSY_FOR_LONG], undelivered_wording.BUSY),
        ("conversations.open", [UNANSWERED, REFUSED], undelivered_wording.BY_CODE["restricted_action"]),
        ("conversations.open", [UNANSWERED, BUSY_FOR_LONG], undelivered_wording.BUSY),
        ("conversations.open", [UNANSWERED, UNANSWERED], undelivered_wording.NOT_POSTED),
    ],
)
async def test_what_was_never_posted_is_unsent(
    sqlite_home: Home, method: str, failures: list[SlackError], said: str
) -> None:
    """Opening a DM posts nothing, whether Slack answers or not."""
    assert await why_not(sqlite_home, method, failures) == said.format(name="Dana")
