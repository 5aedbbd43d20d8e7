"""One run brings all faults about.  A single one has a run of its own where `-k` names it, as named defects do."""

import pytest

from tests.hosts.test_hosts import ALL


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the runs of single faults, and say so as pytest does."""
    if config.option.keyword:
        return
    alone = [item for item in items if item.path.parent.name == "hosts" and f"[{ALL}]" not in item.name]
    config.hook.pytest_deselected(items=alone)
    items[:] = [item for item in items if item not in alone]
