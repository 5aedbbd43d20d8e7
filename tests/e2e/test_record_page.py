"""A page's whole life in Slack, through the real programs: opened by a person, locked, unlocked, rotated, and ended."""

import json

import pytest
from playwright.async_api import Browser, expect

from bot import form, record_form, record_form_wording, record_views, record_window_wording, record_wording
from bot.record_form import Handing
from sandbox.fixtures import AUDIT, MAYA, MAYA_DANA, SAM
from store.record_doors import RecordDoor
from store.words import Actor
from tests.bot.pages_made import LINES
from tests.browser.visiting import Visit, visiting
from tests.canaries import is_in
from tests.e2e.acting import new_label
from tests.e2e.reading import mark, reads, seen_by, window, words_of
from tests.e2e.test_records import listed, opened_by, sent
from tests.e2e.workplace import Workplace
from tests.store.looking import WAITS

pytestmark = pytest.mark.asyncio(loop_scope="session")

VALUE = "rk_live_canary_for_people"


async def looked(visit: Visit, lines: str) -> str:
    """What somebody with link and passphrase reads on the page."""
    url, typed = lines.strip().split("\nPassphrase: ")
    await visit.page.goto("about:blank")
    await visit.come(url)
    await visit.try_passphrase(typed)
    await visit.page.wait_for_selector("#secret")
    return await visit.secret()


async def locked(visit: Visit, at: Workplace, lines: str) -> None:
    """Five wrong passphrases, with the time between them that the page asks for."""
    await visit.page.goto("about:blank")
    for number, wait in enumerate(WAITS):
        if wait or not number:
            at.home.advance_clock(wait)
            await visit.page.goto("about:blank")
            await visit.come(lines.split("\n", maxsplit=1)[0])
        await visit.try_passphrase(f"wrong words of try {number}")
        if number < len(WAITS) - 1:
            left = len(WAITS) - 1 - number
            await expect(visit.page.get_by_role("alert")).to_contain_text(
                f"{left} {'try' if left == 1 else 'tries'} left"
            )
    await visit.page.wait_for_selector("h1:has-text('Locked')")


async def test_the_life_of_a_page(at: Workplace, browser: Browser) -> None:
    """
    Made in escrow, handed over, read, locked and unlocked, rotated with the credential that is kept, and revoked.

    Whoever made it and the security team read each step; link, passphrase and credential are nowhere but on the page.
    """
    label, since = new_label(), mark(at)
    await at.sandbox.type(MAYA, MAYA_DANA, "/sendsecret code @dana")
    view = await window(at, MAYA, record_form_wording.WHAT_FOR, record_form.MAKE)
    door = {record_form.DOOR: RecordDoor.PAGE.value, record_form.ESCROW: [record_form.ESCROW]}
    await sent(at, view, **{form.LABEL: label, form.SECRET: VALUE, **door})
    async with visiting(browser) as dana:
        old = await opened_by(dana, at, label, since)
    [(record, _, _)] = LINES.findall(old)
    await reads(at, SAM, record_wording.MADE_PAGE[Actor.SENDER].partition("`")[0], about=record, after=since)
    block = f"record-{record}"
    async with visiting(browser) as dana:
        assert await looked(dana, old) == VALUE
        await reads(at, MAYA, record_wording.YOURS_READ_PAGE, about=label, after=since)
        await locked(dana, at, old)
        await reads(at, MAYA, record_wording.YOURS_LOCKED, about=label, after=since)
        view = await listed(at)
        assert record_window_wording.LOCKED in words_of(view)
        await at.sandbox.click(MAYA, record_views.UNLOCK, view=view["id"], block_id=block)
        await window(at, MAYA, record_window_wording.UNLOCKED[1], record_views.CALLBACK)
        await reads(at, SAM, record_wording.UNLOCKED[Actor.SENDER].partition("`")[0], about=record, after=since)
        assert await looked(dana, old) == VALUE

        await at.sandbox.click(MAYA, record_views.ROTATE, view=(await listed(at))["id"], block_id=block)
        view, since = await window(at, MAYA, record_form_wording.MAY_KEEP, record_form.ROTATE), mark(at)
        await sent(at, view, **{form.SECRET: "", form.DELIVERY: Handing.HAND.value})
        async with visiting(browser) as again:
            new = await opened_by(again, at, label, since)
        await window(at, MAYA, record_form_wording.KEPT, "sent_drop")
        await dana.page.goto("about:blank")
        await dana.come(old.split("\n")[0])
        assert "replaced by another one" in await dana.text()
        assert await looked(dana, new) == VALUE

        await at.sandbox.click(MAYA, record_views.REVOKE, view=(await listed(at))["id"], block_id=block)
        await window(at, MAYA, record_window_wording.REVOKED, record_views.CALLBACK)
        await dana.page.goto("about:blank")
        await dana.come(new.split("\n")[0])
        assert "It was taken back on" in await dana.text()

    everywhere = at.logs() + json.dumps(at.sandbox.messages(SAM, AUDIT) + seen_by(at, MAYA)).encode()
    for text in (old, new):
        [(_, fragment, typed)] = LINES.findall(text)
        for secret in (fragment, typed, VALUE):
            assert not is_in(secret.encode(), everywhere)
