"""
Connections to webhooks' endpoints: what is connected to is the very address that was found to be allowed.

A name is looked up once for each connection, and refused unless every address of it is allowed: one that shows another
address at the second look gains nothing, since there is none.  The socket is made for an address that is judged once
more, which is how addresses in a URL, which are never looked up, are judged at all.
"""

import asyncio
import socket
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult

from bot import webhook_addresses

_LOOKUPS_AT_ONCE: Final = 2
Lookup = Callable[[str, int], list[tuple[Any, ...]]]


class AddressRefusedError(OSError):
    """An endpoint must not be there.  An OSError, as which it comes through what connects."""

    def __init__(self) -> None:
        super().__init__("an endpoint must not be at this address")


def look_up(host: str, port: int) -> list[tuple[Any, ...]]:
    """What the system knows of a name, as `socket.getaddrinfo` has it."""
    return socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_ADDRCONFIG)


class Guard(AbstractResolver):
    """Which addresses one endpoint may have; `is_private` for any.  Its threads are its own: a name that takes long is
    not to keep the keyring waiting."""

    def __init__(self, *, is_private: bool, lookup: Lookup = look_up) -> None:
        self._is_private = is_private
        self._lookup = lookup
        self._threads = ThreadPoolExecutor(_LOOKUPS_AT_ONCE, thread_name_prefix="webhook-names")

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Every address of a name.  Raises AddressRefusedError unless all of them are allowed, and OSError."""
        found = await asyncio.get_running_loop().run_in_executor(self._threads, self._lookup, host, port)
        results = [_result(host, port, info) for info in found if info[0] in (socket.AF_INET, socket.AF_INET6)]
        if not results:
            raise OSError("a name without an address")
        for result in results:
            self._require(result["host"])
        return results

    def socket(self, info: tuple[Any, ...]) -> socket.socket:
        """The socket for an address that is about to be connected to.  Raises AddressRefusedError."""
        family, kind, protocol, _, address = info
        self._require(str(address[0]))
        return socket.socket(family, kind, protocol)

    def _require(self, address: str) -> None:
        if not self._is_private and not webhook_addresses.is_public(address):
            raise AddressRefusedError

    async def close(self) -> None:
        """Let go of the threads; one that still waits for a name ends with it."""
        self._threads.shutdown(wait=False, cancel_futures=True)


def session(guard: Guard, *, seconds: float) -> aiohttp.ClientSession:
    """
    What calls one endpoint: through no proxy of the environment, with no cookie, each time on a new connection.

    `seconds` bound the whole of a call, the lookup too.
    """
    connector = aiohttp.TCPConnector(
        resolver=guard, use_dns_cache=False, socket_factory=guard.socket, force_close=True, limit=0
    )
    return aiohttp.ClientSession(
        connector=connector,
        cookie_jar=aiohttp.DummyCookieJar(),
        timeout=aiohttp.ClientTimeout(total=seconds),
        trust_env=False,
        auto_decompress=False,
        skip_auto_headers=("Accept-Encoding",),
        headers={"User-Agent": "Sendsecret", "Content-Type": "application/json", "Accept-Encoding": "identity"},
    )


def _result(host: str, port: int, info: tuple[Any, ...]) -> ResolveResult:
    family, _, protocol, _, address = info
    text = str(address[0])
    if family == socket.AF_INET6 and len(address) > 3 and address[3]:
        text = f"{text.partition('%')[0]}%{address[3]}"  # of a link's address it is a part which link
    return ResolveResult(
        hostname=host, host=text, port=port, family=family, proto=protocol, flags=socket.AI_NUMERICHOST
    )
