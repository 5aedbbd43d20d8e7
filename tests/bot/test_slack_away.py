"""Slack away for six hours with 500 events behind: everything arrives, in order, and once unless something crashed."""

import asyncio
import contextlib
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.slack_calls import SlackBusyError, SlackError, SlackRefusedError, SlackUnansweredError
from store import database, deliveries, outbox
from tests.bot.behind import (
    EVENTS_OF_A_DROP,
    Office,
    Story,
    always,
    at,
    at_most_twice,
    made,
    office_at,
    once_each,
    owed,
)
from tests.bot.counted_slack import AUDIT, KilledError


@pytest.fixture(autouse=True, scope="module")
def hasty() -> Iterator[None]:
    """A thousand commits and more: what a power cut would leave of them is tested elsewhere."""
    prepare = database._prepare_sqlite

    def prepare_hastily(connection: Any, record: Any) -> None:
        prepare(connection, record)
        connection.execute("PRAGMA synchronous = OFF")

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(database, "_prepare_sqlite", prepare_hastily)
        yield


@pytest.fixture(scope="module")
def world(hasty: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three drops of which nobody was told."""
    return asyncio.run(made(tmp_path_factory.mktemp("world"), 3))


@pytest.fixture(scope="module")
def peace(world: Path, tmp_path_factory: pytest.TempPathFactory) -> Story:
    """What is read of a drop where Slack was never away."""

    async def told() -> dict[str, list[list[str]]]:
        office = office_at(world, tmp_path_factory.mktemp("peace"))
        async with office.home.open("bot") as store:
            await office.drain(store, office.dispatcher(store))
        return office.stories()

    stories = asyncio.run(told())
    assert len(stories["parent"][0]) == 3
    for kind in ("audit", "sender"):
        first, second, third = stories[kind]
        assert first == second == third
    assert len(stories["audit"][0]) == EVENTS_OF_A_DROP - 1  # that it was sealed is the parent
    return {kind: stories[kind][0] for kind in ("audit", "sender")}


async def test_six_hours_of_slow_down_with_500_events_behind(hasty: None, peace: Story, tmp_path: Path) -> None:
    """Slack is asked as seldom as it says; then all is told, once, in order, with one edit a message."""
    office = Office(at(await made(tmp_path / "world", 40)))
    office.slack.trouble = always(SlackBusyError(3600))
    async with office.home.open("bot") as store:
        dispatcher = office.dispatcher(store)
        await office.be_away(dispatcher)
        assert office.slack.calls.total() <= 40, "an hour is an hour"
        office.slack.trouble, office.slack.calls = None, Counter()
        await office.drain(store, dispatcher)
    once_each(office, peace, 40)
    assert office.slack.calls["chat.update"] <= 3 * 40, "the last of what is owed brings parent and status up to date"


@pytest.mark.parametrize("error", [SlackUnansweredError("500"), SlackBusyError(3600)], ids=repr)
async def test_everything_arrives_once_after_an_absence(
    world: Path, peace: Story, tmp_path: Path, error: SlackError
) -> None:
    """No connection, errors of Slack's, or its wish for less: nothing is lost and nothing comes twice."""
    office = office_at(world, tmp_path)
    office.slack.trouble = always(error)
    async with office.home.open("bot") as store:
        dispatcher = office.dispatcher(store)
        await office.be_away(dispatcher)
        assert not office.slack.posts
        assert office.slack.calls.total() <= 45, "Slack is not asked for each notice"
        office.slack.trouble = None
        await office.drain(store, dispatcher)
    once_each(office, peace, 3)
    assert office.stories()["admin"] == []


async def test_an_absence_is_over_at_once(world: Path, peace: Story, tmp_path: Path) -> None:
    """Six hours without an answer do not become a quarter of an hour more when Slack is there again."""
    office = office_at(world, tmp_path)
    office.slack.trouble = always(SlackUnansweredError("no answer"))
    async with office.home.open("bot") as store:
        dispatcher = office.dispatcher(store)
        await office.be_away(dispatcher)
        office.slack.trouble = None
        for _ in range(3 * EVENTS_OF_A_DROP):
            await dispatcher.once()
        assert not await owed(store)
    once_each(office, peace, 3)


async def test_six_hours_of_lost_answers_cost_a_message_each(world: Path, peace: Story, tmp_path: Path) -> None:
    """What Slack took without saying so stands there twice: one message for each audience, not one for each try."""
    office = office_at(world, tmp_path)
    office.slack.loses_answers = True
    async with office.home.open("bot") as store:
        dispatcher = office.dispatcher(store)
        await office.be_away(dispatcher)
        office.slack.loses_answers = False
        await office.drain(store, dispatcher)
    at_most_twice(office, peace, 3, most=1)


async def test_an_archived_channel_delays_nobody_else(world: Path, peace: Story, tmp_path: Path) -> None:
    """Senders and recipients read at once; administrators once that it is away, and once that it is back."""
    office = office_at(world, tmp_path)
    tried = []

    def archived(_method: str, channel: str) -> SlackError | None:
        tried.append(channel)
        return SlackRefusedError("is_archived") if channel == AUDIT else None

    office.slack.trouble = archived
    async with office.home.open("bot") as store:
        dispatcher = office.dispatcher(store)
        await office.be_away(dispatcher)
        assert tried.count(AUDIT) <= 12, "one call a try, and not one for each drop"
        assert await owed(store, "audit") == 3 * EVENTS_OF_A_DROP == await owed(store)
        office.slack.trouble = None
        await office.drain(store, dispatcher)
        assert not await dispatcher.once()
    once_each(office, peace, 3)
    [[away, back]] = office.stories()["admin"]
    assert "is_archived" in away
    assert "Unarchive it" in away
    assert f"again. Entries posted late, in order: {3 * EVENTS_OF_A_DROP}." in back


async def test_a_busy_audit_channel_delays_nobody_else(world: Path, peace: Story, tmp_path: Path) -> None:
    """Slack counts posts per channel: the audit channel's hour is not the senders'."""
    office = office_at(world, tmp_path)
    office.slack.trouble = always(SlackBusyError(3600), only=AUDIT)
    async with office.home.open("bot") as store:
        dispatcher = office.dispatcher(store)
        while await dispatcher.once():
            pass
        assert await owed(store, "audit") == await owed(store) == 3 * EVENTS_OF_A_DROP
        assert office.stories()["sender"] == [peace["sender"]] * 3


async def test_a_busy_dm_delays_no_other(world: Path, peace: Story, tmp_path: Path) -> None:
    """One sender's DM may be asked for less while the others get theirs."""
    office = office_at(world, tmp_path)
    office.slack.trouble = always(SlackBusyError(3600), only="DU0SENDER00")
    async with office.home.open("bot") as store:
        dispatcher = office.dispatcher(store)
        while await dispatcher.once():
            pass
        assert office.stories()["sender"] == [peace["sender"]] * 2
        office.slack.trouble = None
        office.home.advance_clock(3601)
        await office.drain(store, dispatcher)
    assert sorted(office.stories()["sender"]) == [peace["sender"]] * 3


async def test_one_message_that_slack_never_takes_stops_no_other(world: Path, peace: Story, tmp_path: Path) -> None:
    """An error of Slack's at one sender's messages is not taken for an absence of Slack."""
    office = office_at(world, tmp_path)
    office.slack.trouble = always(SlackUnansweredError("500"), only="DU0SENDER00")
    async with office.home.open("bot") as store:
        dispatcher = office.dispatcher(store)
        for _ in range(2 * EVENTS_OF_A_DROP):
            await dispatcher.once()
            office.home.advance_clock(1)
    assert office.stories()["sender"] == [peace["sender"]] * 2
    assert office.stories()["audit"] == [peace["audit"]] * 3


async def test_a_stop_gives_back_what_is_not_begun(world: Path, peace: Story, tmp_path: Path) -> None:
    """The next program need not wait for a lease that nobody uses, and no call is cut short."""
    office, stop = office_at(world, tmp_path), asyncio.Event()
    office.slack.after = lambda method: stop.set() if method == "chat.postMessage" else None
    async with office.home.open("bot") as store:
        await office.dispatcher(store).run(stop)
        assert len(office.slack.posts) <= 3, "one of each audience"
        while await office.dispatcher(store).once():
            pass
        assert not await owed(store)
    once_each(office, peace, 3)


async def test_a_revoked_token_and_a_new_one(world: Path, peace: Story, tmp_path: Path) -> None:
    """Everything waits, at three calls a try; the program that has the new token tells all of it."""
    office = office_at(world, tmp_path)
    office.slack.trouble = always(SlackRefusedError("token_revoked"))
    async with office.home.open("bot") as store:
        await office.be_away(office.dispatcher(store))
        assert not office.slack.posts
        office.slack.trouble = None
        anew = office.dispatcher(store)
        await office.drain(store, anew)
        assert not await anew.once()
    once_each(office, peace, 3)
    [[back]] = office.stories()["admin"]
    assert "I can write to the audit channel" in back


class Killer:
    """Ends the program when it has come to a point so many times; then nothing of it does anything any more."""

    def __init__(self, patched: pytest.MonkeyPatch, office: Office) -> None:
        self.point, self.left, self.is_dead = "", 0, False
        office.slack.trouble = self._trouble
        office.slack.after = self.come_to
        patched.setattr(outbox, "settle", self._before_and_after("settle", outbox.settle))
        patched.setattr(outbox, "lease", self._before_and_after("lease", outbox.lease))
        patched.setattr("bot.telling.remember", self._before_and_after("remember", deliveries.remember))

    def kill_at(self, point: str, times: int) -> None:
        """Live, until then."""
        self.point, self.left, self.is_dead = point, times, False

    def come_to(self, point: str) -> None:
        """One of the points."""
        if point == self.point and not self.is_dead:
            self.left -= 1
            self.is_dead = self.left == 0
        if self.is_dead:
            raise KilledError

    def _trouble(self, _method: str, _channel: str) -> None:
        self.come_to("call")

    def _before_and_after(self, point: str, act: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        async def acted(*given: Any, **named: Any) -> Any:
            self.come_to(f"before {point}")
            result = await act(*given, **named)
            self.come_to(f"after {point}")
            return result

        return acted


async def test_a_crash_anywhere_repeats_one_message_and_loses_none(
    world: Path, peace: Story, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between Slack's answer and what is written down about it, at each of several points, again and again."""
    office = office_at(world, tmp_path)
    killer = Killer(monkeypatch, office)
    scarce = ("conversations.open", "before remember", "after remember", "chat.update")
    points = (*scarce, "chat.postMessage", "before settle", "after settle", "after lease")
    crashes = 0
    async with office.home.open("bot") as store:
        for times in (1, 2):
            for point in points:
                killer.kill_at(point, times)
                with contextlib.suppress(KilledError):
                    await office.drain(store, office.dispatcher(store))
                if rest := asyncio.all_tasks() - {asyncio.current_task()}:
                    await asyncio.wait(rest)
                crashes += killer.is_dead
                office.home.advance_clock(61)
        killer.kill_at("", 0)
        await office.drain(store, office.dispatcher(store))
    assert crashes >= len(points)
    at_most_twice(office, peace, 3, most=crashes)
