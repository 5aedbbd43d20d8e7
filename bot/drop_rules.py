"""
What a drop is told to do beside being opened: what its template says, ready to be stored.

Pure.  Times are counted already: a day at the provider is a moment here.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Final

from bot.template import UNVIEWED_AFTER, Template
from store.words import Verify

_LAST_MINUTE: Final = time(23, 59)


@dataclass(frozen=True)
class Rules:
    """`unviewed_after` is in seconds, `rotate_by` in Unix seconds; `on_lock` is "lock" or "destroy"."""

    template: str = "anything"
    on_lock: str = "lock"
    verify: Verify = Verify.NONE
    unviewed_after: int | None = UNVIEWED_AFTER
    rotate_by: int | None = None
    variable: str | None = None


AS_USUAL: Final = Rules()


def of_template(template: Template, *, engagement_ends: date | None, now: int, tz_offset: int) -> Rules:
    """
    What a template says for something that is sent `now`, in Unix seconds, by somebody whose clock stands `tz_offset`
    seconds before UTC's.
    """
    day = engagement_ends
    if template.rotate_after is not None:
        day = today(now + template.rotate_after, tz_offset)
    return Rules(
        template=template.name,
        on_lock=template.on_lock,
        verify=template.verify,
        unviewed_after=template.unviewed_after,
        rotate_by=None if day is None else end_of(day, tz_offset),
        variable=template.variable,
    )


def today(now: int, tz_offset: int) -> date:
    """The day that it is for somebody at this time."""
    return (datetime.fromtimestamp(now, UTC) + timedelta(seconds=tz_offset)).date()


def end_of(day: date, tz_offset: int) -> int:
    """The last minute of a day where somebody is, in Unix seconds."""
    return int(datetime.combine(day, _LAST_MINUTE, timezone(timedelta(seconds=tz_offset))).timestamp())
