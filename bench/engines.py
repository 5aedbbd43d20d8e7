"""The stores that are measured: an empty one on each of the engines that were asked for."""

import tempfile
from collections.abc import Callable, Iterator
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


def homes(engine: str) -> Iterator[tuple[str, Home]]:
    """The name of each engine meant by `option`, and a new home on it, which lasts until the next is asked for."""
    for name in _ENGINES if engine == "both" else (engine,):
        with ExitStack() as stack:
            path = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench")))
            url = f"sqlite+aiosqlite:///{path}/store.db"
            if name == "postgresql":
                url = stack.enter_context(running()).new_database()
            yield name, Home(path, url)
