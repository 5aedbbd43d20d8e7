"""`python -m bench`: measure, and print a table.  `--events 5000` for a quick look."""

import asyncio

import click

from bench import engines, log


@click.command()
@click.option("--events", default=100_000, show_default=True, help="How many events the log holds before claims.")
@click.option("--rounds", default=16, show_default=True, help="Rounds of claims with and as many without a sequencer.")
@click.option("--drops", default=200, show_default=True, help="Claims a round.")
@engines.option
def main(events: int, rounds: int, drops: int, engine: str) -> None:
    """What the log costs."""
    reports = []
    for name, home in engines.homes(engine):
        reports.append(asyncio.run(log.measure(name, home, count=events, rounds=rounds, drops=drops)))
    print(log.shown(events, reports))


if __name__ == "__main__":
    main()
