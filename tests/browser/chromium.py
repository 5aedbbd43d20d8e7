"""How the system's Chromium is started for these tests: headless, silent on the network, ended with its fixture."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import Browser, async_playwright

from tests.chromium import FLAGS, path

# V8 without compilers has no WebAssembly either, like the lockdown modes of phones. The older --noexpose_wasm leaves
# WebAssembly where it is in current versions.
LOCKDOWN = "--js-flags=--jitless"


@asynccontextmanager
async def running(*flags: str) -> AsyncIterator[Browser]:
    """A Chromium with further command line `flags`. Without one the test fails; it is never skipped."""
    executable = path()
    if executable is None:
        pytest.fail("There is no Chromium on PATH; `python -m tests.chromium` says how to get one.")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=executable, args=[*FLAGS, *flags])
        try:
            yield browser
        finally:
            await browser.close()
