"""The keys of months: made once, whole or not at all, and never given back once they are erased."""

import os
import threading
from pathlib import Path

import pytest

from store.errors import KeyUnreadableError
from store.keyring import KeyState
from store.months import Months, month_of


@pytest.fixture
def months(tmp_path: Path) -> Months:
    """Those of a new keyring."""
    Months.make(tmp_path)
    return Months(tmp_path)


def test_a_month_is_that_of_universal_time() -> None:
    """Whatever the host's zone: a key must not depend on where a program stands."""
    assert month_of(1_793_491_199_999) == "2026-10"
    assert month_of(1_793_491_200_000) == "2026-11"


def test_the_first_who_writes_makes_the_key_and_everybody_reads_it(months: Months, tmp_path: Path) -> None:
    """Another program reads the same 32 bytes, which nobody else may."""
    key = months.to_write("2026-11")
    assert len(key) == 32
    assert months.to_write("2026-11") == Months(tmp_path).read("2026-11") == key
    assert (tmp_path / "months" / "2026-11").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in (tmp_path / "months").iterdir()] == ["2026-11"]


def test_two_who_write_first_at_once_have_one_key(tmp_path: Path) -> None:
    """Whoever comes second takes the other's, and never overwrites it."""
    Months.make(tmp_path)
    found: list[bytes] = []
    begin = threading.Barrier(8)

    def write() -> None:
        months = Months(tmp_path)
        begin.wait()
        found.append(months.to_write("2026-11"))

    threads = [threading.Thread(target=write) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert set(found) == {Months(tmp_path).read("2026-11")}


def test_an_erased_key_is_zeros_in_the_same_place_and_never_made_again(months: Months, tmp_path: Path) -> None:
    """In place: a new file would leave the old bytes on the disk.  And a wrong clock must not bring the month back."""
    months.to_write("2026-11")
    inode = (tmp_path / "months" / "2026-11").stat().st_ino
    months.erase("2026-11")
    months.erase("2026-11")
    assert (tmp_path / "months" / "2026-11").read_bytes() == bytes(32)
    assert (tmp_path / "months" / "2026-11").stat().st_ino == inode
    assert months.read("2026-11") is None
    with pytest.raises(KeyUnreadableError, match="clock"):
        months.to_write("2026-11")


def test_a_program_that_runs_forgets_what_another_erased(months: Months, tmp_path: Path) -> None:
    """What it has read before must not outlive the erasure in its memory."""
    months.to_write("2026-11")
    os.utime(tmp_path / "months" / "2026-11", ns=(1, 1))
    assert months.read("2026-11")
    Months(tmp_path).erase("2026-11")
    assert months.read("2026-11") is None


def test_a_folder_that_is_not_mounted_is_no_erased_month(tmp_path: Path) -> None:
    """It answers "not now", and no key is made beside the mount point."""
    months = Months(tmp_path)
    for ask in (months.read, months.to_write, months.erase):
        with pytest.raises(KeyUnreadableError):
            ask("2026-11")
    with pytest.raises(KeyUnreadableError):
        months.states()
    assert list(tmp_path.iterdir()) == []


def test_a_key_of_a_wrong_length_is_not_used(months: Months, tmp_path: Path) -> None:
    """Half a key would seal what nobody can open again."""
    (tmp_path / "months" / "2026-11").write_bytes(b"half")
    with pytest.raises(KeyUnreadableError, match="length"):
        months.to_write("2026-11")


def test_the_states_of_all_months(months: Months, tmp_path: Path) -> None:
    """Oldest first; what a crash left half made is no month."""
    months.to_write("2026-11")
    months.to_write("2026-02")
    months.erase("2026-02")
    (tmp_path / "months" / ".2026-12.abcdef").write_bytes(b"half")
    assert months.states() == {"2026-02": KeyState.ERASED, "2026-11": KeyState.LIVE}
    assert list(months.states()) == ["2026-02", "2026-11"]
