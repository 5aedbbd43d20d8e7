"""The way to the server: https with a certificate that is believed, and a proxy that sees no more than a host."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from sendsecret.talking import exchange
from tests.browser.tls_front import certificate, tls_front
from tests.opening.links import PIPED
from tests.opening.pretend_server import PASSPHRASE, PretendServer, pretending
from tests.opening.seat import alone
from tests.programs import free_port

HOST = "drops.example"


def typed(pretend: PretendServer, base: str) -> str:
    """Link and passphrase, the link on another address of the same server."""
    return f"{pretend.link.url(base)}\n{PASSPHRASE}\n"


@dataclass
class Proxy:
    """A proxy that connects everything to one port, and keeps what it was asked in the clear."""

    port: int
    target: int
    refuses: bool = False
    asked: list[bytes] = field(default_factory=list)
    carried: bytearray = field(default_factory=bytearray)

    async def take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        self.asked.append(await reader.readuntil(b"\r\n\r\n"))
        if self.refuses:
            writer.write(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")
        else:
            theirs, ours = await asyncio.open_connection("127.0.0.1", self.target)
            writer.write(b"HTTP/1.1 200 Connected\r\n\r\n")
            await asyncio.gather(self._carry(reader, ours), self._carry(theirs, writer))
        writer.close()

    async def _carry(self, source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            while piece := await source.read(65_536):
                self.carried += piece
                target.write(piece)
                await target.drain()
        target.close()


@asynccontextmanager
async def proxying(target: int, *, refuses: bool = False) -> AsyncIterator[Proxy]:
    """A proxy that is there."""
    proxy = Proxy(free_port(), target, refuses)
    async with await asyncio.start_server(proxy.take, "127.0.0.1", proxy.port):
        yield proxy


@pytest.mark.parametrize("is_trusted", [True, False])
async def test_a_certificate_must_be_believed(tmp_path: Path, is_trusted: bool) -> None:
    """One of an authority that this computer trusts opens; another gets not a byte, exit code 6, and is not retried."""
    port, pem = free_port(), certificate(tmp_path)
    async with pretending() as pretend, tls_front(port, int(pretend.base.rpartition(":")[2]), pem):
        trusted = {"SSL_CERT_FILE": str(pem)} if is_trusted else {}
        done = await alone(
            tmp_path, *PIPED, "--json", typed=typed(pretend, f"https://127.0.0.1:{port}"), settings=trusted
        )
        said = json.loads(done.out)
    if is_trusted:
        assert (done.code, said["text"]) == (0, "sk_live_51"), done.err
    else:
        assert (done.code, said["why"], pretend.raw) == (6, "certificate", [])
        assert "Trying again" not in done.err


async def test_a_proxy_is_used_and_sees_a_host_and_no_more(tmp_path: Path) -> None:
    """CONNECT, then TLS to the server itself; the id is not to be seen in what the proxy carries."""
    port, pem = free_port(), certificate(tmp_path, HOST)
    async with (
        pretending() as pretend,
        tls_front(port, int(pretend.base.rpartition(":")[2]), pem),
        proxying(port) as proxy,
    ):
        settings = {"SSL_CERT_FILE": str(pem), "HTTPS_PROXY": f"http://me:word@127.0.0.1:{proxy.port}"}
        done = await alone(tmp_path, *PIPED, typed=typed(pretend, f"https://{HOST}"), settings=settings)
        assert (done.code, done.out) == (0, b"sk_live_51"), done.err
        assert {head.split(b"\r\n")[0] for head in proxy.asked} == {f"CONNECT {HOST}:443 HTTP/1.1".encode()}
        assert pretend.link.id_text.encode() not in proxy.carried
        assert b"link_proof" not in proxy.carried


@pytest.mark.parametrize("trouble", ["refuses", "away", "of another kind", "no address"])
async def test_a_proxy_in_the_way_is_named(tmp_path: Path, trouble: str) -> None:
    """The person learns that it is the proxy; exit code 6 at once."""
    async with pretending() as pretend, proxying(1, refuses=True) as proxy:
        address = {
            "refuses": f"http://127.0.0.1:{proxy.port}",
            "away": f"http://127.0.0.1:{free_port()}",
            "of another kind": "socks5://127.0.0.1:1080",
            "no address": "http://[",
        }[trouble]
        settings = {"HTTPS_PROXY": address}
        done = await alone(tmp_path, *PIPED, "--json", typed=typed(pretend, f"https://{HOST}"), settings=settings)
        assert (done.code, json.loads(done.out)["why"]) == (6, "proxy"), done.err
        assert "Trying again" not in done.err


async def test_what_stays_on_this_computer_goes_through_no_proxy(tmp_path: Path) -> None:
    """For http to localhost, where a proxy would see everything."""
    async with pretending() as pretend, proxying(1) as proxy:
        settings = {"HTTP_PROXY": f"http://127.0.0.1:{proxy.port}", "http_proxy": f"http://127.0.0.1:{proxy.port}"}
        done = await alone(tmp_path, *PIPED, typed=typed(pretend, pretend.base), settings=settings)
        assert (done.code, proxy.asked) == (0, [])


@pytest.mark.parametrize("after", [b"", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nx"])
async def test_a_server_that_stalls_is_given_up(monkeypatch: pytest.MonkeyPatch, after: bytes) -> None:
    """Before its head, in it, and in its body: every wait has an end."""
    monkeypatch.setattr(exchange, "HEAD_SECONDS", 0.3)
    monkeypatch.setattr(exchange, "BODY_SECONDS", 0.3)

    hung_up = asyncio.Event()

    async def stall(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(after)
        with suppress(ConnectionError):
            await reader.read()
        writer.close()
        hung_up.set()

    async with await asyncio.start_server(stall, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(exchange.NoAnswerError) as given_up:
            await exchange.post(f"http://127.0.0.1:{port}/", {}, 1000, lambda *_: None, through_proxy=False)
        await asyncio.wait_for(hung_up.wait(), 10)
    assert given_up.value.why == "slow"
