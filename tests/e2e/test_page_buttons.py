"""
Every button of the reader's page that tells somebody something, from the browser to Slack, through the real programs.

What a second press adds is told once an hour at most, so that a second page tells nobody anything new.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import pytest
from playwright.async_api import Browser

from bot import audit_wording, sender_wording
from sandbox.fixtures import MAYA
from store.words import Ask, Event
from tests.bot.desk import SECRET
from tests.browser.visiting import DONE, Visit, visiting
from tests.e2e.acting import PASSPHRASE, Handover, guess, hand_over, press
from tests.e2e.reading import audit_of, audited, like, page_like, reads, seen_by, words_of
from tests.e2e.workplace import Workplace

pytestmark = [
    pytest.mark.asyncio(loop_scope="session"),
    # What the page says to the reveal server knows nothing of how Slack's requests come.
    pytest.mark.parametrize("at", ["socket"], indirect=True, scope="package"),
]

Before = Callable[[Workplace, Browser, Handover], Awaitable[object]]


async def nothing(at: Workplace, browser: Browser, drop: Handover) -> None:
    """The door as it is."""


async def locked(at: Workplace, browser: Browser, drop: Handover) -> None:
    """Five wrong passphrases."""
    assert await guess(at, drop.link, 5) == 423


async def opened(at: Workplace, browser: Browser, drop: Handover) -> None:
    """Somebody has read it."""
    async with visiting(browser) as reader:
        await reader.come(drop.url)
        await reader.try_passphrase(PASSPHRASE)
        await reader.page.wait_for_selector(DONE)


async def taken_back(at: Workplace, browser: Browser, drop: Handover) -> None:
    """The sender has revoked it."""
    status = await reads(at, MAYA, sender_wording.STATUS_WAITING, about=drop.label)
    await press(at, MAYA, "revoke", status)
    await audited(at, drop.link.id, audit_wording.REVOKED["sender"])


@dataclass(frozen=True)
class Request:
    """What somebody presses, after what; what the page says then, and the sender, and the security team."""

    before: Before
    button: str
    done: str
    sender: str
    audit: str
    folded: str = ""


REQUESTS = {
    "passphrase": Request(
        nothing,
        "lost_passphrase.ask",
        "lost_passphrase.done",
        sender_wording.ASKED[Ask.PASSPHRASE],
        audit_wording.ASKED[Ask.PASSPHRASE],
        folded="lost_passphrase",
    ),
    "tries": Request(
        locked,
        "locked.ask",
        "locked.asked",
        sender_wording.ASKED[Ask.TRIES],
        audit_wording.ASKED[Ask.TRIES],
    ),
    "again": Request(opened, "again", "again.done", sender_wording.ASKED[Ask.AGAIN], audit_wording.ASKED[Ask.AGAIN]),
    "not me": Request(opened, "not_me", "not_me.done", sender_wording.TELL_NOT_ME, audit_wording.EVENTS[Event.NOT_ME]),
    "unexpected, at the door": Request(
        nothing,
        "unexpected.tell",
        "unexpected.done",
        sender_wording.TELL_UNEXPECTED,
        audit_wording.EVENTS[Event.NOT_ME],
        folded="unexpected",
    ),
    "unexpected, at its end": Request(
        taken_back, "unexpected", "unexpected.done", sender_wording.TELL_UNEXPECTED, audit_wording.EVENTS[Event.NOT_ME]
    ),
}


@pytest.mark.parametrize("name", REQUESTS)
async def test_a_request_of_the_page_reaches_slack_once(at: Workplace, browser: Browser, name: str) -> None:
    """The page says that it was taken; sender and security team read it; a second page's press tells nobody again."""
    request = REQUESTS[name]
    drop = await hand_over(at)
    await request.before(at, browser, drop)
    for _ in range(2):
        async with visiting(browser) as holder:
            await holder.come(drop.url)
            await ask(holder, request)
            assert holder.console == []
    await reads(at, MAYA, request.sender, about=drop.label)
    await audited(at, drop.link.id, request.audit)
    assert count(at, drop.label, request.sender) == 1
    entries = [one for one in audit_of(at, drop.link.id) if like(request.audit).search(words_of(one))]
    assert len(entries) == 1


async def ask(holder: Visit, request: Request) -> None:
    """Press it, and read that it was done."""
    if request.folded:
        await holder.page.locator("summary").get_by_text(page_like(request.folded)).click()
    await holder.page.get_by_role("button", name=page_like(request.button)).click()
    await holder.page.get_by_text(page_like(request.done)).wait_for()


def count(at: Workplace, label: str, sentence: str) -> int:
    """In how many messages the sender reads a sentence about a drop."""
    return sum(like(sentence).search(words_of(one)) is not None for one in seen_by(at, MAYA, about=label))


async def test_clearing_takes_the_secret_off_the_page_and_out_of_the_address(at: Workplace, browser: Browser) -> None:
    """After "I have it" neither page, address nor history holds it, and loading again says what happened."""
    drop = await hand_over(at)
    async with visiting(browser) as dana:
        await dana.come(drop.url)
        await dana.try_passphrase(PASSPHRASE)
        await dana.page.wait_for_selector(DONE)
        assert await dana.secret() == SECRET
        await dana.page.get_by_role("button", name=page_like("clear")).click()
        assert page_like("cleared.heading").fullmatch(await dana.heading())
        assert SECRET not in await dana.page.content()
        assert drop.link.fragment() not in dana.page.url
        await dana.page.reload()
        await dana.settled()
        assert page_like("cleared.before").search(await dana.text())
        assert dana.console == []
