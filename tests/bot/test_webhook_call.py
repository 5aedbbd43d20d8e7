"""One delivery: signed so that the specification's own library believes it, and sent nowhere but where it may go."""

import asyncio
import json
import socket
import ssl
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from standardwebhooks import Webhook, WebhookVerificationError

from bot.webhook_body import headers
from bot.webhook_call import Answer, Caller
from bot.webhook_connections import Lookup
from bot.webhook_endpoint import Endpoint
from store.words import WebhookFault
from tests.bot.consumer import Consumer, consuming, new_secret
from tests.browser.tls_front import certificate

TEXT = '{"type":"drop.created","timestamp":"2026-01-01T00:00:00.000Z","data":{"label":"ü"}}'
PUBLIC = "93.184.216.34"


def found(*addresses: str) -> Lookup:
    """A name that has these addresses."""

    def look_up(host: str, port: int) -> list[tuple[Any, ...]]:
        families = [socket.AF_INET6 if ":" in address else socket.AF_INET for address in addresses]
        return [
            (family, socket.SOCK_STREAM, 6, "", (address, port))
            for family, address in zip(families, addresses, strict=True)
        ]

    return look_up


class Rebinding:
    """A name that shows another address at each look."""

    def __init__(self, *addresses: str) -> None:
        self.left = list(addresses)
        self.looks = 0

    def __call__(self, host: str, port: int) -> list[tuple[Any, ...]]:
        self.looks += 1
        return found(self.left.pop(0))(host, port)


async def post(endpoint: Endpoint, **caller: Any) -> Answer:
    """One try."""
    calling = Caller(endpoint, **caller)
    try:
        return await calling.post("ev_1", TEXT)
    finally:
        await calling.close()


def endpoint_of(consumer: Consumer, *, is_private: bool = True, secrets: tuple[str, ...] = ()) -> Endpoint:
    return Endpoint("siem", consumer.url, secrets or (consumer.secret,), (), is_private)


async def test_the_specifications_library_believes_it() -> None:
    """Body, id, time and signature as they arrive; nothing of it may be changed."""
    async with consuming() as consumer:
        assert await post(endpoint_of(consumer)) == Answer()
        assert consumer.told == [json.loads(TEXT)]
        assert consumer.ids == ["ev_1"]
        [arrived] = consumer.headers
        assert consumer.seen == ["POST /hook"]
        assert arrived["Content-Type"] == "application/json"
        assert "Cookie" not in arrived
        for name, value in {"webhook-id": "ev_2", "webhook-timestamp": str(int(time.time()) - 1)}.items():
            with pytest.raises(WebhookVerificationError):
                Webhook(consumer.secret).verify(consumer.bodies[0], {**arrived, name: value})
        with pytest.raises(WebhookVerificationError):
            Webhook(consumer.secret).verify(consumer.bodies[0] + b" ", arrived)


async def test_while_a_secret_is_replaced_both_are_good() -> None:
    """A consumer that has only the old, or only the new, believes each delivery; one with another does not."""
    new, old = new_secret(), new_secret()
    for secret in (new, old):
        async with consuming(secret) as consumer:
            assert await post(endpoint_of(consumer, secrets=(new, old))) == Answer()
            [arrived] = consumer.headers
            first = headers("ev_1", TEXT, [new], int(arrived["webhook-timestamp"]))["webhook-signature"]
            assert arrived["webhook-signature"].split(" ")[0] == first
    async with consuming() as consumer:
        answer = await post(endpoint_of(consumer, secrets=(new, old)))
        assert answer.why == "answered_401"
        assert consumer.refused == ["No matching signature found"]


async def test_each_try_has_its_own_time_and_the_same_id() -> None:
    """A consumer refuses what is five minutes old; what is tried again for three days is not."""
    async with consuming() as consumer:
        assert (await post(endpoint_of(consumer), now=lambda: time.time() - 600)).why == "answered_401"
        assert await post(endpoint_of(consumer)) == Answer()
        assert [one["webhook-id"] for one in consumer.headers] == ["ev_1", "ev_1"]
        assert consumer.refused == ["Message timestamp too old"]


async def test_an_address_of_the_own_network_needs_its_rule() -> None:
    """Written as an address, or behind a name: nothing is connected to."""
    async with consuming() as consumer:
        refused = endpoint_of(consumer, is_private=False)
        assert (await post(refused)).why == WebhookFault.ADDRESS
        for host in ("localhost", "siem.example.com"):
            named = replace(refused, url=f"http://{host}:{consumer.port}/hook")
            assert (await post(named, lookup=found("127.0.0.1"))).why == WebhookFault.ADDRESS
        assert (await post(replace(refused, url=f"http://[::1]:{consumer.port}/"))).why == WebhookFault.ADDRESS
        assert consumer.seen == []


@pytest.mark.parametrize(
    "addresses", [(PUBLIC, "127.0.0.1"), ("127.0.0.1", PUBLIC), (PUBLIC, "::1"), (PUBLIC, "::ffff:127.0.0.1")]
)
async def test_one_forbidden_address_of_a_name_is_enough(addresses: tuple[str, ...]) -> None:
    """Whoever connects would otherwise choose among them."""
    async with consuming() as consumer:
        named = replace(endpoint_of(consumer, is_private=False), url=f"http://siem.example.com:{consumer.port}/")
        assert (await post(named, lookup=found(*addresses))).why == WebhookFault.ADDRESS
        assert consumer.seen == []


