"""The page of a record in Chromium against the real web program: read, cleared, read again, until it ends."""

import re

import pytest
from playwright.async_api import Browser, Route, expect

from store import record_endings, record_pages, records
from store.formats.link_v1 import Link
from tests.browser.visiting import Visit, plain, visiting
from tests.store.looking import HINT, SENDER, TYPED, guess, rotated
from tests.store.recording import LABEL, said
from tests.viewer.real_viewer import RealViewer

pytestmark = pytest.mark.asyncio(loop_scope="session")
SECRET = "sk_live_51Hx  é\nsecond line\n"


async def opened(visit: Visit, typed: str = TYPED) -> None:
    """Type the passphrase and wait for what it opens."""
    await visit.try_passphrase(typed)
    await visit.page.wait_for_selector("#secret")


async def alert(visit: Visit, words: str) -> None:
    """Wait until this is complained of."""
    await expect(visit.page.get_by_role("alert")).to_contain_text(words)


async def status(visit: Visit, words: str) -> None:
    """Wait until this is said."""
    await expect(visit.page.locator("#status")).to_contain_text(words)


async def test_it_is_read_and_read_again(viewer: RealViewer, visit: Visit) -> None:
    """Who, what and hint at the door; the value masked, then in the clear; cleared; and the same again."""
    holder = await viewer.make(SECRET)
    await visit.come(viewer.link(holder))
    assert await visit.heading() == f"{SENDER} lets you read a credential"
    door = await visit.text()
    for words in (
        LABEL,
        HINT,
        "nothing is used up before the right passphrase",
        "It is not destroyed when you read it",
    ):
        assert words in door
    await opened(visit, TYPED.upper().replace(" ", " - "))
    assert "sk_live" not in await visit.page.input_value("#secret")
    assert await visit.secret() == SECRET
    told = await visit.text()
    assert "this page shows it again to whoever has the link and the passphrase" in told
    assert "as often as they like" in told
    await visit.page.get_by_role("button", name="clear this page").click()
    assert await visit.heading() == "This page is clear"
    assert "sk_live" not in await visit.page.content()
    assert visit.page.url == viewer.link(holder)
    await visit.page.get_by_role("button", name="Type the passphrase again").click()
    await visit.page.wait_for_selector("#passphrase")
    assert await visit.page.input_value("#passphrase") == ""
    await opened(visit)
    assert await visit.secret() == SECRET
    assert (await records.find(viewer.bot, holder.link.id)).reads == 2


async def test_a_number_of_reads_is_counted_down(viewer: RealViewer, visit: Visit) -> None:
    """How often more, then that it was the last time, then that it is over; looking alone counts nothing."""
    holder = await viewer.make(reads=2)
    for words in ("1 more time.", "This was the last time"):
        await visit.come(viewer.link(holder))
        await visit.page.reload()
        await visit.settled()
        await opened(visit)
        told = await visit.text()
        assert words in told
        assert ("shows it again" in told) == ("more" in words)
        await visit.page.goto("about:blank")
    await visit.come(viewer.link(holder))
    assert await visit.heading() == "This link no longer exists."
    assert "it was read as often as it may be" in await visit.text()


async def test_wrong_passphrases_cost_tries_and_time(viewer: RealViewer, visit: Visit) -> None:
    """Each says how many are left, the third that there is a wait; what cannot be a passphrase costs nothing."""
    holder = await viewer.make()
    await visit.come(viewer.link(holder))
    await visit.try_passphrase("12345")
    await alert(visit, "No try is used up")
    for left in ("4 tries left", "3 tries left", "2 tries left"):
        await visit.try_passphrase(f"wrong {'abc'[int(left[0]) - 2]}")
        await alert(visit, left)
    button = visit.page.locator("button[type=submit]")
    await expect(button).to_be_disabled()
    await expect(button).to_have_text(re.compile("Next try in"))
    assert [one["tries_left"] for one in await said(viewer.bot) if one["evt"] == "record.refused"] == [4, 3, 2]


async def test_a_lock_is_said_and_lifted(viewer: RealViewer, visit: Visit) -> None:
    """The page says who can help, that it is still locked, and shows the door once somebody has unlocked it."""
    holder = await viewer.make()
    await guess(viewer.web, holder, viewer.home)
    await visit.come(viewer.link(holder))
    assert await visit.heading() == "Locked: all tries are used up"
    assert SENDER in await visit.text()
    await visit.page.get_by_role("button", name="Look again").click()
    await status(visit, "It is still locked.")
    await record_pages.unlock(viewer.bot, holder.link.id)
    await visit.page.get_by_role("button", name="Look again").click()
    await opened(visit)


async def test_the_guess_that_locks_is_said(viewer: RealViewer, visit: Visit) -> None:
    """With the fifth the door is gone."""
    holder = await viewer.make()
    await visit.come(viewer.link(holder))
    for left in ("4 tries", "3 tries", "2 tries"):
        await visit.try_passphrase("wrong words")
        await alert(visit, left)
    for wait, left in ((31, "1 try"), (301, "")):
        viewer.home.advance_clock(wait)
        await visit.page.reload()
        await visit.settled()
        await visit.try_passphrase("wrong words")
        if left:
            await alert(visit, left)
    await visit.page.wait_for_selector("h1:has-text('Locked')")


