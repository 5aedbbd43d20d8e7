"""
One delivery to an endpoint: signed, posted, and judged by its status alone.

Of the answer nothing else is read but Retry-After, a number of seconds that `webhook_patience` bounds.
"""

import email.utils
import math
import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import aiohttp

from bot import webhook_body
from bot.webhook_connections import AddressRefusedError, Guard, Lookup, look_up, session
from bot.webhook_endpoint import Endpoint
from store.words import WebhookFault

_SECONDS: Final = 10.0
_GONE: Final = 410


@dataclass(frozen=True)
class Answer:
    """
    What became of a try: `why` it was not taken, None where it was.

    `is_final`: no other try is wanted.  `later` are the seconds after which the endpoint asks to be tried.
    """

    why: str | None = None
    is_final: bool = False
    later: float = 0.0


class Caller:
    """Calls one endpoint.  To be closed; `now` is the time by which signatures are judged, in seconds."""

    def __init__(self, endpoint: Endpoint, *, lookup: Lookup = look_up, now: Callable[[], float] = time.time) -> None:
        self._endpoint = endpoint
        self._now = now
        self._guard = Guard(is_private=endpoint.is_private, lookup=lookup)
        self._session = session(self._guard, seconds=_SECONDS)

    async def post(self, message_id: str, text: str) -> Answer:
        """Deliver a text; the same id at each try."""
        headers = webhook_body.headers(message_id, text, self._endpoint.secrets, int(self._now()))
        try:
            # A redirect leads where nobody has looked whether it may lead.
            async with self._session.post(
                self._endpoint.url, data=text.encode(), headers=headers, allow_redirects=False
            ) as answer:
                return _judged(answer.status, answer.headers, self._now())
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            return Answer(_fault(error))

    async def close(self) -> None:
        """Let go of the endpoint."""
        await self._session.close()
        await self._guard.close()


def _judged(status: int, headers: Mapping[str, str], now: float) -> Answer:
    if 200 <= status < 300:
        return Answer()
    return Answer(f"answered_{status}", is_final=status == _GONE, later=_seconds(headers.get("Retry-After", ""), now))


def _seconds(text: str, now: float) -> float:
    """What Retry-After asks for, in seconds or as a date (RFC 9110, 10.2.3); 0 for anything else."""
    try:
        if text.isascii() and text.isdigit():
            return float(text[:9])
        seconds = email.utils.parsedate_to_datetime(text).timestamp() - now
    except (ValueError, OverflowError, TypeError):
        return 0.0
    return max(0.0, seconds) if math.isfinite(seconds) else 0.0


def _fault(error: Exception) -> WebhookFault:
    cause = error.os_error if isinstance(error, aiohttp.ClientConnectorError) else error
    if isinstance(cause, AddressRefusedError):
        return WebhookFault.ADDRESS
    if isinstance(error, TimeoutError):
        return WebhookFault.UNANSWERED
    if isinstance(error, aiohttp.ClientSSLError) or isinstance(cause, ssl.SSLError):
        return WebhookFault.UNTRUSTED
    if isinstance(error, (aiohttp.ClientConnectorDNSError, aiohttp.InvalidURL)):
        return WebhookFault.NAME
    return WebhookFault.NO_HTTP if isinstance(error, aiohttp.ClientResponseError) else WebhookFault.AWAY
