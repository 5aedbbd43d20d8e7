"""The frozen vectors of records with a page, run by the page's own code in Chromium."""

import base64
import hashlib
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page

from reveal_web.assets import Asset, load, page_script
from reveal_web.machines import viewer_page
from tests.browser.serving import application, serving

pytestmark = pytest.mark.asyncio(loop_scope="session")
HERE = Path(__file__).parent
VECTORS = json.loads((HERE.parent / "vectors" / "record_page_v1.json").read_text("utf-8"))


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def formats(chromium: Browser) -> AsyncIterator[Page]:
    """A page under the policy of both that holds the viewer's formats as `formats`; the workers are the reader's."""
    page = load("http://127.0.0.1")
    workers = {name: next(path for path in page.files if f"/kdf-{name}-" in path) for name in ("wasm", "plain")}

    def module(name: str) -> str:
        return (HERE / name).read_text("utf-8") if name == "formats_page.js" else viewer_page.source(name)

    script = page_script("formats_page.js", workers, module).encode()
    digest = base64.b64encode(hashlib.sha384(script).digest())
    # The policy asks every script for its integrity hash; one made by hand here keeps the page as strict.
    tag = b'<script type="module" src="/assets/formats.js" integrity="sha384-%s"></script>' % digest
    extra = {"/assets/formats.js": Asset(script, "text/javascript; charset=utf-8", {})}
    app = application(page, extra, b"<!doctype html><title>formats</title>" + tag)
    async with serving(app) as url:
        tab = await chromium.new_page()
        await tab.goto(f"{url}/s/x")
        await tab.wait_for_function("globalThis.formats !== undefined")
        yield tab
        await tab.close()


async def call(page: Page, name: str, case: object) -> Any:
    """One call of a format."""
    return await page.evaluate("([name, value]) => formats[name](value)", [name, case])


async def test_good_vectors_open(formats: Page) -> None:
    """Each to its value, by way of exactly the frozen values."""
    names = ("link_proof", "salt", "stretched", "wrapping", "auth_token", "commit", "value")
    for case in VECTORS["good"]:
        assert await call(formats, "open", case) == {name: case[name] for name in names}, case["name"]


async def test_bad_vectors_are_refused_by_kind(formats: Page) -> None:
    """At the header or as damaged; none opens, and none fails in another way."""
    for case in VECTORS["bad"]:
        assert await call(formats, "open", case) == {"refused": case["expect"]}, case["name"]


async def test_bad_links_are_refused_by_kind(formats: Page) -> None:
    """Cut or malformed, as everywhere else."""
    assert await call(formats, "link", VECTORS["good"][0]) != {"refused": "cut"}
    for case in VECTORS["bad_links"]:
        assert await call(formats, "link", case) == {"refused": case["expect"]}, case["name"]
