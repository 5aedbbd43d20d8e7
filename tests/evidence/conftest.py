"""One installation that has lived, and its pack, for all tests of a file; each takes a copy to damage."""

import asyncio
from pathlib import Path

import pytest

from tests.evidence.packs import made
from tests.stores import Home
from tests.verifying.attacked import Lived
from tests.verifying.lived import either, live


async def _live(home: Home, times: int) -> None:
    await home.prepare()
    async with either(home) as store:
        await live(store, home, times=times)
    home.reset_clock()


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def lived(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Lived:
    """Forty drops: five of each outcome, and one in every state of an open one; on each engine."""
    path = tmp_path_factory.mktemp("lived")
    postgres = request.getfixturevalue("postgres") if request.param == "postgresql" else None
    url = postgres.new_database() if postgres else f"sqlite+aiosqlite:///{path}/store.db"
    home = Home(path, url)
    asyncio.run(_live(home, times=5))
    return Lived(home, postgres)


@pytest.fixture(scope="module")
def pack(lived: Lived) -> Path:
    """Its pack, with everything in it."""
    return made(lived.home, lived.home.path / "pack")


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same on SQLite alone, for what only damages copies of a pack: the engine is not in it any more."""
    path = tmp_path_factory.mktemp("whole")
    home = Home(path, f"sqlite+aiosqlite:///{path}/store.db")
    asyncio.run(_live(home, times=5))
    return made(home, path / "pack")
