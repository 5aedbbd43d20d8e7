"""
What the reader's page costs: bytes before the click, and how long a reader waits for it: `python -m bench.page`.

The real web program and a desktop Chromium on this machine, over loopback; each visit has an empty cache.
"""

import asyncio
import os
import statistics
import tempfile
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import click

from bench.figures import table
from bench.ours import as_bot, web
from bench.visit import Visit, visit
from reveal_web.assets import load
from store import creation
from store.opened import Store
from tests.browser.chromium import running
from tests.programs import Call
from tests.stores import Home, seal

_SECRET, _PASSPHRASE = "sk_live_of_the_bench", "correct horse battery staple"
_WARMING = 2


@dataclass(frozen=True)
class Size:
    """One file, in bytes: unpacked, as a browser gets it, and that with the head of the answer."""

    name: str
    plain: int
    sent: int
    whole: int

    @property
    def figures(self) -> tuple[int, int, int]:
        """All three."""
        return self.plain, self.sent, self.whole


@asynccontextmanager
async def served(folder: Path) -> AsyncIterator[tuple[Store, str]]:
    """A web program, the store behind it, and its address."""
    home = Home(folder, f"sqlite+aiosqlite:///{folder}/store.db")
    await home.prepare()
    async with web(home, is_public=True) as program, as_bot(home) as store:
        yield store, f"http://localhost:{program.port}"


async def measure(visits: int) -> tuple[list[Visit], list[Size]]:
    """So many visits, each to a drop of its own, and what a browser with a window loads before the click."""
    found = []
    with tempfile.TemporaryDirectory(prefix="bench") as folder:
        async with served(Path(folder)) as (store, url), running() as browser:
            for _ in range(_WARMING + visits):
                sealed = seal(secret=_SECRET, passphrase=_PASSPHRASE.encode())
                await creation.create(store, sealed.new)
                found.append(await visit(browser, sealed.link.url(url), _PASSPHRASE))
            # A browser without a window asks for no icon.
            paths = list(dict.fromkeys((*found[0].asked, *(path for path in load(url).files if "/icon-" in path))))
            sizes = [await _size(url, path) for path in paths]
    return found[_WARMING:], sizes


async def _size(url: str, path: str) -> Size:
    plain, sent = [
        await Call(urlsplit(url).port or 0, "GET", path, headers={"Accept-Encoding": coding}).answer()
        for coding in ("identity", "gzip, deflate, br, zstd")
    ]
    head = sum(len(f"{name}: {value}\r\n") for name, value in sent.headers.items())
    name = path.rsplit("/", 1)[-1] if path.startswith("/assets/") else "the page itself"
    return Size(name, len(plain.body), len(sent.body), len(sent.body) + head)


def shown(found: Sequence[Visit], sizes: Sequence[Size]) -> str:
    """Both tables."""
    whole = Size("together", *(sum(figures) for figures in zip(*(one.figures for one in sizes), strict=True)))
    loaded = table(
        ["bytes before the click", "as written", "as sent", "with its head"],
        [(one.name, *(f"{figure:,}" for figure in one.figures)) for one in (*sizes, whole)],
    )
    rows: list[tuple[str, Callable[[Visit], float]]] = [
        ("address to door", lambda one: one.door),
        ("Enter to secret", lambda one: one.secret),
        ("in it: deriving the key (Argon2id, WebAssembly)", lambda one: one.deriving),
        ("in it: the claim, asked and answered", lambda one: one.claiming),
        ("in it: from the answer to the screen", lambda one: one.opening),
    ]
    times = table(
        [f"{len(found)} visits, cold cache, ms", "median", "fastest", "slowest"],
        [(name, *_three([figure(one) for one in found])) for name, figure in rows],
    )
    return f"{loaded}\n\n{times}"


def _three(values: Sequence[float]) -> tuple[str, str, str]:
    return f"{statistics.median(values):.0f}", f"{min(values):.0f}", f"{max(values):.0f}"


@click.command()
@click.option("--visits", default=20, show_default=True, help="How often somebody comes.")
def main(visits: int) -> None:
    """What the reader's page costs."""
    before = os.getloadavg()[0]
    print(shown(*asyncio.run(measure(visits))))
    print(f"\n{os.cpu_count()} processors; load average {before:.1f} before and {os.getloadavg()[0]:.1f} after.")


if __name__ == "__main__":
    main()
