"""
Spans of time as settings and the form write them: "30m", "24h", "14d".

Pure. It knows neither the clock nor which spans an installation allows.
"""

import re
from typing import Final

LEAST_SECONDS: Final = 300
"""The shortest that anybody may choose without the form."""
_SECONDS: Final = {"m": 60, "h": 3600, "d": 86400}
_NAMES: Final = ((86400, "day"), (3600, "hour"), (60, "minute"))
_OFFERED: Final = ("1h", "4h", "24h", "3d", "7d", "14d", "30d")


def seconds(text: str) -> int:
    """The seconds in "30m", "24h" or "14d".  Raises ValueError for anything else, and for none at all."""
    match = re.fullmatch(r"([1-9][0-9]{0,3})([mhd])", text)
    if match is None:
        raise ValueError("must be a number and m, h or d, like 30m, 24h or 14d")
    return int(match[1]) * _SECONDS[match[2]]


def spoken(span: int) -> str:
    """A span in words, in the largest unit that divides it: "24 hours" is "1 day"."""
    for unit, name in _NAMES:
        if span % unit == 0:
            count = span // unit
            return f"{count} {name}" if count == 1 else f"{count} {name}s"
    return f"{span} seconds"


def offered(default: int, most: int) -> list[int]:
    """The spans to choose from, in seconds, ascending: the usual ones up to `most`, with `default` and `most`."""
    return sorted({span for span in (*map(seconds, _OFFERED), default, most) if span <= most})
