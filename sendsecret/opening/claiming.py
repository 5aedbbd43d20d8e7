"""One typed passphrase, from keys to secret: derive, claim, open."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from sendsecret.opening.answers import Released
from sendsecret.opening.reader_routes import ReaderRoutes
from sendsecret.opening.stopping import StoppedError
from sendsecret.opening.wording import DAMAGED
from sendsecret.talking.patience import Tell, until_answered
from sendsecret.talking.refusals import Refused
from store.formats.derivation_v1 import DropKeys
from store.formats.errors import FormatError
from store.formats.link_v1 import Link
from store.formats.payload_v1 import File, Text
from store.formats.seal_v1 import open_with_keys

# A claim that won may ask again for a minute, and for a large file some more; beyond two nobody waits.
CLAIM_SECONDS: Final = 120
ACKNOWLEDGE_SECONDS: Final = 12


@dataclass(frozen=True, slots=True)
class Won:
    """An opened secret, and the claim that acknowledges it."""

    content: Text | File = field(repr=False)
    claim: bytes = field(repr=False)


class Attempt:
    """
    One passphrase with a claim of its own, in memory only; both are sent again as they are, and paid for once.

    `was_lost`: an answer to it may have been lost, so that what was given out may have been given to it.
    """

    def __init__(self, routes: ReaderRoutes, link: Link, header: str, keys: DropKeys) -> None:
        self._routes, self._link, self._header, self._keys = routes, link, header, keys
        self._claim = secrets.token_bytes(32)
        self.was_lost = False

    def send(self, tell: Tell) -> Won | Refused:
        """Ask until there is an answer. Raises StoppedError when what was given out does not open."""
        answer = self._ask(tell)
        if isinstance(answer, Refused):
            return answer
        content = self._opened(answer.envelope)
        if content is None and answer.sends_left:
            # Perhaps only this transfer was damaged.
            again = self._ask(tell)
            content = self._opened(again.envelope) if isinstance(again, Released) else None
        if content is None:
            raise StoppedError("damaged", DAMAGED)
        return Won(content, self._claim)

    def _ask(self, tell: Tell) -> Released | Refused:
        return until_answered(self._once, tell, CLAIM_SECONDS)

    def _once(self) -> Released | Refused:
        answer = self._routes.claim(self._keys.auth_token, self._claim)
        # Only an answer that did not come may have been a yes; a refusal of the server's is one.
        self.was_lost |= isinstance(answer, Refused) and answer.word == "unavailable"
        return answer

    def _opened(self, envelope: bytes) -> Text | File | None:
        try:
            return open_with_keys(self._link, self._header, self._keys, envelope)
        except FormatError:
            return None


def acknowledge(routes: ReaderRoutes, claim: bytes, tell: Callable[[], None]) -> str | None:
    """Say that it was opened; the receipt's address as it was said ("" for none), or None where no answer came."""
    answer = until_answered(lambda: routes.acknowledge(claim), lambda _answer, _seconds: tell(), ACKNOWLEDGE_SECONDS)
    return None if isinstance(answer, Refused) else answer.receipt
