"""
The summary of a pack as one HTML file: no script, nothing fetched, made to be printed.

Whatever people chose (templates, names of hosts) is escaped by the template engine.  Charts are bars with the same
figures beside them as text.
"""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

from store.evidence.controls import CONTROLS, NOT_CLAIMED
from store.evidence.pack import Pack
from store.evidence.tallies import Tallies
from store.formats.checkpoint_v1 import decode_base64
from store.formats.receipt_v1 import utc
from store.html_template import HtmlTemplate, html_template
from store.words import Outcome

_OPEN: Final = "open"
_MEANS: Final = {
    Outcome.VIEWED: "claimed once, and the page said that it had decrypted it",
    Outcome.RELEASED: "went to one claim, unconfirmed",
    Outcome.REVOKED: "ended by its sender",
    Outcome.EXPIRED: "nobody opened it in time",
    Outcome.UNDELIVERED: "the link could not be handed over, or its e-mail came back",
    Outcome.LOCKED_OUT: "every guess was used up",
    Outcome.LOST: "its key was found erased or gone",
    _OPEN: "not ended under this checkpoint",
}
_BAR: Final = 300


@dataclass(frozen=True)
class Piece:
    """A part of a bar: where it begins and how wide it is, out of 300."""

    name: str
    count: int
    x: float
    width: float


@dataclass(frozen=True)
class Bar:
    """One template in one month: its pieces, and its two times as text and as widths."""

    template: str
    month: str
    count: int
    claimed: int
    pieces: list[Piece]
    text: str
    median: str
    p90: str
    median_width: float
    p90_width: float


def page(pack: Pack, tallies: Tallies) -> str:
    """The page."""
    note = pack.standing.note.split("\n")
    return _template().render(
        pack=pack,
        root=note[2],
        root_hex=decode_base64(note[2]).hex(),
        checkpoint_at=utc(pack.standing.at),
        tallies=tallies,
        exceptions=list(tallies.exceptions.values()),
        outcomes=[(name, tallies.outcomes[name], meaning) for name, meaning in _MEANS.items()],
        bars=_bars(tallies),
        controls=CONTROLS,
        not_claimed=NOT_CLAIMED,
        bar=_BAR,
    )


def spoken(seconds: float | None) -> str:
    """A duration for people: two units at most."""
    if seconds is None:
        return "\N{EN DASH}"
    whole = round(seconds)
    parts = []
    for unit, length in (("d", 86_400), ("h", 3600), ("min", 60), ("s", 1)):
        count, whole = divmod(whole, length)
        if count:
            parts.append(f"{count} {unit}")
    return " ".join(parts[:2]) or "0 s"


def _bars(tallies: Tallies) -> list[Bar]:
    groups = tallies.groups
    longest = max((group.p90 for group in groups if group.p90 is not None), default=0) or 1
    found = []
    for group in groups:
        pieces, x = [], 0.0
        for name in _MEANS:
            if group.outcomes[name]:
                width = _BAR * group.outcomes[name] / group.count
                pieces.append(Piece(name, group.outcomes[name], round(x, 2), round(width, 2)))
                x += width
        found.append(
            Bar(
                template=group.template or "none",
                month=group.month,
                count=group.count,
                claimed=group.claimed,
                pieces=pieces,
                text=", ".join(f"{one.count} {one.name}" for one in pieces),
                median=spoken(group.median),
                p90=spoken(group.p90),
                median_width=round(_BAR * (group.median or 0) / longest, 2),
                p90_width=round(_BAR * (group.p90 or 0) / longest, 2),
            )
        )
    return found


@cache
def _template() -> HtmlTemplate:
    return html_template(lambda name: files(__package__ or "").joinpath(name).read_text("utf-8"), "summary.html")
