"""Slack's crawler: it GETs every URL in a posted message unless both unfurl flags are false.

It fetches from this computer only, so that nothing leaves it; other addresses are noted as not fetched.
It does not run scripts, follow redirects or send the fragment.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import aiohttp

from sandbox.changes import Changes
from sandbox.conversations import Message
from sandbox.rules import Conduct, when

AGENT = "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)"
LOOPBACK = {"localhost", "127.0.0.1", "::1"}
IN_TEXT = re.compile(r"https?://[^\s<>|\"']+")
STAYS_AWAY = Conduct(
    "crawler: both unfurl flags false keep it away",
    "messaging/unfurling-links-in-messages",
    when(
        lambda message: message.unfurl_links is False and message.unfurl_media is False,
        "a message with both flags false is not crawled",
    ),
)


@dataclass(frozen=True)
class Visit:
    """One URL the crawler met. `status` is the HTTP status; None = not fetched or no answer."""

    url: str
    ts: str
    status: int | None


class Crawler:
    """Fetches, and remembers what it met."""

    def __init__(self, changes: Changes) -> None:
        self.changes = changes
        self.visits: list[Visit] = []
        self._session: aiohttp.ClientSession | None = None

    async def look_at(self, message: Message) -> None:
        if STAYS_AWAY.check(message):
            return
        for url in dict.fromkeys(addresses([message.text, *message.blocks])):
            self.visits.append(Visit(url, message.ts, await self._get(url)))
            self.changes.tell()

    async def _get(self, url: str) -> int | None:
        if urlsplit(url).hostname not in LOOPBACK:
            return None
        if self._session is None:
            self._session = aiohttp.ClientSession(
                headers={"User-Agent": AGENT}, timeout=aiohttp.ClientTimeout(total=10)
            )
        try:
            async with self._session.get(url, allow_redirects=False) as answer:
                await answer.read()
                return answer.status
        except (aiohttp.ClientError, TimeoutError, ValueError):
            return None

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()


def addresses(part: Any) -> Iterator[str]:
    """Every http(s) URL in a text, a block or a list of them."""
    if isinstance(part, str):
        yield from IN_TEXT.findall(part)
    elif isinstance(part, dict):
        for value in part.values():
            yield from addresses(value)
    elif isinstance(part, list):
        for one in part:
            yield from addresses(one)
