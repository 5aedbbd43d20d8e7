"""
The last checkpoint that was let out, kept in SIGNING_DIR and so outside every backup of the database.

A database restored from a backup has forgotten leaves that the world has seen.  Going on from there would sign a second
root for a size that has one; this file is how that is noticed.  It only ever moves forward.
"""

from pathlib import Path
from typing import Final

from store.errors import LogStoppedError
from store.formats import checkpoint_v1
from store.formats.checkpoint_v1 import Checkpoint
from store.formats.errors import FormatError
from store.key_files import locked, sync_directory, write_in_place_of
from store.log.log_key import LogSigner, not_ours

_NAME: Final = "checkpoint.latest"


class Latest:
    """`checkpoint.latest`: one signed note.  Every method blocks; call them in a thread."""

    def __init__(self, signing_dir: Path, signer: LogSigner) -> None:
        self.folder = signing_dir
        self._path = signing_dir / _NAME
        self._lock = self._path.with_suffix(".lock")
        self._signer = signer

    def read(self) -> tuple[str, Checkpoint] | None:
        """The note and what it says, or None where none was let out yet.  Raises LogStoppedError."""
        try:
            note = self._path.read_text()
            return note, self._signer.verify(note)
        except FileNotFoundError:
            return None
        except PermissionError:
            raise not_ours(_NAME) from None
        except (OSError, UnicodeDecodeError, FormatError) as error:
            raise LogStoppedError(
                f"{_NAME} in SIGNING_DIR cannot be read, or was not signed by log.key ({type(error).__name__}); "
                "nothing was signed, and events wait. Do not put an older copy of it back: begin another log, "
                "`sendsecret log new --despite-damage`"
            ) from None

    def advance(self, note: str, checkpoint: Checkpoint) -> None:
        """
        Keep a newer checkpoint, durable before it returns.  An older one of another program changes nothing.

        Raises LogStoppedError where one of the same size has another root, and where it cannot be kept.
        """
        try:
            with locked(self._lock):
                known = self.read()
                if known is not None:
                    if place(known[1]) > place(checkpoint):
                        return
                    if place(known[1]) == place(checkpoint):
                        if known[1] != checkpoint:
                            raise LogStoppedError(f"{_NAME} in SIGNING_DIR has another root for the same size")
                        return
                write_in_place_of(self._path, note.encode())
        except OSError as error:
            raise LogStoppedError(
                f"SIGNING_DIR cannot be written ({error.strerror}), so that the last checkpoint was not let out; "
                "events wait. Make room there, or make it writable for the bot"
            ) from None

    def number(self) -> int:
        """The number of the log that it speaks of, believed without its signature; 0 where it names none."""
        try:
            return checkpoint_v1.number_of(self._path.read_text().split("\n", 1)[0])
        except (OSError, UnicodeDecodeError):
            return 0

    def set_aside(self) -> None:
        """Keep a damaged one under another name, out of the way."""
        with locked(self._lock):
            if self._path.exists():
                self._path.replace(self._path.with_suffix(".damaged"))
                sync_directory(self._path.parent)


def place(checkpoint: Checkpoint) -> tuple[int, int]:
    """Where a checkpoint stands among all of an installation: the number of its log, and its size."""
    return checkpoint_v1.number_of(checkpoint.origin), checkpoint.size
