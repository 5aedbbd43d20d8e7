"""What another process has in its memory, as a core dump would hold it."""

import re
from collections.abc import Iterator
from pathlib import Path

_LINE = re.compile(r"([0-9a-f]+)-([0-9a-f]+) (r..)")
_MOST = 64 * 1024 * 1024


def memory_of(pid: int) -> Iterator[bytes]:
    """Every readable stretch of a child process's memory, in pieces that overlap by a page."""
    with (Path("/proc") / str(pid) / "mem").open("rb", buffering=0) as memory:
        for line in (Path("/proc") / str(pid) / "maps").read_text().splitlines():
            found = _LINE.match(line)
            if found is None or "[v" in line:
                continue  # not readable, or the kernel's own
            start, end = int(found[1], 16), int(found[2], 16)
            for at in range(start, end, _MOST):
                memory.seek(at)
                try:
                    yield memory.read(min(end - at, _MOST + 4096))
                except OSError:
                    break  # reserved, and nothing behind it
