"""The routes of an order: a look uses nothing up, a drop uses it once, and large bodies are bounded."""

import asyncio
import json
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from reveal_web.machines import order_routes
from reveal_web.reader import unfinished
from store import delivery_keys, orders
from store.drops import find
from store.formats import base64url
from store.formats.link_v1 import Link
from store.formats.order_link_v1 import OrderLink
from store.formats.order_v1 import MOST_BYTES, Terms
from store.handing_in import MOST_ENVELOPE_BYTES, HandedIn
from store.large import LARGE_BYTES, MOST_LARGE
from store.link_opener import NAME, DeliveryKey, LinkOpener
from store.words import Delivery
from tests.store.sealing_under_orders import seal_under, terms
from tests.web import wire
from tests.web.conftest import World

OCTETS = "application/octet-stream"


@dataclass
class Ordered:
    """An order of the world's, with all that its holder has."""

    world: World
    link: OrderLink
    wanted: Terms
    public: bytes

    @property
    def path(self) -> str:
        """Where its routes begin."""
        return f"/api/v1/orders/{self.link.id_text}"

    async def look(self) -> wire.Reply:
        """As its page does."""
        return await self.world.post(f"{self.path}/look", {"token": self.link.token_text})

    def seal(self, **changed: Any) -> tuple[Link, HandedIn]:
        """A drop under it, at this second."""
        return seal_under(self.public, self.wanted, self.world.store.clock.now_seconds(), **changed)

    def body(self, handed: HandedIn, **changed: object) -> bytes:
        """The body that hands it in; `changed` are members that are others."""
        said = {
            "token": self.link.token_text,
            "header": handed.header,
            "link_proof": base64url.encode(handed.link_proof),
            "auth_token": base64url.encode(handed.auth_token),
            "sealed_link": None if handed.sealed_link is None else base64url.encode(handed.sealed_link),
        } | changed
        text = json.dumps({name: value for name, value in said.items() if value is not ...}).encode()
        return len(text).to_bytes(4) + text + handed.envelope

    async def hand_in(self, body: bytes) -> wire.Reply:
        """One request."""
        return await self.world.ask(wire.post(f"{self.path}/drop", body, Content_Type=OCTETS))


@pytest.fixture
async def ordered(world: World, tmp_path: Path) -> Ordered:
    """An order, beside a bot that has published its key."""
    DeliveryKey.make(tmp_path / NAME)
    opener = LinkOpener(tmp_path)
    await delivery_keys.publish_one_of(world.store.db, opener.key, opener.kids)
    wanted = terms()
    return Ordered(world, await orders.place(world.store, wanted), wanted, opener.key.public)


async def test_a_look_tells_what_a_sealer_needs(ordered: Ordered) -> None:
    """Just this, and no id of anybody's."""
    said = (await ordered.look()).json()
    left, now = said.pop("seconds_left"), said.pop("now")
    rules = [said.pop(name) for name in ("template", "passphrase", "verify", "on_lock", "rotate_by", "variable")]
    assert rules == ["anything", "made", "none", "lock", None, None]
    assert 0 < left <= 900
    assert abs(now - ordered.world.store.clock.now_seconds()) < 60
    assert said == {
        "state": "open",
        "kind": "composer",
        "sender": "Maya Okafor",
        "recipient": "Dana Petrov",
        "recipient_class": "guest",
        "label": "Stripe restricted key",
        "hint": "your phone",
        "lives_seconds": 86_400,
        "way": "dm",
        "delivery_key": base64url.encode(ordered.public),
        "public_url": "http://localhost:8080",
        "most_bytes": MOST_BYTES,
    }


async def test_scanners_use_nothing_up(ordered: Ordered) -> None:
    """Whatever they send to either route, and looks with and without the token: not one byte differs."""
    before = await ordered.world.fingerprint()
    for route in (f"{ordered.path}/look", f"{ordered.path}/drop"):
        visits = [wire.get(route, method) for method in ("GET", "HEAD", "OPTIONS", "TRACE", "DELETE", "PUT")]
        visits += [wire.post(route, b""), wire.post(route, b"{}"), wire.post(route, b"", Content_Type=OCTETS),
                   wire.post(route, b"token=1", Content_Type="application/x-www-form-urlencoded")]  # fmt: skip
        for raw in visits:
            reply = await ordered.world.ask(raw, has_body=not raw.startswith(b"HEAD"))
            assert reply.status in (400, 405, 415), raw
    for _ in range(3):
        assert (await ordered.look()).json()["state"] == "open"
    assert await ordered.world.fingerprint() == before


