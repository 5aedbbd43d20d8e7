"""The stores that are measured: an empty one on each of the engines that were asked for."""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import click

from tests.postgres import running
from tests.stores import Home

_ENGINES = ("sqlite", "postgresql")

option: Callable[[Any], Any] = click.option(
    "--engine", type=click.Choice([*_ENGINES, "both"]), default="both", show_default=True
)
"""The option of a bench's command."""


def names(engine: str) -> Sequence[str]:
    """The engines meant by `option`."""
    return _ENGINES if engine == "both" else (engine,)


def homes(engine: str) -> Iterator[tuple[str, Home]]:
    """The name of each engine meant by `option`, and a new home on it, which lasts until the next is asked for."""
    for name in names(engine):
        with ExitStack() as stack:
            (home,) = several(name, 1, stack)
            yield name, home


def several(name: str, count: int, stack: ExitStack) -> list[Home]:
    """So many new homes on one engine, all on one server of it, as long as `stack` lasts."""
    server = stack.enter_context(running()) if name == "postgresql" else None
    found = []
    for _ in range(count):
        path = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench")))
        url = f"sqlite+aiosqlite:///{path}/store.db" if server is None else server.new_database()
        found.append(Home(path, url))
    return found
