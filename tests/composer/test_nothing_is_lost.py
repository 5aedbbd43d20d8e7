"""Lost answers, busy servers, orders that are over: one drop at most, and what was typed stays until it has arrived."""

import re

import pytest
from playwright.async_api import Route, expect

from store import deliveries
from store.formats.payload_v1 import Text
from store.words import OrderState
from tests.browser.visiting import Visit
from tests.composer.hands import SENT, choose, passphrase, seal
from tests.composer.real_composer import RealComposer

pytestmark = pytest.mark.asyncio(loop_scope="session")
SECRET = "rk_live_51Hx"
DROP, LOOK = re.compile(r"/drop$"), re.compile(r"/look$")


async def press(visit: Visit) -> None:
    """Press the button."""
    await visit.page.get_by_role("button", name="Seal it").click()


def answer(status: int, slug: str, **headers: str) -> dict[str, object]:
    """A problem as the server says it."""
    body = f'{{"type": "urn:sendsecret:problem:{slug}", "title": "x", "status": {status}}}'
    return {"status": status, "body": body, "content_type": "application/problem+json", "headers": headers}


async def kept(visit: Visit, words: str) -> None:
    """The form is there with what was typed, it says so, and it says that nothing is lost."""
    await expect(visit.page.locator("#problem")).to_contain_text(words)
    await expect(visit.page.locator("#problem")).to_contain_text(re.compile("[Ww]hat you typed is still here"))
    assert await visit.page.input_value("#secret") == SECRET
    await expect(visit.page.get_by_role("button", name="Seal it")).to_be_enabled()


async def test_a_double_click_makes_one_drop(composer: RealComposer, visit: Visit) -> None:
    """Two clicks, Enter among them: one request hands one drop in."""
    await visit.come(await composer.order())
    await visit.page.fill("#secret", SECRET)
    await visit.page.get_by_role("button", name="Seal it").dblclick()
    await visit.page.evaluate("document.querySelector('form')?.requestSubmit()")
    await passphrase(visit.page)
    assert len(await composer.drop_ids()) == 1
    assert len([request for request in visit.requests if DROP.search(request.url)]) == 1


async def test_a_lost_answer_is_asked_for_again_with_the_same_bytes(composer: RealComposer, visit: Visit) -> None:
    """The server took it and its answer was lost: the page sends the identical body, and it is one drop."""
    lost: list[bytes | None] = []

    async def lose(route: Route) -> None:
        lost.append(route.request.post_data_buffer)
        if len(lost) == 1:
            await route.fetch()
            await route.abort()
        else:
            await route.continue_()

    await visit.page.route(DROP, lose)
    await visit.come(await composer.order())
    await visit.page.fill("#secret", SECRET)
    await press(visit)
    await expect(visit.page.locator("#status")).to_contain_text("Nothing is lost")
    words = await passphrase(visit.page)
    assert lost[0] == lost[1]
    assert await composer.opened(words) == Text(SECRET)
    visit.console[:] = [line for line in visit.console if "net::ERR_FAILED" not in line]


async def test_a_busy_server_is_waited_for_and_can_be_hurried(composer: RealComposer, visit: Visit) -> None:
    """503 with Retry-After: a countdown, a button that tries at once, the passphrase in view, and then it arrives."""
    busy = True

    async def refuse(route: Route) -> None:
        if busy:
            await route.fulfill(**answer(503, "busy", **{"retry-after": "60"}))  # type: ignore[arg-type]
        else:
            await route.continue_()

    await visit.page.route(DROP, refuse)
    await visit.come(await composer.order())
    await choose(visit.page, "a.bin", b"bytes")
    await press(visit)
    await expect(visit.page.locator("#status")).to_contain_text("other large files")
    await expect(visit.page.locator(".count")).to_contain_text(re.compile(r"0:5\d|1:00"))
    words = await visit.page.inner_text(".made")
    assert await composer.drop_ids() == []
    busy = False
    await visit.page.get_by_role("button", name="Try now").click()
    assert await passphrase(visit.page) == words
    assert len(await composer.drop_ids()) == 1


async def test_a_server_that_is_away_loses_nothing(composer: RealComposer, visit: Visit) -> None:
    """No answer to the look before sealing: the form says so, and the next press works."""
    await visit.come(await composer.order())
    await visit.page.fill("#secret", SECRET)
    await visit.page.route(LOOK, lambda route: route.abort())
    await press(visit)
    await kept(visit, "The server does not answer, so nothing was sealed.")
    await visit.page.unroute(LOOK)
    assert await composer.opened(await seal(visit.page)) == Text(SECRET)
    visit.console[:] = [line for line in visit.console if "net::ERR_FAILED" not in line]


async def test_an_order_whose_time_is_over_keeps_what_was_typed(composer: RealComposer, visit: Visit) -> None:
    """The page says so, creates nothing, and the text can still be copied."""
    await visit.come(await composer.order())
    await visit.page.fill("#secret", SECRET)
    composer.home.advance_clock(901)
    await press(visit)
    await kept(visit, "The time of this page is over, so nothing was sealed.")
    assert await composer.drop_ids() == []


async def test_an_order_that_was_used_meanwhile_keeps_what_was_typed(composer: RealComposer, visit: Visit) -> None:
    """Somebody was faster, in another tab: this page says so and hands nothing in."""
    url = await composer.order()
    await visit.come(url)
    await visit.page.fill("#secret", SECRET)
    other = await visit.page.context.new_page()
    await other.goto(url)
    await other.fill("#secret", "first")
    words = await seal(other)
    await press(visit)
    await kept(visit, "Something was sealed with this link already, so this was not.")
    assert await composer.opened(words) == Text("first")


