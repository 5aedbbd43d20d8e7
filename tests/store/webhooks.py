"""An endpoint of another program, as the store sees it: events that are published, and everything it takes."""

from store import webhooks
from store.log.sequencer import Sequencer
from store.opened import Store
from store.webhooks import Owed
from tests.store.living import created
from tests.store.test_log import drained
from tests.stores import Home, Sealed

SIEM = "siem"


def everything(event: str) -> bool:
    """A filter that lets all events through."""
    return True


async def enrolled(store: Store, home: Home, *names: str) -> Sequencer:
    """Endpoints of a log that is open; the sequencer of the log."""
    sequencer = Sequencer(store, home.signing)
    await drained(sequencer)
    await webhooks.enrol(store, names or (SIEM,))
    return sequencer


async def published(store: Store, sequencer: Sequencer, drops: int = 1) -> list[Sealed]:
    """Drops whose creation stands in the published log."""
    made = [await created(store, lives_seconds=1_000_000) for _ in range(drops)]
    await drained(sequencer)
    return made


async def told(store: Store, name: str = SIEM) -> None:
    """Everything published is owed."""
    while await webhooks.fan_out(store, name, everything):
        pass


async def leased(store: Store, name: str = SIEM) -> Owed:
    """The next delivery, which is there."""
    found = await webhooks.lease(store, name)
    assert found is not None
    return found


async def drain(store: Store, name: str = SIEM) -> list[Owed]:
    """Let the endpoint take all that is due."""
    taken = []
    while (one := await webhooks.lease(store, name)) is not None:
        taken.append(one)
        await webhooks.settle(store, one)
    return taken
