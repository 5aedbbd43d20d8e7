"""Ways to what is answered to `/sendsecret evidence`.  WALKS holds all others, too."""

from datetime import date
from typing import Final

from sqlalchemy import update

from bot import evidence_wording, pack_wording
from sandbox.fixtures import SAM
from store.evidence.request import Request
from store.schema_of_evidence import evidence_packs
from tests.e2e.evidence_pack import ask
from tests.e2e.reading import reads
from tests.e2e.sentences import SENTENCES
from tests.e2e.walks import leads_to
from tests.e2e.walks_of_presses import WALKS
from tests.e2e.workplace import Workplace
from tests.store.packs import taken

__all__ = ["WALKS"]

PERIODS: Final = {
    "evidence_wording.WHICH_PERIOD": "last fortnight",
    "evidence_wording.BACKWARDS": "2025-02-01 2025-01-01",
    "evidence_wording.NOT_BEGUN": "2999",
}
LATER: Final = {
    "evidence_wording.UNDERWAY": "2024-01",
    "evidence_wording.OTHER_UNDERWAY": "2024-02",
    "evidence_wording.MADE": "2024-01",
    "evidence_wording.BEGUN": "2024-02",
}


@leads_to(*PERIODS, *LATER)
async def an_auditor_asks(at: Workplace) -> list[str]:
    """A period that is none; then one that another bot is making, which dies; then the same, and another."""
    for name, words in PERIODS.items():
        await ask(at, words, SENTENCES[name])
    db = at.desk.store.db
    turn = await taken(db, Request(date(2024, 1, 1), date(2024, 1, 31)), by=SAM)
    await ask(at, LATER["evidence_wording.UNDERWAY"], evidence_wording.UNDERWAY)
    before = await ask(at, LATER["evidence_wording.OTHER_UNDERWAY"], evidence_wording.OTHER_UNDERWAY)
    async with db.write() as tx:
        await tx.execute(update(evidence_packs).where(turn.is_mine).values(lease_until=0))
    await reads(at, SAM, pack_wording.READY, about="2024-01-31", after=before)
    for name in ("evidence_wording.MADE", "evidence_wording.BEGUN"):
        before = await ask(at, LATER[name], SENTENCES[name])
        await reads(at, SAM, pack_wording.READY, after=before)
    return [SENTENCES[name] for name in (*PERIODS, *LATER)]