async def test_what_is_connected_to_is_what_was_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name is looked up once for a connection; at the next it is judged anew, and one that has moved is refused."""
    connected: list[str] = []

    async def connect(self: object, sock: socket.socket, address: tuple[Any, ...]) -> None:
        connected.append(address[0])
        raise ConnectionRefusedError

    async with consuming() as consumer:
        name = Rebinding(PUBLIC, "127.0.0.1", "127.0.0.1")
        named = replace(endpoint_of(consumer, is_private=False), url=f"http://siem.example.com:{consumer.port}/")
        calling = Caller(named, lookup=name)
        with monkeypatch.context() as patched:
            patched.setattr(type(asyncio.get_running_loop()), "sock_connect", connect)
            assert (await calling.post("ev_1", TEXT)).why == WebhookFault.AWAY
        assert (connected, name.looks) == ([PUBLIC], 1)
        assert (await calling.post("ev_1", TEXT)).why == WebhookFault.ADDRESS
        await calling.close()
        assert (consumer.seen, name.looks) == ([], 2)


async def test_a_name_is_connected_to_where_it_was_looked_up() -> None:
    """Nothing else knows this name."""
    async with consuming() as consumer:
        named = replace(endpoint_of(consumer), url=f"http://siem.invalid:{consumer.port}/hook")
        assert await post(named, lookup=found("127.0.0.1")) == Answer()
        assert consumer.headers[0]["Host"] == f"siem.invalid:{consumer.port}"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_is_not_followed(status: int) -> None:
    """To 127.0.0.1 it leads least of all; it counts as not taken."""
    async with consuming() as inside:

        def elsewhere(told: object) -> web.Response:
            return web.Response(status=status, headers={"Location": inside.url})

        async with consuming(verdict=elsewhere) as consumer:
            answer = await post(endpoint_of(consumer))
            assert answer == Answer(f"answered_{status}")
            assert len(consumer.seen) == 1
        assert inside.seen == []


async def test_no_proxy_of_the_environment_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """It would connect to what it likes."""
    async with consuming() as proxy, consuming() as consumer:
        for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        assert await post(endpoint_of(consumer)) == Answer()
        assert proxy.seen == []


@pytest.mark.parametrize(
    ("status", "asked", "expected"),
    [
        (200, "", Answer()),
        (202, "60", Answer()),
        (500, "", Answer("answered_500")),
        (404, "", Answer("answered_404")),
        (410, "", Answer("answered_410", is_final=True)),
        (429, "120", Answer("answered_429", later=120.0)),
        (503, "Thu, 01 Jan 1970 00:10:00 GMT", Answer("answered_503", later=500.0)),
        (503, "Thu, 01 Jan 1970 00:00:00 GMT", Answer("answered_503")),
        (503, "-5", Answer("answered_503")),
        (503, "soon", Answer("answered_503")),
        (503, "9" * 30, Answer("answered_503", later=999_999_999.0)),
        (503, "\u0661", Answer("answered_503")),
    ],
)
async def test_what_an_answer_means(status: int, asked: str, expected: Answer) -> None:
    """2xx is taken, 410 is final, and everything else is tried again, when the endpoint asks for it."""
    bare = {"Retry-After": asked} if asked else {}
    async with consuming(verdict=lambda _told: web.Response(status=status, headers=bare)) as consumer:
        # Its clock stands at 1970, at which this consumer would refuse it: the answer comes all the same.
        consumer.is_trusting = True
        assert await post(endpoint_of(consumer), now=lambda: 100.0) == expected


async def test_cookies_are_not_kept() -> None:
    """Each delivery comes alone."""

    def with_cookie(told: object) -> web.Response:
        answer = web.Response(status=500)
        answer.set_cookie("canary", "1")
        return answer

    async with consuming(verdict=with_cookie) as consumer:
        calling = Caller(
            replace(endpoint_of(consumer), url=f"http://siem.invalid:{consumer.port}/"), lookup=found("127.0.0.1")
        )
        for _ in range(2):
            await calling.post("ev_1", TEXT)
        await calling.close()
        assert len(consumer.headers) == 2
        assert not any("Cookie" in one for one in consumer.headers)


async def test_nobody_there() -> None:
    """No port, no name, no TLS, and a name that is none: each says why."""
    async with consuming() as consumer:
        tls = replace(endpoint_of(consumer), url=f"https://127.0.0.1:{consumer.port}/")
        assert (await post(tls)).why == WebhookFault.UNTRUSTED
    assert (await post(endpoint_of(consumer))).why == WebhookFault.AWAY

    def unknown(host: str, port: int) -> list[tuple[Any, ...]]:
        raise socket.gaierror(socket.EAI_NONAME, "unknown")

    named = Endpoint("siem", "https://siem.invalid/", (new_secret(),))
    assert (await post(named, lookup=unknown)).why == WebhookFault.NAME
    assert (await post(named, lookup=found())).why == WebhookFault.NAME
    legacy = Endpoint("siem", "http://127.1:9/", (new_secret(),), (), is_private=True)
    assert (await post(legacy)).why == WebhookFault.NAME


async def test_the_certificate_is_judged_by_the_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever address was judged: the right name is believed, another one and an unknown authority are not."""
    pem = certificate(tmp_path, "siem.example.com")
    serving = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    serving.load_cert_chain(pem)
    async with consuming(tls=serving) as consumer:
        named = replace(endpoint_of(consumer), url=f"https://siem.example.com:{consumer.port}/hook")
        assert (await post(named, lookup=found("127.0.0.1"))).why == WebhookFault.UNTRUSTED
        trusting = ssl.create_default_context(cafile=pem)
        monkeypatch.setattr("aiohttp.connector._SSL_CONTEXT_VERIFIED", trusting)
        assert await post(named, lookup=found("127.0.0.1")) == Answer()
        other = replace(named, url=f"https://other.example.com:{consumer.port}/hook")
        assert (await post(other, lookup=found("127.0.0.1"))).why == WebhookFault.UNTRUSTED
        assert len(consumer.seen) == 1
