"""What a person does on the composer's page."""

from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.async_api import Page

_LARGE = 1024 * 1024
"""More than this takes the test's own pipe to the browser half a minute."""

SENT = "h1:has-text('Sealed for')"


async def seal(page: Page) -> str:
    """Press the button and wait until it is handed in; the passphrase that the page shows."""
    await page.get_by_role("button", name="Seal it").click()
    return await passphrase(page)


async def passphrase(page: Page) -> str:
    """Wait until it is handed in; the four words."""
    await page.wait_for_selector(SENT, timeout=60_000)
    return await page.inner_text(".made")


async def choose(page: Page, name: str, content: bytes, media_type: str = "application/octet-stream") -> None:
    """Choose a file; of a large one, which has to lie on a disk, the browser tells the type from the name."""
    async with page.expect_file_chooser() as chooser:
        await page.get_by_role("button", name="Choose").click()
    if len(content) <= _LARGE:
        await (await chooser.value).set_files({"name": name, "mimeType": media_type, "buffer": content})
        return
    with TemporaryDirectory() as folder:
        (Path(folder) / name).write_bytes(content)
        await (await chooser.value).set_files(Path(folder) / name)
        await page.wait_for_selector(".file, #problem:not(:empty)")
