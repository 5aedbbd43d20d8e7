"""What Home says of webhooks whose events are tried no more, to those who may have them sent again; and that press."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

import structlog

from bot import webhook_wording as wording
from bot.block_kit import Json, button, context, section
from bot.mrkdwn import Markup, fill, moment
from bot.rights import Clicker, Rights
from store import webhooks, webhooks_standing
from store.errors import StoreUnavailableError
from store.opened import Store
from store.webhooks_standing import Failed

REPLAY: Final = "home_replay"
_MOST: Final = 3

_log = structlog.get_logger("webhooks")


def blocks(failed: Sequence[Failed]) -> list[Json]:
    """A line with a button for each endpoint; the first few of many."""
    shown = [section(_line(one), accessory=button(wording.REPLAY, REPLAY, one.endpoint)) for one in failed[:_MOST]]
    return [*shown, context(Markup(wording.FAILED_MORE))] if len(failed) > _MOST else shown


def _line(one: Failed) -> Markup:
    sentence = wording.FAILED_ONE if one.count == 1 else wording.FAILED
    why = Markup(wording.why(one.why))
    return fill(sentence, endpoint=one.endpoint, count=f"{one.count:,}", since=moment(one.since), why=why)


@dataclass(frozen=True)
class Replaying:
    """The endpoints of this bot by name, and who may have their events sent again."""

    store: Store
    rights: Rights
    names: Collection[str]

    async def failed(self, clicker: Clicker) -> list[Failed]:
        """What this person is shown.  Raises StoreUnavailableError."""
        return await webhooks_standing.failed(self.store, self.names) if self.rights.tends_webhooks(clicker) else []

    async def replay(self, clicker: Clicker, name: str) -> Markup:
        """What a press on Replay is answered with."""
        if not self.rights.tends_webhooks(clicker):
            return Markup(wording.MAY_NOT_REPLAY)
        if name not in self.names:
            return Markup(wording.NO_SUCH_WEBHOOK)
        try:
            count = await webhooks.replay(self.store, name)
        except StoreUnavailableError:
            return Markup(wording.NOT_REPLAYED)
        _log.info("somebody pressed Replay", endpoint=name, count=count)
        return fill(wording.REPLAYED if count else wording.NOTHING_TO_REPLAY, endpoint=name, count=f"{count:,}")
