"""Ways to what people read about requests.  WALKS holds those of the other walks too."""

from typing import Final

from bot import button_wording, request_wording, sender_wording
from sandbox.fixtures import DANA, GENERAL, MAYA
from store.words import Outcome
from tests.bot.desk import Json
from tests.bot.sealing_outside import urls_in
from tests.e2e.acting import answer_to, new_label, press, press_by_hand
from tests.e2e.reading import mark, reads
from tests.e2e.sealing_outside import seal_outside
from tests.e2e.walks import NEWCOMER, busy_store, leads_to, newcomer, typed
from tests.e2e.walks_for_evidence import WALKS
from tests.e2e.workplace import Workplace

__all__ = ["WALKS"]

LINES: Final = {
    "request_wording.FAULTS[no_label]": "@dana",
    "request_wording.FAULTS[long_label]": "@dana " + "x" * 81,
    "request_wording.FAULTS[several]": "@dana @noor key",
    "request_wording.FAULTS[nobody]": "@danna key",
    "request_wording.IS_BOT": "@buildbot key",
    "request_wording.IS_GONE": "@olga key",
    "request_wording.IS_STRANGER": "@kai key",
}


@leads_to(*LINES, *(f"request_wording.{name}" for name in ["MAY_NOT_ASK", "WHO_ARE_YOU", "WHO_IS_IT"]))
async def requests_that_cannot_be_made(at: Workplace) -> list[str]:
    """Of whom, for what, and by whom."""
    read = [await typed(at, MAYA, f"request {line}", name) for name, line in LINES.items()]
    read.append(await typed(at, DANA, "request @maya key", "request_wording.MAY_NOT_ASK"))
    with newcomer(at):
        for user, whom, said in (
            (NEWCOMER, "@maya", request_wording.WHO_ARE_YOU),
            (MAYA, "@newcomer", request_wording.WHO_IS_IT),
        ):
            before = mark(at)
            await at.sandbox.type(user, GENERAL, f"/sendsecret request {whom} key")
            read.append(await answer_to(at, user, before, said))
    return read


@leads_to(*(f"request_wording.{name}" for name in ["STORE_AWAY", "NOT_REACHED", "NOT_SHOWN"]))
async def requests_that_do_not_get_through(at: Workplace) -> list[str]:
    """The store is busy, and Slack does not take a message."""
    with busy_store(at):
        read = [await typed(at, MAYA, "request @dana key", "request_wording.STORE_AWAY")]
    at.sandbox.fault("conversations.open", "error", error="user_disabled")
    read.append(await typed(at, MAYA, "request @dana key", "request_wording.NOT_REACHED"))
    at.sandbox.fault("conversations.open", "error", error="restricted_action")
    return [*read, await typed(at, MAYA, "request key", "request_wording.NOT_SHOWN")]


@leads_to(
    *(
        f"request_wording.{name}"
        for name in ["DONE", "LINK_MADE", "TRY_AGAIN", "TAKEN_BACK_NOW", "IS_OVER", "TOO_LATE"]
    ),
    "button_wording.LOST_AND_ASK_AGAIN",
    "button_wording.ASK_AGAIN",
)
async def requests_that_are_taken_back_or_given(at: Workplace) -> list[str]:
    """One by each way; what a guest was asked for and sealed is theirs to revoke, and not to start again."""
    read, label = [], new_label()
    read.append(await typed(at, MAYA, f"request {label}", "request_wording.LINK_MADE"))
    waiting = await reads(at, MAYA, request_wording.LINK_CALM, about=label)
    with busy_store(at):
        pressed = await press(at, MAYA, "take_back", waiting)
        read.append(await answer_to(at, MAYA, pressed, request_wording.TRY_AGAIN))
    value = _order_of(waiting)
    pressed = await press(at, MAYA, "take_back", waiting)
    read.append(await answer_to(at, MAYA, pressed, request_wording.TAKEN_BACK_NOW))
    pressed = await press_by_hand(at, MAYA, "take_back", waiting, value)
    read.append(await answer_to(at, MAYA, pressed, request_wording.IS_OVER))

    label = new_label()
    before = mark(at)
    read.append(await typed(at, MAYA, f"request @dana {label}", "request_wording.DONE"))
    waiting = await reads(at, MAYA, request_wording.WAITING_KIND, after=before)
    [url] = urls_in(await reads(at, DANA, request_wording.ASKED, about=label))
    await seal_outside(at, url)
    status = await reads(at, DANA, sender_wording.STATUS_WAITING, about=label)
    pressed = await press(at, MAYA, "take_back", waiting)
    read.append(await answer_to(at, MAYA, pressed, request_wording.TOO_LATE))
    pressed = await press(at, DANA, "lost_passphrase", status)
    read.append(await answer_to(at, DANA, pressed, button_wording.LOST_AND_ASK_AGAIN))
    ended = await reads(at, DANA, sender_wording.ENDED[Outcome.REVOKED], about=label)
    pressed = await press(at, DANA, "again", ended)
    return [*read, await answer_to(at, DANA, pressed, button_wording.ASK_AGAIN)]


def _order_of(message: Json) -> str:
    [block] = [block for block in message["blocks"] if block["type"] == "actions"]
    return str(block["elements"][0]["value"])
