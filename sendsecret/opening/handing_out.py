"""
An opened secret on its way out, byte for byte. From here on it is nowhere else, so nothing here gives up while there is
a person who could say where it should go.
"""

import base64
import json
from pathlib import Path
from typing import Final

from sendsecret.opening.door import Say
from sendsecret.opening.output_file import OutputFile, UnwritableError, write_all
from sendsecret.opening.stopping import StoppedError
from sendsecret.talking import stopping, terminal
from sendsecret.talking.strangers_text import file_name, harmless, is_for_a_terminal, length_of
from store.formats.payload_v1 import File, Text

STANDARD_OUTPUT: Final = 1
_LOST: Final = (
    "The secret was given out to this command and is nowhere now: it cannot be given out again. Ask the sender for a "
    "new one."
)


def bytes_of(content: Text | File) -> bytes:
    """What was sealed, and nothing else: no line break is added and none is changed."""
    return content.text.encode() if isinstance(content, Text) else content.body


def into_file(content: Text | File, output: OutputFile, say: Say) -> Path | None:
    """Write it there, or where a person says instead; the path, or None for shown. Raises StoppedError."""
    try:
        output.write(bytes_of(content))
    except (UnwritableError, KeyboardInterrupt) as error:
        return elsewhere(content, error, say)
    return output.path


def into_pipe(content: Text | File, say: Say) -> Path | None:
    """Write it to standard output, or where a person says instead: the path, if into a file. Raises StoppedError."""
    try:
        # Not through sys.stdout, which would try again at the program's end.
        write_all(STANDARD_OUTPUT, bytes_of(content))
    except (OSError, KeyboardInterrupt) as error:
        return elsewhere(content, error, say)
    return None


def elsewhere(content: Text | File, error: BaseException, say: Say) -> Path | None:
    """It could not go where it was to go: ask a person. Raises StoppedError where there is none; then it is lost."""
    why = _why(error)
    if not terminal.is_there():
        raise StoppedError("not-written", f"{why}. {_LOST}")
    say(f"{why}. The secret is still here.")
    return as_person_says(content, say)


def as_person_says(content: Text | File, say: Say) -> Path | None:
    """
    Ask, and write it to a file or show it; the file's path, or None for shown. Raises StoppedError.

    A text is not simply printed: somebody may be looking on, and a window keeps what it has shown.
    """
    suggested = _described(content, say)
    while True:
        typed = _typed(_question(suggested), say)
        if not typed and suggested is None:
            _show(bytes_of(content))
            return None
        try:
            with OutputFile(_path(typed or suggested or ""), replace=False) as output:
                output.write(bytes_of(content))
                return output.path
        except UnwritableError as error:
            say(f"{error}. Nothing is lost: name another file.")


def as_members(content: Text | File) -> dict[str, object]:
    """The secret as members of a JSON object."""
    if isinstance(content, Text):
        return {"text": content.text}
    return {"name": content.name, "type": content.type, "base64": base64.b64encode(content.body).decode()}


def print_json(members: dict[str, object]) -> None:
    """One object on one line of standard output. Raises OSError."""
    # In ASCII, so that it can be shown on any terminal: nothing in it is an escape sequence.
    write_all(STANDARD_OUTPUT, json.dumps(members).encode() + b"\n")


def _described(content: Text | File, say: Say) -> str | None:
    """Say what came; the name of the file to be made unless somebody names another, None for what can be shown."""
    if isinstance(content, File):
        size = "1 byte" if len(content.body) == 1 else f"{len(content.body):,} bytes"
        say(f"Opened: a file of {size}, which its sender named {harmless(content.name)}.")
        # The sender's name is text and no path: what is left of it is a name in this very folder.
        return file_name(content.name)
    say(f"Opened: {length_of(content)}")
    if is_for_a_terminal(content.text):
        return None
    say("It holds characters that a terminal would carry out instead of showing, so it goes into a file.")
    return "secret.txt"


def _question(suggested: str | None) -> str:
    if suggested is None:
        return "Press Enter to show it here, where this window may keep it, or name a new file to write it into: "
    return f"Press Enter to write it into ./{suggested}, or name another new file: "


def _typed(question: str, say: Say) -> str:
    """What a person types. The first Ctrl-C or Ctrl-D is not the last word."""
    for is_last in (False, True):
        try:
            return terminal.visible(question).strip()
        except (EOFError, KeyboardInterrupt):
            if not is_last:
                say("\nIt is given out only once: stopping here throws it away. Ctrl-C once more does that.")
        except (stopping.StoppedError, OSError):
            raise StoppedError("not-written", f"The terminal is gone. {_LOST}") from None
    raise StoppedError("interrupted", f"\nStopped. {_LOST}")


def _show(secret: bytes) -> None:
    # A line break for the prompt that follows; the length that was said tells whether the secret has one.
    ending = b"" if secret.endswith(b"\n") else b"\n"
    try:
        terminal.show(secret + ending)
    except OSError:
        raise StoppedError("not-written", f"The terminal is gone. {_LOST}") from None


def _path(typed: str) -> Path:
    try:
        return Path(typed).expanduser()
    except RuntimeError:
        raise UnwritableError(f"{typed} names nobody's home") from None


def _why(error: BaseException) -> str:
    if isinstance(error, OSError):
        return f"Standard output cannot be written ({error.strerror})"
    return "Stopped by Ctrl-C" if isinstance(error, KeyboardInterrupt) else str(error)
