"""What the keyring lies on, as pretend systems say it."""

from pathlib import Path

import pytest

from store import medium

MOUNTS = """\
22 27 0:21 / / rw - overlay overlay rw
23 22 253:1 / {home} rw,relatime - ext4 /dev/dm-1 rw
24 22 0:30 / {home}/memory rw - tmpfs tmpfs rw
25 22 0:31 / {home}/far rw - nfs4 host:/x rw
26 22 8:1 / {home}/plain rw - xfs /dev/sda1 rw
27 22 253:2 / {home}/mapped rw - ext4 /dev/dm-2 rw
28 22 8:9 / {home}/a\\040b rw - ext4 /dev/sdz rw
"""


@pytest.fixture
def system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A pretend /proc and /sys; the folder under which everything is mounted."""
    (tmp_path / "mountinfo").write_text(MOUNTS.format(home=tmp_path))
    for number, uuid in (("253:1", "CRYPT-LUKS2-x"), ("253:2", "LVM-x"), ("8:1", None)):
        block = tmp_path / "block" / number
        block.mkdir(parents=True)
        if uuid:
            (block / "dm").mkdir()
            (block / "dm" / "uuid").write_text(uuid)
    monkeypatch.setattr(medium, "_MOUNTS", tmp_path / "mountinfo")
    monkeypatch.setattr(medium, "_BLOCK", tmp_path / "block")
    return tmp_path


@pytest.mark.parametrize(
    ("folder", "said"),
    [
        ("keyring/drops", "ext4 on dm-crypt"),
        ("memory/drops", "tmpfs on memory"),
        ("far/drops", "nfs4 on network"),
        ("plain/drops", "xfs on block device"),
        ("mapped/drops", "ext4 on device mapper"),
        ("a b/drops", "ext4 on unknown"),
    ],
)
def test_the_nearest_mount_counts(system: Path, folder: str, said: str) -> None:
    """Kind of file system, and whether the blocks under it are encrypted."""
    (system / folder).mkdir(parents=True)
    assert medium.medium(system / folder) == said


def test_a_system_that_does_not_say(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there is no such table, and for a folder that is gone, the receipt says that it is unknown."""
    assert medium.medium(tmp_path / "gone") == "unknown"
    monkeypatch.setattr(medium, "_MOUNTS", tmp_path / "none")
    assert medium.medium(tmp_path) == "unknown"


def test_another_disk_under_the_same_name_is_noticed(system: Path) -> None:
    """It is measured each time: a folder over which something else is mounted is not said to lie where it lay."""
    folder = system / "plain" / "drops"
    folder.mkdir(parents=True)
    assert medium.medium(folder) == "xfs on block device"
    with (system / "mountinfo").open("a") as table:
        table.write(f"30 22 0:40 / {folder} rw - tmpfs tmpfs rw\n")
    assert medium.medium(folder) == "tmpfs on memory"
