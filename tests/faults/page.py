"""
What a reader's page does when answers do not come: the same request again, with the same claim.

It keeps whatever it was given, so that a test can count who has read a secret after everything that went wrong.
"""

import asyncio
import json
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from store import creation, deliveries
from store.deliveries import Place
from store.formats import base64url, seal_v1
from store.formats.payload_v1 import Text
from store.opened import Store
from tests.doctor.test_invariants import found
from tests.programs import Answer, Call
from tests.store.reading import row_of
from tests.stores import Home, Sealed, seal

PATIENCE_SECONDS = 30
BROKEN = (OSError, TimeoutError)
"""How a connection that failed looks: refused, reset, ended within the head, or silent."""


@dataclass
class Page:
    """One page load that has the link: its claim, and what it has read."""

    sealed: Sealed
    right: bool = True
    claim: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    read: list[str] = field(default_factory=list)

    async def ask(self, port: int, act: str = "claim") -> Answer | None:
        """One request; None where no whole answer came."""
        presented = self.sealed.present(right=self.right, claim=self.claim)
        body = {"link_proof": base64url.encode(presented.link_proof)}
        if act in ("claim", "acknowledge"):
            body["claim"] = base64url.encode(presented.claim)
        if act == "claim":
            body["auth_token"] = base64url.encode(presented.auth_token)
        path = f"/api/v1/drops/{self.sealed.link.id_text}/{act}"
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                answer = await Call(port, "POST", path, json.dumps(body).encode()).answer()
        except BROKEN:
            return None
        if len(answer.body) != int(answer.headers.get("content-length", -1)):
            return None
        if act == "claim" and answer.status == 200:
            self.read.append(self._opened(answer.json()))
        return answer

    async def told(self, port: int, act: str = "claim") -> Answer:
        """The same request until somebody answers it with something else than "try again"."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while True:
                answer = await self.ask(port, act)
                if answer is not None and answer.status not in (502, 503):
                    return answer
                await asyncio.sleep(0.1)

    def _opened(self, given: dict[str, Any]) -> str:
        envelope = base64url.decode(given["envelope"])
        content = seal_v1.open_sealed(self.sealed.link, self.sealed.new.header, None, envelope)
        assert isinstance(content, Text)
        return content.text


async def delivered(store: Store, **fields: Any) -> Sealed:
    """A drop whose link has arrived."""
    sealed = seal(**fields)
    await creation.create(store, sealed.new)
    await deliveries.record_delivered(store, sealed.new.id, Place("D1", "1.2"))
    return sealed


async def until(holds: Callable[[], Awaitable[bool]]) -> None:
    """Wait for another program's act."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not await holds():  # noqa: ASYNC110 - another program's act
            await asyncio.sleep(0.1)


async def until_destroyed(store: Store, drop_id: bytes) -> None:
    """Wait for the end of a drop, which another program brings."""

    async def is_destroyed() -> bool:
        return bool((await row_of(store, drop_id)).state == "destroyed")

    await until(is_destroyed)


def readers(pages: list[Page]) -> int:
    """How many page loads have the secret, however often each was sent it."""
    return sum(bool(page.read) for page in pages)


SET_BACK = "its times are not in order: the host's clock was set back"
"""What the check says, truly, of receipts that a clock that was set back has dated."""


async def require_sound(home: Home, *, was_set_back: bool = False) -> None:
    """The six invariants, with the secret as a canary, whatever has happened."""
    violations = await found(home, canaries=[b"sk_live_canary"])
    if was_set_back:
        violations = [one for one in violations if SET_BACK not in one.says]
    assert violations == [], violations
