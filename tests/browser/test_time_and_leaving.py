"""How long a secret stays on the page, and what happens when the page goes away."""

import pytest
from playwright.async_api import expect

from store.formats.payload_v1 import File, Text
from tests.browser.pretend_reader import SILENCE, PretendReader, problem
from tests.browser.visiting import DONE, Visit

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def reveal(visit: Visit, pretend: PretendReader, shell_url: str) -> None:
    """Open the drop; its secret is on the page afterwards."""
    await pretend.attach(visit.page)
    await visit.come(pretend.link.url(shell_url))
    await visit.try_passphrase("4711")
    await visit.page.wait_for_selector("#secret")


async def test_the_page_warns_and_then_clears_itself(visit: Visit, shell_url: str) -> None:
    """At four minutes it warns, at five the secret is gone."""
    await visit.page.clock.install()
    await reveal(visit, PretendReader(Text("s3cret")), shell_url)
    await visit.page.clock.fast_forward("03:50")
    await expect(visit.page.get_by_role("button", name="Five more minutes")).to_be_hidden()
    await visit.page.clock.fast_forward("00:15")
    await expect(visit.page.get_by_role("button", name="Five more minutes")).to_be_visible()
    await expect(visit.page.locator("#problem")).to_contain_text("This page clears itself in less than a minute.")
    await visit.page.clock.fast_forward("01:00")
    await visit.page.wait_for_selector("text=This page is clear")
    assert await visit.page.locator("#secret").count() == 0


async def test_five_more_minutes_are_five_more_minutes(visit: Visit, shell_url: str) -> None:
    """Asked for in time, the secret stays for another five minutes and no longer."""
    await visit.page.clock.install()
    await reveal(visit, PretendReader(Text("s3cret")), shell_url)
    await visit.page.clock.fast_forward("04:30")
    await visit.page.get_by_role("button", name="Five more minutes").click()
    await visit.page.clock.fast_forward("04:30")
    assert await visit.secret() == "s3cret"
    await visit.page.clock.fast_forward("00:31")
    await visit.page.wait_for_selector("text=This page is clear")


@pytest.mark.parametrize("file", [False, True])
async def test_five_more_minutes_keep_the_keyboard_where_it_was(visit: Visit, shell_url: str, file: bool) -> None:
    """Asked for by keyboard, the focus goes back to the secret, and the five minutes are said aloud."""
    await visit.page.clock.install()
    pretend = PretendReader(File("a.bin", "application/octet-stream", b"s3cret") if file else Text("s3cret"))
    await pretend.attach(visit.page)
    await visit.come(pretend.link.url(shell_url))
    await visit.try_passphrase("4711")
    await visit.page.wait_for_selector(DONE)
    await visit.page.clock.fast_forward("04:30")
    more = visit.page.get_by_role("button", name="Five more minutes")
    await more.focus()
    await visit.page.keyboard.press("Enter")
    await expect(more).to_be_hidden()
    holder = visit.page.get_by_role("button", name="Save as file") if file else visit.page.locator("#secret")
    await expect(holder).to_be_focused()
    await expect(visit.page.get_by_role("status").get_by_text("You have five more minutes.")).to_be_visible()
    await expect(visit.page.locator("#problem")).to_have_text("")


async def test_clearing_leaves_no_cut_link_behind(visit: Visit, shell_url: str) -> None:
    """After a cut link was mended, opened and cleared, no entry of the history holds characters of its key."""
    pretend = PretendReader(Text("s3cret"))
    await pretend.attach(visit.page)
    whole = pretend.link.url(shell_url)
    await visit.page.goto("about:blank")
    await visit.come(whole[:-2])
    await visit.page.fill("textarea", whole)
    await visit.page.get_by_role("button", name="Open").click()
    await visit.try_passphrase("4711")
    await visit.page.wait_for_selector(DONE)
    await visit.page.get_by_role("button", name="I have it, clear this page").click()
    await visit.page.wait_for_selector("text=This page is clear")
    await visit.page.go_back()
    assert visit.page.url == "about:blank"


