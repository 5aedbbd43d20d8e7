"""Endpoints that answer without end, too late, or in another language: each is a try that came to nothing."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from bot.webhook_call import Answer
from bot.webhook_endpoint import Endpoint
from store.words import WebhookFault
from tests.bot.consumer import new_secret
from tests.bot.test_webhook_call import post


@asynccontextmanager
async def talking(*parts: bytes, hang: bool = False) -> AsyncIterator[Endpoint]:
    """A server that says this, whatever it is asked."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await reader.readuntil(b"}}")
            for part in parts:
                writer.write(part)
                await writer.drain()
            if hang:
                await reader.read()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        yield Endpoint("siem", f"http://127.0.0.1:{port}/", (new_secret(),), (), is_private=True)


async def test_an_answer_is_not_read() -> None:
    """Not its end, which never comes, and not what unpacks to gigabytes."""
    head = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n"
    async with talking(head, b"5\r\nbomb!\r\n", hang=True) as endpoint:
        async with asyncio.timeout(5):
            assert await post(endpoint) == Answer()


async def test_who_speaks_no_http_has_not_taken_it() -> None:
    """Nor who says nothing, or too much."""
    async with talking(b"220 mail.example.com ESMTP\r\n") as endpoint:
        assert (await post(endpoint)).why == WebhookFault.NO_HTTP
    async with talking() as endpoint:
        assert (await post(endpoint)).why == WebhookFault.AWAY
    async with talking(b"HTTP/1.1 200 OK\r\nX: " + b"x" * 100_000) as endpoint:
        assert (await post(endpoint)).why == WebhookFault.NO_HTTP


async def test_who_does_not_answer_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """The bound holds from the lookup to the status."""
    monkeypatch.setattr("bot.webhook_call._SECONDS", 0.3)
    async with talking(hang=True) as endpoint:
        assert (await post(endpoint)).why == WebhookFault.UNANSWERED
