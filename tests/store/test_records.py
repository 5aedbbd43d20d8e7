"""Records: read with their own key alone, as often as they may be, rotated and ended at once, each with its event."""

import asyncio
import os
import secrets
import sqlite3
import stat
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import event, select, text
from sqlalchemy.exc import DBAPIError

from store import record_endings, record_refusals, record_rotating, records, retention, sweeper
from store.errors import KeyUnreadableError, UnknownRecordError
from store.formats.errors import MalformedError
from store.formats.record_key_v1 import RecordKey
from store.opened import Store
from store.record_keys import KeyName
from store.schema import metadata
from store.words import RecordState
from tests.store.recording import LABEL, VALUE, VISITOR, key_files, made, read, said, told, words
from tests.stores import Home, key_folder, key_path


@pytest.fixture
async def bot(home: Home) -> AsyncIterator[Store]:
    """The store as the operators' command line holds it."""
    async with home.open("bot") as bot:
        yield bot


async def refused(store: Store, key: RecordKey, *, of: bytes | None = None) -> bool:
    """Whether that is the one refusal there is."""
    with pytest.raises(UnknownRecordError):
        await read(store, key, of=of)
    return True


async def test_a_record_is_read_as_it_was_given(bot: Store, store: Store) -> None:
    """Byte for byte and over and over; each read is an event, and the first alone is told."""
    for value in (VALUE, " ", "ä\u2028\x00😀", "x" * 65_536):
        key = await made(bot, value=value)
        assert [await read(store, key) for _ in range(3)] == [value] * 3
    assert await words(bot) == ["created", "read", "read", "read"] * 4
    assert [one["reads"] for one in await said(bot) if one["evt"] == "record.read"] == [1, 2, 3] * 4
    assert len(await told(bot)) == 8
    with pytest.raises(MalformedError):
        await made(bot, value="x" * 65_537)
    assert len(key_files(bot)) == 4


async def test_every_other_key_is_unknown(bot: Store, store: Store) -> None:
    """No key, another secret, another record's key, another id: one answer, and nothing is counted as a read."""
    key, other = await made(bot), await made(bot)
    assert await refused(store, RecordKey(key.id, secrets.token_bytes(32)))
    assert await refused(store, other, of=key.id)
    assert await refused(store, RecordKey(other.id, key.secret))
    assert await refused(store, RecordKey(secrets.token_bytes(16), key.secret))
    assert await refused(store, key, of=b"")
    assert await words(bot) == ["created"] * 2
    assert (await records.find(bot, key.id)).reads == 0


async def test_two_last_reads_at_once_are_one(bot: Store, store: Store, home: Home) -> None:
    """Of any number of programs that ask at once as many are answered as reads were left; then it has ended."""
    key = await made(bot, reads=2)
    async with home.open() as second:
        tries = [read(one, key) for one in (store, second) * 4]
        answers = await asyncio.gather(*tries, return_exceptions=True)
    assert answers.count(VALUE) == 2
    assert {type(one) for one in answers if one != VALUE} == {UnknownRecordError}
    assert await words(bot) == ["created", "read", "read", "expired"]
    assert (await said(bot))[-1] | {"record": ""} == {
        "evt": "record.expired",
        "record": "",
        "by": "holder",
        "why": "reads",
    }
    assert key_files(bot) == {}
    assert (await records.find(bot, key.id)).state is RecordState.EXPIRED


async def test_a_rotated_key_is_dead_at_once(bot: Store, store: Store) -> None:
    """The new one reads what was given with it; of the one before no key is left, so that no backup opens with it."""
    old = await made(bot)
    await read(store, old)
    new, _ = await record_rotating.rotate(bot, old.id, "another value")
    assert await refused(store, old)
    assert await read(store, new) == "another value"
    assert set(key_files(bot)) == {KeyName(old.id, 2)}
    assert await words(bot) == ["created", "read", "rotated", "read"]
    held = await records.find(bot, old.id)
    assert (held.version, held.reads) == (2, 1)
    with pytest.raises(UnknownRecordError):
        await record_rotating.rotate(bot, secrets.token_bytes(16), "x")


async def test_rotations_at_once_leave_one_key(bot: Store, home: Home) -> None:
    """Whoever came late is told so; the key of one of them reads, and nothing else is left."""
    old = await made(bot)
    async with home.open("bot") as second:
        tries = [record_rotating.rotate(one, old.id, "new") for one in (bot, second) * 3]
        answers = await asyncio.gather(*tries, return_exceptions=True)
    keys = [one[0] for one in answers if not isinstance(one, BaseException)]
    assert keys
    assert await read(bot, keys[-1] if len(keys) == 1 else await _present(bot, keys)) == "new"
    assert len(key_files(bot)) == 1


