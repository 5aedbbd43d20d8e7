"""Who hears of the log's troubles, and how often: until somebody was reached, and then once."""

import asyncio
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot.admins import Admins
from bot.alarm import Alarm
from bot.log_alarm import LogAlarm
from bot.sequencing import Sequencing
from bot.slack_calls import Slack, SlackUnansweredError
from store.log.batch import Committed
from store.log.sequencer import Sequencer
from store.opened import Store
from store.schema import log_leaves
from tests.bot.behind import ADMIN
from tests.bot.counted_slack import AUDIT, CountedSlack
from tests.store.living import created
from tests.store.whole_log import waiting
from tests.stores import Home


@dataclass
class Office:
    """An alarm, its clock, and the Slack that it speaks through."""

    admins: tuple[str, ...] = (ADMIN,)
    slack: CountedSlack = field(default_factory=CountedSlack)
    now: float = 0.0
    alarm: LogAlarm = field(init=False)

    def __post_init__(self) -> None:
        slack: Slack = self.slack  # type: ignore[assignment]
        self.alarm = LogAlarm(Alarm(Admins(slack, self.admins), AUDIT, lambda: self.now))

    def said(self, channel: str = f"D{ADMIN}") -> list[str]:
        """What stands in a channel."""
        return [text for (place, _), texts in self.slack.threads().items() if place == channel for text in texts]


async def test_it_is_told_once_and_that_it_goes_on_once() -> None:
    """However often the log is tried, twice a second; another reason is said as well."""
    office = Office()
    for _ in range(5):
        await office.alarm.stands_still("the key `log.key` is away")
    await office.alarm.stands_still("the disk is full")
    for _ in range(3):
        await office.alarm.goes_on()
    told = office.said()
    assert ["stands still" in text for text in told] == [True, True, False]
    assert "`log.key`" in told[0]
    assert "goes on" in told[2]


async def test_it_is_told_when_slack_is_back() -> None:
    """Nobody was reached while Slack was away: it is tried again each minute, and not each half second."""
    office = Office()
    tries = []

    def away(method: str, channel: str) -> SlackUnansweredError:
        tries.append(channel)
        return SlackUnansweredError("away")

    office.slack.trouble = away
    for _ in range(120):
        await office.alarm.stands_still("the disk is full")
        office.now += 0.5
    assert office.said() == []
    assert len(set(tries)) <= 2
    assert len(tries) <= 4
    office.slack.trouble = None
    office.now += 60
    await office.alarm.stands_still("the disk is full")
    assert len(office.said()) == 1


async def test_without_administrators_the_audit_channel_hears_it() -> None:
    """ADMINS is empty by default."""
    office = Office(admins=())
    await office.alarm.stands_still("the disk is full")
    await office.alarm.refused([("drop.created", "the key of web may not say drop.created")])
    told = office.said(AUDIT)
    assert ["stands still" in text for text in told] == [True, False]
    assert "refused an event" in told[1]


async def test_a_database_that_is_away_is_told_after_a_minute() -> None:
    """Not before: restarts pass by themselves."""
    office = Office()
    await office.alarm.fails("StoreUnavailableError at database.py:1")
    office.now = 59
    await office.alarm.fails("StoreUnavailableError at database.py:1")
    assert office.said() == []
    office.now = 60
    await office.alarm.fails("StoreUnavailableError at database.py:1")
    assert len(office.said()) == 1
    await office.alarm.goes_on()
    assert "goes on" in office.said()[1]


async def test_a_flood_of_forgeries_is_no_flood_of_messages() -> None:
    """The first at once, the others with their number an hour later."""
    office = Office()
    for _ in range(50):
        await office.alarm.refused([("drop.created", "wrong signature")])
    assert len(office.said()) == 1
    office.now = 3600
    await office.alarm.goes_on()
    assert "refused 49 events" in office.said()[1]


async def test_a_stop_does_not_wait_for_a_backlog(
    sqlite_home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A few batches more, and the rest at the next start."""
    monkeypatch.setattr("bot.sequencing.Sequencer", lambda store, path: Sequencer(store, path, most_leaves=2))
    async with sqlite_home.open("bot") as bot:
        for _ in range(20):
            await created(bot)
        stop = asyncio.Event()
        stop.set()
        await Sequencing(bot, sqlite_home.signing, Office().alarm).run(stop)
        assert 0 < await waiting(bot) < 20


async def test_a_log_that_stands_still_does_not_flap(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same refusal three times is told once; that it goes on is said when something was taken, and not before."""
    monkeypatch.setattr("bot.sequencing._EVERY_SECONDS", 0.01)
    office = Office()
    async with home.open("bot") as bot:
        await created(bot)
        async with bot.db.write() as tx:
            await tx.execute(log_leaves.insert().values(log=1, leaf_index=1, position=-1))
        await tried(bot, home, office, 12)
        assert ["stands still" in text for text in office.said()] == [True]


async def test_an_entry_that_nobody_takes_is_told(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody holds the log's lock: every step goes well and does nothing, and after a minute people hear of it."""
    monkeypatch.setattr("bot.sequencing._EVERY_SECONDS", 0.01)
    office = Office()

    async def elsewhere(*_: object) -> Committed:
        return Committed.ELSEWHERE

    async with home.open("bot") as bot:
        await created(bot)
        with monkeypatch.context() as patch:
            patch.setattr("store.log.sequencer.commit", elsewhere)
            sequencing = Sequencing(bot, home.signing, office.alarm)
            for seconds in (0, 1, 59, 62):
                office.now = seconds
                await sequencing._once(asyncio.Event(), most_steps=1)
            assert office.said() == []
            office.now = 125
            await sequencing._once(asyncio.Event(), most_steps=1)
            assert "is not taken" in office.said()[0]
        await sequencing._once(asyncio.Event(), most_steps=5)
        assert "goes on" in office.said()[1]


async def tried(store: Store, home: Home, office: Office, times: int) -> None:
    """The loop of a running bot, so often."""
    sequencing = Sequencing(store, home.signing, office.alarm)
    for _ in range(times):
        await sequencing._once(asyncio.Event(), most_steps=None)
