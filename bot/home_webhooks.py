"""What Home says of webhooks that do not take events, to those who may have them sent again; and that press."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

import structlog

from bot import webhook_wording as wording
from bot.block_kit import Json, button, context, section
from bot.mrkdwn import Markup, fill, moment
from bot.rights import Clicker, Rights
from store import webhooks, webhooks_standing
from store.errors import StoreUnavailableError
from store.opened import Store
from store.webhooks_standing import Failed, Stuck

REPLAY: Final = "home_replay"
Untold: TypeAlias = Failed | Stuck
_MOST: Final = 3

_log = structlog.get_logger("webhooks")


def blocks(untold: Sequence[Untold]) -> list[Json]:
    """A line with a button for each; the first few of many."""
    shown = [section(_line(one), accessory=button(wording.REPLAY, REPLAY, one.endpoint)) for one in untold[:_MOST]]
    return [*shown, context(Markup(wording.FAILED_MORE))] if len(untold) > _MOST else shown


def _line(one: Untold) -> Markup:
    why = Markup(wording.why(one.why))
    if isinstance(one, Stuck):
        numbers = {"count": f"{one.count:,}", "ahead": f"{one.ahead:,}"}
        return fill(wording.STUCK, endpoint=one.endpoint, since=moment(one.since), why=why, **numbers)
    sentence = wording.FAILED_ONE if one.count == 1 else wording.FAILED
    return fill(sentence, endpoint=one.endpoint, count=f"{one.count:,}", since=moment(one.since), why=why)


@dataclass(frozen=True)
class Replaying:
    """The endpoints of this bot by name, and who may have their events sent again."""

    store: Store
    rights: Rights
    names: Collection[str]

    async def untold(self, clicker: Clicker) -> list[Untold]:
        """What this person is shown, what is tried no more before what waits.  Raises StoreUnavailableError."""
        if not self.rights.tends_webhooks(clicker):
            return []
        failed = await webhooks_standing.failed(self.store, self.names)
        return [*failed, *await webhooks_standing.stuck(self.store, self.names)]

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
