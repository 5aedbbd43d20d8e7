"""What happened to a drop, in words."""

from bot import access_log
from store.history import Step
from store.words import Event
from tests.bot.drops import NOW_MS
from tests.bot.looking_shapes import troubles


def test_each_step_is_a_line() -> None:
    """In local time, with what the audit channel says of it, and from where, as far as that is kept."""
    lines = access_log.lines(troubles())
    assert len(lines) == len(troubles())
    assert all(line.startswith(f"<!date^{NOW_MS // 1000}^") for line in lines)
    assert lines[2].endswith("Wrong passphrase; tries left: 4 · from 203.0.113.0/24 with Chrome")
    assert lines[3].endswith("· with Chrome")
    assert lines[4].endswith("· from 203.0.113.0/24")
    assert "·" not in lines[5].split("· ", 1)[1]


def test_what_somebody_calls_their_browser_formats_nothing() -> None:
    """It stands there as text."""
    [line] = access_log.lines([Step(Event.CLAIMED, 1, NOW_MS, {"guesses": 1}, None, "<@U0EVIL>*x*")])
    assert "<@U0EVIL>" not in line
    assert "*" not in line.split("·")[-1]
