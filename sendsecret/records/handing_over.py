"""
A record's key on its way out: shown this once, or handed to somebody as a drop by `sendsecret send`.

What is handed over is what `store.record_lines` makes of it.
"""

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

_ARRIVES = {0, 7}
"""Delivered; or handed in, and it goes on by itself."""
_NOWHERE = {1, 2, 3, 4, 5}


@dataclass(frozen=True)
class To:
    """Whom the key is handed to; None for whoever types the command."""

    recipient: str | None
    is_sure: bool


class Handed(Enum):
    """What became of it."""

    YES = "yes"
    NO = "no"
    PERHAPS = "perhaps"


def show(text: str) -> bool:
    """Print it; False where standard output takes nothing."""
    if sys.stdout is None:  # closed by whoever called
        return False
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except OSError:
        # What is left in its buffer would fail once more at the end, with an exit code of Python's own.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return False
    return True


def hand_to(recipient: str, label: str, text: str, *, is_sure: bool, environment: Mapping[str, str]) -> Handed:
    """
    Have `sendsecret send` hand it over, with the login of whoever types; the text goes through a pipe.

    `environment` is theirs: what an installation's settings say is nothing to a client.
    """
    words = ["send", "--label", label, *(["--yes"] if is_sure else []), "--", recipient]
    try:
        code = subprocess.run(  # noqa: S603 - this program, and nothing secret among the words
            [sys.executable, "-m", "sendsecret", *words], input=text.encode(), env=environment, check=False
        ).returncode
    except KeyboardInterrupt:
        return Handed.PERHAPS
    if code in _ARRIVES:
        return Handed.YES
    return Handed.NO if code in _NOWHERE else Handed.PERHAPS
