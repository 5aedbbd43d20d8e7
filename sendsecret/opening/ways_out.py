"""
Which way an opened secret goes, and when the server hears that it was opened.

What can be handed out at once is, before the server is told. A question that may wait for a person for minutes comes
after, and so does the object for programs, which names the receipt.
"""

import re
import sys
from dataclasses import dataclass, field
from pathlib import Path

from sendsecret.opening import handing_out
from sendsecret.opening.claiming import Won, acknowledge
from sendsecret.opening.door import Say
from sendsecret.opening.output_file import OutputFile, UnwritableError
from sendsecret.opening.reader_routes import ReaderRoutes
from sendsecret.opening.stopping import Exit
from store.formats.header_v1 import Header
from store.formats.payload_v1 import Text


@dataclass(frozen=True)
class WaysOut:
    """A file, a pipe, a terminal, or one JSON object."""

    routes: ReaderRoutes
    base: str
    header: Header
    won: Won = field(repr=False)
    say: Say

    def out(self, output: OutputFile | None, *, as_json: bool) -> Exit:
        """Hand it out and acknowledge it. Raises StoppedError when there is nowhere left to put it."""
        if as_json:
            return self._as_json(output)
        if output is not None:
            self._say_where(handing_out.into_file(self.won.content, output, self.say))
            self._acknowledge()
        elif sys.stdout.isatty():
            self._acknowledge()
            self._say_where(handing_out.as_person_says(self.won.content, self.say))
        else:
            self._say_where(handing_out.into_pipe(self.won.content, self.say))
            self._acknowledge()
        return Exit.OPENED

    def _as_json(self, output: OutputFile | None) -> Exit:
        content, code = self.won.content, Exit.OPENED
        said: dict[str, object] = {"state": "opened", "kind": "text" if isinstance(content, Text) else "file"}
        said |= {"sender": self.header.sender, "label": self.header.label, "output": None}
        try:
            if output is not None:
                output.write(handing_out.bytes_of(content))
                said["output"] = str(output.path)
        except UnwritableError as error:
            # Then in the object itself: nothing else has it any more.
            said |= {"problem": "not-written", "sentence": f"{error}. The secret is in this object instead."}
            code = Exit.LOCAL
        if said["output"] is None:
            said |= handing_out.as_members(content)
        receipt = self._acknowledge()
        said |= {"acknowledged": receipt is not None, "receipt": receipt or None}
        try:
            handing_out.print_json(said)
        except (OSError, KeyboardInterrupt) as error:
            if said["output"] is None:
                handing_out.elsewhere(content, error, self.say)
            return Exit.LOCAL
        return code

    def _acknowledge(self) -> str | None:
        """The receipt's address, "" where there is none of this server, None where the server did not confirm."""
        self.say("Telling the server that the secret was opened…")
        try:
            receipt = acknowledge(self.routes, self.won.claim, self._say_again)
        except KeyboardInterrupt:
            # The person is tired of waiting for the server; the secret is theirs all the same.
            receipt = None
        if receipt is None:
            self.say("The server has not confirmed it. It gives the secret to nobody else, and destroys it by itself.")
            return None
        # An answer must not lead whoever has just opened a secret to another site.
        own = re.fullmatch(f"{re.escape(self.base)}/receipts/[0-9a-f]{{32}}", receipt)
        self.say(f"The secret is destroyed on the server.{f' Receipt: {receipt}' if own else ''}")
        return receipt if own else ""

    def _say_again(self) -> None:
        self.say("It has not answered yet. Trying again.")

    def _say_where(self, path: Path | None) -> None:
        if path is not None:
            self.say(f"Written into {path}, for you alone to read.")
