"""What one run comes to: a table for people and the same as JSON for programs."""

import json
import os
import platform
import sqlite3
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from bench.contest import Passes, Ratio
from bench.figures import table
from bench.race import READERS, SECRETS, Race
from bench.race import shown as races_shown

POSTGRESQL, SQLITE, SNAPPASS, BARE = "Sendsecret, postgresql", "Sendsecret, sqlite", "SnapPass", "bare handler"
_FLOORS: Final = {POSTGRESQL: "floor, postgresql", SQLITE: "floor, sqlite"}


@dataclass(frozen=True)
class Machine:
    """Where it ran: `disk` and the median of so many milliseconds that a write of 4 KiB took to be on it."""

    disk: str
    fsync_ms: float
    postgresql: str
    floors_on: str
    load_before: float
    missing: Sequence[str]


@dataclass(frozen=True)
class Report:
    """One run."""

    machine: Machine
    seconds: float
    passes: Passes
    races: Sequence[Race]

    def as_json(self) -> str:
        """Everything that was measured, and the ratios."""
        system = {
            "cores": os.cpu_count(),
            "python": platform.python_version(),
            "kernel": platform.release(),
            "sqlite": sqlite3.sqlite_version,
        }
        samples = [
            {"contestant": name, "measure": measure, "passes": [asdict(one) for one in found]}
            for (name, measure), found in self.passes.samples.items()
        ]
        races = [
            {
                "contestant": race.name,
                "readers_of_each_secret": race.readers,
                "read_more_than_once": race.leaked,
                "lost": race.lost,
                "statuses": race.statuses,
            }
            for race in self.races
        ]
        whole: dict[str, Any] = {
            "machine": system | asdict(self.machine),
            "seconds_a_round": self.seconds,
            "samples": samples,
            "ratios": [{"of": one, "to": other} | asdict(ratio) for one, other, ratio in self._ratios()],
            "race": {"readers": READERS, "secrets": SECRETS, "results": races},
        }
        return json.dumps(whole, indent=1)

    def shown(self) -> str:
        """Three tables and what stands above them."""
        machine = self.machine
        passes = len(next(iter(self.passes.samples.values())))
        above = (
            f"{os.cpu_count()} cores for servers and load together, load average {machine.load_before:.1f} before; "
            f"{machine.disk}, a write of 4 KiB on it in {machine.fsync_ms:.2f} ms; Python {platform.python_version()}, "
            f"{machine.postgresql}, SQLite {sqlite3.sqlite_version}; floors on {machine.floors_on}; "
            f"{passes} passes of {self.seconds:g} s, medians."
        )
        missing = [f"Not measured: {one}." for one in machine.missing]
        raced = races_shown(self.races) if self.races else "Nobody raced."
        return "\n\n".join(["\n".join([above, *missing]), self._figures(), self._beside(), raced])

    def _figures(self) -> str:
        head = ["", "a second", "p50 ms", "p99 ms", "CPU ms, server", "CPU ms, database", "CPU ms, load", "refused"]
        rows = []
        for (name, measure), found in self.passes.samples.items():
            steps = range(min(len(one.p50) for one in found))
            p50 = [self.passes.middle(name, measure, lambda one, step=step: one.p50[step]) for step in steps]  # type: ignore[misc]
            p99 = [self.passes.middle(name, measure, lambda one, step=step: one.p99[step]) for step in steps]  # type: ignore[misc]
            rows.append(
                (
                    f"{name}: {measure}",
                    f"{self.passes.middle(name, measure, lambda one: one.rate):,.0f}",
                    " + ".join(f"{one:.1f}" for one in p50),
                    " + ".join(f"{one:.1f}" for one in p99),
                    f"{self.passes.middle(name, measure, lambda one: one.web_cpu):.2f}",
                    f"{self.passes.middle(name, measure, lambda one: one.database_cpu):.2f}",
                    f"{self.passes.middle(name, measure, lambda one: one.load_cpu):.2f}",
                    f"{sum(one.refused for one in found):,}",
                )
            )
        return table(head, rows)

    def _beside(self) -> str:
        rows = [
            (one, other, f"{ratio.middle:.2f}", f"{ratio.worst:.2f}", f"{ratio.best:.2f}")
            for one, other, ratio in self._ratios()
        ]
        return table(["how fast", "beside", "middle pass", "worst", "best"], rows)

    def _ratios(self) -> list[tuple[str, str, Ratio]]:
        claim, pair, create = "claim", "claim + acknowledge", "create"
        asked = [((name, claim), (floor, claim)) for name, floor in _FLOORS.items()]
        asked += [((name, claim), (SNAPPASS, claim)) for name in _FLOORS]
        asked += [((name, pair), (SNAPPASS, claim)) for name in _FLOORS]
        asked += [((name, pair), (name, claim)) for name in _FLOORS]
        asked += [((floor, claim), (SNAPPASS, claim)) for floor in _FLOORS.values()]
        asked += [((name, create), (floor, create)) for name, floor in _FLOORS.items()]
        found = [(one, other, self.passes.ratio(one, other)) for one, other in asked]
        return [(": ".join(one), ": ".join(other), ratio) for one, other, ratio in found if ratio is not None]
