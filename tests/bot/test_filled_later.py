"""A window that opens at once: whatever goes wrong after that, nobody is left before one that looks for ever."""

import asyncio
from typing import Any, cast

import pytest

from bot import access_log, filled_later
from bot.block_kit import Json
from bot.mrkdwn import Markup
from bot.slack_calls import Slack, SlackBusyError, SlackRefusedError
from store.errors import StoreUnavailableError
from tests.bot.looking_back import Screen

LOOKING, FAILED, MADE = (access_log.said(Markup(one)) for one in ("Looking…", "That failed.", "Found."))
PRESSED: dict[str, Any] = {"trigger_id": "T", "user": {"id": "U0MAYA"}, "response_url": "R"}


class Picky(Screen):
    """Slack takes the windows that say nothing of what was found."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error = error

    async def update_view(self, view_id: str, view: Json) -> None:
        if view is MADE:
            raise self.error
        await super().update_view(view_id, view)


async def found() -> Json:
    """What was looked for."""
    return MADE


async def show(screen: Screen, make: Any = found) -> None:
    slack = cast("Slack", screen)
    await filled_later.show(slack, PRESSED, LOOKING, make, FAILED, not_opened="It did not open.")


async def test_it_opens_and_is_filled() -> None:
    """First what says that something is looked for, then what was found."""
    screen = Screen()
    await show(screen)
    assert screen.views == [LOOKING, MADE]


@pytest.mark.parametrize("error", [ValueError("a secret"), StoreUnavailableError("away"), KeyError("x")])
async def test_what_cannot_be_made_is_said(error: Exception) -> None:
    """Whatever it was that nobody thought of."""

    async def broken() -> Json:
        raise error

    screen = Screen()
    await show(screen, broken)
    assert screen.views == [LOOKING, FAILED]


@pytest.mark.parametrize("error", [SlackRefusedError("invalid_arguments"), TypeError("x")])
async def test_what_slack_does_not_take_is_said(error: Exception) -> None:
    """A view that is too long, or wrong: the person reads that it failed."""
    screen = Picky(error)
    await show(screen)
    assert screen.views == [LOOKING, FAILED]


async def test_a_window_that_was_closed_is_let_be() -> None:
    """Nothing can be shown in it, and nothing fails for that."""

    class Closed(Screen):
        async def update_view(self, _view_id: str, _view: Json) -> None:
            raise SlackRefusedError("not_found")

    screen = Closed()
    await show(screen)
    assert screen.views == [LOOKING]


async def test_a_window_that_does_not_open_is_said() -> None:
    """To whoever pressed, where they pressed."""
    screen = Screen(refuses="expired_trigger_id")
    await show(screen)
    assert screen.views == []
    assert screen.replies == ["It did not open."]


async def test_a_submission_is_answered_with_what_was_found() -> None:
    """At once: nothing is shown before it that Slack could show after it."""
    screen, answers = Screen(), []

    async def ack(**said: Any) -> None:
        answers.append(said)

    await filled_later.answer(ack, cast("Slack", screen), "V1", LOOKING, found, FAILED)
    assert answers == [{"response_action": "update", "view": MADE}]
    assert screen.views == []


async def test_a_submission_is_answered_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """What takes longer than Slack waits is put there later, and what breaks meanwhile is said."""
    monkeypatch.setattr(filled_later, "_ANSWERED_WITHIN", 0.01)
    monkeypatch.setattr(filled_later, "_SHOWN_WITHIN", 0.05)
    screen, shown = Screen(), []
    is_answered = asyncio.Event()

    async def ack(**said: Any) -> None:
        shown.append(said["view"])
        is_answered.set()

    async def late() -> Json:
        await is_answered.wait()
        raise ValueError

    await filled_later.answer(ack, cast("Slack", screen), "V1", LOOKING, late, FAILED)
    assert [*shown, *screen.views] == [LOOKING, FAILED]


async def test_how_far_it_is_is_said_once_or_not_at_all() -> None:
    """No second try, and none beside another: what comes too late to be true is not shown."""
    busy = Picky(SlackBusyError(30))
    progress = filled_later.Progress(cast("Slack", busy), "V1")
    async with asyncio.timeout(5):
        for view in (MADE, LOOKING):
            progress.show(view)
        await progress.over()
        assert busy.views == []
        progress.show(LOOKING)
        await progress.over()
    assert busy.views == [LOOKING]
