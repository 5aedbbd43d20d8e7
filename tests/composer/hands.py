"""What a person does on the composer's page."""

from playwright.async_api import Page

SENT = "h1:has-text('Sealed for')"


async def seal(page: Page) -> str:
    """Press the button and wait until it is handed in; the passphrase that the page shows."""
    await page.get_by_role("button", name="Seal it").click()
    return await passphrase(page)


async def passphrase(page: Page) -> str:
    """Wait until it is handed in; the four words."""
    await page.wait_for_selector(SENT)
    return await page.inner_text(".made")


async def choose(page: Page, name: str, content: bytes, media_type: str = "application/octet-stream") -> None:
    """Choose a file."""
    async with page.expect_file_chooser() as chooser:
        await page.get_by_role("button", name="Choose").click()
    await (await chooser.value).set_files({"name": name, "mimeType": media_type, "buffer": content})
