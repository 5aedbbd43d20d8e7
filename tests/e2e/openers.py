"""Two ways to open a link: the reader's page, with what its Copy and Save hand out, and the command line."""

from collections.abc import Awaitable, Callable
from pathlib import Path

from playwright.async_api import Browser

from tests.browser.visiting import visiting
from tests.opening.seat import alone

_REMEMBER = (
    "const real = navigator.clipboard.writeText.bind(navigator.clipboard);"
    "navigator.clipboard.writeText = async (text) => { await real(text); globalThis.copied = text; };"
)
"""The page's own policy lets nobody read the clipboard: what was written to it is remembered."""

Opener = Callable[[str, str], Awaitable[bytes]]


def with_page(browser: Browser) -> Opener:
    """In Chromium: a text by Copy, as it is written to the clipboard; a file by Save, out of the download."""

    async def opened(url: str, passphrase: str) -> bytes:
        async with visiting(browser, permissions=["clipboard-write"]) as visit:
            await visit.page.add_init_script(_REMEMBER)
            await visit.come(url)
            await visit.try_passphrase(passphrase)
            copy, save = (visit.page.get_by_role("button", name=name, exact=True) for name in ("Copy", "Save as file"))
            await copy.or_(save).first.wait_for(timeout=60_000)
            if await copy.is_visible():
                await copy.click()
                await visit.page.wait_for_selector("text=Copied.")
                return str(await visit.page.evaluate("globalThis.copied")).encode()
            async with visit.page.expect_download() as download:
                await save.click()
            return (await (await download.value).path()).read_bytes()

    return opened


def with_command(folder: Path) -> Opener:
    """`sendsecret open`, into a file."""

    async def opened(url: str, passphrase: str) -> bytes:
        out = folder / f"opened-{len(list(folder.iterdir()))}"
        typed = f"{url}\n{passphrase}\n"
        done = await alone(folder, "-", "--passphrase-stdin", "-o", str(out), typed=typed)
        assert done.code == 0, done.err
        return out.read_bytes()

    return opened
