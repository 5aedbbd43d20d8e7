"""
The secret on its way in, byte for byte: from a pipe, a file, or typed where nobody sees it.

What comes through a pipe is a text where it is one, UTF-8 without a NUL and not longer than anybody reads; anything
else is a file.  Nothing is trimmed: a key whose last line break was taken away is another key to some programs.
"""

import mimetypes
import stat
import sys
from pathlib import Path
from typing import BinaryIO, Final

from sendsecret.sending import wording
from sendsecret.sending.stopping import StoppedError
from sendsecret.talking import terminal
from store.formats.order_v1 import MOST_BYTES
from store.formats.payload_v1 import File, Text

MOST_TEXT_BYTES: Final = 256 * 1024
FROM_PIPE: Final = "stdin"
_UNKNOWN_TYPE: Final = "application/octet-stream"


def read(file: Path | None) -> Text | File:
    """The secret. Raises StoppedError for one that is empty, too large, or cannot be read."""
    if file is not None:
        return _file(file)
    if not sys.stdin.isatty():
        return of_bytes(_bounded(sys.stdin.buffer))
    typed = terminal.hidden_whole(wording.ASK_SECRET)
    if not typed.strip():
        raise StoppedError("empty", wording.EMPTY)
    if terminal.HALF in typed:
        raise StoppedError("wrong-use", f"What was typed is no text. {wording.NOTHING}")
    return Text(typed)


def of_bytes(raw: bytes) -> Text | File:
    """What comes through a pipe. Raises StoppedError for nothing at all, and nothing but spaces."""
    if not raw:
        raise StoppedError("empty", wording.EMPTY)
    if len(raw) <= MOST_TEXT_BYTES and b"\0" not in raw:
        try:
            text = raw.decode()
        except UnicodeDecodeError:
            pass
        else:
            # What `echo "$KEY"` gives where there is no such variable.
            if not text.strip():
                raise StoppedError("empty", wording.BLANK)
            return Text(text)
    return File(FROM_PIPE, _UNKNOWN_TYPE, raw)


def words_of(secret: Text | File) -> str:
    """What a label must not tell; of a file only what is text."""
    if isinstance(secret, Text):
        return secret.text
    return "" if len(secret.body) > MOST_TEXT_BYTES else secret.body.decode(errors="ignore")


def _file(path: Path) -> File:
    try:
        with path.open("rb") as opened:
            body = _bounded(opened)
            is_plain = stat.S_ISREG(path.stat().st_mode)
    except OSError as error:
        sentence = f"The file cannot be read ({error.strerror}). {wording.NOTHING}"
        raise StoppedError("unreadable", sentence) from None
    if not body:
        raise StoppedError("empty", wording.EMPTY)
    # Only the name: the folders on the way to it are nobody's business.
    name = path.name.encode(errors="replace").decode() if is_plain else FROM_PIPE
    return File(name, mimetypes.guess_type(name)[0] or _UNKNOWN_TYPE, body)


def _bounded(source: BinaryIO) -> bytes:
    # One byte more tells that it is too large; the rest of a disk image is not read for that.
    raw = source.read(MOST_BYTES + 1)
    if len(raw) > MOST_BYTES:
        raise StoppedError("too-large", wording.TOO_LARGE)
    return raw
