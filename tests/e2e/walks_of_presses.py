"""Ways to what a press is answered with, and to why a link did not arrive.  WALKS holds those of `walks` too."""

from typing import Final

from bot import audit_wording, button_wording, sender_wording, undelivered_wording
from sandbox.fixtures import DANA, LEE, MAYA, NOOR, SAM
from store.formats import base64url
from store.words import Outcome, State
from tests.bot.desk import SECRET, found
from tests.e2e.acting import (
    PASSPHRASE,
    answer_to,
    guess,
    hand_over,
    new_label,
    open_form,
    press,
    press_by_hand,
    press_send,
)
from tests.e2e.reading import audited, like, reads, window, words_of
from tests.e2e.walks import WALKS, busy_store, drops_away, leads_to
from tests.e2e.workplace import Workplace

__all__ = ["WALKS"]

NAMES: Final = "NOT_FOR_YOU PAUSED_NOW PAUSED_ALREADY RESUMED_NOW NOT_PAUSED NOT_LOCKED NOT_YOURS NO_SUCH_DROP"


@leads_to(*(f"button_wording.{name}" for name in NAMES.split()))
async def presses_on_a_drop_in_a_conversation(at: Workplace) -> list[str]:
    """Paused, let go, and pressed by those who may not."""
    drop = await hand_over(at, "/sendsecret here @dana")
    status = await reads(at, MAYA, sender_wording.STATUS_POSTED, about=drop.label)
    other = base64url.encode(bytes(16))
    read = []
    for user, action, message, value, said in (
        (MAYA, "not_expected", drop.message, drop.value, button_wording.NOT_FOR_YOU),
        (DANA, "not_expected", drop.message, drop.value, button_wording.PAUSED_NOW),
        (DANA, "not_expected", drop.message, drop.value, button_wording.PAUSED_ALREADY),
        (DANA, "resume", drop.message, drop.value, button_wording.NOT_YOURS),
        (MAYA, "resume", status, drop.value, button_wording.RESUMED_NOW),
        (MAYA, "resume", status, drop.value, button_wording.NOT_PAUSED),
        (MAYA, "unlock", status, drop.value, button_wording.NOT_LOCKED),
        (MAYA, "revoke", status, other, button_wording.NO_SUCH_DROP),
    ):
        pressed = await press_by_hand(at, user, action, message, value)
        read.append(await answer_to(at, user, pressed, said))
    return read


@leads_to(
    *(f"button_wording.{name}" for name in ["TRY_AGAIN", "UNLOCKED_NOW", "UNLOCKED_LAST", "NO_MORE_TRIES"]),
    *(f"button_wording.{name}" for name in ["REVOKE_UNFINISHED", "OVER_ALREADY"]),
)
async def presses_on_a_locked_drop(at: Workplace) -> list[str]:
    """Unlocked twice, locked for good, and taken back while its key is out of reach."""
    drop = await hand_over(at, "/sendsecret here @dana")
    assert await guess(at, drop.link, 5) == 423
    locked = await reads(at, MAYA, sender_wording.TELL_LOCKED, about=drop.label)
    with busy_store(at):
        pressed = await press(at, MAYA, "unlock", locked)
        read = [await answer_to(at, MAYA, pressed, button_wording.TRY_AGAIN)]
    for said in (button_wording.UNLOCKED_NOW, button_wording.UNLOCKED_LAST):
        pressed = await press_by_hand(at, MAYA, "unlock", locked, drop.value)
        read.append(await answer_to(at, MAYA, pressed, said))
        assert await guess(at, drop.link, 5) == 423
    pressed = await press_by_hand(at, MAYA, "unlock", locked, drop.value)
    read.append(await answer_to(at, MAYA, pressed, button_wording.NO_MORE_TRIES))
    with drops_away(at):
        while (await drop.now()).state is State.LOCKED:
            # On a busy machine the same is said of a database that was locked for too long: press it again.
            pressed = await press_by_hand(at, MAYA, "revoke", locked, drop.value)
            read.append(await answer_to(at, MAYA, pressed, button_wording.REVOKE_UNFINISHED))
        await audited(at, drop.link.id, audit_wording.ENDING[Outcome.REVOKED])
    await reads(at, MAYA, sender_wording.ENDED[Outcome.REVOKED], about=drop.label)
    pressed = await press(at, DANA, "not_expected", drop.message)
    return [*read, await answer_to(at, DANA, pressed, button_wording.OVER_ALREADY)]


@leads_to("button_wording.RESUMED_LOCKED", "button_wording.UNLOCKED_PAUSED")
async def presses_on_what_is_locked_and_paused(at: Workplace) -> list[str]:
    """Each word of the sender's says what it leaves."""
    drop = await hand_over(at, "/sendsecret here @dana")
    assert await guess(at, drop.link, 5) == 423
    locked = await reads(at, MAYA, sender_wording.TELL_LOCKED, about=drop.label)
    read = []
    for user, action, message, said in (
        (DANA, "not_expected", drop.message, button_wording.PAUSED_NOW),
        (MAYA, "resume", locked, button_wording.RESUMED_LOCKED),
        (DANA, "not_expected", drop.message, button_wording.PAUSED_NOW),
        (MAYA, "unlock", locked, button_wording.UNLOCKED_PAUSED),
    ):
        pressed = await press_by_hand(at, user, action, message, drop.value)
        read.append(await answer_to(at, user, pressed, said))
    return read


