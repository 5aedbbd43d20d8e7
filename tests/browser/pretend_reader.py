"""A reveal server that says what a test tells it to say, answer by answer, in front of one really sealed drop.

For the scenes that a real server gives only after faults: silence, damage, waits. What a real server does is tested
against the real one.
"""

import json
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from playwright.async_api import Page, Route

from store.formats import base64url, header_v1, payload_v1
from store.formats.header_v1 import Form, Header
from store.formats.link_v1 import Link
from store.formats.passphrase_v1 import canon
from store.formats.seal_v1 import seal

MAYA = "Maya Okafor"
CREATED, EXPIRES = 1_795_000_000, 1_795_086_400


@dataclass
class Answer:
    """One answer; `status` 0 is a connection that breaks, -1 one that says nothing."""

    status: int
    members: dict[str, Any] = field(default_factory=dict)
    octets: bytes | None = None
    headers: dict[str, str] = field(default_factory=dict)


def problem(status: int, slug: str, **members: Any) -> Answer:
    """An RFC 9457 answer."""
    return Answer(status, {"type": f"urn:sendsecret:problem:{slug}", "title": slug, "status": status, **members})


SILENCE = Answer(0)
FOREVER = Answer(-1)


class PretendReader:
    """One drop. `say` queues answers for a route; with an empty queue the drop is there and opens to its passphrase."""

    def __init__(
        self,
        content: payload_v1.Text | payload_v1.File,
        passphrase: str | None = "4711",
        form: Form = "digits",
        **described: str,
    ) -> None:
        self.link = Link(id=bytes(range(16)), key=bytes(range(32)), mode="n" if passphrase is None else "p")
        kind = header_v1.Kind.__args__[0 if isinstance(content, payload_v1.Text) else 1]  # type: ignore[attr-defined]
        names = {"sender": MAYA, "label": "Stripe restricted key", **described}
        header = Header(self.link.id, self.link.mode, form, kind, CREATED, EXPIRES, **names)
        self.header = header_v1.encode(header)
        typed = None if passphrase is None else canon(form, passphrase)
        self.sealed = seal(self.link, self.header, typed, content, bytes(12))
        self.hint: str | None = None
        self.tries_left = 5
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self._queues: dict[str, list[Answer]] = defaultdict(list)
        self._held: list[Route] = []

    def say(self, route: str, *answers: Answer) -> None:
        """Queue `answers` for the next requests to `route`."""
        self._queues[route] += answers

    def requests(self, route: str) -> list[dict[str, Any]]:
        """The bodies sent to `route` so far."""
        return [body for name, body in self.asked if name == route]

    async def attach(self, page: Page) -> None:
        """Answer the page's requests."""
        await page.route("**/api/v1/drops/**", self._answer)

    async def let_go(self) -> None:
        """Break the connections that say nothing; before the page is closed, for their requests to end with it."""
        while self._held:
            await self._held.pop().abort("connectionreset")

    async def _answer(self, route: Route) -> None:
        name = route.request.url.rpartition("/")[2]
        body: dict[str, Any] = json.loads(route.request.post_data or "{}")
        self.asked.append((name, body))
        answer = self._queues[name].pop(0) if self._queues[name] else self._usual(name, body, route.request.url)
        if answer.status == -1:
            self._held.append(route)
            return
        if answer.status == 0:
            await route.abort("connectionreset")
        elif answer.octets is not None:
            headers = {"content-type": "application/octet-stream", **answer.headers}
            await route.fulfill(status=answer.status, body=answer.octets, headers=headers)
        else:
            kind = "json" if answer.status < 400 else "problem+json"
            headers = {"content-type": f"application/{kind}", **answer.headers}
            await route.fulfill(status=answer.status, body=json.dumps(answer.members), headers=headers)

    def _usual(self, name: str, body: dict[str, Any], url: str) -> Answer:
        assert body["link_proof"] == base64url.encode(self.sealed.link_proof)
        if name == "door":
            return self.door()
        if name == "claim":
            if body["auth_token"] == base64url.encode(self.sealed.auth_token):
                return self.release()
            self.tries_left -= 1
            return problem(403, "wrong-passphrase", tries_left=self.tries_left, retry_after_seconds=0)
        if name == "acknowledge":
            return Answer(200, {"state": "destroyed", "receipt": f"{url.partition('/api/')[0]}/receipts/{'0' * 32}"})
        return Answer(202, {})

    def door(self, **members: Any) -> Answer:
        """The door as it stands, with `members` changed."""
        usual = {
            "state": "sealed",
            "header": self.header,
            "hint": self.hint,
            "tries_left": self.tries_left,
            "retry_after_seconds": 0,
        }
        return Answer(200, {**usual, **members})

    def release(self, envelope: bytes | None = None) -> Answer:
        """The envelope, or another in its place."""
        sealed = base64url.encode(self.sealed.envelope if envelope is None else envelope)
        return Answer(200, {"envelope": sealed, "sends_left": 2, "seconds_left": 60})
