"""The reader's routes of one drop, as the protocol's section 11 has them: door, claim, acknowledge."""

import asyncio
from collections.abc import Callable
from typing import Final, TypeVar

from sendsecret.opening import answers
from sendsecret.opening.answers import Acknowledged, Door, Released
from sendsecret.opening.pasted_link import PastedLink
from sendsecret.talking.exchange import NoAnswerError, OnShare, Reply, post
from sendsecret.talking.refusals import Refused
from store.formats import base64url
from store.formats.derivation_v1 import link_proof

T = TypeVar("T")

MOST_BYTES: Final = 64 * 1024
MOST_ENVELOPE_BYTES: Final = 16 * 1024 * 1024


class ReaderRoutes:
    """
    What can be asked about one drop. Sends what follows from link key and passphrase one way, and neither of them.

    `runner` is kept by the caller: prompts stand outside any event loop, so that Ctrl-C reaches them.
    """

    def __init__(self, pasted: PastedLink, runner: asyncio.Runner, on_share: OnShare) -> None:
        self._routes = f"{pasted.base}/api/v1/drops/{pasted.link.id_text}"
        self._proof = base64url.encode(link_proof(pasted.link))
        # What goes to this computer stays on it, whatever proxy is set.
        self._through_proxy = not pasted.is_local
        self._runner, self._on_share = runner, on_share

    def door(self) -> Door | Refused:
        """Look; consumes nothing."""
        return self._ask("door", answers.door)

    def claim(self, auth_token: bytes, claim: bytes) -> Released | Refused:
        """Ask for the envelope; the same pair is paid for once, however often it is sent."""
        return self._ask(
            "claim",
            answers.claim,
            MOST_ENVELOPE_BYTES,
            auth_token=base64url.encode(auth_token),
            claim=base64url.encode(claim),
        )

    def acknowledge(self, claim: bytes) -> Acknowledged | Refused:
        """Say that the envelope was opened; destroys the drop."""
        return self._ask("acknowledge", answers.acknowledged, claim=base64url.encode(claim))

    def _ask(
        self, route: str, read: Callable[[Reply], T | Refused], most_bytes: int = MOST_BYTES, **members: str
    ) -> T | Refused:
        members = {"link_proof": self._proof, **members}
        asked = post(f"{self._routes}/{route}", members, most_bytes, self._on_share, through_proxy=self._through_proxy)
        try:
            return read(self._runner.run(asked))
        except NoAnswerError as error:
            return Refused("unavailable", why=error.why)