async def test_a_drop_is_taken_once_and_again(ordered: Ordered) -> None:
    """The same again is the same; another one is refused; the page hears what becomes of it."""
    its, handed = ordered.seal()
    for _ in range(2):
        reply = await ordered.hand_in(ordered.body(handed))
        assert (reply.status, reply.json()) == (201, {"state": "sealed"})
    _, another = ordered.seal()
    reply = await ordered.hand_in(ordered.body(another))
    assert (reply.status, reply.slug) == (409, "order-used")
    said = (await ordered.look()).json()
    assert said == {"state": "used", "delivery": "pending", "recipient": "Dana Petrov"}
    drop = await find(ordered.world.store, its.id)
    assert drop is not None
    assert drop.delivery is Delivery.PENDING


async def test_an_unknown_order_is_one_answer(ordered: Ordered) -> None:
    """A wrong id, an id that is none, a wrong token, an order that is over: the same bytes."""
    _, handed = ordered.seal()
    wrong = base64url.encode(bytes(32))
    others = [replace(ordered, link=OrderLink(bytes(16), ordered.link.token))]
    answers = [await one.look() for one in others]
    answers.append(await ordered.world.post(f"{ordered.path}/look", {"token": wrong}))
    answers.append(await ordered.world.post("/api/v1/orders/none/look", {"token": wrong}))
    answers.append(await ordered.hand_in(ordered.body(handed, token=wrong)))
    ordered.world.move_clock(901)
    answers.append(await ordered.look())
    assert {(one.status, one.body) for one in answers} == {(404, answers[0].body)}
    assert await find(ordered.world.store, bytes(16)) is None


async def test_guessing_tokens_is_slow(ordered: Ordered) -> None:
    """As it is for links: twenty a minute from one address."""
    ordered.world.hold_wrong_links()
    wrong = {"token": base64url.encode(bytes(32))}
    statuses = [(await ordered.world.post(f"{ordered.path}/look", wrong)).status for _ in range(25)]
    assert statuses == [404] * 20 + [429] * 5
    assert (await ordered.look()).status == 200


async def test_without_a_bots_key_it_waits(world: World) -> None:
    """There is nobody to whom a link could be sealed: 503, and nothing is lost."""
    link = await orders.place(world.store, terms())
    reply = await world.post(f"/api/v1/orders/{link.id_text}/look", {"token": link.token_text})
    assert (reply.status, reply.slug) == (503, "unavailable")


async def test_a_near_miss_is_refused(ordered: Ordered) -> None:
    """Exactly the five members, each in its one spelling; lengths that are true."""
    _, handed = ordered.seal()
    good = ordered.body(handed)
    length = int.from_bytes(good[:4])
    bodies = [b"", b"\0\0\0", good[4:], (length - 1).to_bytes(4) + good[4:], (2**32 - 1).to_bytes(4) + good[4:]]
    bodies += [good[: 4 + length - 1], ordered.body(handed, more="x")]
    keys, texts = ("token", "link_proof", "auth_token"), ("", "A", "=" * 43, "A" * 44, "é" * 43)
    wrongs: tuple[object, ...] = (..., None, 1, [], {})
    bodies += [ordered.body(handed, **{name: text}) for name in keys for text in texts]
    named = [(name, one) for name in (*keys, "header", "sealed_link") for one in wrongs]
    bodies += [ordered.body(handed, **{name: one}) for name, one in named if (name, one) != ("sealed_link", None)]
    for body in bodies:
        reply = await ordered.hand_in(body)
        assert (reply.status, reply.slug) == (400, "malformed"), body[:80]
    assert (await ordered.look()).json()["state"] == "open"


async def test_what_was_not_ordered_is_told_why(ordered: Ordered) -> None:
    """422 with a reason, nothing kept, and the order still open."""
    cases = {
        "another sender": ordered.seal(sender="Sam Ortiz")[1],
        "a life without end": ordered.seal(expires_at=4_000_000_000)[1],
        "no passphrase": ordered.seal(mode="n", form="free")[1],
        "no header": replace(ordered.seal()[1], header="{}"),
        "a damaged size": replace(ordered.seal()[1], envelope=bytes(100)),
        "a link of another length": replace(ordered.seal()[1], sealed_link=bytes(10)),
    }
    for what, handed in cases.items():
        reply = await ordered.hand_in(ordered.body(handed))
        assert (reply.status, reply.slug) == (422, "unacceptable"), what
        assert reply.json()["why"], what
    assert (await ordered.look()).json()["state"] == "open"


async def test_only_our_page_and_programs_may_hand_in(ordered: Ordered) -> None:
    """Another site is refused, and every type but octets, which no form can send."""
    _, handed = ordered.seal()
    path, body = f"{ordered.path}/drop", ordered.body(handed)
    for headers, status in (
        ({"Content_Type": OCTETS, "Origin": "https://evil.example"}, 403),
        ({"Content_Type": OCTETS, "Sec_Fetch_Site": "cross-site"}, 403),
        ({"Content_Type": "application/json"}, 415),
        ({"Content_Type": "text/plain"}, 415),
        ({"Content_Type": OCTETS, "Content_Encoding": "gzip"}, 415),
    ):
        assert (await ordered.world.ask(wire.post(path, body, **headers))).status == status, headers
    chunked = (
        f"POST {path} HTTP/1.1\r\nHost: a\r\nContent-Type: {OCTETS}\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
    )
    assert (await ordered.world.ask(chunked.encode())).status == 400
    assert (await ordered.look()).json()["state"] == "open"


