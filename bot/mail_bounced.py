"""
An e-mail that came to SMTP_FROM: where it reports that a letter of ours failed, the letter's drop ends.

Whoever can name the letter's mark has seen the letter, or carried it; nobody else can.  The report must name the
address that the letter was for as well: of one that the recipient had it sent on to nobody knows whether a copy stayed.

What is read may hold the whole link, in the letter that came back.  None of it is kept, logged or told but the status,
three numbers.
"""

from enum import Enum, auto
from typing import Final

from bot.mail_letter import mark
from bot.mail_parts import taken_apart
from bot.mail_reports import Report, of_parts
from bot.mail_text_reports import of_text
from store.deliveries import record_bounced
from store.drops import find, mailed_ids
from store.known_as import known_as
from store.opened import Store

BOUNCED: Final = "bounced_"
"""With the status behind it, why a drop is undelivered, on the record."""


class Became(Enum):
    """What became of the drop that an e-mail is about."""

    NOT_OURS = auto()
    """It reports no failure, or that of a letter that is not ours, or whose drop is over for weeks."""
    ELSEWHERE = auto()
    """It failed for another address than the letter's."""
    OVER = auto()
    """Nobody waits for it any more, or somebody has tried a passphrase: nothing was changed."""
    ENDED = auto()


def report_in(raw: bytes) -> Report | None:
    """What an e-mail reports, if it reports a failure."""
    whole = taken_apart(raw)
    return of_parts(whole) or of_text(whole)


async def take_back(store: Store, raw: bytes) -> tuple[Became, bytes | None]:
    """Act on one e-mail; with the id of the drop that it is about.  Raises StoreUnavailableError."""
    report = report_in(raw)
    if report is None:
        return Became.NOT_OURS, None
    about = [drop_id async for drop_id in mailed_ids(store) if mark(drop_id) in report.marks]
    drop = await find(store, about[0]) if len(about) == 1 else None
    if drop is None:
        return Became.NOT_OURS, None
    if drop.outcome is not None:
        return Became.OVER, drop.id
    status = report.failed.get(known_as(drop.recipient_id))
    if status is None:
        return Became.ELSEWHERE, drop.id
    ended = await record_bounced(store, drop.id, why=f"{BOUNCED}{status}")
    return Became.ENDED if ended else Became.OVER, drop.id
