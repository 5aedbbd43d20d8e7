"""How long an endpoint that has not taken a delivery is left alone.  Pure."""

from typing import Final

_PAUSES: Final = (5.0, 60.0, 300.0, 1800.0, 7200.0)
_JITTER: Final = 0.2
"""A share of each: what failed together is not to come back together."""
_LAST: Final = (6 * 3600.0, 8 * 3600.0)
"""From the sixth try on, between these."""


def pause(tries: int, asked: float, chance: float) -> float:
    """
    The seconds until the next try after `tries` of them, and no fewer than the endpoint has `asked` for.

    It is not believed beyond the longest pause.  `chance` is between 0 and 1.
    """
    if tries > len(_PAUSES):
        usual = _LAST[0] + chance * (_LAST[1] - _LAST[0])
    else:
        usual = _PAUSES[max(tries, 1) - 1] * (1 + _JITTER * (2 * chance - 1))
    return max(usual, min(asked, _LAST[1]))
