"""
Before a change lands a third of the faults are brought about, another third on the next day: all of them and everything
else are more than a change can wait for.  Without `CI` in the environment, as `make test` is typed, and where a file of
these is named, all are.
"""

import os
import time
from pathlib import Path
from typing import Final

import pytest

_HERE: Final = Path(__file__).parent
_SHARES: Final = 3
_DAY_SECONDS: Final = 86_400


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out whole files, and say so as pytest does."""
    if not os.environ.get("CI") or any(_HERE.name in arg for arg in config.args):
        return
    files = sorted(_HERE.glob("test_*.py"))
    chosen = set(files[int(time.time() // _DAY_SECONDS) % _SHARES :: _SHARES])
    left_out = [item for item in items if item.path.parent == _HERE and item.path not in chosen]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]
