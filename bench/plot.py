"""
Cost against size as a picture: `python -m bench.plot FILE.json ... docs/pictures/flat.svg`, of what bench.flat wrote.

Both axes are logarithmic: what costs the same at every size lies flat, and what reads everything climbs a decade for
each decade.  Its colours follow the reader's, light or dark.
"""

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any, Final

import click

SHOWN: Final = (
    ("Home of all", "#d55e00"),
    ("Home of a pipeline", "#cc6677"),
    ("Home of one", "#b07aa1"),
    ("step of 100 events", "#9a8b00"),
    ("acknowledge", "#0072b2"),
    ("outbox", "#7f7f7f"),
    ("sweep", "#009e73"),
    ("claim", "#3399dd"),
    ("inclusion proof", "#56a03c"),
    ("watches", "#a0653c"),
)
_WIDTH, _HEIGHT, _TOP, _LEFT, _BETWEEN = 300, 330, 46, 58, 190
_LINE: Final = 14
_STYLE: Final = (
    "text{font:12px system-ui,sans-serif;fill:#1f2328}.grid{stroke:#d8dee4}.ground{fill:#ffffff}.title{font-weight:600}"
    "@media(prefers-color-scheme:dark){text{fill:#e6edf3}.grid{stroke:#30363d}.ground{fill:#0d1117}}"
)

Engine = Mapping[str, Any]


def drawn(engines: Sequence[Engine]) -> str:
    """The picture as SVG; one panel an engine, with one scale."""
    values = [value for one in engines for _, line in _lines(one) for _, value in line]
    low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
    width = _LEFT + len(engines) * (_WIDTH + _BETWEEN)
    height = _TOP + _HEIGHT + 50
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img">',
        "<title>Milliseconds of CPU against the number of events</title>",
        f'<style>{_STYLE}</style><rect class="ground" width="{width}" height="{height}"/>',
    ]
    for number, engine in enumerate(engines):
        parts += _panel(engine, _LEFT + number * (_WIDTH + _BETWEEN), low, high)
    return "\n".join([*parts, "</svg>", ""])


def _lines(engine: Engine) -> Iterator[tuple[int, list[tuple[int, float]]]]:
    for number, (name, _) in enumerate(SHOWN):
        yield number, [(one["count"], one["cpu_ms"][name]) for one in engine["sizes"] if name in one["cpu_ms"]]


def _panel(engine: Engine, left: int, low: int, high: int) -> list[str]:
    sizes = [math.log10(one["count"]) for one in engine["sizes"]]
    first, span = sizes[0], max(sizes[-1] - sizes[0], 1)

    def x(count: float) -> float:
        return left + (math.log10(count) - first) / span * _WIDTH

    def y(value: float) -> float:
        return _TOP + (high - math.log10(value)) / (high - low) * _HEIGHT

    parts = [f'<text class="title" x="{left}" y="20">{escape(engine["engine"])}: ms of CPU</text>']
    for power in range(low, high + 1):
        at = y(10**power)
        parts.append(f'<line class="grid" x1="{left}" x2="{left + _WIDTH}" y1="{at:.1f}" y2="{at:.1f}"/>')
        parts.append(f'<text x="{left - 8}" y="{at + 4:.1f}" text-anchor="end">{10.0**power:g}</text>')
    for one in engine["sizes"]:
        at, below = x(one["count"]), _TOP + _HEIGHT
        parts.append(f'<line class="grid" x1="{at:.1f}" x2="{at:.1f}" y1="{_TOP}" y2="{below}"/>')
        parts.append(f'<text x="{at:.1f}" y="{below + 18}" text-anchor="middle">{one["count"]:,}</text>')
    parts.append(f'<text x="{left}" y="{_TOP + _HEIGHT + 38}">events in the log</text>')
    ends = []
    for number, line in _lines(engine):
        places = [(x(count), y(value)) for count, value in line]
        said = " ".join(f"{across:.1f},{down:.1f}" for across, down in places)
        colour = SHOWN[number][1]
        parts.append(f'<polyline points="{said}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += [f'<circle cx="{across:.1f}" cy="{down:.1f}" r="3" fill="{colour}"/>' for across, down in places]
        ends.append((places[-1][1], number))
    return parts + _names(sorted(ends), left + _WIDTH)


def _names(ends: Sequence[tuple[float, int]], right: float) -> list[str]:
    """Beside the end of each line, and none over another."""
    parts, free = [], 0.0
    # From above each as near to its line as those before it leave room; as many as there are fit beside the panel.
    room = [_TOP + _HEIGHT - _LINE * (len(ends) - 1 - number) for number in range(len(ends))]
    for (at, number), lowest in zip(ends, room, strict=True):
        name, colour = SHOWN[number]
        place = min(max(at, free), max(lowest, free))
        free = place + _LINE
        parts.append(
            f'<line x1="{right + 4}" y1="{at:.1f}" x2="{right + 22}" y2="{place:.1f}" stroke="{colour}"/>'
            f'<text x="{right + 26}" y="{place + 4:.1f}">{escape(name)}</text>'
        )
    return parts


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
def main(files: tuple[Path, ...]) -> None:
    """Draw what stands in some files of bench.flat into the last one named."""
    *read, into = files
    into.write_text(drawn([engine for path in read for engine in json.loads(path.read_text())]))


if __name__ == "__main__":
    main()
