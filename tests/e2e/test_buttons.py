"""
Every button in Slack through the real programs, in both Slack modes: what it does for all three people, pressed once,
twice, and by somebody who may not.
"""

import json
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager

import pytest
from playwright.async_api import Browser

from bot import audit_wording, button_wording, presses, recipient_wording, sender_wording, sent_wording
from sandbox.fixtures import AUDIT, DANA, MAYA, NOOR, OTHER_TEAM, PIA, SAM, TEAM
from store.drops import Drop
from store.words import Event, Outcome, State
from tests.bot.desk import Json, found
from tests.browser.visiting import visiting
from tests.e2e.acting import (
    Handover,
    answer_to,
    fresh_form,
    guess,
    hand_over,
    handed,
    press,
    press_by_hand,
    press_send,
)
from tests.e2e.buttons_elsewhere import ELSEWHERE, TESTS_OF_BOT
from tests.e2e.buttons_for_asking import open_composer, take_back
from tests.e2e.evidence_pack import open_pack
from tests.e2e.reading import audit_of, audited, like, page_like, proven, reads, seen_by, window, words_of
from tests.e2e.workplace import Workplace, alternately

pytestmark = pytest.mark.asyncio(loop_scope="session")

SENDERS = ("revoke", "unlock", "resume", "lost_passphrase", "again")


async def open_drop(at: Workplace, browser: Browser) -> None:
    """Open leads to the page and consumes nothing, however often and whoever presses; a dead one is buried."""
    drop = await hand_over(at, "/sendsecret here @dana")
    for user in (DANA, DANA, MAYA):
        clicked = await at.sandbox.click(user, "open_drop", drop.message["conversation"], drop.message["ts"])
        assert clicked == {"outcome": "acked", "opens": drop.url}
    async with visiting(browser) as dana:
        await dana.come(drop.url)
        assert await dana.page.locator("#passphrase").count() == 1
    await audited(at, drop.link.id, audit_wording.EVENTS[Event.DOOR_OPENED])
    assert (await drop.now()).state is State.SEALED
    await at.sandbox.click(MAYA, "revoke", view=drop.window["id"])
    await window(at, MAYA, button_wording.REVOKED_NOW)
    await press(at, DANA, "open_drop", drop.message)
    buried = await reads(at, DANA, recipient_wording.TOMBSTONES[Outcome.REVOKED], about=drop.label, lacks="open_drop")
    assert buried["ts"] == drop.message["ts"]


async def not_expected(at: Workplace, browser: Browser) -> None:
    """It pauses, once; the sender and the security team read it; in a conversation nobody else's press counts."""
    drop = await hand_over(at, "/sendsecret here @dana")
    pressed = await press(at, MAYA, "not_expected", drop.message)
    await answer_to(at, MAYA, pressed, button_wording.NOT_FOR_YOU)
    pressed = await press(at, DANA, "not_expected", drop.message, confirmed=False)
    assert (await drop.now()).paused_at is None
    pressed = await press(at, DANA, "not_expected", drop.message)
    await answer_to(at, DANA, pressed, button_wording.PAUSED_NOW)
    await reads(at, MAYA, sender_wording.STATUS_PAUSED, about=drop.label)
    await audited(at, drop.link.id, audit_wording.PAUSED_BY_RECIPIENT)
    await audited(at, drop.link.id, audit_wording.PAUSED)
    pressed = await press(at, DANA, "not_expected", drop.message)
    await answer_to(at, DANA, pressed, button_wording.PAUSED_ALREADY)
    await reads(at, MAYA, sender_wording.TELL_PAUSED, about=drop.label)
    assert count(audit_of(at, drop.link.id), audit_wording.PAUSED_BY_RECIPIENT) == 1
    async with visiting(browser) as dana:
        await dana.come(drop.url)
        assert page_like("paused.heading").fullmatch(await dana.heading())


