"""How often a wrong clock is told of, with time held."""

import io
from collections.abc import AsyncIterator

import pytest

from bot.clock_alarm import ClockAlarm
from bot.mrkdwn import Markup
from bot.underway import Underway


class Told:
    """Stands for the administrators: what they were told."""

    def __init__(self) -> None:
        self.sentences: list[Markup] = []

    async def tell(self, sentence: Markup) -> None:
        """Take a sentence."""
        self.sentences.append(sentence)


class Ringing:
    """An alarm with a clock that stands still until it is moved."""

    def __init__(self, log: io.StringIO) -> None:
        self.at = 1000.0
        self.told = Told()
        self.log = log
        self.underway = Underway()
        self.alarm = ClockAlarm(self.told, self.underway, lambda: self.at)  # type: ignore[arg-type]

    def lines(self) -> int:
        """How often the log says it."""
        return self.log.getvalue().count("clock right?")


@pytest.fixture
async def ringing(everything_logged: io.StringIO) -> AsyncIterator[Ringing]:
    """An alarm that has heard nothing."""
    ringing = Ringing(everything_logged)
    yield ringing
    assert await ringing.underway.drain(5)


@pytest.mark.parametrize("skew", [0, 60, -60])
async def test_a_minute_is_no_alarm(ringing: Ringing, skew: int) -> None:
    """In either direction."""
    ringing.alarm.hear(skew)
    assert await ringing.underway.drain(5)
    assert (ringing.lines(), ringing.told.sentences) == (0, [])


@pytest.mark.parametrize("skew", [61, -61, 4000])
async def test_more_is_told_once_an_hour_and_to_people_once(ringing: Ringing, skew: int) -> None:
    """However many requests come, the log has a line an hour and nobody's phone rings twice."""
    for hour in range(3):
        for _ in range(5):
            ringing.alarm.hear(skew)
        ringing.at += 3599
        ringing.alarm.hear(skew)
        assert ringing.lines() == hour + 1
        ringing.at += 1
    assert await ringing.underway.drain(5)
    assert len(ringing.told.sentences) == 1
    assert f"{abs(skew)} seconds away" in ringing.told.sentences[0]