async def test_a_body_that_is_too_large_is_not_read(ordered: Ordered) -> None:
    """It is refused by the length that it announces."""
    size = MOST_ENVELOPE_BYTES + 100_000
    head = f"POST {ordered.path}/drop HTTP/1.1\r\nHost: a\r\nContent-Type: {OCTETS}\r\nContent-Length: {size}\r\n\r\n"
    reply = await ordered.world.ask(head.encode())
    assert (reply.status, reply.slug) == (413, "too-large")


async def test_large_bodies_are_eight_at_a_time(ordered: Ordered) -> None:
    """The ninth is told to wait, a small one is not; when one of the eight is gone there is room again."""
    _, handed = ordered.seal()
    large = ordered.body(replace(handed, envelope=bytes(LARGE_BYTES + 1)))
    request = wire.post(f"{ordered.path}/drop", large, Content_Type=OCTETS)
    async with AsyncExitStack() as open_ones:
        slow = []
        for _ in range(MOST_LARGE):
            reader, writer = await open_ones.enter_async_context(wire.connected(ordered.world.port))
            writer.write(request[:-1])
            slow.append((reader, writer))
        await underway(ordered, MOST_LARGE)
        reply = await ordered.world.ask(request)
        assert (reply.status, reply.slug) == (503, "busy")
        assert reply.headers["retry-after"] == "2"
        assert reply.json()["retry_after_seconds"] == 2
        assert (await ordered.hand_in(ordered.body(handed))).status == 201
        for reader, writer in slow:
            writer.write(request[-1:])
            # The same header and link: another envelope for the drop that there is changes nothing.
            assert (await wire.read_reply(reader)).status == 201
    assert (await ordered.hand_in(large)).status == 201
    assert ordered.world.large_bodies.underway == 0


async def test_whoever_has_no_token_takes_no_room(ordered: Ordered) -> None:
    """Their large bodies are answered before they are read."""
    _, handed = ordered.seal()
    wrong = ordered.body(replace(handed, envelope=bytes(LARGE_BYTES + 1)), token=base64url.encode(bytes(32)))
    request = wire.post(f"{ordered.path}/drop", wrong, Content_Type=OCTETS)
    assert (await ordered.world.ask(request[:-LARGE_BYTES])).status == 404
    assert ordered.world.large_bodies.underway == 0


async def test_room_is_taken_until_the_act_is_over(ordered: Ordered, monkeypatch: pytest.MonkeyPatch) -> None:
    """A database that hangs: the request is answered, and what it brought is still in memory."""
    hangs, calls = asyncio.Event(), []

    async def slow(*_: object) -> None:
        calls.append(1)
        await hangs.wait()

    monkeypatch.setattr(order_routes, "hand_in", slow)
    monkeypatch.setattr(unfinished, "ANSWER_SECONDS", 0.05)
    _, handed = ordered.seal()
    large = ordered.body(replace(handed, envelope=bytes(LARGE_BYTES + 1)))
    replies = [await ordered.hand_in(large) for _ in range(MOST_LARGE + 1)]
    assert [one.slug for one in replies] == ["unavailable"] * MOST_LARGE + ["busy"]
    assert len(calls) == MOST_LARGE
    hangs.set()
    await underway(ordered, 0)


async def test_the_same_drop_many_times_at_once_is_one(ordered: Ordered) -> None:
    """As a page sends it again whose answer was lost while it is still under way: everybody hears yes."""
    _, handed = ordered.seal()
    replies = await asyncio.gather(*(ordered.hand_in(ordered.body(handed)) for _ in range(8)))
    assert [(one.status, one.json()) for one in replies] == [(201, {"state": "sealed"})] * 8


async def underway(ordered: Ordered, count: int) -> None:
    """Until so many large bodies are."""
    async with asyncio.timeout(wire.SECONDS):
        while ordered.world.large_bodies.underway != count:  # noqa: ASYNC110 - requests arrive by themselves
            await asyncio.sleep(0.01)


async def test_the_routes_are_not_the_readers(ordered: Ordered) -> None:
    """An order's id opens no drop, and a drop's id no order."""
    holder = await ordered.world.make()
    assert (await ordered.world.post(f"/api/v1/drops/{ordered.link.id_text}/door", holder.proof)).status == 404
    path, token = f"/api/v1/orders/{holder.link.id_text}/look", {"token": ordered.link.token_text}
    assert (await ordered.world.post(path, token)).status == 404
