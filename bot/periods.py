"""
What somebody typed after `/sendsecret evidence`: a period of whole UTC days, and perhaps classes of recipients.

Pure.  A period that is not over yet ends today, so that a pack says up to when it can know, and the same words ask for
another pack tomorrow.
"""

import re
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from store.evidence.request import CLASSES, Request

_CLASS: Final = {**{name: name for name in CLASSES}, **{f"{name}s": name for name in CLASSES}}
_NO_WORDS: Final = frozenset({"and", "for", "from", "the", "to", "until", "-", "\u2013", "\u2014"})
_MONTHS_IN: Final = {"month": 1, "quarter": 3, "year": 12}
_DAY: Final = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})", re.ASCII)
_QUARTER: Final = re.compile(r"([0-9]{4})-?q([1-4])", re.ASCII)
_MONTH: Final = re.compile(r"([0-9]{4})-([0-9]{2})", re.ASCII)
_YEAR: Final = re.compile(r"([0-9]{4})", re.ASCII)


class PeriodError(Exception):
    """Base; never raised itself."""


class UnreadableError(PeriodError):
    """There is no period in these words, or more than one."""


class BackwardsError(PeriodError):
    """The last day is before the first."""


class NotBegunError(PeriodError):
    """The period has not begun: nothing can have been handed over in it."""


def read(words: str, today: date) -> Request:
    """What is asked for.  Raises PeriodError."""
    said = [word for word in re.split(r"[\s,]+", words.casefold()) if word and word not in _NO_WORDS]
    recipients = tuple(sorted({_CLASS[word] for word in said if word in _CLASS}))
    try:
        first, last = _period([word for word in said if word not in _CLASS], today)
    except ValueError:  # the thirteenth month
        raise UnreadableError from None
    if last < first:
        raise BackwardsError
    if first > today:
        raise NotBegunError
    return Request(first, min(last, today), recipients)


def _period(said: Sequence[str], today: date) -> tuple[date, date]:
    match said:
        case ["this" | "last" as which, "month" | "quarter" | "year" as unit]:
            months = _MONTHS_IN[unit]
            number = (today.year * 12 + today.month - 1) // months - (which == "last")
            return _months(number * months, months)
        case [first, last]:
            return _day(first), _day(last)
        case [word]:
            if _DAY.fullmatch(word):
                return _day(word), _day(word)
            if found := _QUARTER.fullmatch(word):
                return _months(int(found[1]) * 12 + (int(found[2]) - 1) * 3, 3)
            if found := _MONTH.fullmatch(word):
                return _months(int(found[1]) * 12 + date(2000, int(found[2]), 1).month - 1, 1)
            if found := _YEAR.fullmatch(word):
                return _months(int(found[1]) * 12, 12)
    raise UnreadableError


def _day(word: str) -> date:
    if _DAY.fullmatch(word) is None:
        raise UnreadableError
    return date.fromisoformat(word)


def _months(begin: int, count: int) -> tuple[date, date]:
    """From the first day of a month, counted from the year 0, to the last of so many months."""
    end = begin + count
    return date(begin // 12, begin % 12 + 1, 1), date(end // 12, end % 12 + 1, 1) - timedelta(days=1)