@leads_to("button_wording.DENIED")
async def a_press_after_the_opening(at: Workplace) -> list[str]:
    """It was not them who opened it."""
    drop = await hand_over(at, "/sendsecret here @dana")
    assert await at.desk.read(drop.link, PASSPHRASE) == SECRET
    pressed = await press(at, DANA, "not_expected", drop.message)
    return [await answer_to(at, DANA, pressed, button_wording.DENIED)]


@leads_to("button_wording.REVOKED_NOW", "button_wording.LOST_AND_REVOKED", "button_wording.FORM_NOT_OPENED")
async def a_form_that_does_not_open_again(at: Workplace) -> list[str]:
    """The link is revoked all the same."""
    drop = await hand_over(at)
    at.sandbox.fault("views.open", "error", error="expired_trigger_id")
    status = await reads(at, MAYA, sender_wording.STATUS_WAITING, about=drop.label)
    pressed = await press(at, MAYA, "lost_passphrase", status)
    read = [await answer_to(at, MAYA, pressed, button_wording.LOST_AND_REVOKED)]
    ended = await reads(at, MAYA, sender_wording.ENDED[Outcome.REVOKED], about=drop.label)
    at.sandbox.fault("views.open", "http_500")
    pressed = await press(at, MAYA, "again", ended)
    read.append(await answer_to(at, MAYA, pressed, button_wording.FORM_NOT_OPENED))
    drop = await hand_over(at)
    await at.sandbox.click(MAYA, "revoke", view=drop.window["id"])
    return [*read, words_of(await window(at, MAYA, button_wording.REVOKED_NOW))]


CODES: Final = (*undelivered_wording.BY_CODE, "some_new_code")
BY_CODE: Final = [f"undelivered_wording.BY_CODE[{code}]" for code in undelivered_wording.BY_CODE]


@leads_to(*BY_CODE, "undelivered_wording.OTHER")
async def links_that_slack_does_not_take(at: Workplace) -> list[str]:
    """For each word of Slack's for it; each recipient's DM fails for a reason of its own.

    On a machine that has too much to do some are not sealed in time, and their reasons wait for the next form.
    """
    read: list[str] = []
    for _ in CODES:
        few = [code for code in CODES if code != "response_url_404" and not _said(code, read)][:4]
        if not few:
            break
        label = new_label()
        view = await open_form(at, "/sendsecret")
        people = [NOOR, SAM, LEE, DANA][: len(few)]
        await at.sandbox.fill(view["id"], {"recipients": people, "label": label, "secret": SECRET})
        for code in few:
            at.sandbox.fault("conversations.open", "error", error=code)
        if (await press_send(at, view))["outcome"] != "update":
            at.sandbox.clear_faults()
            continue
        shown = await window(at, MAYA, "Not sent")
        while "Sending" in words_of(shown):
            shown = found(await at.sandbox.wait_view(MAYA, "sent_drop", not_hash=shown["hash"]))
        at.sandbox.clear_faults()
        read.append(words_of(shown))
        if "was destroyed" in read[-1]:
            await reads(at, MAYA, sender_wording.ENDED[Outcome.UNDELIVERED], about=label)
    at.sandbox.set("response_uses", 0)
    view = await open_form(at, "/sendsecret here @dana")
    await at.sandbox.fill(view["id"], {"label": new_label(), "secret": SECRET})
    await press_send(at, view)
    shown = await window(at, MAYA, undelivered_wording.BY_CODE["response_url_404"])
    at.sandbox.set("response_uses", 5)
    return [*read, words_of(shown)]


def _said(code: str, read: list[str]) -> bool:
    sentence = undelivered_wording.BY_CODE.get(code, undelivered_wording.OTHER)
    return any(like(sentence).search(one) for one in read)


@leads_to(*(f"undelivered_wording.{name}" for name in ["BUSY", "NOT_POSTED", "UNANSWERED"]))
async def a_slack_that_cannot(at: Workplace) -> list[str]:
    """It asks for more patience than a sender has, and it does not answer."""
    read = []
    for method, kind, times, said in (
        ("conversations.open", "ratelimited", 1, undelivered_wording.BUSY),
        ("conversations.open", "http_500", None, undelivered_wording.NOT_POSTED),
        ("chat.postMessage", "http_500", None, undelivered_wording.UNANSWERED),
    ):
        label = new_label()
        view = await open_form(at, "/sendsecret @noor")
        await at.sandbox.fill(view["id"], {"label": label, "secret": SECRET})
        at.sandbox.fault(method, kind, times=times, retry_after=600)
        await press_send(at, view)
        read.append(words_of(await window(at, MAYA, said)))
        at.sandbox.clear_faults()
    return read
