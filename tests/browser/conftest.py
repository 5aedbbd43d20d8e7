"""One Chromium for all browser tests, and the servers that its tabs visit."""

import base64
import hashlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio
from playwright.async_api import Browser, Page

from reveal_web.assets import Asset, Assets, load, page_script, source
from tests.browser.chromium import running
from tests.browser.real_reader import RealReader, real_reader
from tests.browser.serving import application, serving
from tests.browser.visiting import Visit, visiting

HERE = Path(__file__).parent


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def chromium() -> AsyncIterator[Browser]:
    """A Chromium as readers have it."""
    async with running() as browser:
        yield browser


@pytest_asyncio.fixture(loop_scope="session")
async def visit(chromium: Browser) -> AsyncIterator[Visit]:
    """One visitor. Whatever the test does, the page may not break its own policy or fail silently."""
    async with visiting(chromium) as visitor:
        yield visitor
        assert visitor.console == []


@pytest_asyncio.fixture(loop_scope="session")
async def reader(tmp_path: Path) -> AsyncIterator[RealReader]:
    """The real reveal server on a store of its own."""
    async with real_reader(tmp_path) as running_reader:
        yield running_reader


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def shell_url() -> AsyncIterator[str]:
    """Where the reader's page is served alone; a PretendReader answers what it asks."""
    async with serving(application(load("http://127.0.0.1", demo=True))) as url:
        yield url


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def formats(chromium: Browser) -> AsyncIterator[Page]:
    """A page under the reader's own policy that holds format v1 as `formats`."""
    assets = load("http://127.0.0.1")
    script = _formats_script(assets)
    digest = base64.b64encode(hashlib.sha384(script).digest())
    # The policy asks every script for its integrity hash; one made by hand here keeps the page as strict.
    tag = b'<script type="module" src="/assets/formats.js" integrity="sha384-%s"></script>' % digest
    extra = {"/assets/formats.js": Asset(script, "text/javascript; charset=utf-8", {})}
    app = application(assets, extra, b"<!doctype html><title>formats</title>" + tag)
    async with serving(app) as url:
        page = await chromium.new_page()
        await page.goto(f"{url}/s/x")
        await page.wait_for_function("globalThis.formats !== undefined")
        yield page
        await page.close()


def _formats_script(assets: Assets) -> bytes:
    workers = {name: next(path for path in assets.files if f"/kdf-{name}-" in path) for name in ("wasm", "plain")}

    def source_of(name: str) -> str:
        return (HERE / name).read_text("utf-8") if name == "formats_page.js" else source(name)

    return page_script("formats_page.js", workers, source_of).encode("utf-8")
