"""
Stands for the process that makes a pack, and makes none: it says so in its folder, and waits until it is not wanted.

`HOW` in its environment: `waits`, `breaks` (ends at once, by an error) or `clings` (does not end when it is told to).
"""

import os
import signal
import sys
import time
from pathlib import Path


def main() -> None:
    """Do as it is told."""
    how = os.environ["HOW"]
    _, _, folder = sys.stdin.readline().rstrip("\n").split(" ", 2)
    if how == "breaks":
        sys.exit(3)
    if how == "clings":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    Path(folder, "process").write_text(str(os.getpid()))
    while how == "clings" or sys.stdin.read():
        time.sleep(1)


if __name__ == "__main__":
    main()