@pytest.mark.parametrize(
    ("status", "slug", "words"),
    [
        (409, "order-used", "Something was sealed with this link already"),
        (422, "unacceptable", "Its time counts, not your computer's"),
        (413, "too-large", "That is more than fits"),
        (404, "not-found", "The time of this page is over, so nothing was sealed."),
        (400, "malformed", "do not understand each other"),
    ],
)
async def test_a_refusal_gives_the_secret_back(
    composer: RealComposer, visit: Visit, status: int, slug: str, words: str
) -> None:
    """Whatever the server says no to: the form is back with what was typed, and a second press seals it."""
    await visit.come(await composer.order())
    await visit.page.fill("#secret", SECRET)
    await visit.page.route(DROP, lambda route: route.fulfill(**answer(status, slug)))
    await press(visit)
    await expect(visit.page.locator("#problem")).to_contain_text(words)
    assert await visit.page.input_value("#secret") == SECRET
    await visit.page.unroute(DROP)
    assert await composer.opened(await seal(visit.page)) == Text(SECRET)


async def test_a_computer_whose_clock_is_wrong_seals_all_the_same(composer: RealComposer, visit: Visit) -> None:
    """A browser that believes to be years away: the header has the server's time."""
    await visit.page.clock.set_system_time(946_684_800_000)
    await visit.come(await composer.order())
    await visit.page.fill("#secret", SECRET)
    assert await composer.opened(await seal(visit.page)) == Text(SECRET)


async def test_a_used_order_offers_nothing_to_seal(composer: RealComposer, visit: Visit) -> None:
    """Loaded again, the page says that it was sealed and what became of the link."""
    url = await composer.order()
    await visit.come(url)
    await visit.page.fill("#secret", SECRET)
    await seal(visit.page)
    await visit.page.get_by_role("button", name="clear this page").click()
    await visit.page.goto("about:blank")
    await visit.come(url)
    assert await visit.heading() == "This was sealed already"
    assert await visit.page.locator("textarea, button").count() == 0
    await composer.deliver((await composer.drop_ids())[0])
    await expect(visit.page.locator(".ack")).to_contain_text("has brought the link")


async def test_the_page_says_when_the_link_was_brought(composer: RealComposer, visit: Visit) -> None:
    """Waiting, then brought; also after the page was cleared."""
    await visit.come(await composer.order())
    await visit.page.fill("#secret", SECRET)
    await seal(visit.page)
    await expect(visit.page.locator(".ack")).to_contain_text("is being asked")
    await visit.page.get_by_role("button", name="clear this page").click()
    await composer.deliver((await composer.drop_ids())[0])
    await expect(visit.page.locator(".ack")).to_contain_text("The bot has brought the link to")


async def test_a_link_that_could_not_be_brought_is_said(composer: RealComposer, visit: Visit) -> None:
    """The drop is destroyed then, and the page says so."""
    await visit.come(await composer.order())
    await visit.page.fill("#secret", SECRET)
    await seal(visit.page)
    assert await deliveries.record_undelivered(composer.bot, (await composer.drop_ids())[0])
    await expect(visit.page.locator(".ack")).to_contain_text("so the secret was destroyed")


async def test_a_bot_that_is_away_is_waited_for_in_calm_words(composer: RealComposer, visit: Visit) -> None:
    """For how long it has not been seen, until when it may come, and an end to the looking."""
    await visit.page.clock.install()
    await visit.come(await composer.order())
    await visit.page.fill("#secret", SECRET)
    await seal(visit.page)
    word = visit.page.locator(".ack")
    for seconds, words in ((200, "for 3 minutes"), (900, "This page has stopped looking.")):
        await visit.page.clock.fast_forward(seconds * 1000)
        await expect(word).to_contain_text(words)
    looks = len([request for request in visit.requests if LOOK.search(request.url)])
    await visit.page.clock.fast_forward(60_000)
    assert len([request for request in visit.requests if LOOK.search(request.url)]) == looks


@pytest.mark.parametrize("spoilt", ["**/kdf-wasm-*", "**/kdf-*"])
async def test_a_browser_that_lacks_a_worker(composer: RealComposer, visit: Visit, spoilt: str) -> None:
    """Without WebAssembly plain JavaScript seals; without either the text stays, and the next press may work."""
    await visit.page.route(spoilt, lambda route: route.abort())
    await visit.come(await composer.order())
    await visit.page.fill("#secret", SECRET)
    if spoilt == "**/kdf-*":
        await press(visit)
        await kept(visit, "Nothing was sealed, and what you typed")
        await visit.page.unroute(spoilt)
    assert await composer.opened(await seal(visit.page)) == Text(SECRET)
    visit.console[:] = [line for line in visit.console if "net::ERR_FAILED" not in line]


async def test_looking_and_running_the_script_uses_nothing_up(composer: RealComposer, visit: Visit) -> None:
    """A scanner that loads, waits, presses Enter in an empty form and leaves: the order is as open as before."""
    url = await composer.order()
    for _ in range(2):
        await visit.page.goto("about:blank")
        await visit.come(url)
        await press(visit)
        await expect(visit.page.locator("#problem")).to_contain_text("Type or paste the secret first")
    assert await composer.state(url) is OrderState.OPEN
    assert await composer.drop_ids() == []
    assert await visit.page.locator(SENT).count() == 0
