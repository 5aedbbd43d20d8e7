"""Files that tests make stand in memory where there is room for them: on a disk, most of a run is waiting for it."""

import os
import shutil
import tempfile
from pathlib import Path
from typing import Final

FOLDER: Final = Path("/dev/shm")  # noqa: S108 - Linux has it; where it is not, or is small, files go where they always do
_ROOM: Final = 4 << 30


def keep_files_there() -> None:
    """For this process and those that it starts; not where somebody has said where files are to be."""
    if "TMPDIR" not in os.environ and FOLDER.is_dir() and shutil.disk_usage(FOLDER).free >= _ROOM:
        os.environ["TMPDIR"] = str(FOLDER)
        tempfile.tempdir = None


def is_there(path: Path) -> bool:
    """Whether what is made and deleted at `path` is never written to a disk."""
    return path.is_relative_to(FOLDER)
