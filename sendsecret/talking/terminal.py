"""
What is asked of a person: at the terminal itself, so that standard input and output stay free for pipes.
"""

import getpass
import io
import os
import sys
import warnings
from pathlib import Path
from typing import Final

from sendsecret.talking.stopping import StoppedError

TERMINAL: Final = Path("/dev/tty")
MOST_LINE_BYTES: Final = 8192
# For bytes that are no text: what neither a link nor a passphrase can hold, so that it is refused without a guess.
HALF: Final = "\ud800"


def is_there() -> bool:
    """Whether there is anybody to ask."""
    try:
        os.close(os.open(TERMINAL, os.O_RDWR | os.O_NOCTTY))
    except OSError:
        return False
    return True


def hidden(prompt: str, advice: str = "") -> str:
    """One line, not shown while it is typed. Raises EOFError, and StoppedError, with `advice`, without a terminal."""
    # Asked first: getpass would go on to read standard input, and show what is typed.
    require(advice)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", getpass.GetPassWarning)
            return getpass.getpass(prompt)
    except UnicodeDecodeError:
        return HALF
    except getpass.GetPassWarning:
        raise StoppedError("no-terminal", "This terminal shows what is typed, so nothing was asked.") from None


def visible(prompt: str) -> str:
    """One line, shown while it is typed. Raises EOFError, and StoppedError where there is no terminal."""
    require()
    with (
        TERMINAL.open("r+b", buffering=0) as raw,
        io.TextIOWrapper(raw, errors="surrogateescape", write_through=True) as tty,
    ):
        tty.write(prompt)
        line = tty.readline()
    if not line:
        raise EOFError
    return line.rstrip("\n")


def show(text: bytes) -> None:
    """Show it on the terminal, wherever standard output leads. Raises OSError."""
    with TERMINAL.open("wb", buffering=0) as tty:
        left = memoryview(text)
        while left:
            left = left[tty.write(left) :]


def require(advice: str = "") -> None:
    """Raises StoppedError where there is nobody to ask; `advice` says how to do without."""
    if not is_there():
        raise StoppedError("no-terminal", f"There is no terminal to ask on. Nothing was sent. {advice}".rstrip())


def piped_line(what: str) -> str:
    """One line of standard input, without its line break. Raises StoppedError."""
    line = sys.stdin.buffer.readline(MOST_LINE_BYTES + 1)
    if not line or len(line) > MOST_LINE_BYTES:
        raise StoppedError("wrong-use", f"Standard input has no line with the {what}. Nothing was sent.")
    try:
        return line.decode().rstrip("\n").removesuffix("\r")
    except UnicodeDecodeError:
        raise StoppedError("wrong-use", f"The {what} on standard input is not UTF-8. Nothing was sent.") from None
