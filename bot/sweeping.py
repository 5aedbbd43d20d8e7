"""
The bot's share of finishing what time or a crash left, every second, and of watching the keyring and erasing delivery
keys of before, every minute; and once an hour it forgets the months that are over for long enough.

Any program may sweep.  A sweep that fails is logged and repeated: nothing depends on one of them.
"""

import asyncio
import time
from pathlib import Path
from typing import Final

import structlog

from bot import audit_wording
from bot.admins import Admins
from bot.mrkdwn import fill
from bot.rounds import Troubles, look_until
from store import record_escrow, retention, sweeper
from store.keys import delivery
from store.logs import place_of
from store.opened import Store

_EVERY_SECONDS: Final = 1.0
_KEYS_EVERY_SECONDS: Final = 60.0
_MONTHS_EVERY_SECONDS: Final = 3600.0
_UNTIDY_ROUNDS: Final = 2  # a lock may hold up one
_TROUBLES: Final = Troubles(away="a sweep waits for the store; it is repeated", failed="a sweep failed; it is repeated")

_log = structlog.get_logger("sweeping")


class Sweeping:
    """The loop, and what it has said about absent keys.  `keep_months`: how long names are kept, 0 for ever."""

    def __init__(self, store: Store, signing_dir: Path, admins: Admins, keep_months: int) -> None:
        self._store = store
        self._signing_dir = signing_dir
        self._keep_months = keep_months
        self._admins = admins
        self._has_told_admins = False
        self._has_told_of_masters = False
        self._has_told_of_emptying = False
        self._untidy = 0
        self._keys_at = self._months_at = 0.0

    async def run(self, stop: asyncio.Event) -> None:
        """Sweep until `stop`."""
        await look_until(stop, self._look, _EVERY_SECONDS, _log, _TROUBLES)

    async def _look(self) -> None:
        # By time and not by looks: one may take long, where much is over at once.
        now = time.monotonic()
        if now >= self._months_at:
            self._months_at = now + _MONTHS_EVERY_SECONDS
            await self._forget()
        with_keys = now >= self._keys_at
        if with_keys:
            self._keys_at = now + _KEYS_EVERY_SECONDS
        await self._once(with_keys=with_keys)

    async def _forget(self) -> None:
        try:
            swept = await retention.sweep(self._store, self._keep_months)
        except Exception as error:  # noqa: BLE001 - nothing else may wait for it, and it is repeated in an hour
            _log.error("names that are over could not be erased; it is tried again", error=place_of(error))
            return
        for month in swept.forgotten:
            _log.info("the names of a month were erased, as RETENTION_MONTHS says", month=month)
        for month in swept.held:
            _log.warning("the names of a month are over, and kept for a drop or record that has not ended", month=month)

    async def _once(self, *, with_keys: bool) -> None:
        failed = (await sweeper.sweep(self._store)).failed
        if failed:
            _log.error("endings wait for their keys; is the keyring there?", count=failed)
        if with_keys:
            swept = await sweeper.sweep_keys(self._store)
            absent = len(swept.absent)
            if absent or swept.is_away:
                _log.error("keys cannot be read, or are absent; is the keyring there?", absent=absent)
                if not self._has_told_admins:
                    wording = audit_wording.KEYS_ABSENT if absent else audit_wording.KEYRING_AWAY
                    await self._admins.tell(fill(wording, count=absent))
            self._has_told_admins = absent > 0 or swept.is_away
            await self._look_at_server(swept)
            await self._look_at_masters()
            await delivery.forget(self._store, self._signing_dir)

    async def _look_at_server(self, swept: sweeper.Swept) -> None:
        if swept.was_emptied and not self._has_told_of_emptying:
            _log.error("the keyring's server has lost the keys of drops, as a crash of it does; open drops are lost")
            await self._admins.tell(fill(audit_wording.KEYRING_EMPTIED))
        self._has_told_of_emptying = swept.was_emptied
        self._untidy = self._untidy + 1 if swept.is_untidy else 0
        if swept.is_untidy:
            _log.error("deleted keys cannot be vacuumed away on the keyring's server; it is tried again")
        if self._untidy == _UNTIDY_ROUNDS:
            await self._admins.tell(fill(audit_wording.KEYRING_UNTIDY))

    async def _look_at_masters(self) -> None:
        numbers = ", ".join(map(str, await record_escrow.missing(self._store)))
        if numbers:
            _log.error("master keys that records in escrow need are absent or damaged", numbers=numbers)
            if not self._has_told_of_masters:
                await self._admins.tell(fill(audit_wording.MASTERS_ABSENT, numbers=numbers))
        self._has_told_of_masters = numbers != ""
