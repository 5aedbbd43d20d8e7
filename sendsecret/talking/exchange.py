"""
One request and its answer. The server is not believed to be ours: no redirect is followed, no answer is read beyond
its bound or unpacked, and every wait has an end.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp
from multidict import CIMultiDictProxy

HEAD_SECONDS: Final = 20
BODY_SECONDS: Final = 60
BODY_BYTES_A_SECOND: Final = 20_000
_PIECE_BYTES: Final = 64 * 1024
Why = Literal["unreachable", "certificate", "proxy", "redirected", "too-large", "slow"]
OnShare = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer as it came."""

    status: int
    headers: CIMultiDictProxy[str]
    body: bytes

    @property
    def content_type(self) -> str:
        """Without its parameters."""
        return self.headers.get("Content-Type", "").split(";")[0].strip().lower()


class NoAnswerError(Exception):
    """Nothing came that could be an answer of ours; whether the request arrived is not known."""

    def __init__(self, why: Why) -> None:
        super().__init__(why)
        self.why: Why = why


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked. `body` is None for a GET; `on_sent(bytes, of)` follows a large one."""

    agent: str
    body: bytes | None = field(default=None, repr=False)
    content_type: str = "application/json"
    bearer: str | None = field(default=None, repr=False)
    on_sent: OnShare | None = None
    idempotency_key: str | None = None
    attempt: str | None = None

    @property
    def headers(self) -> dict[str, str]:
        """Its own, and no more than it needs."""
        headers = {"Accept-Encoding": "identity", "User-Agent": self.agent}
        if self.body is not None:
            headers |= {"Content-Type": self.content_type, "Content-Length": str(len(self.body))}
        if self.idempotency_key is not None:
            headers["Idempotency-Key"] = self.idempotency_key
        if self.attempt is not None:
            headers["Idempotency-Attempt"] = self.attempt
        return headers if self.bearer is None else {**headers, "Authorization": f"Bearer {self.bearer}"}


async def post(
    url: str, members: Mapping[str, str], most_bytes: int, on_share: OnShare, *, through_proxy: bool
) -> Reply:
    """POST one JSON object; `on_share(bytes, of)` follows the answer. Raises NoAnswerError."""
    request = Request("sendsecret-open", json.dumps(members).encode())
    return await ask(url, request, most_bytes, on_share, through_proxy=through_proxy)


async def ask(url: str, request: Request, most_bytes: int, on_share: OnShare, *, through_proxy: bool) -> Reply:
    """One request, and the whole answer. Raises NoAnswerError."""
    proxy = _proxy(url) if through_proxy else None
    try:
        # A connection for each request: a person thinks for minutes between two, and a connection that died
        # meanwhile would look like a lost answer.
        async with (
            asyncio.timeout(HEAD_SECONDS + len(request.body or b"") / BODY_BYTES_A_SECOND) as limit,
            aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(force_close=True),
                cookie_jar=aiohttp.DummyCookieJar(),
                timeout=aiohttp.ClientTimeout(total=None),
                # An answer that unpacks to gigabytes is an old trick; none of ours is packed.
                auto_decompress=False,
            ) as session,
            session.request(
                "GET" if request.body is None else "POST",
                url,
                data=_in_pieces(request),
                headers=request.headers,
                allow_redirects=False,
                proxy=proxy,
            ) as response,
        ):
            # A redirect would carry a token, or link_proof and auth_token, to whomever it names.
            if 300 <= response.status < 400:
                raise NoAnswerError("redirected")
            expected = response.content_length or 0
            if expected > most_bytes:
                raise NoAnswerError("too-large")
            limit.reschedule(asyncio.get_running_loop().time() + BODY_SECONDS + expected / BODY_BYTES_A_SECOND)
            body = bytearray()
            async for chunk in response.content.iter_any():
                body += chunk
                if len(body) > most_bytes:
                    raise NoAnswerError("too-large")
                on_share(len(body), expected)
            return Reply(response.status, response.headers, bytes(body))
    except TimeoutError:
        raise NoAnswerError("slow") from None
    except aiohttp.ClientSSLError:
        raise NoAnswerError("certificate") from None
    except (aiohttp.ClientProxyConnectionError, aiohttp.ClientHttpProxyError):
        raise NoAnswerError("proxy") from None
    # ValueError: what a server wrote into its head, or an environment into a proxy's address, can be anything.
    except (aiohttp.ClientError, OSError, ValueError):
        raise NoAnswerError("unreachable") from None


def _in_pieces(request: Request) -> bytes | AsyncIterator[bytes] | None:
    on_sent = request.on_sent
    if request.body is None or on_sent is None:
        return request.body
    return _telling(request.body, on_sent)


async def _telling(body: bytes, on_sent: OnShare) -> AsyncIterator[bytes]:
    for at in range(0, len(body), _PIECE_BYTES):
        yield body[at : at + _PIECE_BYTES]
        on_sent(min(at + _PIECE_BYTES, len(body)), len(body))


def _proxy(url: str) -> str | None:
    """The proxy that the environment names for this address (HTTPS_PROXY, ALL_PROXY, NO_PROXY)."""
    # Not aiohttp's trust_env, which would also send what ~/.netrc holds for the host.
    parts = urlsplit(url)
    if proxy_bypass(parts.netloc):
        return None
    proxies = getproxies()
    proxy = proxies.get(parts.scheme) or proxies.get("all")
    try:
        is_usable = proxy is None or urlsplit(proxy).scheme in {"http", "https"}
    except ValueError:
        is_usable = False
    if not is_usable:
        raise NoAnswerError("proxy")
    return proxy
