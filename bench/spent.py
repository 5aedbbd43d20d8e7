"""What a program and everything that it started has spent of the processors."""

import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

import psutil


def cpu_seconds(pids: Iterable[int]) -> float:
    """User and system time of these processes, of their children, and of children that they have seen end."""
    seconds = 0.0
    seen: set[int] = set()
    for pid in pids:
        root = psutil.Process(pid)
        for process in (root, *root.children(recursive=True)):
            if process.pid in seen:
                continue
            seen.add(process.pid)
            try:
                times = process.cpu_times()
            except psutil.NoSuchProcess:  # its parent has counted it by now
                continue
            seconds += times.user + times.system + times.children_user + times.children_system
    return seconds


class Meter:
    """CPU of this process, and of those that answer for one database on a PostgreSQL server; finer than clock ticks."""

    def __init__(self, database: str | None) -> None:
        self._database = database

    def seconds(self) -> float:
        """So far; a difference of two says what was spent between them."""
        return time.process_time() + sum(self._of_database())

    def _of_database(self) -> Iterator[float]:
        if self._database is None:
            return
        for folder in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                if self._database.encode() in (folder / "cmdline").read_bytes():
                    yield int((folder / "schedstat").read_text().split()[0]) / 1e9
