"""
Several pages that load one link at several reveal servers at once, as people and their colleagues do.

A page keeps its claim and asks the next server where one does not answer: there is one link, and whoever stands in
front of the servers leaves out those that do not answer.
"""

import asyncio
import json
import secrets
from dataclasses import dataclass, field
from http import HTTPStatus
from itertools import cycle
from typing import Any, Final

from store.formats import base64url, derivation_v1, passphrase_v1, seal_v1
from store.formats.link_v1 import Link
from store.formats.payload_v1 import Text
from tests.hosts.network import Host
from tests.hosts.places import PORT
from tests.programs import Answer, Call

PATIENCE_SECONDS: Final = 60.0
_ANSWERS_WITHIN: Final = 4.0
_AGAIN: Final = frozenset({429, 502, 503})


@dataclass
class Page:
    """One page load: `given` is what it may open, `told` the last status that settled its claim."""

    link: Link
    auth_token: bytes
    servers: list[Host]
    claim: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    header: str = ""
    given: dict[str, Any] | None = None
    told: int | None = None

    async def ask(self, act: str = "claim", *, most_seconds: float = PATIENCE_SECONDS) -> int | None:
        """Ask until somebody settles it; None where nobody did in time."""
        loop = asyncio.get_running_loop()
        until = loop.time() + most_seconds
        for server in cycle(self.servers):
            answer = await self._once(server, act)
            if answer is not None and answer.status not in _AGAIN:
                if act == "claim":
                    self.told = answer.status
                    self.given = answer.json() if answer.status == 200 else self.given
                if act == "door" and answer.status == 200:
                    self.header = answer.json()["header"]
                return answer.status
            if loop.time() > until:
                return None
            await asyncio.sleep(0.3)
        raise AssertionError("there is no server")

    async def _once(self, server: Host, act: str) -> Answer | None:
        body = {"link_proof": base64url.encode(derivation_v1.link_proof(self.link))}
        if act != "door":
            body["claim"] = base64url.encode(self.claim)
        if act == "claim":
            body["auth_token"] = base64url.encode(self.auth_token)
        call = Call(
            PORT, "POST", f"/api/v1/drops/{self.link.id_text}/{act}", json.dumps(body).encode(), host=server.address
        )
        try:
            async with asyncio.timeout(_ANSWERS_WITHIN):
                answer = await call.answer()
        except (OSError, TimeoutError):
            return None
        return answer if len(answer.body) == int(answer.headers.get("content-length", -1)) else None


@dataclass
class Reading:
    """All pages of one link; `passphrase` is what its sender chose."""

    link: Link
    passphrase: str
    servers: list[Host]
    pages: list[Page] = field(default_factory=list)
    header: str = ""
    keys: derivation_v1.DropKeys | None = None

    async def prepare(self) -> bool:
        """What every page does by itself before it may ask: look at the door, and derive.  False where it is over."""
        looking = Page(self.link, b"", self.servers)
        if await looking.ask("door") != HTTPStatus.OK:
            return False
        self.header = looking.header
        canon = passphrase_v1.canon(seal_v1.check_header(self.link, self.header).form, self.passphrase)
        self.keys = await asyncio.to_thread(derivation_v1.derive, self.link, canon)
        return True

    def page(self, first: int, *, right: bool = True) -> Page:
        """One more, that begins at the `first` server."""
        assert self.keys is not None
        turned = self.servers[first % len(self.servers) :] + self.servers[: first % len(self.servers)]
        page = Page(self.link, self.keys.auth_token if right else secrets.token_bytes(32), turned)
        self.pages.append(page)
        return page

    def texts(self) -> list[str]:
        """What its pages have read, one text a page."""
        read = []
        for page in self.pages:
            if page.given is not None and self.keys is not None:
                envelope = base64url.decode(page.given["envelope"])
                content = seal_v1.open_with_keys(self.link, self.header, self.keys, envelope)
                assert isinstance(content, Text)
                read.append(content.text)
        return read
