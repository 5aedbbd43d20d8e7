"""A database and a keyring that die at the n-th write, before or after it took effect."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from store.opened import Store
from store.prepared import Change


class Crash(BaseException):
    """The process is gone.  No Exception, so that no code under test can catch it."""


class Dying:
    """Counts durable acts and dies at one of them."""

    def __init__(self, at: int, *, after: bool) -> None:
        self._left = at
        self._after = after
        self.acts = 0

    def die_before(self) -> None:
        self.acts += 1
        self._left -= 1
        if self._left == 0 and not self._after:
            raise Crash

    def die_after(self) -> None:
        if self._left == 0 and self._after:
            raise Crash


def dying(store: Store, at: int, *, after: bool) -> tuple[Store, Dying]:
    """A store whose `at`-th durable act (a commit, a key made, erased or unlinked) kills the program."""
    fate = Dying(at, after=after)

    class DyingDatabase:
        def __getattr__(self, name: str) -> Any:
            return getattr(store.db, name)

        @asynccontextmanager
        async def write(self) -> AsyncIterator[AsyncConnection]:
            async with store.db.write() as tx:
                yield tx
                fate.die_before()
            fate.die_after()

        async def change(self, change: Change) -> Any:
            fate.die_before()
            changed = await store.db.change(change)
            fate.die_after()
            return changed

    class DyingKeyring:
        def __getattr__(self, name: str) -> Any:
            return getattr(store.keyring, name)

        def _act(self, act: Callable[[bytes], Any], drop_id: bytes) -> Any:
            fate.die_before()
            result = act(drop_id)
            fate.die_after()
            return result

        def create(self, drop_id: bytes) -> Any:
            return self._act(store.keyring.create, drop_id)

        def erase(self, drop_id: bytes) -> Any:
            return self._act(store.keyring.erase, drop_id)

        def unlink(self, drop_id: bytes) -> Any:
            return self._act(store.keyring.unlink, drop_id)

    class DyingMonths:
        def __getattr__(self, name: str) -> Any:
            return getattr(store.months, name)

        def erase(self, month: str) -> None:
            fate.die_before()
            store.months.erase(month)
            fate.die_after()

    doomed: Any = {"db": DyingDatabase(), "keyring": DyingKeyring(), "months": DyingMonths()}
    return replace(store, **doomed), fate
