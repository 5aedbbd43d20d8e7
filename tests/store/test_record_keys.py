"""The keyring's keys of a record: after it was rotated or revoked, none that was there before opens anything."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import update

from store import record_endings, record_rotating
from store.errors import KeyUnreadableError, StoreError
from store.formats.record_key_v1 import RecordKey
from store.keyring import KeyFolder
from store.opened import Store
from store.record_keys import KeyName
from store.schema_of_records import records as table
from tests.store.recording import VALUE, key_files, made, read
from tests.stores import Home, key_folder


@pytest.fixture
async def bot(home: Home) -> AsyncIterator[Store]:
    """The store as the operators' command line holds it."""
    async with home.open("bot") as bot:
        yield bot


async def of_version_3(store: Store) -> RecordKey:
    """The key of a record that was rotated twice."""
    first = await made(store)
    await record_rotating.rotate(store, first.id, VALUE)
    key, _ = await record_rotating.rotate(store, first.id, VALUE)
    return key


async def row_of(store: Store, key: RecordKey) -> dict[str, object]:
    """What whoever writes the database keeps of a record, to put it back."""
    async with store.db.read() as tx:
        row = (await tx.execute(table.select().where(table.c.id == key.id))).one()
    return dict(row._mapping)


async def put(store: Store, key: RecordKey, **values: object) -> None:
    """Write the row of a record as nothing of ours does."""
    async with store.db.write() as tx:
        await tx.execute(update(table).where(table.c.id == key.id).values(**values))


@pytest.mark.parametrize("claimed", [1, 3, 5])
async def test_a_row_that_lies_about_its_version_saves_no_key(bot: Store, claimed: int) -> None:
    """The version in the row is whoever's who writes the database: put back, the old row opens nothing."""
    old = await of_version_3(bot)
    before = await row_of(bot, old)
    await put(bot, old, version=claimed)
    new, is_erased = await record_rotating.rotate(bot, old.id, "another")
    assert is_erased
    assert await read(bot, new) == "another"
    assert len(key_files(bot)) == 1
    await put(bot, old, **before)
    with pytest.raises(StoreError):
        await read(bot, old)


@pytest.mark.parametrize("claimed", [1, 3, 5])
async def test_a_revocation_leaves_no_key_of_any_version(bot: Store, claimed: int) -> None:
    """The same; and the keys of other records stay."""
    other = await made(bot)
    old = await of_version_3(bot)
    before = await row_of(bot, old)
    await put(bot, old, version=claimed)
    assert await record_endings.revoke(bot, old.id)
    assert set(key_files(bot)) == {KeyName(other.id, 1)}
    await put(bot, old, **before)
    with pytest.raises(StoreError):
        await read(bot, old)


async def test_a_rotation_leaves_alone_what_is_rotated_just_now(bot: Store) -> None:
    """A later version's key may be somebody's whose row is about to say so."""
    old = await made(bot)
    later = KeyName(old.id, 9)

    def creates_later(key_id: bytes) -> bytes:
        folder.create(later.encoded)
        return folder.create(key_id)

    folder = KeyFolder(key_folder(bot.keyring.records)._folder, 20)
    bot.keyring.records.create = creates_later  # type: ignore[method-assign]
    await record_rotating.rotate(bot, old.id, "another")
    assert set(key_files(bot)) == {KeyName(old.id, 2), later}


async def test_a_rotation_says_whether_the_old_key_is_gone(bot: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """The keyring takes nothing just then: the old key is dead here, and its bytes are still to be overwritten."""
    old = await made(bot)
    monkeypatch.setattr("store.keyring.KeyFolder.erase", _dies)
    new, is_erased = await record_rotating.rotate(bot, old.id, "another")
    assert not is_erased
    assert await read(bot, new) == "another"
    assert not await record_endings.revoke(bot, old.id)


def _dies(*args: object) -> bool:
    raise KeyUnreadableError("as on a disk that breaks")