async def resume(at: Workplace, browser: Browser) -> None:
    """It can be opened again: the waiting page, the recipient and the security team see it; twice says so."""
    drop = await hand_over(at)
    await press(at, DANA, "not_expected", drop.message)
    told = await reads(at, MAYA, sender_wording.TELL_PAUSED, about=drop.label)
    async with visiting(browser) as dana:
        await dana.come(drop.url)
        await dana.page.get_by_role("button", name=page_like("look")).click()
        await dana.page.get_by_text(page_like("paused.still")).wait_for()
        pressed = await press(at, MAYA, "resume", told)
        await answer_to(at, MAYA, pressed, button_wording.RESUMED_NOW)
        await dana.page.get_by_role("button", name=page_like("look")).click()
        await dana.page.wait_for_selector("#passphrase")
        assert dana.console == []
    await reads(at, DANA, recipient_wording.RESUMED, about=drop.label)
    await reads(at, MAYA, sender_wording.STATUS_WAITING, about=drop.label)
    await audited(at, drop.link.id, audit_wording.RESUMED)
    pressed = await press(at, MAYA, "resume", told)
    await answer_to(at, MAYA, pressed, button_wording.NOT_PAUSED)
    assert count(seen_by(at, DANA, about=drop.label), recipient_wording.RESUMED) == 1


async def revoke(at: Workplace, browser: Browser) -> None:
    """In the window and in the DM: the tombstone, the status and the audit channel say so; again says when."""
    drop = await hand_over(at)
    status = await reads(at, MAYA, sender_wording.STATUS_WAITING, about=drop.label)
    await press(at, MAYA, "revoke", status, confirmed=False)
    assert (await drop.now()).outcome is None
    pressed = await press(at, MAYA, "revoke", status)
    await answer_to(at, MAYA, pressed, button_wording.REVOKED_NOW)
    await reads(at, DANA, recipient_wording.TOMBSTONES[Outcome.REVOKED], about=drop.label, lacks="open_drop")
    await reads(at, MAYA, sender_wording.ENDED[Outcome.REVOKED], about=drop.label, lacks="revoke")
    await audited(at, drop.link.id, audit_wording.REVOKED["sender"])
    shown = found(at.desk.view())
    assert "revoke" in json.dumps(shown["blocks"])
    await at.sandbox.click(MAYA, "revoke", view=shown["id"])
    await window(at, MAYA, button_wording.TOO_LATE[Outcome.REVOKED])
    assert count(audit_of(at, drop.link.id), audit_wording.REVOKED["sender"]) == 1


async def unlock(at: Workplace, browser: Browser) -> None:
    """The page that asks for tries gets them; all three read it; pressed again there is nothing to unlock."""
    drop = await hand_over(at)
    assert await guess(at, drop.link, 5) == 423
    locked = await reads(at, MAYA, sender_wording.TELL_LOCKED, about=drop.label)
    await audited(at, drop.link.id, audit_wording.EVENTS[Event.LOCKED])
    async with visiting(browser) as dana:
        await dana.come(drop.url)
        await dana.page.get_by_role("button", name=page_like("locked.ask")).click()
        await dana.page.get_by_text(page_like("locked.asked")).wait_for()
        pressed = await press(at, MAYA, "unlock", locked)
        await answer_to(at, MAYA, pressed, button_wording.UNLOCKED_NOW)
        await dana.page.get_by_role("button", name=page_like("look")).click()
        await dana.page.wait_for_selector("#passphrase")
        assert dana.console == []
    await reads(at, DANA, recipient_wording.UNLOCKED, about=drop.label)
    await reads(at, MAYA, sender_wording.STATUS_UNLOCKED, about=drop.label)
    await audited(at, drop.link.id, audit_wording.EVENTS[Event.UNLOCKED])
    pressed = await press(at, MAYA, "unlock", locked)
    await answer_to(at, MAYA, pressed, button_wording.NOT_LOCKED)
    assert (await drop.now()).unlocks == 1


