"""Records made, rotated and ended, and rotations of the master key, at once or cut short: no escrow loses its key."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from store import record_endings, record_escrow, record_rotating
from store.errors import StoreUnavailableError
from store.formats.record_key_v1 import RecordKey
from store.keys import master
from store.keys.master import Rotated
from store.master_keys import MasterKeys
from store.opened import Store
from tests.store.escrowing import escrowed, files, masters, opened, row_of
from tests.store.recording import VALUE
from tests.stores import Home

MOST_ACTS = 60


@pytest.fixture
async def bot(home: Home) -> AsyncIterator[Store]:
    """The store as the operators' command line holds it."""
    async with home.open("bot") as bot:
        yield bot


def rotating(store: Store, other: Store, home: Home) -> Store:
    """A store before each of whose transactions somebody else rotates the master key, from beginning to end."""

    class Rotating:
        def __getattr__(self, name: str) -> Any:
            return getattr(store.db, name)

        @asynccontextmanager
        async def write(self) -> AsyncIterator[AsyncConnection]:
            await master.rotate(other, home.signing)
            async with store.db.write() as tx:
                yield tx

    slow: Any = Rotating()
    return replace(store, db=slow)


async def test_which_key_is_present_is_asked_within_the_transaction(bot: Store, home: Home) -> None:
    """Whatever was known before it is old: the key may be gone."""
    async with home.open("bot") as other:
        key = await escrowed(rotating(bot, other, home))
        new, _ = await record_rotating.rotate(rotating(bot, other, home), key.id, None)
        late = await escrowed(rotating(bot, other, home))
    assert (await opened(bot, new), await opened(bot, late)) == (VALUE, VALUE)
    assert files(bot).keys() == {"4.key"}


async def test_no_key_is_erased_under_a_row_that_has_not_committed(bot: Store, home: Home) -> None:
    """A rotation sees no row that is being made; it waits for it before it decides which keys nobody needs."""
    made_now, comes, making = asyncio.Event(), asyncio.Event(), list[asyncio.Task[RecordKey]]()
    columns, come_under = record_escrow.columns, master._come_under

    async def slow(*words: Any) -> dict[str, Any]:
        found = await columns(*words)
        made_now.set()
        await comes.wait()
        return found

    async def late(store: Store, held: MasterKeys, done: Rotated) -> None:
        if done.is_new and not making:
            with pytest.MonkeyPatch.context() as patch:
                # It has looked a moment before the new key was there.
                patch.setattr(type(masters(bot)), "numbers", lambda _: [1])
                patch.setattr(record_escrow, "columns", slow)
                making.append(asyncio.create_task(escrowed(bot)))
                await made_now.wait()
        await come_under(store, held, done)

    async with home.open("bot") as other:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(master, "_come_under", late)
            rotating = asyncio.create_task(_until_done(other, home))
            await made_now.wait()
            # What does not wait is over by then; what waits goes on when the row commits, however long that takes.
            await asyncio.wait([rotating], timeout=1)
            comes.set()
            key = await making[0]
            await rotating
    assert await opened(bot, key) == VALUE
    assert f"{(await row_of(bot, key))['master']}.key" in files(bot)


async def _until_done(store: Store, home: Home) -> None:
    """Typed again where the database had no patience."""
    while True:
        try:
            await master.rotate(store, home.signing)
        except StoreUnavailableError:
            continue
        return


async def test_rotations_and_records_at_once_lose_no_escrow(bot: Store, home: Home) -> None:
    """Records are made, rotated and ended while the master key is rotated over and over; each of them opens after."""
    keys = [await escrowed(bot, f"first {number}") for number in range(4)]
    values = {key.id: f"first {number}" for number, key in enumerate(keys)}

    async def busy(store: Store) -> None:
        for number in range(6):
            key = await escrowed(store, f"made {number}")
            values[key.id] = f"made {number}"
            await record_rotating.rotate(store, keys[number % 3].id, None)
        await record_endings.revoke(store, keys[3].id)
        del values[keys[3].id]

    async with home.open("bot") as one, home.open("bot") as two:
        working = asyncio.create_task(busy(one))
        while not working.done():
            await master.rotate(two, home.signing)
        await working
    await master.rotate(bot, home.signing)
    for record_id, value in values.items():
        row = await row_of(bot, RecordKey(record_id, bytes(32)))
        assert await record_escrow.value_of(bot, record_id, row["version"]) == value
    assert len(files(bot)) == 1
    assert await record_escrow.missing(bot) == []


async def test_a_value_is_opened_although_its_key_goes_meanwhile(bot: Store, home: Home) -> None:
    """Rotated and erased between the row and the key: the row is read again."""
    key = await escrowed(bot)
    real, times = record_escrow.opened, []

    async def late(store: Store, row: Any) -> Any:
        times.append(row.master)
        if len(times) == 1:
            await master.rotate(store, home.signing)
        return await real(store, row)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(record_escrow, "opened", late)
        value = await record_escrow.value_of(bot, key.id, 1)
    assert (value, times[0], times[-1]) == (VALUE, 1, 2)


@contextmanager
def between_row_and_statement(act: Callable[[], Awaitable[object]]) -> Iterator[None]:
    """The first escrow that a rotation opens: this happens before it is put back."""
    real, acted = record_escrow.opened, list[bool]()

    async def late(store: Store, row: Any) -> Any:
        found = await real(store, row)
        if not acted:
            acted.append(True)
            await act()
        return found

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(record_escrow, "opened", late)
        yield


async def test_a_record_that_is_rotated_meanwhile_keeps_its_own_escrow(bot: Store, home: Home) -> None:
    """What was wrapped anew for the version before is not put over it, nor into the row of a record that has ended."""
    key = await escrowed(bot)

    async def act() -> None:
        with pytest.MonkeyPatch.context() as patch:
            # As on another host, which has not got the new key so far.
            patch.setattr(type(masters(bot)), "numbers", lambda _: [1])
            await record_rotating.rotate(bot, key.id, "another")

    with between_row_and_statement(act):
        done = await master.rotate(bot, home.signing)
    assert (done.rewrapped, done.failed) == (1, {})
    assert await opened(bot, key) == "another"
    with between_row_and_statement(lambda: record_endings.revoke(bot, key.id)):
        done = await master.rotate(bot, home.signing)
    assert (done.rewrapped, (await row_of(bot, key))["escrow"]) == (0, None)


async def test_what_comes_late_is_wrapped_anew_too(bot: Store, home: Home) -> None:
    """A record that another host made under the old key, and whose id the rotation has passed."""
    for _ in range(3):
        await escrowed(bot)

    async def act() -> None:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(type(masters(bot)), "numbers", lambda _: [1])
            patch.setattr("secrets.token_bytes", lambda length: bytes(length - 1) + b"x")
            await escrowed(bot)

    with between_row_and_statement(act):
        assert await master.rotate(bot, home.signing) == Rotated(2, rewrapped=4, erased=[1])


async def test_two_at_once_leave_one_key(bot: Store, home: Home) -> None:
    """One waits for the other, and neither erases what the other made."""
    key = await escrowed(bot)

    def in_a_loop_of_its_own() -> Rotated:
        async def act() -> Rotated:
            async with home.open("bot") as store:
                return await master.rotate(store, home.signing)

        return asyncio.run(act())

    done = await asyncio.gather(*(asyncio.to_thread(in_a_loop_of_its_own) for _ in range(3)))
    assert sorted(one.number for one in done) == [2, 3, 4]
    assert files(bot).keys() == {"4.key"}
    assert await opened(bot, key) == VALUE
