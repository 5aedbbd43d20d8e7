"""`python -m bench`: measure, and print a table.  `--events 5000` for a quick look."""

import asyncio
import tempfile
from contextlib import ExitStack
from pathlib import Path

import click

from bench import log
from tests.postgres import running
from tests.stores import Home

_ENGINES = ("sqlite", "postgresql")


@click.command()
@click.option("--events", default=100_000, show_default=True, help="How many events the log holds before claims.")
@click.option("--rounds", default=16, show_default=True, help="Rounds of claims with and as many without a sequencer.")
@click.option("--drops", default=200, show_default=True, help="Claims a round.")
@click.option("--engine", type=click.Choice([*_ENGINES, "both"]), default="both", show_default=True)
def main(events: int, rounds: int, drops: int, engine: str) -> None:
    """What the log costs."""
    reports = []
    for name in _ENGINES if engine == "both" else (engine,):
        with ExitStack() as stack:
            path = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench")))
            url = f"sqlite+aiosqlite:///{path}/store.db"
            if name == "postgresql":
                url = stack.enter_context(running()).new_database()
            home = Home(path, url)
            reports.append(asyncio.run(log.measure(name, home, count=events, rounds=rounds, drops=drops)))
    print(log.shown(events, reports))


if __name__ == "__main__":
    main()
