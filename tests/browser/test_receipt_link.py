"""From the shown secret to its receipt: offered once the server has destroyed it, in the way of nothing."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import expect

from store.formats.payload_v1 import Text
from tests.browser.pretend_reader import SILENCE, Answer, PretendReader
from tests.browser.real_reader import RealReader
from tests.browser.real_receipts import Receipts, real_receipts
from tests.browser.visiting import DONE, Visit

pytestmark = pytest.mark.asyncio(loop_scope="session")
RID = "0123456789abcdef" * 2


@pytest_asyncio.fixture(loop_scope="session")
async def shown(tmp_path: Path) -> AsyncIterator[Receipts]:
    """The server."""
    async with real_receipts(tmp_path) as server:
        yield server


async def test_the_receipt_is_one_press_away(shown: Receipts, visit: Visit) -> None:
    """The link opens the receipt's own page in a tab of its own, which knows nothing of this one; the secret stays."""
    drop = await RealReader(shown.url, shown.store).send(Text("s3cret"))
    await visit.come(drop.url)
    await visit.try_passphrase("4711")
    await visit.page.wait_for_selector(DONE)
    link = visit.page.get_by_role("link", name="See the receipt")
    await expect(link).to_have_attribute("rel", "noopener")
    async with visit.page.context.expect_page() as opening:
        await link.click()
    receipt = await opening.value
    await expect(receipt.get_by_role("heading", level=1)).to_have_text("Receipt of destruction")
    await expect(receipt.locator(".outcome")).to_contain_text("that page said that it decrypted it")
    assert await receipt.evaluate("[window.opener, document.referrer]") == [None, ""]
    assert await visit.secret() == "s3cret"
    await visit.page.get_by_role("button", name="I have it, clear this page").click()
    await expect(visit.page.get_by_role("heading", level=1)).to_have_text("This page is clear")
    await expect(visit.page.get_by_role("link", name="See the receipt")).to_be_visible()


async def test_a_receipt_that_comes_late_still_comes(visit: Visit, shell_url: str) -> None:
    """Cleared before the server confirmed: the link appears on the cleared page, and the focus stays where it is."""
    pretend = PretendReader(Text("s3cret"))
    pretend.say("acknowledge", SILENCE)
    await pretend.attach(visit.page)
    await visit.come(pretend.link.url(shell_url))
    await visit.try_passphrase("4711")
    await visit.page.wait_for_selector("text=has not confirmed yet")
    await visit.page.get_by_role("button", name="I have it, clear this page").click()
    await expect(visit.page.get_by_role("heading", level=1)).to_have_text("This page is clear")
    await expect(visit.page.get_by_role("link", name="See the receipt")).to_be_visible(timeout=15_000)
    await expect(visit.page.get_by_role("heading", level=1)).to_be_focused()
    visit.console.clear()


@pytest.mark.parametrize(
    "address",
    [
        None,
        7,
        "",
        "javascript:alert(1)",
        f"https://evil.example/receipts/{RID}",
        f"{{here}}.evil.example/receipts/{RID}",
        f"{{here}}/receipts/{RID}#token",
        f"{{here}}/receipts/{RID}?x",
        f"{{here}}/receipts/../receipts/{RID}",
        f"{{here}}/receipts/{RID}.jws",
        f"{{here}}/receipts/{RID.upper()}",
        "{here}/s/AAAAAAAAAAAAAAAAAAAAAA",
        f"/receipts/{RID}",
    ],
)
async def test_no_other_address_is_offered(visit: Visit, shell_url: str, address: object) -> None:
    """Whatever the answer holds, only the page of a receipt of this very server becomes a link."""
    pretend = PretendReader(Text("s3cret"))
    said = address.replace("{here}", shell_url) if isinstance(address, str) else address
    pretend.say("acknowledge", Answer(200, {"state": "destroyed", "receipt": said}))
    await pretend.attach(visit.page)
    await visit.come(pretend.link.url(shell_url))
    await visit.try_passphrase("4711")
    await visit.page.wait_for_selector(DONE)
    assert await visit.page.get_by_role("link").count() == 0
    assert await visit.secret() == "s3cret"
