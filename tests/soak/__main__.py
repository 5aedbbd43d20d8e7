"""
`python -m tests.soak --seconds 3600`: real programs, a seed, and one fault after the other for as long as is asked.

After each fault the six invariants are judged, and whether any page or client has seen what it may not.  Prints a
report in JSON and exits 1 where it found a violation; with `--plant` one is made on purpose, and not finding it is 1.
"""

import asyncio
import json
import logging
import secrets
import subprocess
import sys
import tempfile
import time
import traceback
from collections import Counter
from contextlib import AsyncExitStack, ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any
from unittest.mock import patch

import click
from sqlalchemy import select

from sandbox.running import Sandbox
from store import sweeper
from store.schema import drops
from store.verifying.invariants import Counters, Violation
from store.words import State
from tests.doctor.test_invariants import counted, looked
from tests.faults.page import SET_BACK, until
from tests.postgres import Postgres, running
from tests.soak.breaking import Breaking
from tests.soak.life import Life
from tests.soak.office import Office
from tests.soak.planted import PLANTS, Planted, plant
from tests.stores import Home

_CANARY = b"sk_live_canary"
_ACTS_BETWEEN = 25
_LONGEST = 2000
_PLANTED = "planted: "
_KEY_WAITS = "has ended, and its key is there"


@dataclass
class Soak:
    """What is asked for, and what came of it."""

    seconds: int
    seed: int
    engine: str
    plant: str | None
    faults: Counter[str] = field(default_factory=Counter)
    violations: list[dict[str, Any]] = field(default_factory=list)
    until_swept: list[str] = field(default_factory=list)
    unfinished: Counter[str] = field(default_factory=Counter)
    set_back: set[str] = field(default_factory=set)
    judged: int = 0
    planted: Planted | None = None
    told: dict[str, int] = field(default_factory=dict)
    began: float = field(default_factory=time.monotonic)

    async def run(self, home: Home, server: Postgres | None) -> dict[str, Any]:
        """Live and break until the time is over; the report."""
        await home.prepare()
        chosen = Random(self.seed)  # noqa: S311 - choices, and no secrets
        async with AsyncExitStack() as stack:
            bot = await stack.enter_async_context(home.open("bot"))
            office = Office(home, await stack.enter_async_context(Sandbox()))
            breaking = Breaking(home, chosen, server, office, stack)
            await breaking.start()
            life = Life(home, bot, chosen, lambda: breaking.port, office.posted)
            faults = breaking.faults()
            before = await counted(home)
            try:
                while time.monotonic() - self.began < self.seconds:
                    for _ in range(_ACTS_BETWEEN):
                        await life.act()
                    name = chosen.choice(list(faults))
                    await faults[name](life)
                    self.faults[name] += 1
                    before = await self._judge(life, breaking, name, before)
                if self.plant:
                    self.planted = await plant(life, self.plant)
                    await self._judge(life, breaking, f"{_PLANTED}{self.plant}", before)
                else:
                    await self._end(life, breaking, before)
            except Exception:  # noqa: BLE001 - an hour's report must not be lost with its last minute
                self._violated("an act", self._now, "soak", traceback.format_exc()[-_LONGEST:])
        return self._report(life, breaking)

    @property
    def _now(self) -> int:
        return round(time.monotonic() - self.began)

    @property
    def is_well(self) -> bool:
        """Whether nothing was found but what was planted, and that was."""
        unasked = [one for one in self.violations if not one["after"].startswith(_PLANTED)]
        made = self.planted
        return not unasked and (
            made is None
            or any(one["invariant"] == made.invariant and made.of in one["says"] for one in self.violations)
        )

    async def _judge(self, life: Life, breaking: Breaking, after: str, before: Counters) -> Counters:
        at = self._now
        self.judged += 1
        broken = [("pages", says) for says in life.judge()]
        life.broken.clear()
        broken += [("programs", says) for says in breaking.gone()]
        if breaking.office.holds(_CANARY):
            broken.append(("I5", "a message in Slack or the bot's log holds a canary"))
        violations = await self._found(life, after, before)
        broken += [(one.invariant, one.says) for one in violations]
        for invariant, says in broken:
            if SET_BACK in says and self.faults["clock back"] + (after == "clock back"):
                self.set_back.add(says)
                continue
            self._violated(after, at, invariant, says)
        return await counted(life.home)

    def _violated(self, after: str, at: int, invariant: str, says: str) -> None:
        """Each once, with how often and until when it was so."""
        known = next((one for one in self.violations if (one["invariant"], one["says"]) == (invariant, says)), None)
        if known is not None and not after.startswith(_PLANTED):
            known |= {"times": known["times"] + 1, "last_at_seconds": at}
            return
        new = {"after": after, "at_seconds": at, "last_at_seconds": at, "times": 1}
        self.violations.append(new | {"invariant": invariant, "says": says})
        click.echo(f"after {at} s, {after}: {invariant} {says}", err=True)

    async def _found(self, life: Life, after: str, before: Counters) -> list[Violation]:
        """
        What is so, also after the look at the keyring that every program takes once a minute.

        A key whose record ended while the keyring was away waits for that look; nothing else may.
        """
        seen = await looked(life.home, before=before, canaries=[_CANARY])
        self.unfinished[after] += len(seen.unfinished)
        violations = seen.violations
        waits = [one.says for one in violations if _KEY_WAITS in one.says]
        if not waits or after.startswith(_PLANTED):
            return violations
        self.until_swept += waits
        await sweeper.sweep_keys(life.bot)
        return (await looked(life.home, before=before, canaries=[_CANARY])).violations

    async def _end(self, life: Life, breaking: Breaking, before: Counters) -> None:
        """
        Everything is over at last, and told.

        The keys of what was never stored stay for an hour, which is the files' own.
        """
        life.home.advance_clock(200_000)

        async def is_over() -> bool:
            async with life.bot.db.read() as tx:
                return await tx.scalar(select(drops.c.id).where(drops.c.state != State.DESTROYED).limit(1)) is None

        try:
            await until(is_over)
        except TimeoutError:
            self._violated("the end", self._now, "end", "something is not destroyed")
        await life.settle()
        for untold in await breaking.office.untold(life.bot):
            self._violated("the end", self._now, "end", f"never told: {untold}")
        self.told = await breaking.office.told(life.bot)
        await self._judge(life, breaking, "the end", before)

    def _report(self, life: Life, breaking: Breaking) -> dict[str, Any]:
        return {
            "seed": self.seed,
            "engine": self.engine,
            "asked_seconds": self.seconds,
            "seconds": self._now,
            "commit": _commit(),
            "programs": "sendsecret web behind a proxy, sendsecret bot with the sandbox as its Slack; what senders "
            "want is done by the bot's verbs in the soak's process",
            "judged": self.judged,
            "faults": dict(sorted(self.faults.items())),
            "operations": dict(sorted(life.done.items())),
            "answers": dict(sorted(life.answers.items())),
            "drops": len(life.drops),
            "read_once": sum(any(page.read for page in known.pages) for known in life.drops),
            "tracebacks_in_logs": sum(log.count("Traceback") for log in [*breaking.logs, *breaking.office.logs]),
            "told": self.told,
            "receipts_of_a_clock_set_back": len(self.set_back),
            "keys_that_waited_for_a_sweep": self.until_swept,
            "steps_seen_unfinished": dict(+self.unfinished),
            "planted": self.planted
            and {"what": self.plant, "invariant": self.planted.invariant, "of": self.planted.of},
            "violations": self.violations,
        }


