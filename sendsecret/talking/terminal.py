"""
What is asked of a person: at the terminal itself, so that standard input and output stay free for pipes.
"""

import getpass
import io
import os
import select
import sys
import termios
import warnings
from pathlib import Path
from typing import Any, Final

from sendsecret.talking.stopping import StoppedError

TERMINAL: Final = Path("/dev/tty")
MOST_LINE_BYTES: Final = 8192
# A terminal keeps so much of one line and drops the rest without a word: 4095 bytes on Linux, 1023 on a Mac.
CUT_FROM_BYTES: Final = 1023 if sys.platform == "darwin" else 4095
_PASTE_SECONDS: Final = 0.2
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


def hidden_whole(prompt: str) -> str:
    """
    One line, not shown while it is typed, and refused where it is not all that was pasted.

    Not getpass: it throws away what waits behind the line, and half a key would pass for a whole one.
    Raises EOFError, and StoppedError where there is no terminal, or the line is one of several, or may have been cut.
    """
    require()
    tty = os.open(TERMINAL, os.O_RDWR | os.O_NOCTTY)
    try:
        before = termios.tcgetattr(tty)
        silent = [*before]
        silent[3] &= ~termios.ECHO
        termios.tcsetattr(tty, termios.TCSAFLUSH, silent)
        try:
            os.write(tty, prompt.encode())
            line = _line(tty)
            # By characters: a last line without its end would not be seen. What was pasted comes in pieces.
            termios.tcsetattr(tty, termios.TCSANOW, _by_characters(silent))
            is_one = not select.select([tty], [], [], _PASTE_SECONDS)[0]
        finally:
            # With what still waits thrown away: it is secret, and the next to read would be a prompt or the shell.
            termios.tcsetattr(tty, termios.TCSAFLUSH, before)
            os.write(tty, b"\n")
    except termios.error:
        raise StoppedError("no-terminal", "This terminal shows what is typed, so nothing was asked.") from None
    finally:
        os.close(tty)
    if not is_one:
        raise StoppedError("wrong-use", "Several lines were pasted: use -f or a pipe. Nothing was sent.")
    if len(line) >= CUT_FROM_BYTES:
        raise StoppedError("wrong-use", "A terminal cuts a line as long as this: use -f or a pipe. Nothing was sent.")
    try:
        return line.decode()
    except UnicodeDecodeError:
        return HALF


def _by_characters(modes: list[Any]) -> list[Any]:
    keys = [*modes[6]]
    keys[termios.VMIN], keys[termios.VTIME] = 1, 0
    return [*modes[:3], modes[3] & ~termios.ICANON, *modes[4:6], keys]


def _line(tty: int) -> bytes:
    line = b""
    while not line.endswith(b"\n"):
        piece = os.read(tty, MOST_LINE_BYTES)
        if not piece:
            raise EOFError
        line += piece
    return line[:-1]


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
