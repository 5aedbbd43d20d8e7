"""The buttons of pages to seal on, pressed by people: once, twice, and after a no to the question."""

from playwright.async_api import Browser, expect

from bot import request_wording
from sandbox.fixtures import DANA, MAYA
from tests.bot.sealing_outside import order_in, urls_in
from tests.browser.visiting import visiting
from tests.e2e.acting import answer_to, new_label, press, press_by_hand
from tests.e2e.reading import mark, reads
from tests.e2e.sealing_outside import look
from tests.e2e.walks import typed
from tests.e2e.workplace import Workplace


async def open_composer(at: Workplace, browser: Browser) -> None:
    """It opens the page, as often as it is pressed, and uses nothing up."""
    label = new_label()
    await typed(at, MAYA, f"request @dana {label}", "request_wording.DONE")
    message = await reads(at, DANA, request_wording.ASKED, about=label)
    [url] = urls_in(message)
    for _ in range(2):
        clicked = await at.sandbox.click(DANA, "open_composer", message["conversation"], message["ts"])
        assert clicked == {"outcome": "acked", "opens": url}
        async with visiting(browser) as dana:
            await dana.come(url)
            await expect(dana.page.locator("h1")).to_contain_text("asks you for a secret")
            await expect(dana.page.get_by_text(label)).to_be_visible()
    assert (await look(at, order_in(url)))["state"] == "open"


async def take_back(at: Workplace, browser: Browser) -> None:
    """The page is dead, both messages say so, and a second press says that there is nothing more to do."""
    label, before = new_label(), mark(at)
    await typed(at, MAYA, f"request @dana {label}", "request_wording.DONE")
    message = await reads(at, DANA, request_wording.ASKED, about=label)
    waiting = await reads(at, MAYA, request_wording.WAITING_KIND, after=before)
    [url] = urls_in(message)
    await press(at, MAYA, "take_back", waiting, confirmed=False)
    assert (await look(at, order_in(url)))["state"] == "open"
    [block] = [block for block in waiting["blocks"] if block["type"] == "actions"]
    pressed = await press(at, MAYA, "take_back", waiting)
    await answer_to(at, MAYA, pressed, request_wording.TAKEN_BACK_NOW)
    await reads(at, MAYA, request_wording.TAKEN_BACK, after=before, lacks='"take_back"')
    await reads(at, DANA, request_wording.OVER, after=before, lacks="open_composer")
    async with visiting(browser) as dana:
        await dana.come(url)
        await expect(dana.page.locator("h1")).not_to_contain_text("asks you")
    pressed = await press_by_hand(at, MAYA, "take_back", waiting, block["elements"][0]["value"])
    await answer_to(at, MAYA, pressed, request_wording.IS_OVER)