async def test_clearing_leaves_nothing(visit: Visit, shell_url: str) -> None:
    """After "clear this page" neither the secret nor the key is in the document or the address."""
    pretend = PretendReader(Text("s3cret"))
    await reveal(visit, pretend, shell_url)
    assert await visit.secret() == "s3cret"
    await visit.page.get_by_role("button", name="I have it, clear this page").click()
    await visit.page.wait_for_selector("text=This page is clear")
    left = await visit.page.content() + visit.page.url
    assert "s3cret" not in left
    assert pretend.link.fragment()[3:46] not in left


async def test_leaving_takes_the_secret_off_the_page(visit: Visit, shell_url: str) -> None:
    """On pagehide the document holds no secret, so that no cache of pages can bring it back."""
    await reveal(visit, PretendReader(Text("s3cret")), shell_url)
    assert await visit.secret() == "s3cret"
    await visit.page.evaluate("dispatchEvent(new PageTransitionEvent('pagehide', {persisted: true}))")
    assert "s3cret" not in await visit.page.content()
    assert await visit.page.locator("#secret").count() == 0


async def test_a_page_brought_back_loads_again(visit: Visit, shell_url: str) -> None:
    """A page restored from the browser's cache starts anew instead of showing an old door."""
    pretend = PretendReader(Text("s3cret"))
    await pretend.attach(visit.page)
    await visit.come(pretend.link.url(shell_url))
    async with visit.page.expect_navigation():
        await visit.page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")
    await visit.page.wait_for_selector("#passphrase")
    assert len(pretend.requests("door")) == 2


async def test_the_acknowledgement_is_repeated_until_heard(visit: Visit, shell_url: str) -> None:
    """While the server does not confirm, the secret stays usable and the page says what is missing."""
    pretend = PretendReader(Text("s3cret"))
    pretend.say("acknowledge", SILENCE, problem(503, "unavailable"))
    await reveal(visit, pretend, shell_url)
    await visit.page.wait_for_selector("text=has not confirmed yet")
    await visit.page.wait_for_selector(DONE)
    first, *rest = pretend.requests("acknowledge")
    assert rest == [first, first]
    assert first["claim"] == pretend.requests("claim")[0]["claim"]
    visit.console.clear()


async def test_an_acknowledgement_that_is_refused_is_not_claimed(visit: Visit, shell_url: str) -> None:
    """When the server does not know the claim any more, the page does not say that it confirmed."""
    pretend = PretendReader(Text("s3cret"))
    pretend.say("acknowledge", problem(404, "not-found"))
    await reveal(visit, pretend, shell_url)
    await visit.page.wait_for_selector("text=The server has not confirmed it.")


async def test_leaving_takes_a_typed_passphrase_along(visit: Visit, shell_url: str) -> None:
    """A passphrase that was typed and not sent is not on the page that the browser may keep."""
    pretend = PretendReader(Text("s3cret"))
    await pretend.attach(visit.page)
    await visit.come(pretend.link.url(shell_url))
    field = await visit.page.locator("#passphrase").element_handle()
    await field.fill("4711")
    await visit.page.evaluate("dispatchEvent(new PageTransitionEvent('pagehide', {persisted: true}))")
    assert await field.input_value() == ""
    assert await visit.page.locator("#passphrase").count() == 0


async def test_another_link_in_the_same_tab_is_opened(visit: Visit, shell_url: str) -> None:
    """A link that differs in its fragment only is read anew, although the browser loads nothing by itself."""
    pretend = PretendReader(Text("s3cret"))
    await pretend.attach(visit.page)
    whole = pretend.link.url(shell_url)
    await visit.come(whole[:-3])
    assert await visit.heading() == "This link was cut off"
    await visit.page.goto(whole)
    await visit.page.wait_for_selector("#passphrase")
