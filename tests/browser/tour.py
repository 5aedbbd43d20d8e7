"""Walks the scenes and writes down what people get there: each scene once, on the first question about it."""

import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Literal

from playwright.async_api import Browser, ViewportSize

from tests.browser import room
from tests.browser.axe import violations
from tests.browser.catalogue import Entry
from tests.browser.scenes import SCENES, showing, standing
from tests.browser.visiting import Visit, plain, visiting

DESKTOP: ViewportSize = {"width": 1280, "height": 800}
PHONE: ViewportSize = {"width": 320, "height": 640}
LOOKS: tuple[tuple[ViewportSize, Literal["light", "dark"]], ...] = ((DESKTOP, "light"), (PHONE, "dark"))
OPTIONS: dict[str, Any] = {"viewport": DESKTOP, "color_scheme": "light", "reduced_motion": "reduce"}
_FOCUS = """() => {
    const here = document.activeElement;
    return here === document.body ? "" : here.id ? `#${here.id}` : here.tagName.toLowerCase();
}"""
_MOMENT = re.compile(r"\w+,? (?:\d+ November|November \d+,) 2026.*?Central European Standard Time")

_HERE = re.compile(r"http://127\.0\.0\.1:\d+")


@dataclass
class Seen:
    """One scene. `tree` is what assistive technology gets; the lists hold what is wrong, and should be empty."""

    tree: str
    title: str
    heading: str
    focus: str
    console: list[str]
    texts: list[tuple[str, str]]
    violations: dict[str, list[str]] = field(default_factory=dict)
    outside: dict[str, list[str]] = field(default_factory=dict)
    small: list[str] = field(default_factory=list)
    unnamed: list[str] = field(default_factory=list)


class Tour:
    """
    `shell_url` speaks the catalogue `words`; with `judged`, axe looks at each scene too. Most scenes share the tab of
    `visit`: a renderer for each would cost more than everything that is looked at.
    """

    def __init__(self, visit: Visit, shell_url: str, words: Mapping[str, Entry], *, judged: bool) -> None:
        self.words = words
        self._visit, self._url, self._judged = visit, shell_url, judged
        self._seen: dict[str, Seen] = {}

    async def seen(self, name: str) -> Seen:
        """What there is in the scene `name`."""
        if name not in self._seen:
            self._seen[name] = await (self._alone(name) if SCENES[name].alone else self._in_turn(name))
        return self._seen[name]

    async def _alone(self, name: str) -> Seen:
        browser = self._visit.page.context.browser
        assert browser is not None
        async with showing(browser, self._url, name, self.words, **OPTIONS) as visit:
            return await self._look(visit, judged=self._judged and SCENES[name].javascript)

    async def _in_turn(self, name: str) -> Seen:
        page = self._visit.page
        await page.goto("about:blank")
        await page.unroute_all()
        await page.set_viewport_size(DESKTOP)
        await page.emulate_media(color_scheme="light")
        self._visit.console.clear()
        async with standing(self._visit, self._url, name, self.words):
            return await self._look(self._visit, judged=self._judged)

    async def _look(self, visit: Visit, *, judged: bool) -> Seen:
        page = visit.page
        seen = Seen(
            tree=undated(await page.locator("body").aria_snapshot()),
            title=plain(await page.title()),
            heading=plain(await page.locator("h1:visible").inner_text()),
            focus=await page.evaluate(_FOCUS),
            console=[line for line in visit.console if "net::ERR_" not in line],
            texts=[(where, text) for where, text in await page.evaluate(room.TEXTS)],
        )
        seen.unnamed = await page.evaluate(room.UNNAMED)
        # Each width and each scheme once: no colour of the page depends on its width.
        for size, scheme in LOOKS:
            await page.set_viewport_size(size)
            if judged:
                await page.emulate_media(color_scheme=scheme)
                found = await violations(page, looks_only=bool(seen.violations))
                seen.violations[f"{size['width']} {scheme}"] = found
        seen.small = await page.evaluate(room.SMALL_TARGETS)
        for direction in ("ltr", "rtl"):
            await page.evaluate("(direction) => { document.documentElement.dir = direction; }", direction)
            seen.outside[direction] = await page.evaluate(room.OUTSIDE)
        return seen


@asynccontextmanager
async def touring(
    browser: Browser, shell_url: str, words: Mapping[str, Entry], *, judged: bool = False
) -> AsyncIterator[Tour]:
    """A tour through the page at `shell_url`."""
    async with visiting(browser, **OPTIONS) as visit:
        yield Tour(visit, shell_url, words, judged=judged)


def undated(text: str) -> str:
    """
    `text` without fences, with "(when)" for the pretended moments, which each browser writes in its own way, and with
    "(here)" for the server, whose port is another each time.
    """
    return _HERE.sub("(here)", _MOMENT.sub("(when)", plain(text)))