async def _present(store: Store, keys: list[RecordKey]) -> RecordKey:
    async with store.db.read() as tx:
        [proof] = (await tx.execute(select(metadata.tables["records"].c.proof))).scalars()
    [present] = [key for key in keys if key.proof == proof]
    return present


async def test_what_was_revoked_holds_nothing(bot: Store, store: Store) -> None:
    """Neither the row nor the keyring; and it stays so."""
    key = await made(bot)
    assert await record_endings.revoke(bot, key.id)
    assert await refused(store, key)
    assert key_files(bot) == {}
    with pytest.raises(UnknownRecordError):
        await record_endings.revoke(bot, key.id)
    with pytest.raises(UnknownRecordError):
        await record_rotating.rotate(bot, key.id, "x")
    assert await words(bot) == ["created", "revoked"]


async def test_a_record_ends_in_time(bot: Store, store: Store, home: Home) -> None:
    """Nobody reads it a moment later, whether a sweep was there or not; the sweep says so, once."""
    key = await made(bot, lives_seconds=60)
    home.hold_clock()
    home.advance_clock(61)
    assert await refused(store, key)
    await sweeper.sweep(store)
    await sweeper.sweep(bot)
    assert (await said(bot))[1:] == [{"evt": "record.expired", "record": key.id_text, "by": "clock", "why": "time"}]
    assert key_files(bot) == {}


async def test_a_crash_leaves_no_key(bot: Store, monkeypatch: pytest.MonkeyPatch, home: Home) -> None:
    """Keys of ended and rotated records go with the next sweep, those without a row after an hour; live ones stay."""
    kept, rotated, revoked = [await made(bot) for _ in range(3)]
    with monkeypatch.context() as crashed:
        crashed.setattr("store.keyring.KeyFolder.erase", _dies)
        new, _ = await record_rotating.rotate(bot, rotated.id, "new")
        assert not await record_endings.revoke(bot, revoked.id)
    await bot.keyring_act(bot.keyring.records.create, KeyName(kept.id, 7).encoded)
    await bot.keyring_act(bot.keyring.records.create, KeyName(secrets.token_bytes(16), 1).encoded)
    assert len(key_files(bot)) == 6
    assert (await sweeper.sweep_keys(bot)).erased == 2
    for path in key_folder(bot.keyring.records)._folder.iterdir():
        os.utime(path, (0, 0))
    assert (await sweeper.sweep_keys(bot)).erased == 2
    assert set(key_files(bot)) == {KeyName(kept.id, 1), KeyName(rotated.id, 2)}
    assert (await read(bot, kept), await read(bot, new)) == (VALUE, "new")


def _dies(*args: object) -> bool:
    raise KeyUnreadableError("as after a crash")


async def test_an_absent_key_proves_nothing_and_an_erased_one_ends_it(bot: Store, store: Store) -> None:
    """A keyring that is away counts no read and ends no record; zeros are on record as lost."""
    key, lost = await made(bot, reads=1), await made(bot)
    path = key_path(bot.keyring.records, KeyName(key.id, 1).encoded)
    aside = path.rename(path.with_suffix(".aside"))
    with pytest.raises(KeyUnreadableError):
        await read(store, key)
    bot.keyring.records.erase(KeyName(lost.id, 1).encoded)
    with pytest.raises(KeyUnreadableError):
        await read(store, lost)
    swept = await sweeper.sweep_keys(store)
    assert swept.absent == [key.id]
    aside.rename(path)
    assert await read(store, key) == VALUE
    assert await refused(store, lost)
    assert [one["why"] for one in await said(bot) if one["evt"] == "record.expired"] == ["lost", "reads"]


@pytest.mark.parametrize("version", [-1, 0, 2**31])
async def test_no_row_has_a_version_that_no_key_can_have(bot: Store, version: int) -> None:
    """The keyring names a key by four bytes of version, the first of them is 1."""
    await made(bot)
    with pytest.raises(DBAPIError):
        async with bot.db.write() as tx:
            await tx.execute(text(f"UPDATE records SET version = {version}"))  # noqa: S608 - a number of ours


