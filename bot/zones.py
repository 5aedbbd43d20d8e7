"""
Days as people mean them: where somebody lives, when its morning comes and when it is over.

The zone's name says more than today's offset: a day in half a year may have another one.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from typing import Any, Final
from zoneinfo import ZoneInfo

_MORNING: Final = time(9)
_EVENING: Final = time(23, 59)
_MOST_SECONDS: Final = 86_399  # what Python takes for an offset


def of_slack(user: Mapping[str, Any]) -> tzinfo:
    """The zone of a `user` object (reference/objects/user-object); UTC where Slack leaves it out."""
    try:
        return ZoneInfo(str(user["tz"]))
    except (KeyError, ValueError, OSError):  # a name that this host's tables do not have, or that is none
        offset = user.get("tz_offset")
        if not isinstance(offset, int) or abs(offset) > _MOST_SECONDS:
            return UTC
        return timezone(timedelta(seconds=offset))


def morning_of(day: date, zone: tzinfo) -> int:
    """Nine o'clock, when reminders come, in Unix seconds."""
    return int(datetime.combine(day, _MORNING, zone).timestamp())


def evening_of(day: date, zone: tzinfo) -> int:
    """23:59, with which a day without a time ends, in Unix seconds."""
    return int(datetime.combine(day, _EVENING, zone).timestamp())


def day_of(moment: int, zone: tzinfo) -> date:
    """The day in which a moment lies, which is in Unix seconds."""
    return datetime.fromtimestamp(moment, zone).date()
