"""The credential on its way in, byte for byte: from a pipe, a file, or typed where nobody sees it."""

import sys

from sendsecret.operating import refuse
from sendsecret.records import by_hand, wording
from sendsecret.talking import terminal
from sendsecret.talking.stopping import StoppedError
from store.formats.record_v1 import MOST_BYTES


def is_given() -> bool:
    """Whether there is something to read that nobody has to be asked for."""
    return sys.stdin is not None and not sys.stdin.isatty()


def read(empty: str = wording.EMPTY) -> str:
    """The credential.  Whatever cannot be one ends the program with a sentence, of which one is given, and code 2."""
    if sys.stdin is None:  # closed by whoever called
        refuse(empty, 2)
    try:
        with by_hand.stopped(wording.STOPPED, 2):
            raw = _typed() if sys.stdin.isatty() else sys.stdin.buffer.read(MOST_BYTES + 1)
    except OSError:  # a folder, or a disk that breaks
        refuse(wording.UNREADABLE, 2)
    if len(raw) > MOST_BYTES:
        refuse(wording.TOO_LONG, 2)
    try:
        value = raw.decode()
    except UnicodeDecodeError:
        refuse(wording.NO_TEXT, 2)
    # What `echo "$KEY"` gives where there is no such variable.
    if not value.strip():
        refuse(empty, 2)
    return value


def _typed() -> bytes:
    try:
        return terminal.hidden_whole(wording.ASK_VALUE).encode("utf-8", "surrogatepass")
    except (StoppedError, EOFError):
        refuse(wording.NOT_TYPED, 2)