@pytest.mark.parametrize("version", ["-1", "'x'", "1.5"])
async def test_a_strange_version_keeps_no_sweep_from_the_other_keys(sqlite_home: Home, version: str) -> None:
    """Whoever writes to SQLite's file puts anything there: that record's key is absent, and the rest is swept."""
    async with sqlite_home.open("bot") as bot:
        strange, revoked, away = [await made(bot) for _ in range(3)]
        await bot.keyring_act(bot.keyring.records.create, KeyName(revoked.id, 7).encoded)
        await record_endings.revoke(bot, revoked.id)
        await bot.keyring_act(bot.keyring.records.create, KeyName(revoked.id, 1).encoded)
        key_path(bot.keyring.records, KeyName(away.id, 1).encoded).unlink()
    connection = sqlite3.connect(sqlite_home.path / "store.db")
    connection.execute("PRAGMA ignore_check_constraints = ON")
    connection.execute(f"UPDATE records SET version = {version} WHERE id = ?", (strange.id,))  # noqa: S608 - as above
    connection.commit()
    connection.close()
    async with sqlite_home.open("bot") as bot:
        swept = await sweeper.sweep_keys(bot)
        assert not any(name.id == revoked.id for name in key_files(bot))
        with pytest.raises(KeyUnreadableError):
            await read(bot, strange)
        assert await record_endings.revoke(bot, strange.id)
        assert not any(name.id == strange.id for name in key_files(bot))
    assert set(swept.absent) == {strange.id, away.id}
    assert not swept.is_away


async def test_a_wrong_key_fetches_no_value(bot: Store, store: Store) -> None:
    """What the database is asked is the same for a record that there is and for none: neither hands its value out."""
    key = await made(bot, value="x" * 65_536)
    asked: list[str] = []
    engine = store.db._engine.sync_engine
    event.listen(engine, "before_cursor_execute", lambda *said: asked.append(said[2]))
    assert await refused(store, RecordKey(key.id, secrets.token_bytes(32)))
    of_known, asked[:] = list(asked), []
    assert await refused(store, RecordKey(secrets.token_bytes(16), key.secret))
    assert of_known == asked
    assert any("proof" in one for one in asked)
    assert not any("sealed" in one or "personal" in one for one in asked)
    assert await read(store, key) == "x" * 65_536
    assert any("sealed" in one for one in asked)


async def test_wrong_keys_fill_no_log(bot: Store, store: Store, home: Home) -> None:
    """An event a minute with the count so far, what came in between after it, and one entry an hour."""
    key = await made(bot)
    home.hold_clock()
    for _ in range(30):
        await record_refusals.note(store, key.id, VISITOR)
    await sweeper.sweep(store)
    assert [one["count"] for one in await said(bot) if one["evt"] == "record.refused"] == [1]
    for _ in range(3):
        home.advance_clock(61)
        await sweeper.sweep(store)
    assert [one["count"] for one in await said(bot) if one["evt"] == "record.refused"] == [1, 30]
    assert len(await told(bot)) == 2
    home.advance_clock(3600)
    await record_refusals.note(store, key.id, VISITOR)
    assert len(await told(bot)) == 3
    await record_refusals.note(store, secrets.token_bytes(16), VISITOR)
    assert (await words(bot)).count("refused") == 3


async def test_the_database_holds_nothing_that_reads_it(bot: Store, store: Store, home: Home) -> None:
    """Neither value, key, nor label, in clear; live or ended."""
    key = await made(bot)
    await read(store, key)
    await record_rotating.rotate(bot, (await made(bot)).id, VALUE)
    rows = b""
    async with bot.db.read() as tx:
        for table in metadata.sorted_tables:
            for row in await tx.execute(table.select()):
                rows += b"".join(x if isinstance(x, bytes) else str(x).encode() for x in row)
        assert await tx.scalar(text("SELECT count(*) FROM records")) == 2
    for canary in (VALUE.strip().encode(), key.secret, key.text.encode(), LABEL.encode()):
        assert canary not in rows


async def test_a_record_keeps_its_month_and_gives_it_up(bot: Store, home: Home) -> None:
    """Its name is there for as long as it lives; once it has ended and its month is over, nobody can read it."""
    home.hold_clock()
    key = await made(bot, lives_seconds=400 * 86_400)
    for _ in range(4):
        home.advance_clock(31 * 86_400)
        await read(bot, key)
    assert len((await retention.sweep(bot, 2)).held) == 1
    assert (await records.find(bot, key.id)).named == records.Named(LABEL)
    await record_endings.revoke(bot, key.id)
    assert len((await retention.sweep(bot, 2)).forgotten) == 1
    assert (await records.find(bot, key.id)).named is None
    async with bot.db.read() as tx:
        [sealed] = (await tx.execute(select(metadata.tables["records"].c.personal))).scalars()
    assert sealed is None


async def test_a_keyring_of_an_older_release_gets_its_folder(home: Home) -> None:
    """Migrating makes it, for its owner alone, and touches nothing else."""
    folder = home.keyring / "records"
    folder.rmdir()
    await home.prepare()
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    async with home.open("bot") as bot:
        assert await read(bot, await made(bot)) == VALUE
