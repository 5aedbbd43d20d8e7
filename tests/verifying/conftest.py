"""An installation that posted anchors, made once: it is read only."""

import asyncio

import pytest

from tests.verifying.channel import Anchored, lived_at


@pytest.fixture(scope="session")
def anchored(tmp_path_factory: pytest.TempPathFactory) -> Anchored:
    """Its messages, its tiles, its keys."""
    return asyncio.run(lived_at(tmp_path_factory.mktemp("anchored")))
