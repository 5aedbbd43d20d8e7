"""From what somebody types or chooses to what opens, byte for byte."""

import hashlib
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from store.formats.order_v1 import MOST_BYTES
from store.formats.payload_v1 import File, Text
from store.words import OrderState
from tests.browser.visiting import Visit
from tests.composer.hands import choose, seal
from tests.composer.real_composer import RealComposer
from tests.e2e.contents import Content, files, texts
from tests.e2e.openers import with_command, with_page

pytestmark = pytest.mark.asyncio(loop_scope="session")
CONTENTS = {content.what: content for content in [*texts(), *files()]}


async def enter(page: Page, content: Content) -> None:
    """Type a text, choose a file."""
    if content.file:
        await choose(page, content.file, content.bytes, "application/x-thing")
        await expect(page.locator(".file")).to_contain_text(f"{len(content.bytes):,} byte")
    else:
        await page.fill("#secret", content.bytes.decode())


@pytest.mark.parametrize("what", CONTENTS)
async def test_what_arrives_is_what_was_entered(composer: RealComposer, visit: Visit, what: str) -> None:
    """Nothing is trimmed, normalised or escaped; a file has its name and its type; four words open it."""
    content = CONTENTS[what]
    await visit.come(await composer.order())
    await enter(visit.page, content)
    passphrase = await seal(visit.page)
    assert len(passphrase.split()) == 4
    opened = await composer.opened(passphrase)
    if content.file:
        assert isinstance(opened, File)
        is_large = len(content.bytes) == MOST_BYTES
        expected = "application/octet-stream" if is_large else "application/x-thing"
        assert (opened.name, opened.type) == (content.file, expected)
        assert hashlib.sha256(opened.body).digest() == hashlib.sha256(content.bytes).digest()
    else:
        assert opened == Text(content.bytes.decode())


@pytest.mark.parametrize("what", ["an RSA-4096 key", "10 MiB"])
async def test_page_and_command_open_it(
    composer: RealComposer, chromium: Browser, visit: Visit, tmp_path: Path, what: str
) -> None:
    """Copy and Save of the reader's page, and `sendsecret open`, give the same bytes."""
    for opener in (with_page(chromium), with_command(tmp_path)):
        await visit.page.goto("about:blank")
        await visit.come(await composer.order())
        await enter(visit.page, CONTENTS[what])
        passphrase = await seal(visit.page)
        arrived = await composer.arrived()
        await composer.deliver(arrived.link.id)
        await visit.page.get_by_role("button", name="clear this page").click()
        assert await opener(arrived.url, passphrase) == CONTENTS[what].bytes


async def test_one_byte_over_ten_mebibytes_does_not_fit(composer: RealComposer, visit: Visit) -> None:
    """It is refused, nothing leaves the page, and the one that fits is taken after it."""
    await visit.come(await composer.order())
    await choose(visit.page, "too.bin", bytes(MOST_BYTES + 1))
    await expect(visit.page.locator("#problem")).to_contain_text("That file is too large.")
    await choose(visit.page, "just.bin", bytes(MOST_BYTES))
    await expect(visit.page.locator(".file")).to_contain_text("10,485,760 bytes")
    assert await composer.drop_ids() == []


async def test_what_was_ordered_stands_in_the_header(composer: RealComposer, visit: Visit) -> None:
    """Sender, label and time are the order's, by the server's clock, and the drop uses the order up."""
    composer.home.advance_clock(-400)
    url = await composer.order(lives_seconds=7200)
    await visit.come(url)
    await visit.page.fill("#secret", "s")
    await seal(visit.page)
    header = (await composer.arrived()).header
    assert (header.sender, header.label) == ("Maya Okafor", "Stripe restricted key")
    assert (header.kind, header.form, header.mode) == ("text", "words", "p")
    assert header.expires_at - header.created_at == 7200
    assert abs(header.created_at - composer.web.clock.now_seconds()) < 60
    assert await composer.state(url) is OrderState.USED
