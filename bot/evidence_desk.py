"""
`/sendsecret evidence`: who may have a pack made, of which period, and what becomes of the request.

Everything here is one look into the database; the making is somebody else's.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

import structlog

from bot import evidence_wording as wording
from bot import pack_messages, periods
from bot.mrkdwn import Markup, fill, mention, moment
from store.errors import StoreUnavailableError
from store.evidence import asking
from store.evidence.asking import Standing
from store.opened import Store

_MOST_NAMED: Final = 10
_ANSWERS: Final = {
    Standing.BEGUN: wording.BEGUN,
    Standing.UNDERWAY: wording.UNDERWAY,
    Standing.MADE: wording.MADE,
    Standing.OTHER_UNDERWAY: wording.OTHER_UNDERWAY,
}

_log = structlog.get_logger("evidence")


@dataclass(frozen=True)
class EvidenceDesk:
    """Takes requests of the people in `may`: AUDITORS and ADMINS, each once."""

    store: Store
    may: tuple[str, ...]

    async def answer(self, words: str, user_id: str) -> Markup:
        """Take a request, or say why not."""
        if user_id not in self.may:
            return self._who_may()
        today = datetime.fromtimestamp(self.store.clock.now_seconds(), UTC).date()
        try:
            request = periods.read(words, today)
        except periods.BackwardsError:
            return Markup(wording.BACKWARDS)
        except periods.NotBegunError:
            return Markup(wording.NOT_BEGUN)
        except periods.PeriodError:
            return Markup(wording.WHICH_PERIOD)
        try:
            asked = await asking.ask(self.store.db, request, user_id)
        except StoreUnavailableError:
            _log.warning("a request for an evidence pack was not taken; the database does not answer")
            return Markup(wording.STORE_AWAY)
        told: dict[str, str | Markup] = {**pack_messages.about(asked.request)}
        if asked.made_at is not None:
            told["made"] = moment(asked.made_at)
        return fill(_ANSWERS[asked.standing], **told)

    def _who_may(self) -> Markup:
        if not self.may:
            return Markup(wording.NOBODY_MAY)
        named = [mention(user_id) for user_id in self.may[:_MOST_NAMED]]
        if left := len(self.may) - len(named):
            named.append(fill(wording.MORE_PEOPLE, count=left))
        return fill(wording.WHO_MAY, people=Markup(", ".join(named)))
