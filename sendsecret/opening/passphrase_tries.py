"""From the door to the opened secret: one passphrase after another, as often as the server allows."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from argon2.exceptions import HashingError

from sendsecret.opening import wording
from sendsecret.opening.answers import Door
from sendsecret.opening.claiming import Attempt, Won
from sendsecret.opening.door import Say, turn_away
from sendsecret.opening.reader_routes import ReaderRoutes
from sendsecret.opening.stopping import StoppedError
from sendsecret.talking import terminal
from sendsecret.talking.refusals import Refused
from store.formats import passphrase_v1
from store.formats.derivation_v1 import DropKeys, derive
from store.formats.errors import UnusablePassphraseError
from store.formats.header_v1 import Header
from store.formats.link_v1 import Link

_MOST_WAIT_SECONDS: Final = 3600
_ACT: Final = "open"
_PROMPT: Final = f"Type {_ACT} to open it now: "


@dataclass
class Tries:
    """The tries at one drop. A person is asked, again and again; `piped`, the line of a script, is tried once."""

    routes: ReaderRoutes
    link: Link
    door: Door
    header: Header
    say: Say
    piped: str | None = None

    def until_open(self) -> Won:
        """The opened secret. Raises StoppedError."""
        if self.header.mode == "p" and self.door.retry_after_seconds:
            self.say(f"The next try counts in {wording.duration(self.door.retry_after_seconds)}.")
        self._tell_left(self.door.tries_left)
        while True:
            answer = self._spent(self._typed())
            if isinstance(answer, Won):
                return answer
            self._say_wrong(answer)

    def _spent(self, passphrase: bytes | None) -> Won | Refused:
        """Won, or wrong; every other answer ends it."""
        if passphrase is not None:
            self.say("Checking the passphrase on this computer, which takes about a second…")
        # A fresh claim for each typed passphrase.
        attempt = Attempt(self.routes, self.link, self.door.header, self._keys(passphrase))
        self.say("Fetching the secret…")
        while True:
            answer = self._sent(attempt)
            if isinstance(answer, Won) or answer.word == "wrong-passphrase":
                return answer
            if answer.word != "too-soon":
                turn_away(answer, wording.UNSURE, met="unsure" if attempt.was_lost else "elsewhere")
            self._wait(max(1, answer.retry_after_seconds))

    def _keys(self, passphrase: bytes | None) -> DropKeys:
        try:
            return derive(self.link, passphrase)
        except HashingError:
            sentence = (
                "This computer has not the 46 MiB of free memory that checking a passphrase takes. No try is used up."
            )
            raise StoppedError("no-memory", sentence) from None

    def _sent(self, attempt: Attempt) -> Won | Refused:
        try:
            return attempt.send(self._tell_trouble)
        except KeyboardInterrupt:
            raise StoppedError("interrupted", f"Stopped while the server was asked. {wording.UNSURE}") from None

    def _wait(self, seconds: int) -> None:
        left = wording.duration(seconds)
        if self.piped is not None or seconds > _MOST_WAIT_SECONDS:
            sentence = f"The next try may be made in {left}. This one was not tried: no try is used up."
            raise StoppedError("too-soon", sentence, retry_after_seconds=seconds)
        self.say(f"There is a pause before the next try. Sending this passphrase in {left}; Ctrl-C stops that.")
        time.sleep(seconds)

    def _say_wrong(self, refused: Refused) -> None:
        wait = refused.retry_after_seconds
        next_try = f" The next one counts in {wording.duration(wait)}." if wait else ""
        sentence = f"That is not the passphrase. {wording.tries_left(refused.tries_left)}{next_try}"
        if self.piped is not None:
            facts = {"tries_left": refused.tries_left, "retry_after_seconds": wait}
            raise StoppedError("wrong-passphrase", sentence, **facts)
        self.say(sentence)

    def _tell_left(self, count: int) -> None:
        if self.header.mode == "p":
            self.say(wording.tries_left(count))

    def _tell_trouble(self, refused: Refused, wait: float) -> None:
        why = wording.WHY.get(refused.why or refused.word, wording.WHY[""])
        self.say(f"{why}. Sending the same try again in {wait:.0f} s, and that counts once.")

    def _typed(self) -> bytes | None:
        """The canonical passphrase; None in mode n, after a deliberate act."""
        if self.header.mode == "p":
            return self._asked(terminal.hidden, wording.FIELD[self.header.form], self._canonical)
        # No stray Enter, and no script that was not meant to, opens what no passphrase protects.
        self._asked(terminal.visible, _PROMPT, self._deliberate)
        return None

    def _asked(self, ask: Callable[[str], str], prompt: str, read: Callable[[str], bytes]) -> bytes:
        """What a person typed, asked again while it cannot be used; a script's line is taken or ends it."""
        while True:
            try:
                return read(ask(prompt) if self.piped is None else self.piped)
            except StoppedError as error:
                if self.piped is not None or error.problem != "unusable-passphrase":
                    raise
                self.say(error.sentence)

    def _canonical(self, typed: str) -> bytes:
        try:
            return passphrase_v1.canon(self.header.form, typed)
        except UnusablePassphraseError as error:
            raise StoppedError("unusable-passphrase", wording.UNUSABLE[error.reason]) from None

    def _deliberate(self, typed: str) -> bytes:
        if typed.strip().lower() != _ACT:
            raise StoppedError("unusable-passphrase", f"It opens only for the word {_ACT}. Nothing is used up.")
        return b""
