"""
What a drop is told to do beside being opened: what its template says, ready to be stored.

Pure.  Times are counted already: a day at the provider is a moment here.
"""

from dataclasses import dataclass
from datetime import date, tzinfo
from typing import Final

from bot import zones
from bot.template import UNVIEWED_AFTER, Template
from store.words import Verify


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


def of_template(template: Template, *, engagement_ends: date | None, now: int, zone: tzinfo) -> Rules:
    """What a template says for something that is sent `now`, in Unix seconds, by somebody who lives in `zone`."""
    day = engagement_ends
    if template.rotate_after is not None:
        day = zones.day_of(now + template.rotate_after, zone)
    return Rules(
        template=template.name,
        on_lock=template.on_lock,
        verify=template.verify,
        unviewed_after=template.unviewed_after,
        rotate_by=None if day is None else zones.evening_of(day, zone),
        variable=template.variable,
    )
