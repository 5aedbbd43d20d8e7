"""After the end: what stands in the files of keyring and database, byte by byte, and what it is good for."""

import random
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from store import creation, endings
from store.formats import stored_v1
from store.opened import Store
from store.words import Outcome
from tests.postgres import Postgres, running
from tests.store.reading import events_of, require_destroyed
from tests.store.remains import (
    PASSPHRASE,
    Planted,
    bytes_under,
    found_in,
    keys_left,
    opens,
    pieces_in,
    plant,
    planted,
    verifies,
    with_passphrase,
)
from tests.store.test_receipts import WAYS
from tests.stores import Home, Sealed, seal

LIVE_ROW = "the live row no longer holds the envelope"
NOT_ATTESTED = "what backups and WAL hold as ciphertext"


async def truncate(store: Store) -> None:
    """SQLite's log of writes, written into its file and emptied."""
    async with store.db._engine.connect() as connection:
        plain = (await connection.get_raw_connection()).driver_connection
        assert plain is not None
        async with plain.execute("PRAGMA wal_checkpoint(TRUNCATE)") as cursor:
            is_busy, *_ = await cursor.fetchone()
        assert not is_busy


async def require_words(store: Store, drop_id: bytes) -> None:
    """The receipt says no more than was found: the live row, and neither the log of writes nor backups."""
    receipt = (await events_of(store, drop_id))[-1]
    assert receipt["evt"] == "drop.receipt"
    assert receipt["attests"][2] == LIVE_ROW
    assert NOT_ATTESTED in receipt["does_not_attest"]
    assert not any("WAL" in said or "backup" in said for said in receipt["attests"])


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """Every stored envelope and every verifier that is made while a test runs."""
    made: list[bytes] = []

    def watched(name: str) -> None:
        true = getattr(stored_v1, name)

        def watching(*given: Any) -> bytes:
            result: bytes = true(*given)
            made.append(result)
            return result

        monkeypatch.setattr(stored_v1, name, watching)

    watched("wrap")
    watched("auth_token_verifier")
    return made


@pytest.fixture
def own_postgres() -> Iterator[Postgres]:
    """A server with nothing of other tests in its files: all of them are read."""
    with running() as server:
        yield server


@pytest.mark.parametrize("outcome", WAYS)
async def test_on_sqlite_nothing_is_left(sqlite_home: Home, seen: list[bytes], outcome: str) -> None:
    """However it ended: no key in the keyring; in the file and the emptied WAL no piece of envelope or verifier."""
    async with sqlite_home.open() as store:
        neighbour = await plant(store)
        seen.clear()
        sealed: Sealed = await WAYS[outcome][0](store, sqlite_home)
        await require_destroyed(store, sealed.new.id)
        await require_words(store, sealed.new.id)
        files = [path for path in sqlite_home.path.iterdir() if path.name.startswith("store.db")]
        before = b"\n".join(path.read_bytes() for path in files)
        assert pieces_in(before, seen[0]) > 0  # this is the WAL that the receipt does not speak of
        await truncate(store)
        after = b"\n".join(path.read_bytes() for path in files)
        assert pieces_in(after, neighbour.wrapped) == len(neighbour.wrapped) // 16  # one looks in the right place
        assert len(seen) >= 2
        for stored in (*seen, sealed.new.envelope, sealed.new.auth_token):
            assert pieces_in(after, stored) == 0
        assert [path.name for path in (sqlite_home.keyring / "drops").iterdir()] == [neighbour.sealed.new.id.hex()]


async def test_on_sqlite_nothing_is_left_of_many(sqlite_home: Home) -> None:
    """Drops of every size, created and ended in any order on shared pages: no page keeps a piece of one that ended."""
    chosen = random.Random(88)  # noqa: S311 - the same order in every run
    alive: list[Planted] = []
    ended: list[Planted] = []
    async with sqlite_home.open() as store:
        for _ in range(120):
            alive.append(await plant(store, secrets.token_hex(chosen.choice((20, 300, 1500, 4000, 12_000)))))
            while alive and chosen.random() < 0.44:
                one = alive.pop(chosen.randrange(len(alive)))
                await endings.revoke(store, one.sealed.new.id)
                ended.append(one)
            if chosen.random() < 0.1:
                await truncate(store)
        await truncate(store)
        files = b"\n".join(path.read_bytes() for path in sqlite_home.path.glob("store.db*"))
        keys = bytes_under(sqlite_home.keyring)
        assert min(len(alive), len(ended)) > 4
        gone: dict[str, bytes] = {}
        for number, one in enumerate(ended):
            gone |= one.named(f"drop {number}")
        assert found_in(files, gone) == set()
        assert found_in(files, {str(one.sealed.new.id): one.wrapped for one in alive}) == {
            str(one.sealed.new.id) for one in alive
        }
        assert all(one.drop_key in keys for one in alive)
        assert not any(one.drop_key in keys for one in ended)


async def test_on_postgresql_what_is_left_is_good_for_nothing(tmp_path: Path, own_postgres: Postgres) -> None:
    """Heap and WAL keep what was stored; with link and passphrase it opens under the erased key and under no other."""
    home = Home(tmp_path, own_postgres.new_database())
    await home.prepare()
    async with home.open() as store:
        neighbour = await plant(store)
        drops = []
        for _ in range(6):
            sealed = with_passphrase(seal())
            await creation.create(store, sealed.new)
            drops.append(await planted(store, sealed))
        for one in drops:
            await endings.revoke(store, one.sealed.new.id)
            await require_destroyed(store, one.sealed.new.id)
            await require_words(store, one.sealed.new.id)
        left = bytes_under(own_postgres.folder / "pg_wal")
        own_postgres.write_out()
        left += bytes_under(own_postgres.folder / "base")
        # A record that crosses a page of the WAL is cut there; of six, some stand in one piece.
        found = [one for one in drops if one.wrapped in left and one.v2 in left]
        assert found
        for one in drops:
            assert pieces_in(left, one.sealed.new.envelope) == 0
            assert pieces_in(left, one.drop_key) == 0
        keys = list(keys_left(home))
        assert neighbour.drop_key in keys
        for one in found:
            # With a copy of the keyring that somebody had made before: what was found is what counts.
            assert opens(one, one.drop_key, PASSPHRASE)
            assert verifies(one, one.drop_key)
            assert one.drop_key not in keys
            assert not any(opens(one, key, PASSPHRASE) for key in keys)
            assert not any(verifies(one, key) for key in keys)


async def test_every_outcome_is_tried() -> None:
    """None of the seven endings is left out above."""
    assert set(WAYS) == set(Outcome)
