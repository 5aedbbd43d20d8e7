"""
The messages about an evidence pack: its link in a DM, why there is none, and a line for the audit channel.

Pure.  The link stands in a button of the DM and nowhere else.
"""

from typing import Final

from bot import pack_wording as wording
from bot.block_kit import actions, context, link_button, section
from bot.message import Message
from bot.mrkdwn import Markup, fill, moment
from store.evidence.asking import MOST_ATTEMPTS, MOST_MINUTES
from store.evidence.making import LISTED_FAULTS
from store.evidence.owed import Owed
from store.evidence.request import Request
from store.words import PackFailure

OPEN: Final = "open_pack"


def ready(owed: Owed, issuer: str) -> Message:
    """The pack is there."""
    told = fill(
        wording.READY,
        **about(owed.request),
        drops=_drops(owed.drops),
        made=moment(owed.made_at or 0),
        until=moment(owed.until),
    )
    faulty = [section(fill(wording.FAULTY, findings=_findings(owed.faults)))] if owed.faults else []
    address = f"{issuer}/evidence/{owed.pack_id.hex()}"
    return Message(
        text=wording.READY_TEXT,
        blocks=[
            section(told),
            *faulty,
            actions(link_button(wording.OPEN, OPEN, address, "pack")),
            context(Markup(wording.CHECK_IT)),
        ],
    )


def failed(owed: Owed, failure: PackFailure) -> Message:
    """There is none, and why."""
    why = fill(wording.WHY[failure], minutes=MOST_MINUTES, attempts=MOST_ATTEMPTS)
    told = fill(wording.FAILED, **about(owed.request), why=why)
    return Message(text=wording.FAILED_TEXT, blocks=[section(told)])


def audited(owed: Owed, name: str) -> Message:
    """That a pack was made, and for whom, in a name that rings nobody's bell."""
    told = fill(wording.AUDITED, name=name, **about(owed.request), drops=_drops(owed.drops))
    return Message(text=told, blocks=[section(told)])


def about(request: Request) -> dict[str, str]:
    """Period and recipients of a pack, in words, as the sentences about it take them."""
    classes = ", ".join(request.recipients)
    return {
        "period": wording.PERIOD.format(first=request.first.isoformat(), last=request.last.isoformat()),
        "recipients": wording.SOME.format(classes=classes) if classes else wording.ALL,
    }


def _findings(count: int) -> str:
    wanted = wording.FINDINGS if count < LISTED_FAULTS else wording.MANY_FINDINGS
    return wanted.format(count=count)


def _drops(count: int) -> str:
    return wording.ONE_DROP if count == 1 else wording.DROPS.format(count=count)
