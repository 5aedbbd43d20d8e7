"""The keys outside the database."""

import os
import stat
from pathlib import Path

import pytest

from store import creation, sweeper
from store.errors import DuplicateDropError, KeyUnreadableError, StoreMismatchError
from store.keyring import Keyring, KeyState
from store.opened import Store
from store.words import Outcome
from tests.store.reading import row_of
from tests.stores import Home, key_path, seal

ID = bytes(range(16))


@pytest.fixture
def keyring(tmp_path: Path) -> Keyring:
    """A new, empty keyring."""
    Keyring.make(tmp_path / "keyring")
    return Keyring(tmp_path / "keyring")


def test_a_key_is_live_then_erased_then_absent(keyring: Keyring) -> None:
    """Erasing overwrites the same file with zeros; unlinking comes after."""
    key = keyring.create(ID)
    path = keyring._path(ID)
    inode = path.stat().st_ino
    assert (keyring.read(ID), keyring.state(ID)) == (key, KeyState.LIVE)
    keyring.erase(ID)
    assert path.read_bytes() == bytes(32)
    assert path.stat().st_ino == inode
    assert (keyring.read(ID), keyring.state(ID)) == (None, KeyState.ERASED)
    keyring.unlink(ID)
    assert keyring.state(ID) is KeyState.ABSENT
    with pytest.raises(KeyUnreadableError):
        keyring.read(ID)
    keyring.erase(ID)
    keyring.unlink(ID)


def test_a_key_is_on_the_disk_before_it_is_used(keyring: Keyring, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both the bytes and the name are fsynced; and zeros are, before anybody is told."""
    synced: list[str] = []
    real = os.fsync

    def noting(descriptor: int) -> None:
        synced.append("folder" if stat.S_ISDIR(os.fstat(descriptor).st_mode) else "file")
        real(descriptor)

    monkeypatch.setattr(os, "fsync", noting)
    keyring.create(ID)
    assert synced == ["file", "folder"]
    keyring.erase(ID)
    assert synced == ["file", "folder", "file"]


def test_nobody_else_can_read_the_keys(keyring: Keyring, tmp_path: Path) -> None:
    """Files 0600, folders 0700."""
    keyring.create(ID)
    for path in (tmp_path / "keyring").rglob("*"):
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600)


def test_a_key_is_never_made_twice(keyring: Keyring) -> None:
    """A taken id keeps its first key."""
    key = keyring.create(ID)
    with pytest.raises(DuplicateDropError):
        keyring.create(ID)
    assert keyring.read(ID) == key


def test_the_pepper_is_never_made_again(keyring: Keyring, tmp_path: Path) -> None:
    """Making is idempotent; a keyring without its pepper is refused, not repaired."""
    Keyring.make(tmp_path / "keyring")
    assert Keyring(tmp_path / "keyring").peppers.current == keyring.peppers.current
    (tmp_path / "keyring" / "pepper").unlink()
    Keyring.make(tmp_path / "keyring")
    with pytest.raises(StoreMismatchError):
        Keyring(tmp_path / "keyring")


async def test_another_keyring_is_refused_and_touches_nothing(home: Home, tmp_path: Path) -> None:
    """If keyring and database do not belong together, no program starts."""
    async with home.open() as store:
        sealed = seal()
        await creation.create(store, sealed.new)
    (tmp_path / "keyring").rename(tmp_path / "own")
    Keyring.make(tmp_path / "keyring")
    for name in ("event-web.key",):
        (tmp_path / "keyring" / name).write_bytes((tmp_path / "own" / name).read_bytes())
    with pytest.raises(StoreMismatchError, match="KEYRING_DIR"):
        async with home.open():
            pass
    with pytest.raises(StoreMismatchError, match="KEYRING_DIR"):
        await home.prepare()
    assert (tmp_path / "own" / "drops" / sealed.new.id.hex()).exists()


async def test_a_key_without_a_row_is_erased_after_an_hour(store: Store) -> None:
    """What a crash between key and row left goes; what is being created just now stays."""
    fresh, old = os.urandom(16), os.urandom(16)
    for drop_id in (fresh, old):
        store.keyring.create(drop_id)
    path = key_path(store.keyring, old)
    os.utime(path, (path.stat().st_atime, path.stat().st_mtime - 3700))
    assert (await sweeper.sweep_keys(store)).erased == 1
    assert store.keyring.state(fresh) is KeyState.LIVE
    assert store.keyring.state(old) is KeyState.ABSENT


async def test_a_live_drop_with_an_erased_key_is_lost(store: Store) -> None:
    """The sweeper puts it on record; it does not pretend that anybody ended it."""
    sealed = seal()
    await creation.create(store, sealed.new)
    store.keyring.erase(sealed.new.id)
    assert (await sweeper.sweep_keys(store)).ended == 1
    assert (await row_of(store, sealed.new.id)).outcome == Outcome.LOST


async def test_a_half_written_key_is_unreadable_not_erased(store: Store) -> None:
    """A key file of a wrong length must not end a drop."""
    sealed = seal()
    await creation.create(store, sealed.new)
    key_path(store.keyring, sealed.new.id).write_bytes(b"short")
    with pytest.raises(KeyUnreadableError):
        store.keyring.read(sealed.new.id)
    assert (await sweeper.sweep_keys(store)).ended == 0


async def test_a_new_database_is_not_given_a_used_keyring(home: Home, tmp_path: Path) -> None:
    """A mistyped DATABASE_URL must not make another installation's keys look like orphans."""
    async with home.open() as store:
        await creation.create(store, seal().new)
    other = Home(tmp_path, f"sqlite+aiosqlite:///{tmp_path}/mistyped.db")
    with pytest.raises(StoreMismatchError, match="holds keys of another"):
        await other.prepare()
    async with home.open() as store:
        assert (await sweeper.sweep_keys(store)).erased == 0
