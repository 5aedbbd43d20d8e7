"""One run brings all faults about.  A single one has a run of its own where `-k` names it, as named defects do."""

from pathlib import Path

import pytest

from tests.hosts import test_hosts
from tests.hosts.test_hosts import ALL


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the runs of single faults, and say so as pytest does."""
    if config.option.keyword:
        return
    alone = [item for item in items if item.path == Path(test_hosts.__file__) and f"[{ALL}]" not in item.name]
    config.hook.pytest_deselected(items=alone)
    items[:] = [item for item in items if item not in alone]