async def lost_passphrase(at: Workplace, browser: Browser) -> None:
    """The old link is dead for everybody, the form has all but the secret; pressed again it only opens the form."""
    drop = await hand_over(at)
    status = await reads(at, MAYA, sender_wording.STATUS_WAITING, about=drop.label)
    await press(at, MAYA, "lost_passphrase", status, confirmed=False)
    assert (await drop.now()).outcome is None
    before = {view["id"] for view in at.sandbox.views(MAYA)}
    await press(at, MAYA, "lost_passphrase", status)
    form = await fresh_form(at, before)
    require_filled(form, drop)
    await press_by_hand(at, MAYA, "lost_passphrase", status, drop.value)
    form = await fresh_form(at, before | {form["id"]})
    require_filled(form, drop)
    await reads(at, DANA, recipient_wording.TOMBSTONES[Outcome.REVOKED], about=drop.label, lacks="open_drop")
    await reads(at, MAYA, sender_wording.ENDED[Outcome.REVOKED], about=drop.label)
    await audited(at, drop.link.id, audit_wording.REVOKED["sender"])
    assert count(audit_of(at, drop.link.id), audit_wording.REVOKED["sender"]) == 1
    await at.sandbox.fill(form["id"], {"secret": "another secret 4711"})
    assert (await press_send(at, form))["outcome"] == "update"
    await window(at, MAYA, sent_wording.SENT_UNTIL)
    assert handed(at, drop.label, form).link != drop.link


async def again(at: Workplace, browser: Browser) -> None:
    """What expired is sent anew from the message that says so, as often as it is pressed."""
    drop = await hand_over(at)
    at.home.advance_clock(25 * 3600)
    told = await reads(at, MAYA, sender_wording.TELL[Outcome.EXPIRED], about=drop.label)
    for _ in range(2):
        before = {view["id"] for view in at.sandbox.views(MAYA)}
        await press(at, MAYA, "again", told)
        require_filled(await fresh_form(at, before), drop)
    assert (await drop.now()).outcome is Outcome.EXPIRED


async def receipt(at: Workplace, browser: Browser) -> None:
    """The sender's and the security team's open the receipt, again and again; the label is for the sender alone."""
    drop = await hand_over(at)
    await press(at, MAYA, "revoke", await reads(at, MAYA, sender_wording.STATUS_WAITING, about=drop.label))
    ended = await reads(at, MAYA, sender_wording.ENDED[Outcome.REVOKED], about=drop.label)
    entry = await audited(at, drop.link.id, audit_wording.EVENTS[Event.RECEIPT])
    entry = {**entry, "conversation": AUDIT}
    rid = (await drop.now()).receipt
    await proven(at, rid)
    for user, message in ((MAYA, ended), (SAM, entry), (MAYA, ended)):
        clicked = await at.sandbox.click(user, "receipt", message["conversation"], message["ts"])
        assert clicked["outcome"] == "acked"
        assert clicked["opens"].startswith(f"http://localhost:{at.web.port}/receipts/{rid}#")
        async with visiting(browser) as reader:
            await reader.page.goto(clicked["opens"])
            names = await reader.page.locator("#names dl").inner_text()
            assert "Maya Castillo" in names
            assert "Dana Okafor" in names
            assert (drop.label in names) == (user == MAYA)
            assert await reader.page.get_by_text("It was revoked before").count() == 1
            await reader.page.get_by_role("button", name="Check this receipt").click()
            await reader.page.get_by_text("Everything holds").wait_for()
            assert reader.console == []


BUTTONS: dict[str, Callable[[Workplace, Browser], Awaitable[None]]] = {
    one.__name__: one
    for one in (
        *(open_drop, not_expected, resume, revoke, unlock, lost_passphrase, again, receipt, open_pack),
        *(open_composer, take_back),
    )
}


async def test_every_button_is_pressed() -> None:
    """A button that the bot listens to, and that nobody presses here or in a test that is named, fails."""
    assert set(BUTTONS) | set(ELSEWHERE) == set(presses.ACTIONS)
    assert set(BUTTONS).isdisjoint(ELSEWHERE)
    assert all((TESTS_OF_BOT / file).exists() for file in ELSEWHERE.values())
    others = {"open_drop", "not_expected", "receipt", "open_pack", "open_composer", "take_back"}
    assert set(SENDERS) == set(BUTTONS) - others