async def test_what_ended_says_so_and_what_was_rotated_is_unknown(viewer: RealViewer, visit: Visit) -> None:
    """Taken back, over, replaced: each in a sentence, and nothing is asked for."""
    revoked, over, old = await viewer.make(), await viewer.make(lives_seconds=3600), await viewer.make()
    await record_endings.revoke(viewer.bot, revoked.link.id)
    await rotated(viewer.bot, old)
    viewer.home.advance_clock(3601)
    for holder, words in ((revoked, "It was taken back on"), (over, "It ended on"), (old, "replaced by another one")):
        await visit.page.goto("about:blank")
        await visit.come(viewer.link(holder))
        assert await visit.heading() == "This link no longer exists."
        assert words in await visit.text()
        assert await visit.page.locator("#passphrase").count() == 0


async def test_it_ends_while_the_page_is_open(viewer: RealViewer, visit: Visit) -> None:
    """The passphrase then meets the end, and is told it."""
    holder = await viewer.make()
    await visit.come(viewer.link(holder))
    await record_endings.revoke(viewer.bot, holder.link.id)
    await visit.try_passphrase(TYPED)
    await visit.page.wait_for_selector("text=It was taken back on")


async def test_a_lost_answer_costs_no_second_guess(viewer: RealViewer, visit: Visit) -> None:
    """The page says that it tries again, sends the same pair, and a wrong one was paid for once."""
    holder = await viewer.make()
    await visit.come(viewer.link(holder))
    lost = 0

    async def lose(route: Route) -> None:
        nonlocal lost
        lost += 1
        if lost > 2:
            await route.continue_()
            return
        await route.fetch()
        await route.abort()

    await visit.page.route("**/view", lose)
    await visit.try_passphrase("wrong words")
    await status(visit, "it sends the same try again")
    await alert(visit, "4 tries left")
    assert (await holder.look(viewer.web)).tries_left == 4
    visit.console = [line for line in visit.console if "net::ERR_FAILED" not in line]


async def test_cut_and_foreign_links_ask_nobody(viewer: RealViewer, visit: Visit) -> None:
    """A cut one asks for the whole one; a drop's link under a record's address is none; no request is made."""
    holder = await viewer.make()
    url = viewer.link(holder)
    await visit.come(url[:-2])
    assert await visit.heading() == "This link was cut off"
    as_drop = Link(holder.link.id, holder.link.key, "p").fragment()
    await visit.page.goto("about:blank")
    await visit.come(f"{url.partition('#')[0]}#{as_drop}")
    assert await visit.heading() == "This link was cut off"
    assert not [one for one in visit.requests if "/api/" in one.url]
    await visit.page.fill("#whole", f"<{url[:40]}\n{url[40:].replace('#', '%23')}>")
    await visit.page.get_by_role("button", name="Open").click()
    await visit.page.wait_for_selector("#passphrase")


async def test_a_records_link_is_none_of_a_drop(viewer: RealViewer, visit: Visit) -> None:
    """Under the reader's address its checksum does not fit, and nothing is asked."""
    holder = await viewer.make()
    await visit.come(viewer.link(holder).replace("/v/", "/s/"))
    assert await visit.heading() == "This link was cut off"
    assert not [one for one in visit.requests if "/api/" in one.url]


async def test_a_server_that_lies_about_the_label_is_found_out(viewer: RealViewer, visit: Visit) -> None:
    """What was sealed is bound to the header: under another one nothing is shown."""
    holder = await viewer.make()

    async def lie(route: Route) -> None:
        answer = await route.fetch()
        await route.fulfill(response=answer, body=(await answer.text()).replace("Stripe", "Strife"))

    await visit.page.route("**/door", lie)
    await visit.come(viewer.link(holder))
    assert "Strife" in await visit.text()
    await visit.try_passphrase(TYPED)
    await visit.page.wait_for_selector("h1:has-text('arrived damaged')")


async def test_the_server_sees_neither_value_nor_key(viewer: RealViewer, visit: Visit) -> None:
    """Of all that the page sends nothing holds the link key or the passphrase, and what it is given not the value."""
    holder = await viewer.make(SECRET)
    await visit.come(viewer.link(holder))
    async with visit.page.expect_response("**/view") as given:
        await opened(visit)
    assert "sk_live" not in await (await given.value).text()
    sent = " ".join(f"{one.url} {one.post_data or ''}" for one in visit.requests)
    assert f"/v/{holder.link.id_text}" in sent
    for canary in (holder.link.fragment()[3:46], *TYPED.split(" "), "sk_live"):
        assert canary not in sent.replace(holder.link.url(viewer.url), "")


async def test_leaving_takes_it_off_and_time_does_too(viewer: RealViewer, chromium: Browser) -> None:
    """At 4:00 a warning, at 5:00 it is gone by itself; a page that left and comes back is at the door."""
    holder = await viewer.make()
    async with visiting(chromium) as visit:
        await visit.page.clock.install()
        await visit.come(viewer.link(holder))
        await opened(visit)
        await visit.page.clock.fast_forward("04:01")
        await alert(visit, "less than a minute")
        await visit.page.clock.fast_forward("01:00")
        await visit.page.wait_for_selector("h1:has-text('This page is clear')")
        assert "sk_live" not in plain(await visit.page.content())
    async with visiting(chromium) as visit:
        await visit.come(viewer.link(holder))
        await opened(visit)
        await visit.page.goto("about:blank")
        await visit.page.go_back()
        await visit.page.wait_for_selector("#passphrase")
        assert await visit.page.locator("#secret").count() == 0
