"""
Every ending through the real programs, in both Slack modes: what the page says, and what each of three people reads.

`on_lock: destroy` cannot be asked for in Slack, so that the drop which ends by it is given it in the store.
"""

import contextlib
import json
import re
from collections.abc import Awaitable, Callable

import pytest
from playwright.async_api import Browser, Error
from sqlalchemy import update

from bot import audit_wording, button_wording, recipient_wording, sender_wording, undelivered_wording
from sandbox.fixtures import DANA, MAYA
from store.schema import drops
from store.words import Outcome
from tests.bot.desk import SECRET, found
from tests.browser.visiting import DONE, visiting
from tests.e2e.acting import (
    PASSPHRASE,
    Handover,
    answer_to,
    guess,
    hand_over,
    handed,
    new_label,
    open_form,
    press,
    press_by_hand,
    press_send,
)
from tests.e2e.reading import audited, page_like, reads, seen_by, window, words_of
from tests.e2e.workplace import Workplace, alternately

pytestmark = pytest.mark.asyncio(loop_scope="session")

End = Callable[[Workplace, Browser], Awaitable[Handover]]


async def viewed(at: Workplace, browser: Browser) -> Handover:
    """The page opens it and says so."""
    drop = await hand_over(at)
    async with visiting(browser) as dana:
        await dana.come(drop.url)
        await dana.try_passphrase(PASSPHRASE)
        await dana.page.wait_for_selector(DONE)
        assert await dana.secret() == SECRET
        assert dana.console == []
    return drop


async def released(at: Workplace, browser: Browser) -> Handover:
    """The page shows it and is gone before it could say so."""
    drop = await hand_over(at)
    async with visiting(browser) as dana:
        await dana.page.context.route("**/acknowledge", lambda route: route.abort())
        await dana.come(drop.url)
        await dana.try_passphrase(PASSPHRASE)
        await dana.page.wait_for_selector("#secret")
        await reads(at, MAYA, sender_wording.STATUS_CLAIMED, about=drop.label)
        await audited(at, drop.link.id, audit_wording.CLAIMED)
        # A page that is left says it once more, in a request that outlives it; one that crashes does not.
        async with dana.page.expect_event("crash"):
            with contextlib.suppress(Error):
                await dana.page.goto("chrome://crash")
    at.home.advance_clock(120)
    return drop


async def revoked(at: Workplace, browser: Browser) -> Handover:
    """The sender takes it back in the window."""
    drop = await hand_over(at)
    await at.sandbox.click(MAYA, "revoke", view=drop.window["id"])
    await window(at, MAYA, button_wording.REVOKED_NOW)
    return drop


async def expired(at: Workplace, browser: Browser) -> Handover:
    """Nobody looks at it for longer than it lives."""
    drop = await hand_over(at)
    at.home.advance_clock(25 * 3600)
    return drop


async def undelivered(at: Workplace, browser: Browser) -> Handover:
    """Slack posts the link and never says that it did."""
    label = new_label()
    view = await open_form(at)
    await at.sandbox.fill(view["id"], {"label": label, "secret": SECRET, "passphrase": PASSPHRASE})
    at.sandbox.fault("chat.postMessage", "reset_after", times=None)
    await press_send(at, view)
    shown = await window(at, MAYA, undelivered_wording.UNANSWERED)
    at.sandbox.clear_faults()
    return handed(at, label, shown)


async def locked_out(at: Workplace, browser: Browser) -> Handover:
    """Five wrong passphrases, where five are to destroy it."""
    drop = await hand_over(at)
    async with at.desk.store.db.write() as tx:
        await tx.execute(update(drops).where(drops.c.id == drop.link.id).values(on_lock="destroy"))
    assert await guess(at, drop.link, 5) in (410, 423)
    return drop


