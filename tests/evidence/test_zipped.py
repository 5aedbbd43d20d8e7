"""A pack as one zip: everything in it, the same bytes for the same folder, and memory that does not grow with it."""

import hashlib
import shutil
import subprocess
import tracemalloc
import zipfile
from datetime import date
from pathlib import Path

import pytest

from store.evidence.folder import MANIFEST
from store.evidence.request import Request
from store.evidence.zipped import name_of, zipped
from tests.evidence.packs import contents, verify


def listed(folder: Path, count: int) -> Path:
    """A folder whose manifest lists one small file so many times, as if each were another."""
    folder.mkdir()
    (folder / "leaf").write_bytes(b"a leaf")
    with (folder / MANIFEST).open("w") as manifest:
        manifest.writelines(f"{'0' * 64}  leaf\n" for _ in range(count))
    return folder


def test_unzipped_it_is_the_pack(whole: Path, tmp_path: Path) -> None:
    """Every file, in a folder of its own; by an unzip that others wrote; and the pack's own check holds."""
    zipped(whole, "pack", tmp_path / "pack.zip")
    subprocess.run(["unzip", "-q", "pack.zip"], cwd=tmp_path, check=True)
    assert contents(tmp_path / "pack") == contents(whole)
    assert verify(tmp_path / "pack").exit_code == 0
    with zipfile.ZipFile(tmp_path / "pack.zip") as read:
        assert read.testzip() is None
        assert read.namelist()[-1] == f"pack/{MANIFEST}"
        assert {info.date_time for info in read.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert {info.external_attr >> 16 for info in read.infolist()} == {0o100644}


def test_the_same_folder_gives_the_same_bytes(whole: Path, tmp_path: Path) -> None:
    """Also a copy that was made at another time, with other rights."""
    copy = Path(shutil.copytree(whole, tmp_path / "copy", copy_function=shutil.copy))
    (copy / "summary.html").chmod(0o600)
    digests = set()
    for number, folder in enumerate((whole, copy)):
        zipped(folder, "pack", tmp_path / f"{number}.zip")
        digests.add(hashlib.sha256((tmp_path / f"{number}.zip").read_bytes()).hexdigest())
    assert len(digests) == 1


def test_more_files_than_a_plain_zip_can_count(tmp_path: Path) -> None:
    """Beyond 65,535 files it is a zip64, which is read like any other."""
    zipped(listed(tmp_path / "folder", 70_000), "pack", tmp_path / "pack.zip")
    with zipfile.ZipFile(tmp_path / "pack.zip") as read:
        assert len(read.infolist()) == 70_001
        assert read.read(read.infolist()[69_999]) == b"a leaf"


def test_memory_does_not_grow_with_it(tmp_path: Path) -> None:
    """Ten times the files, and not a megabyte more."""
    most = []
    for count in (1_000, 10_000):
        folder = listed(tmp_path / str(count), count)
        tracemalloc.start()
        zipped(folder, "pack", tmp_path / "pack.zip")
        most.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert most[1] < most[0] + 1_000_000


@pytest.mark.parametrize(
    ("recipients", "name"),
    [((), "evidence-2026-07-01-to-2026-09-30"), (("email", "guest"), "evidence-2026-07-01-to-2026-09-30-email-guest")],
)
def test_its_name(recipients: tuple[str, ...], name: str) -> None:
    """Says what is in it."""
    assert name_of(Request(date(2026, 7, 1), date(2026, 9, 30), recipients)) == name
