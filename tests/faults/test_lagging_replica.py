"""
A replica that lagged takes over (F26): what was destroyed stays closed, and the one thing that cannot hold is named.

A claim that the replica never had is not refused there.  No program can know of it: the key is still there for the
minute in which its page may ask again.  So docs say: synchronous replicas, and `restore`'s rule after any other.
"""

import pytest

from store.errors import LogStoppedError
from store.log.sequencer import Sequencer
from tests.faults.page import Page, delivered
from tests.originals import Original
from tests.postgres import Postgres
from tests.programs import web
from tests.store.reading import row_of
from tests.store.test_log import drained
from tests.stores import Home


async def test_a_replica_that_missed_the_last_claims(
    on_postgresql: Original, postgres: Postgres, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Destroyed is for ever, whatever the row says; the log stands still; a claim of the last minute can be lost."""
    home = on_postgresql.copied_to(tmp_path_factory.mktemp("lagging"))
    async with home.open("bot") as store:
        read, held = [Page(await delivered(store)) for _ in range(2)]
        await drained(Sequencer(store, home.signing))
    lagging = Home(home.path, postgres.copy_of(home.database_url))
    async with home.open("bot") as store:
        async with web(home) as program:
            for page in (read, held):
                await page.told(program.port)
            await read.told(program.port, "acknowledge")
        await drained(Sequencer(store, home.signing))
    async with lagging.open("bot") as store:
        with pytest.raises(LogStoppedError):
            await Sequencer(store, lagging.signing).step()
        async with web(lagging) as program:
            # Its row says that it is sealed; its key is gone, and that settles it.
            again = await Page(read.sealed).ask(program.port)
            assert again is not None
            assert (again.status, again.json()["type"]) == (503, "urn:sendsecret:problem:key-unreadable")
            assert (await row_of(store, read.sealed.new.id)).guesses == 0
            # What docs/reliability.md says cannot be kept: if this ever fails, the promise has become stronger there.
            assert (await Page(held.sealed).told(program.port)).status == 200
