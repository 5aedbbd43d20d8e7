"""
Telling administrators, or the audit channel, of an endpoint that takes nothing, gave up, or takes everything again.

Home shows it too, to whoever looks.  A program that watches others is missed when it stops, and nobody looks every day.
"""

import asyncio
from collections.abc import Collection
from typing import Final

import structlog

from bot import webhook_wording as wording
from bot.alarm import Alarm
from bot.mrkdwn import Markup, fill, moment
from bot.rounds import Troubles, look_until
from store import webhook_troubles, webhooks_standing
from store.opened import Store
from store.webhook_troubles import Trouble

HOUR_MS: Final = 3_600_000
_EVERY_SECONDS: Final = 60.0
_TROUBLES: Final = Troubles(
    away="what is to be said of webhooks waits for the database",
    failed="what is to be said of webhooks could not be said; it is tried again",
)

_log = structlog.get_logger("webhooks")


class WebhookAlarm:
    """The loop, over the endpoints of this bot by name."""

    def __init__(self, store: Store, alarm: Alarm, names: Collection[str]) -> None:
        self._store = store
        self._alarm = alarm
        self._names = names

    async def run(self, stop: asyncio.Event) -> None:
        """Look until `stop`."""
        await look_until(stop, self.look, _EVERY_SECONDS, _log, _TROUBLES)

    async def look(self) -> None:
        """Say what there is to say."""
        for stuck in await webhooks_standing.stuck(self._store, self._names, after_ms=HOUR_MS):
            said = {"endpoint": stuck.endpoint, "since": moment(stuck.since), "count": f"{stuck.count:,}"}
            sentence = fill(wording.TELL_FAILING, why=Markup(wording.why(stuck.why)), **said)
            await self._tell(stuck.endpoint, Trouble.FAILING, sentence)
        for failed in await webhooks_standing.failed(self._store, self._names):
            said = {"endpoint": failed.endpoint, "since": moment(failed.since), "count": f"{failed.count:,}"}
            sentence = fill(wording.TELL_GIVEN_UP, why=Markup(wording.why(failed.why)), **said)
            await self._tell(failed.endpoint, Trouble.GIVEN_UP, sentence)
        for one in await webhook_troubles.over(self._store, self._names):
            lease = await webhook_troubles.begin_to_tell_it_is_over(self._store, one.endpoint)
            words = wording.TELL_FORGOTTEN if one.is_forgotten else wording.TELL_OVER
            if await self._is_said(one.endpoint, lease, fill(words, endpoint=one.endpoint)):
                await webhook_troubles.told_it_is_over(self._store, one.endpoint)

    async def _tell(self, name: str, what: Trouble, sentence: Markup) -> None:
        if await self._is_said(name, await webhook_troubles.begin_to_tell(self._store, name, what), sentence):
            await webhook_troubles.told(self._store, name, what)

    async def _is_said(self, name: str, lease: int | None, sentence: Markup) -> bool:
        """Whether somebody was reached; `lease` is None where it is not this bot's to say."""
        if lease is None:
            return False
        is_said = False
        try:
            is_said = await self._alarm.ring(sentence)
        finally:
            if not is_said:
                await webhook_troubles.nobody_was_told(self._store, name, lease)
        return is_said
