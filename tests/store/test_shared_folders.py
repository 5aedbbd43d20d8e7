"""A keyring that two users share: what either makes the other can use, nobody else can, and no umask decides it."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from store.key_files import alone, is_shared, make_folder, write_first, write_in_place_of, write_new
from store.keyring import Keyring
from store.months import Months

SHARED = stat.S_ISGID | 0o770


@pytest.fixture(params=[0o000, 0o022, 0o077], ids=lambda umask: f"umask-{umask:03o}")
def shared(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Path]:
    """A folder as deploy/ makes KEYRING_DIR, under several umasks."""
    folder = tmp_path / "keyring"
    folder.mkdir()
    folder.chmod(SHARED)
    before = os.umask(request.param)
    yield folder
    os.umask(before)


def modes(folder: Path) -> dict[str, int]:
    return {str(path.relative_to(folder)): stat.S_IMODE(path.stat().st_mode) for path in folder.rglob("*")}


def test_a_whole_keyring_is_its_groups_as_well(shared: Path) -> None:
    """Folders, peppers, keys of drops, records and months: whichever program is there first makes them for both."""
    Keyring.make(shared)
    Months.make(shared)
    keyring = Keyring(shared)
    keyring.create(bytes(16))
    keyring.records.create(bytes(20))
    Months(shared).to_write("2026-11")
    write_first(shared / "event-web.key", lambda: b"key")
    write_in_place_of(shared / "rotation", b"name")
    with alone(shared):
        found = modes(shared)
    assert {name for name, mode in found.items() if mode == SHARED} == {"drops", "records", "months"}
    assert {mode for name, mode in found.items() if (shared / name).is_file()} == {0o660}
    assert len(found) == 11


def test_another_folder_stays_its_owners_alone(tmp_path: Path) -> None:
    """Without the bit, or without the group's right to write, no key is anybody else's, whatever the umask."""
    before = os.umask(0)
    try:
        for number, mode in enumerate((0o700, 0o770, 0o777, stat.S_ISGID | 0o750)):
            folder = tmp_path / str(number)
            folder.mkdir()
            folder.chmod(mode)
            assert not is_shared(folder)
            Keyring.make(folder)
            Months.make(folder)
            Keyring(folder).create(bytes(16))
            with alone(folder):
                assert {mode & 0o077 for mode in modes(folder).values()} == {0}
    finally:
        os.umask(before)


def test_a_keyring_within_a_shared_folder_is_not_shared_by_that(shared: Path) -> None:
    """Whoever puts an installation into a team's folder has not given the team its keys."""
    Keyring.make(shared / "of-one")
    Keyring(shared / "of-one").create(bytes(16))
    write_first(shared / "signing" / "event-bot.key", lambda: b"key")
    assert {mode & 0o077 for mode in modes(shared).values()} == {0}


def test_what_is_there_keeps_its_mode(shared: Path) -> None:
    """An operator's own choice for a folder is not undone at every start."""
    (shared / "drops").mkdir()
    (shared / "drops").chmod(0o700)
    make_folder(shared / "drops")
    assert stat.S_IMODE((shared / "drops").stat().st_mode) == 0o700


def test_a_hardened_process_need_not_set_the_bit_itself(shared: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """systemd's RestrictSUIDSGID refuses it; under the umask of our units the kernel hands it on."""
    os.umask(0o007)

    def refused(*_: object, **__: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(Path, "chmod", refused)
    make_folder(shared / "drops")
    write_new(shared / "drops" / "one", b"key")
    assert modes(shared) == {"drops": SHARED, "drops/one": 0o660}
