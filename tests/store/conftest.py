"""An open store on each engine."""

from collections.abc import AsyncIterator

import pytest

from store.opened import Store
from tests.stores import Home


@pytest.fixture
async def store(home: Home) -> AsyncIterator[Store]:
    """The store as the web program holds it."""
    async with home.open() as store:
        yield store
