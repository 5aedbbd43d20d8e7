"""
Every view and message of the bot, drawn by the pretend workspace, in every way in which a drop can stand.

A view has a picture of its own; messages stand together on a sheet for each kind, each different one once.
"""

import json
import re
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterator
from typing import Any, Final

from playwright.async_api import Browser, Locator, Page

from sandbox.block_kit.surfaces import home, modal
from sandbox.conversations import Message
from sandbox.fixtures import BOT, BOT_USER, MAYA, MAYA_DANA
from sandbox.running import Sandbox
from tests.bot.shapes import shapes

Snap = Callable[[str, Page], Awaitable[None]]
Json = dict[str, Any]

SHEETS: Final = (
    "arrived in a DM",
    "arrived in a conversation",
    "tombstone",
    "parent",
    "entry",
    "status",
    "news",
    "anchor",
    "pack",
    "request",
    "leak",
    "told",
)
LONGEST_WORDS: Final = re.compile(r"\b(longest|long|ten|all)\b")
_MOST_ON_A_SHEET: Final = 30
TALLEST: Final = 12_000


def views() -> dict[str, Json]:
    """Each view by its picture's name."""
    named = {picture_of(name): body for name, kind, body in shapes() if kind == "view"}
    different: dict[str, str] = {}
    for name, body in named.items():
        different.setdefault(_looks(body), name)
    return {name: named[name] for name in different.values()}


def homes() -> dict[str, Json]:
    """Each state of the Home tab by its picture's name."""
    return {picture_of(name): body for name, kind, body in shapes() if kind == "home"}


def sheets() -> Iterator[tuple[str, list[Json]]]:
    """The name of each sheet's picture, and its messages."""
    different: dict[str, dict[str, Json]] = defaultdict(dict)
    for name, kind, body in shapes():
        if kind == "message":
            different[sheet_of(name)].setdefault(_looks(body), body)
    for sheet, messages in different.items():
        ordered = list(messages.values())
        for first in range(0, len(ordered), _MOST_ON_A_SHEET):
            number = f"-{first // _MOST_ON_A_SHEET + 1}" if len(ordered) > _MOST_ON_A_SHEET else ""
            yield picture_of(f"messages {sheet}") + number, ordered[first : first + _MOST_ON_A_SHEET]


def sheet_of(name: str) -> str:
    """The sheet on which a message stands; the longest words have sheets of their own."""
    kind = next((sheet for sheet in SHEETS if name.startswith(sheet)), SHEETS[-1])
    return f"{kind}, longest" if LONGEST_WORDS.search(name) else kind


def picture_of(name: str) -> str:
    """A shape's name as that of a file."""
    return "slack-" + re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")


def _looks(body: Json) -> str:
    """What a shape looks like: without ids and passphrases, which differ and tell nothing apart."""
    text = re.sub(r'"[A-Za-z0-9_-]{22}"|"(?:drop-|refused-)[^"]*"', '"id"', json.dumps(body))
    return re.sub(r"\b[0-9]{4} [0-9]{4}\b", "0000 0000", text)


async def draw(browser: Browser, snap: Snap, *, tallest: int = TALLEST, **context: Any) -> None:
    """Draw all of them for Maya, up to a height; what is below is scrolled to."""
    async with Sandbox() as sandbox:
        tabs = await browser.new_context(**context)
        page = await tabs.new_page()
        await page.goto(sandbox.url)
        maya = page.locator(f"section[data-user={MAYA}]")
        await maya.wait_for()
        for name, view in views().items():
            await _draw_view(sandbox, page, maya, view, tallest)
            await snap(name, page)
        sandbox.workspace.modals.clear(MAYA)
        await _homes(sandbox, page, maya, snap, tallest)
        await _sheets(sandbox, page, maya, snap, tallest)
        await tabs.close()


async def _draw_view(sandbox: Sandbox, page: Page, maya: Locator, view: Json, tallest: int) -> None:
    sandbox.workspace.modals.open(MAYA, modal(view), sandbox.workspace.conversations[MAYA_DANA])
    sandbox.workspace.changes.tell()
    dialog = maya.get_by_role("dialog")
    await dialog.get_by_text(view["title"]["text"], exact=True).first.wait_for()
    # The whole of it, however long: a modal scrolls inside.
    width = (page.viewport_size or {"width": 1280})["width"]
    await page.set_viewport_size({"width": width, "height": tallest // 4})
    inside = await dialog.evaluate("e => Math.max(...[e, ...e.querySelectorAll('*')].map(x => x.scrollHeight))")
    await page.set_viewport_size({"width": width, "height": min(max(int(inside) + 260, 640), tallest)})


async def _homes(sandbox: Sandbox, page: Page, maya: Locator, snap: Snap, tallest: int) -> None:
    width = (page.viewport_size or {"width": 1280})["width"]
    await maya.get_by_role("button", name="Sendsecret").first.click()
    await maya.get_by_role("tab", name="Home").click()
    shown = maya.get_by_role("tabpanel", name="Home")
    for name, body in homes().items():
        await page.set_viewport_size({"width": width, "height": 400})
        before = await shown.inner_text()
        sandbox.workspace.modals.publish(MAYA, home(body))
        sandbox.workspace.changes.tell()
        while await shown.inner_text() == before:
            await page.wait_for_timeout(20)
        tall = await shown.evaluate("e => Math.max(...[e, ...e.querySelectorAll('*')].map(x => x.scrollHeight))")
        await page.set_viewport_size({"width": width, "height": min(int(tall) + 260, tallest)})
        await snap(name, page)


async def _sheets(sandbox: Sandbox, page: Page, maya: Locator, snap: Snap, tallest: int) -> None:
    place = sandbox.workspace.bot_dm(MAYA)
    assert place is not None
    width = (page.viewport_size or {"width": 1280})["width"]
    await page.set_viewport_size({"width": width, "height": 800})
    for name, messages in sheets():
        place.messages.clear()
        for body in messages:
            ts = sandbox.workspace.new_ts()
            sandbox.workspace.post(
                Message(ts, place.id, BOT_USER, body["text"], body["blocks"], bot_id=BOT), crawl=False
            )
        # The tab and not the conversation, which would show Home where the page has not heard of these yet.
        await maya.get_by_role("tab", name="Messages").click()
        rows = maya.locator("[data-ts]")
        await rows.nth(len(messages) - 1).wait_for()
        await page.set_viewport_size({"width": width, "height": 400})
        tall = await maya.evaluate("e => Math.max(...[...e.querySelectorAll('*')].map(x => x.scrollHeight))")
        await page.set_viewport_size({"width": width, "height": min(int(tall) + 300, tallest)})
        await snap(name, page)
