"""A visitor: one tab in a context of its own, and everything it said and asked for."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from playwright.async_api import Browser, ConsoleMessage, Page, Request

DONE = ".ack:has-text('destroyed on the server')"


@dataclass
class Visit:
    """What happens in one tab. `console` holds policy violations and uncaught errors too."""

    page: Page
    console: list[str] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)

    def listen(self) -> None:
        """Keep what the page says and asks for."""

        def said(message: ConsoleMessage) -> None:
            # The browser reports every refusal of a server in the console; those are answers, not faults.
            if not message.text.startswith("Failed to load resource: the server responded with"):
                self.console.append(f"{message.type}: {message.text}")

        def asked(request: Request) -> None:
            self.requests.append(request)

        self.page.on("console", said)
        self.page.on("pageerror", lambda error: self.console.append(f"uncaught: {error}"))
        self.page.on("request", asked)

    async def come(self, url: str) -> None:
        """Load a link and wait until the page knows what to show."""
        await self.page.goto(url)
        await self.settled()

    async def settled(self) -> None:
        """Wait for the first scene."""
        await self.page.wait_for_selector("h1:not(.waiting)")

    async def heading(self) -> str:
        """What the page says first, without the marks that fence names."""
        return plain(await self.page.inner_text("h1"))

    async def text(self) -> str:
        """All that can be read, without the marks that fence names."""
        return plain(await self.page.inner_text("main"))

    async def try_passphrase(self, typed: str) -> None:
        """Type it and press Enter."""
        await self.page.fill("#passphrase", typed)
        await self.page.press("#passphrase", "Enter")

    async def secret(self) -> str:
        """Press Show and read the field."""
        await self.page.get_by_role("button", name="Show").click()
        return await self.page.input_value("#secret")


def plain(text: str) -> str:
    """`text` without directional marks."""
    return text.translate({0x2068: None, 0x2069: None})


@asynccontextmanager
async def visiting(browser: Browser, **options: Any) -> AsyncIterator[Visit]:
    """A tab of a fresh visitor; `options` are those of a browser context."""
    context = await browser.new_context(locale="en-GB", timezone_id="Europe/Berlin", **options)
    context.set_default_timeout(15_000)
    try:
        visit = Visit(await context.new_page())
        visit.listen()
        yield visit
    finally:
        await context.close()