@alternately("button", BUTTONS)
async def test_a_button_does_what_it_says(at: Workplace, browser: Browser, button: str) -> None:
    """Once, twice, and after a no to its question; seen by sender, recipient and security team."""
    await BUTTONS[button](at, browser)


async def test_who_knows_a_drops_id_may_press_nothing_of_its_senders(at: Workplace) -> None:
    """A button's value stands in every link: recipient, colleague and a namesake of another team change nothing."""
    drop = await hand_over(at)
    before = await drop.now()
    for action in SENDERS:
        pressed = await press_by_hand(at, DANA, action, drop.message, drop.value)
        await answer_to(at, DANA, pressed, button_wording.NOT_YOURS)
    status = await reads(at, MAYA, sender_wording.STATUS_WAITING, about=drop.label)
    for action in SENDERS:
        with of_team(at, MAYA, OTHER_TEAM):
            pressed = await press_by_hand(at, MAYA, action, status, drop.value)
            await answer_to(at, MAYA, pressed, button_wording.NOT_YOURS)
    assert unchanged(await drop.now()) == unchanged(before)
    assert at.desk.view(DANA) is None


async def test_an_administrators_revoke_is_told_to_the_sender(at: Workplace) -> None:
    """The audit channel names an administrator; the sender gets a line of its own."""
    drop = await hand_over(at, "/sendsecret @sam", to=SAM)
    pressed = await press_by_hand(at, SAM, "revoke", drop.message, drop.value)
    await answer_to(at, SAM, pressed, button_wording.REVOKED_NOW)
    await reads(at, MAYA, sender_wording.TELL_REVOKED_BY_ADMIN, about=drop.label)
    await audited(at, drop.link.id, audit_wording.REVOKED["admin"])


async def test_somebody_of_another_company_is_a_recipient_like_any_other(at: Workplace) -> None:
    """Their own team counts: they pause their drop, and somebody of ours with the same user id does not."""
    drop = await hand_over(at, "/sendsecret @pia", to=PIA)
    assert (await drop.now()).recipient_team == OTHER_TEAM
    with of_team(at, PIA, TEAM):
        pressed = await press(at, PIA, "not_expected", drop.message)
        await answer_to(at, PIA, pressed, button_wording.NOT_FOR_YOU)
    assert (await drop.now()).paused_at is None
    pressed = await press(at, PIA, "not_expected", drop.message)
    await answer_to(at, PIA, pressed, button_wording.PAUSED_NOW)
    told = await reads(at, MAYA, sender_wording.TELL_PAUSED, about=drop.label)
    assert "outside this company" in words_of(await reads(at, MAYA, sender_wording.STATUS_PAUSED, about=drop.label))
    await audited(at, drop.link.id, audit_wording.KINDS["external"])
    pressed = await press(at, MAYA, "resume", told)
    await answer_to(at, MAYA, pressed, button_wording.RESUMED_NOW)
    await reads(at, PIA, recipient_wording.RESUMED, about=drop.label)
    assert not seen_by(at, NOOR, about=drop.label)


def unchanged(drop: Drop) -> tuple[object, ...]:
    """What a press could have changed."""
    return drop.state, drop.outcome, drop.paused_at, drop.unlocks


def require_filled(form: Json, drop: Handover) -> None:
    """The form again, with everything but the secret."""
    entered = {block["block_id"]: block["element"] for block in form["blocks"] if "element" in block}
    assert entered["recipients"]["initial_users"] == [DANA]
    assert entered["label"]["initial_value"] == drop.label
    assert "initial_value" not in entered["secret"]


def count(messages: list[Json], sentence: str) -> int:
    """In how many messages a sentence is read."""
    return sum(like(sentence).search(words_of(message)) is not None for message in messages)


@contextmanager
def of_team(at: Workplace, user: str, team: str) -> Iterator[None]:
    """Within, Slack says that somebody with this id belongs to another team."""
    person = at.sandbox.workspace.people[user]
    own, person.team_id = person.team_id, team
    try:
        yield
    finally:
        person.team_id = own
