"""What a program and everything that it started has spent of the processors."""

from collections.abc import Iterable

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
