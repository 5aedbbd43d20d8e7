"""Ways to what people read about requests.  WALKS holds those of the other walks too."""

from typing import Final

from bot import button_wording, request_wording, sender_wording
from bot.button_wording import NotTheirs
from sandbox.fixtures import DANA, GENERAL, MAYA
from store.words import Outcome
from tests.bot.desk import Json
from tests.bot.sealing_outside import urls_in
from tests.e2e.acting import answer_to, new_label, press, press_by_hand
from tests.e2e.reading import mark, reads
from tests.e2e.sealing_outside import seal_outside
from tests.e2e.walks import busy_store, leads_to, newcomer, typed
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
    with newcomer(at) as somebody:
        for user, whom, said in (
            (somebody, "@maya", request_wording.WHO_ARE_YOU),
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
    # As long as it lasts: a message about an earlier drop may be on its way, and would take a single refusal.
    at.sandbox.fault("conversations.open", "error", times=None, error="restricted_action")
    read.append(await typed(at, MAYA, "request @dana key", "request_wording.NOT_REACHED"))
    read.append(await typed(at, MAYA, "request key", "request_wording.NOT_SHOWN"))
    at.sandbox.clear_faults("conversations.open")
    return read


@leads_to(
    *(
        f"request_wording.{name}"
        for name in ["DONE", "LINK_MADE", "TRY_AGAIN", "TAKEN_BACK_NOW", "IS_OVER", "TOO_LATE"]
    ),
    *(f"button_wording.{name}[{why}]" for name in ["LOST_AND", "CANNOT_START"] for why in NotTheirs),
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
    pressed = await press(at, MAYA, "take_back", waiting)
    read.append(await answer_to(at, MAYA, pressed, request_wording.TOO_LATE))
    read += await _lost(at, DANA, label, NotTheirs.ASKED)

    label = new_label()
    await typed(at, MAYA, f"request {label}", "request_wording.LINK_MADE")
    [url] = urls_in(await reads(at, MAYA, request_wording.LINK, about=label))
    await seal_outside(at, url)
    return [*read, *await _lost(at, MAYA, label, NotTheirs.BY_LINK)]


async def _lost(at: Workplace, user: str, label: str, why: NotTheirs) -> list[str]:
    """Somebody has lost the passphrase of what they may not start again by themselves."""
    status = await reads(at, user, sender_wording.STATUS_WAITING, about=label)
    pressed = await press(at, user, "lost_passphrase", status)
    read = [await answer_to(at, user, pressed, button_wording.LOST_AND[why])]
    ended = await reads(at, user, sender_wording.ENDED[Outcome.REVOKED], about=label)
    pressed = await press(at, user, "again", ended)
    return [*read, await answer_to(at, user, pressed, button_wording.CANNOT_START[why])]


def _order_of(message: Json) -> str:
    [block] = [block for block in message["blocks"] if block["type"] == "actions"]
    return str(block["elements"][0]["value"])
