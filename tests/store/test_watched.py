"""Keys that change while a program runs."""

import os
from pathlib import Path

import pytest

from store.watched import Watched


def test_what_another_process_put_there_is_seen_and_the_file_is_read_once_until_then(tmp_path: Path) -> None:
    """A rotation reaches a running program with its next signature."""
    path = tmp_path / "key"
    path.write_bytes(b"first")
    understood: list[bytes] = []

    def understand(content: bytes) -> bytes:
        understood.append(content)
        return content

    watched = Watched(path, understand)
    assert [watched.get(), watched.get()] == [b"first", b"first"]
    (tmp_path / "new").write_bytes(b"other")
    (tmp_path / "new").rename(path)
    assert [watched.get(), watched.get()] == [b"other", b"other"]
    assert understood == [b"first", b"other"]


def test_a_file_that_is_replaced_in_the_midst_of_being_read_is_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever had opened the old key finds its bytes erased, and must not take zeros for a key."""
    path = tmp_path / "key"
    path.write_bytes(b"first")
    real, reads = Path.read_bytes, []

    def slow(read: Path) -> bytes:
        reads.append(read)
        if len(reads) > 1:
            return real(read)
        (tmp_path / "new").write_bytes(b"other")
        (tmp_path / "new").replace(path)
        return bytes(5)

    monkeypatch.setattr(Path, "read_bytes", slow)
    assert Watched(path, bytes).get() == b"other"


def test_what_was_overwritten_in_place_is_not_remembered(tmp_path: Path) -> None:
    """An erased key is erased in the memory of the programs too."""
    path = tmp_path / "key"
    path.write_bytes(b"first")
    os.utime(path, ns=(1, 1))
    watched = Watched(path, bytes)
    assert watched.get() == b"first"
    with path.open("r+b") as file:
        file.write(bytes(5))
    assert watched.get() == bytes(5)


def test_a_file_that_is_gone_is_not_remembered_either(tmp_path: Path) -> None:
    """A keyring that was unmounted answers as one, not out of memory."""
    path = tmp_path / "key"
    path.write_bytes(b"first")
    watched = Watched(path, bytes)
    watched.get()
    path.unlink()
    with pytest.raises(FileNotFoundError):
        watched.get()
