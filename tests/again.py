"""
What failed in the last run of the tests, tried once more by itself: `python -m tests.again`.

A test that waits for another program can lose patience on a machine that others use.  A fault that is there fails
twice, and one that is there now and then stays named by the first run, to be traced.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Final

MOST: Final = 5
"""More than these are no accident."""
_FAILED: Final = Path(__file__).parent.parent / ".pytest_cache" / "v" / "cache" / "lastfailed"


def main() -> None:
    """Exit as pytest does; with 1 where there is nothing to be tried again, or too much."""
    failed = sorted(json.loads(_FAILED.read_text())) if _FAILED.exists() else []
    if not 0 < len(failed) <= MOST:
        sys.exit(f"{len(failed)} tests failed: nothing is tried again.")
    print("Failed once, and tried again:", *failed, sep="\n  ", flush=True)
    sys.exit(subprocess.run([sys.executable, "-m", "pytest", *failed], check=False).returncode)


if __name__ == "__main__":
    main()
