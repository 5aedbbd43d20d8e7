"""
`python -m tests.hosts --rounds 1`: two bots and three reveal servers, each on a host of its own, broken one by one.

Each round brings every fault about once, in an order that the seed says, while people send and read; it is judged after
each.  Prints a report in JSON and exits 1 where something did not hold.  Only root may make hosts; everything is gone
with this process, however it ends.
"""

import asyncio
import json
import logging
import os
import secrets
import shutil
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any, Final

import click

from tests.hosts.breaking import Breaking, Measured
from tests.hosts.judging import Judges
from tests.hosts.network import alone, outside, why_not, why_not_alone
from tests.hosts.places import Places, places
from tests.hosts.slack import Slack
from tests.hosts.traffic import Traffic
from tests.in_memory import FOLDER

Faults = Mapping[str, Callable[[], Awaitable[Measured]]]

_INSIDE: Final = "HOSTS_INSIDE"
_FUTURE_SECONDS: Final = 200_000
_SETTLES_SECONDS: Final = 120.0


@dataclass(frozen=True)
class Asked:
    """
    How many rounds, by which seed, of which faults: those with `only` in their names, `most` of them a round.

    `keyring` is "folder" or "server".
    """

    rounds: int
    seed: int
    only: str
    most: int
    keyring: str


async def _live(folder: Path, asked: Asked) -> dict[str, Any]:
    chosen, began = Random(asked.seed), time.monotonic()  # noqa: S311 - the same order for the same seed
    violations: list[dict[str, str]] = []
    async with (
        places(folder, on_server=asked.keyring == "server") as there,
        Slack(there.slack["api_url"]) as slack,
        there.home.open("bot") as store,
    ):
        traffic = Traffic(there, slack, chosen)
        breaking = Breaking(there, slack, traffic, store, chosen)
        judges = Judges(there, slack, traffic, store)
        ready = time.monotonic() - began
        faults = named(breaking.faults(), asked.only)
        # Where anything of it fails, all of it ends with that.
        async with asyncio.TaskGroup() as living:
            living.create_task(traffic.run(living))
            for _ in range(asked.rounds):
                for name in chosen.sample(list(faults), min(asked.most, len(faults))):
                    _say(f"{time.monotonic() - began:5.0f} s  {name}")
                    breaking.measured.setdefault(name, []).append(await faults[name]())
                    violations += [{"after": name, "says": says} for says in await judges.after_a_fault()]
            traffic.stop()
            _say(str(dict(traffic.seen)))
        await _bring_future(there)
        await _settled(judges)
        read = sum(bool(form.reading and form.reading.texts()) for form in traffic.forms)
        at_the_end = [*await judges.at_the_end(breaking.crashes), *too_little(asked, read)]
        violations += [{"after": "the end", "says": says} for says in at_the_end]
        return {
            "seed": asked.seed,
            "rounds": asked.rounds,
            "keyring": asked.keyring,
            "seconds": round(time.monotonic() - began),
            "seconds_until_ready": round(ready),
            "forms": len(traffic.forms),
            "sent": sum(form.is_sent for form in traffic.forms),
            "read": read,
            "seen": dict(sorted(traffic.seen.items())),
            "checkpoints_seen": len(judges.notes),
            "measured_seconds": _rounded(breaking.measured),
            "troubles": _troubles(there),
            "violations": violations,
        }


def named(faults: Faults, only: str) -> Faults:
    """Those with `only` in their names.  Raises LookupError where there are none: breaking nothing proves nothing."""
    found = {name: fault for name, fault in faults.items() if only in name}
    if not found:
        raise LookupError(f"no fault has {only!r} in its name; they are: {', '.join(faults)}")
    return found


def too_little(asked: Asked, read: int) -> list[str]:
    """What is wrong with a run in which nothing came to its reader; a single fault may leave no time for it."""
    return ["nothing was read"] if not asked.only and not read else []


def broken(folder: Path, asked: Asked) -> dict[str, Any]:
    """The report.  The seed is said first, and in whatever is raised: the same again is found by nothing else."""
    words = f"--seed {asked.seed} --keyring {asked.keyring}"
    _say(words)
    try:
        return asyncio.run(_live(folder, asked))
    except BaseException as error:
        error.add_note(f"It was {words}")
        raise


async def _bring_future(there: Places) -> None:
    """All is over at last, leases too: a bot that holds one by its own clock must not be there then."""
    await asyncio.gather(*(bot.stop() for bot in there.bots))
    there.home.advance_clock(_FUTURE_SECONDS)
    await asyncio.gather(*(bot.start() for bot in there.bots))


async def _settled(judges: Judges) -> None:
    until = time.monotonic() + _SETTLES_SECONDS
    while not await judges.settled() and time.monotonic() < until:  # noqa: ASYNC110 - other programs' acts
        await asyncio.sleep(0.5)


def _rounded(measured: Mapping[str, list[dict[str, float]]]) -> dict[str, list[dict[str, float]]]:
    return {name: [{what: round(s, 1) for what, s in one.items()} for one in each] for name, each in measured.items()}


def _troubles(there: Places) -> dict[str, int]:
    return {place.name: place.written().count("Traceback") for place in there.every()}


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


@click.command()
@click.option("--rounds", default=1, show_default=True, help="How often each fault is brought about.")
@click.option("--seed", type=int, help="The same faults in the same order; another one each time if not given.")
@click.option("--only", default="", help="Only the faults that have this in their names.")
@click.option("--most", default=100, help="So many faults in each round, chosen by the seed.")
@click.option("--keyring", default="server", type=click.Choice(["folder", "server"]), show_default=True)
@click.option("--keep", type=click.Path(path_type=Path), help="A folder for everything that the programs left.")
def main(rounds: int, seed: int | None, only: str, most: int, keyring: str, keep: Path | None) -> None:
    """Break the hosts, one by one."""
    outside_was = os.environ.get(_INSIDE)
    if why := why_not() if outside_was is None else why_not_alone(outside_was):
        sys.exit(f"Nothing was run: {why}." + f" Unset {_INSIDE}." * (outside_was is not None))
    if outside_was is None:
        os.environ[_INSIDE] = outside()
        os.execvp("unshare", alone(["tests.hosts", *sys.argv[1:]]))  # noqa: S606 - itself, with the same words
    asked = Asked(rounds, secrets.randbits(32) if seed is None else seed, only, most, keyring)
    logging.getLogger("alembic").setLevel(logging.WARNING)
    os.environ["TMPDIR"] = str(FOLDER)
    folder = Path(tempfile.mkdtemp(prefix="hosts", dir=FOLDER))
    try:
        report = broken(folder, asked)
    finally:
        if keep is not None:
            shutil.copytree(folder, keep, dirs_exist_ok=True)
    print(json.dumps(report, indent=2))
    sys.exit(bool(report["violations"]))


if __name__ == "__main__":
    main()
