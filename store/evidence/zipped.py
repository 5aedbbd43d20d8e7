"""
A pack's folder as one zip, with the same bytes for the same folder: no time of day, no owner, one order.

Python's own list of what a zip holds lies in memory, half a kilobyte a file; a large pack has more than a million.
"""

import json
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Final
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from store.evidence.folder import MANIFEST
from store.evidence.request import Request

_DIGEST_AND_SPACES: Final = 66
_NUMBERS: Final = (
    "header_offset",
    "CRC",
    "compress_size",
    "file_size",
    "flag_bits",
    "create_version",
    "extract_version",
)


def name_of(request: Request) -> str:
    """What the folder in the zip is called; with `.zip`, the file."""
    return "-".join(["evidence", request.first.isoformat(), "to", request.last.isoformat(), *request.recipients])


def zipped(folder: Path, name: str, path: Path) -> None:
    """Put a whole pack, which lies in `folder`, under `name` into a new zip at `path`.  Raises OSError."""
    with _Listed() as listed, ZipFile(path, "w", ZIP_DEFLATED) as made:
        made.filelist = listed  # type: ignore[assignment]  # all that zipfile asks of it is append, len and iter
        made.NameToInfo = _Unlisted()
        with (folder / MANIFEST).open(encoding="utf-8") as lines:
            for line in lines:
                _add(made, folder, name, line[_DIGEST_AND_SPACES:].rstrip("\n"))
        _add(made, folder, name, MANIFEST)


def _add(made: ZipFile, folder: Path, name: str, file: str) -> None:
    info = _info(f"{name}/{file}")
    source = folder / file
    # A large file needs a larger header, which is written before it.
    info.file_size = source.stat().st_size
    with source.open("rb") as read, made.open(info, "w") as out:
        shutil.copyfileobj(read, out, 1 << 20)


def _info(name: str) -> ZipInfo:
    info = ZipInfo(name)  # its time is 1980-01-01, the earliest that a zip can say
    info.create_system = 3
    info.external_attr = 0o100644 << 16
    info.compress_type = ZIP_DEFLATED
    return info


class _Listed:
    """What the zip holds so far, in a file."""

    def __enter__(self) -> "_Listed":
        self._file = tempfile.TemporaryFile("w+", encoding="utf-8")
        self._count = 0
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def append(self, info: ZipInfo) -> None:
        """One file more."""
        numbers = (getattr(info, name) for name in _NUMBERS)
        self._file.write(json.dumps([info.filename, *numbers]) + "\n")
        self._count += 1

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[ZipInfo]:
        self._file.seek(0)
        for line in self._file:
            filename, *numbers = json.loads(line)
            info = _info(filename)
            for name, number in zip(_NUMBERS, numbers, strict=True):
                setattr(info, name, number)
            yield info


class _Unlisted(dict[str, ZipInfo]):
    """By name nothing is found: a manifest names each file once."""

    def __setitem__(self, name: str, info: ZipInfo) -> None:
        pass
