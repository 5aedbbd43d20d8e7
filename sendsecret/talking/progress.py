"""How far a large file has come, on one line that changes; only for people, and only where it takes a while."""

import sys
from contextlib import suppress
from typing import Final

import click

_WORTH_TELLING: Final = 1024 * 1024


class Progress:
    """Follows one answer after another."""

    def __init__(self) -> None:
        self._percent = -1

    def at(self, done: int, of: int) -> None:
        """So many bytes of so many; 0 where it is not known."""
        if of < _WORTH_TELLING or not sys.stderr.isatty():
            return
        percent = min(100, 100 * done // of)
        if percent != self._percent:
            with suppress(OSError):
                click.echo(f"\r{percent} % of {of:,} bytes", err=True, nl=done >= of)
        self._percent = percent
