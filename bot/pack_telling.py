"""
Telling people of their evidence packs, and the audit channel of each that was made.

What Slack does not take now is tried again until the pack's days are over.  At worst somebody reads the same twice.
"""

import asyncio
from collections.abc import Sequence
from typing import Final

import structlog

from bot import pack_messages
from bot.people import People
from bot.rounds import wait
from bot.slack_calls import Slack, SlackBusyError, SlackError, SlackRefusedError
from store.errors import StoreUnavailableError
from store.evidence import owed as owing
from store.evidence.owed import AUDIT, Owed
from store.logs import place_of
from store.opened import Store

_EVERY_SECONDS: Final = 1.0
_LONGEST_PAUSE: Final = 900.0
_NOBODY: Final = frozenset({"user_disabled", "user_not_found", "user_not_visible", "cannot_dm_bot"})

_log = structlog.get_logger("evidence")


class PackTelling:
    """The loop.  `may` are the people who may have packs; `audit_channel` is None where there is none."""

    def __init__(
        self, store: Store, slack: Slack, people: People, may: Sequence[str], audit_channel: str | None
    ) -> None:
        self._store = store
        self._slack = slack
        self._people = people
        self._may = frozenset(may)
        self._audit_channel = audit_channel

    async def run(self, stop: asyncio.Event) -> None:
        """Tell until `stop`."""
        while not stop.is_set():
            is_busy = False
            try:
                is_busy = await self._once()
            except StoreUnavailableError:
                _log.warning("news of evidence packs waits for the database")
            except Exception as error:  # noqa: BLE001 - a loop that stopped for ever would leave people waiting
                _log.error("news of an evidence pack waits; it is tried again", error=place_of(error))
            if not is_busy:
                await wait(stop, _EVERY_SECONDS)

    async def _once(self) -> bool:
        """Tell what is owed next.  True when something was."""
        owed = await owing.take(self._store.db)
        if owed is None:
            return False
        try:
            await self._tell(owed)
        except SlackBusyError as busy:
            await owing.postpone(self._store.db, owed, busy.seconds)
        except SlackRefusedError as refused:
            _log.warning("Slack refused the news of an evidence pack", code=refused.code)
            if refused.code in _NOBODY:
                await owing.settle(self._store.db, owed)
            else:
                await owing.postpone(self._store.db, owed, _pause(owed))
        except SlackError:
            await owing.postpone(self._store.db, owed, _pause(owed))
        else:
            await owing.settle(self._store.db, owed)
        return True

    async def _tell(self, owed: Owed) -> None:
        if owed.whom == AUDIT:
            if self._audit_channel is not None:
                person = await self._people.find(owed.asked_by)
                name = owed.asked_by if person is None else person.name
                await self._slack.post(self._audit_channel, pack_messages.audited(owed, name))
            return
        # Whoever was an auditor when they asked, and is none by now, gets no link.
        if owed.whom not in self._may:
            return
        if owed.failure is None:
            message = pack_messages.ready(owed, self._store.issuer)
        else:
            message = pack_messages.failed(owed, owed.failure)
        await self._slack.post(await self._slack.open_dm(owed.whom), message)


def _pause(owed: Owed) -> float:
    return min(_LONGEST_PAUSE, 2.0 ** min(owed.tries, 10))
