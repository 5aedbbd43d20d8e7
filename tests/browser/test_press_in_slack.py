"""A drop that opens only after a press in Slack: the page says where to press, and keeps what was typed."""

import pytest
from playwright.async_api import expect

from store import recipient_verification
from store.formats.payload_v1 import Text
from store.words import Verify
from tests.browser.pretend_reader import SILENCE, PretendReader, problem
from tests.browser.real_reader import RealReader
from tests.browser.visiting import DONE, Visit

pytestmark = pytest.mark.asyncio(loop_scope="session")
AGAIN = "Open it from Slack again: press Open in the message from Sendsecret."
WANTED = problem(403, "verification-required")


async def test_the_door_stays_and_opens_after_the_press(reader: RealReader, visit: Visit) -> None:
    """No try is used up, the passphrase stays in its field, and Enter sends it once more."""
    drop = await reader.send(Text("s3cret"), verify=Verify.SLACK)
    await visit.come(drop.url)
    status, field = visit.page.locator("#status"), visit.page.locator("#passphrase")
    for typed in ("1234", "47 11"):
        await visit.try_passphrase(typed)
        await expect(status).to_contain_text(AGAIN)
        await expect(status).to_contain_text("No try was used up.")
        await expect(field).to_have_value(typed)
        await expect(field).to_be_focused()
        await expect(visit.page.locator("#tries")).to_have_text("5 tries left.")
        await expect(visit.page.locator("#problem")).to_be_empty()
    await recipient_verification.verify(reader.store, drop.link.id)
    await visit.page.keyboard.press("Enter")
    await visit.page.wait_for_selector(DONE)
    assert await visit.secret() == "s3cret"


@pytest.mark.parametrize("act", ["hold", "type"])
async def test_a_deliberate_act_is_asked_for_again(reader: RealReader, visit: Visit, act: str) -> None:
    """Without a passphrase too: the act that opened nothing can be made once more, from where the focus was."""
    drop = await reader.send(Text("s3cret"), None, "free", verify=Verify.SLACK)
    await visit.come(drop.url)
    page = visit.page
    hold, typed = page.get_by_role("button", name="Hold to open"), page.get_by_label("Or type the word")

    async def make() -> None:
        if act == "hold":
            await hold.focus()
            await page.keyboard.down(" ")
        else:
            await typed.press_sequentially("open")

    await make()
    await expect(page.locator("#status")).to_contain_text(AGAIN)
    await expect(page.locator("#status")).to_contain_text("Nothing is used up.")
    if act == "hold":
        await page.keyboard.up(" ")
    await expect(hold if act == "hold" else typed).to_be_focused()
    await recipient_verification.verify(reader.store, drop.link.id)
    await make()
    await page.wait_for_selector(DONE)
    assert await visit.secret() == "s3cret"


async def test_a_lost_answer_before_it_is_not_called_free(visit: Visit, shell_url: str) -> None:
    """It may have been a refusal that was paid for, within the ten minutes: the page says that it cannot tell."""
    pretend = PretendReader(Text("s3cret"))
    pretend.say("claim", SILENCE, WANTED)
    await pretend.attach(visit.page)
    await visit.come(pretend.link.url(shell_url))
    await visit.try_passphrase("4711")
    await expect(visit.page.locator("#status")).to_contain_text("cannot tell whether your try was counted")
    assert "used up" not in await visit.page.inner_text("#status")
    await expect(visit.page.locator("#tries")).to_be_empty()
    visit.console.clear()