def _commit() -> str:
    words = ["git", "describe", "--always", "--dirty= and changes", "--exclude=*"]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    return done.stdout.strip() or "unknown"


@click.command()
@click.option("--seconds", default=3600, show_default=True, help="How long.")
@click.option("--seed", type=int, help="Where the choices begin; another one each time if not given.")
@click.option("--engine", type=click.Choice(["sqlite", "postgresql"]), default="sqlite", show_default=True)
@click.option("--plant", type=click.Choice(PLANTS), help="Break an invariant on purpose at the end.")
@click.option("--report", type=click.Path(path_type=Path), help="A file for the report, too.")
def main(seconds: int, seed: int | None, engine: str, plant: str | None, report: Path | None) -> None:
    """Live with faults, and judge after each."""
    logging.getLogger("alembic").setLevel(logging.WARNING)
    soak = Soak(seconds, secrets.randbits(32) if seed is None else seed, engine, plant)
    with ExitStack() as stack:
        # People are told twenty of a kind; behind twenty receipts of a clock set back nothing else may be hidden.
        stack.enter_context(patch("store.verifying.findings.MOST_OF_A_KIND", 1_000_000))
        path = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="soak")))
        server = stack.enter_context(running()) if engine == "postgresql" else None
        url = server.new_database() if server else f"sqlite+aiosqlite:///{path}/store.db"
        told = json.dumps(asyncio.run(soak.run(Home(path, url), server)), indent=2)
    print(told)
    if report is not None:
        report.write_text(told + "\n")
    sys.exit(not soak.is_well)


if __name__ == "__main__":
    main()
