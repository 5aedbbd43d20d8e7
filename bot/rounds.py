"""
Looking again and again, until the program stops.

Whatever looks is repeated for ever: a loop that ended by an error would be missed by nobody for a long time.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from typing import Any

from store.errors import StoreUnavailableError
from store.logs import place_of


@dataclass(frozen=True)
class Troubles:
    """What the log says where a look fails: `away` when the store does not answer, `failed` for everything else."""

    away: str
    failed: str


class LeftAlone:
    """What is passed over for a while after it failed, by its id, so that it keeps nothing else waiting."""

    def __init__(self) -> None:
        self._until: dict[bytes, float] = {}

    def leave(self, one: bytes, seconds: float) -> None:
        """From now on, for so long."""
        self._until[one] = asyncio.get_running_loop().time() + seconds

    def ids(self) -> Collection[bytes]:
        """All that is still to be passed over."""
        now = asyncio.get_running_loop().time()
        self._until = {one: until for one, until in self._until.items() if until > now}
        return self._until


async def look_until(
    stop: asyncio.Event, look: Callable[[], Awaitable[object]], seconds: float, journal: Any, troubles: Troubles
) -> None:
    """Look, and so many seconds after each look once more, until `stop`; what fails is logged and looked at again."""
    while not stop.is_set():
        try:
            await look()
        except StoreUnavailableError:
            journal.warning(troubles.away)
        except Exception as error:  # noqa: BLE001 - see the head of this file
            journal.error(troubles.failed, error=place_of(error))
        await wait(stop, seconds)


async def wait(stop: asyncio.Event, seconds: float) -> None:
    """Wait so long, and no longer than until `stop`."""
    try:
        async with asyncio.timeout(seconds):
            await stop.wait()
    except TimeoutError:
        return
