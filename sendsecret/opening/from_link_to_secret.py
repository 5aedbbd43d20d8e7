"""The whole way in its order: link, a place for the secret, door, passphrase, claim, and the secret handed out."""

import asyncio
import sys
from contextlib import AbstractContextManager, ExitStack, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sendsecret.opening import pasted_link, wording
from sendsecret.opening.door import Say, knock
from sendsecret.opening.output_file import OutputFile, UnwritableError
from sendsecret.opening.passphrase_tries import Tries
from sendsecret.opening.reader_routes import ReaderRoutes
from sendsecret.opening.stopping import Exit, StoppedError
from sendsecret.opening.ways_out import WaysOut
from sendsecret.talking import terminal
from sendsecret.talking.progress import Progress

ON_STANDARD_INPUT: Final = "-"
PASTE: Final = "Paste the link (not shown): "


@dataclass(frozen=True)
class Asked:
    """What stood on the command line."""

    link: str | None
    output: Path | None
    replace: bool
    as_json: bool
    is_piped: bool


def open_link(asked: Asked, say: Say) -> Exit:
    """Open it and hand it out; whatever keeps it from that is a StoppedError."""
    _require_streams(asked)
    with ExitStack() as held:
        pasted = pasted_link.read(_link_text(asked, say))
        piped = terminal.piped_line("passphrase") if asked.is_piped else None
        output = held.enter_context(_reserved(asked))
        # Every reason of this computer's own not to get through to the end comes before the server is asked.
        _require_somewhere(asked)
        routes = ReaderRoutes(pasted, held.enter_context(asyncio.Runner()), Progress().at)
        door, header = knock(pasted, routes, say)
        won = Tries(routes, pasted.link, door, header, say, piped).until_open()
        return WaysOut(routes, pasted.base, header, won, say).out(output, as_json=asked.as_json)


def _link_text(asked: Asked, say: Say) -> str:
    if asked.link is None:
        # Hidden: what is shown stays in the window, and whether it came whole is said by its checksum.
        return terminal.hidden(PASTE, wording.NO_TERMINAL)
    if asked.link != ON_STANDARD_INPUT:
        # Taken all the same: to refuse it would not take it back out of the history, what else it needs (a passphrase,
        # or Open pressed in Slack) still protects it, and once it was opened it opens nothing more.
        say(wording.ARGUMENT_SEEN)
        return asked.link
    return terminal.hidden(PASTE, wording.NO_TERMINAL) if sys.stdin.isatty() else terminal.piped_line("link")


def _reserved(asked: Asked) -> AbstractContextManager[OutputFile | None]:
    if asked.output is None:
        return nullcontext()
    try:
        return OutputFile(asked.output, replace=asked.replace)
    except UnwritableError as error:
        hint = "" if asked.replace else " --force replaces a plain file."
        raise StoppedError("unwritable", f"{error}. Nothing was sent.{hint}") from None


def _require_streams(asked: Asked) -> None:
    # The number of a closed stream goes to whatever is opened next, and a secret would be written into that.
    if None in (sys.stdin, sys.stdout, sys.stderr):
        sentence = "Standard input, output and error must be open; /dev/null will do. Nothing was sent."
        raise StoppedError("wrong-use", sentence)
    # Typed into standard input it would be shown.
    if asked.is_piped and sys.stdin.isatty():
        raise StoppedError("wrong-use", "--passphrase-stdin is for a pipe; without it you are asked here.")


def _require_somewhere(asked: Asked) -> None:
    if not asked.is_piped:
        terminal.require(wording.NO_TERMINAL)
        return
    if asked.output is None and not asked.as_json and sys.stdout.isatty():
        sentence = (
            "With --passphrase-stdin nobody is asked: name a file with --output, or use a pipe. Nothing was sent."
        )
        raise StoppedError("wrong-use", sentence)