async def lost(at: Workplace, browser: Browser) -> Handover:
    """Its key is found overwritten by the page that has the right passphrase."""
    drop = await hand_over(at)
    (at.home.keyring / "drops" / drop.link.id.hex()).write_bytes(bytes(32))
    async with visiting(browser) as dana:
        await dana.come(drop.url)
        await dana.try_passphrase(PASSPHRASE)
        await dana.page.get_by_text(page_like("dead.lost")).wait_for()
    return drop


ENDS: dict[Outcome, End] = {
    Outcome.VIEWED: viewed,
    Outcome.RELEASED: released,
    Outcome.REVOKED: revoked,
    Outcome.EXPIRED: expired,
    Outcome.UNDELIVERED: undelivered,
    Outcome.LOCKED_OUT: locked_out,
    Outcome.LOST: lost,
}


@alternately("outcome", Outcome)
async def test_everybody_reads_how_it_ended(at: Workplace, browser: Browser, outcome: Outcome) -> None:
    """Page, recipient, sender and security team say the same, and a press on an older screen is too late."""
    drop = await ENDS[outcome](at, browser)
    status = await reads(at, MAYA, sender_wording.ENDED[outcome], about=drop.label)
    assert (await drop.now()).outcome is outcome
    await audited(at, drop.link.id, audit_wording.DESTROYED[outcome])
    parent = await audited(at, drop.link.id, audit_wording.ENDED[outcome])
    assert parent.get("thread_ts", parent["ts"]) == parent["ts"]
    if outcome is Outcome.UNDELIVERED:
        # Where it stands was never learnt, so that only a press can bury it.
        await press(at, DANA, "open_drop", drop.message)
    tombstone = await reads(at, DANA, recipient_wording.TOMBSTONES[outcome], about=drop.label, lacks="open_drop")
    assert tombstone["ts"] == drop.message["ts"]
    assert drop.link.fragment() not in json.dumps(tombstone)
    await require_news(at, drop, outcome)
    pressed = await press_by_hand(at, MAYA, "revoke", status, drop.value)
    await answer_to(at, MAYA, pressed, button_wording.TOO_LATE[outcome])
    await require_dead_page(browser, drop, outcome)


async def require_news(at: Workplace, drop: Handover, outcome: Outcome) -> None:
    """A line of its own for the sender, except of what they did by themselves or read in the status a moment ago."""
    if outcome not in (Outcome.REVOKED, Outcome.UNDELIVERED):
        await reads(at, MAYA, sender_wording.TELL[outcome], about=drop.label)
        return
    lines = [words_of(one) for one in seen_by(at, MAYA, about=drop.label)]
    assert all(line.startswith("Your credential for") for line in lines), lines


async def require_dead_page(browser: Browser, drop: Handover, outcome: Outcome) -> None:
    """The link says that it no longer exists, what happened, and offers two ways on; it shows no field."""
    async with visiting(browser) as late:
        await late.come(drop.url)
        assert page_like("dead.heading").fullmatch(await late.heading())
        said = await late.text()
        assert page_like(f"dead.{outcome}").search(said), said
        was_opened = outcome in (Outcome.VIEWED, Outcome.RELEASED)
        for name in ("again", "not_me" if was_opened else "unexpected"):
            assert await late.page.get_by_role("button", name=page_like(name)).count() == 1
        assert await late.page.locator("input, textarea").count() == 0
        assert late.console == []


async def test_the_window_of_an_undelivered_link_offers_nothing_to_pass_on(at: Workplace) -> None:
    """What did not arrive has no passphrase and no button any more, and can be sent again from the same window."""
    at.sandbox.fault("conversations.open", "error", times=1, error="user_disabled")
    label = new_label()
    view = await open_form(at, "/sendsecret @noor")
    await at.sandbox.fill(view["id"], {"label": label, "secret": SECRET})
    await press_send(at, view)
    shown = await window(at, MAYA, undelivered_wording.BY_CODE["user_disabled"])
    assert not re.search("Passphrase:|revoke", json.dumps(shown["blocks"]))
    told = found(await reads(at, MAYA, sender_wording.ENDED[Outcome.UNDELIVERED], about=label))
    assert "again" in json.dumps(told["blocks"])
