"""
Carrying the outbox to Slack: leased, told with no transaction open, settled.

Order is kept per drop and audience by the outbox.  A call that fails is made again: when Slack says so, or after a
pause that doubles up to a quarter of an hour, for ever.  What only an administrator can mend (an archived channel, a
bot that was removed) is parked, tried again every minute, and delivered in order when it works again.
"""

import asyncio
import random
import time
from collections import Counter
from collections.abc import Sequence
from typing import Final

import structlog

from bot import audit_wording
from bot.admins import Admins
from bot.mrkdwn import Markup, fill
from bot.slack_calls import SlackBusyError, SlackError, SlackRefusedError
from bot.telling import NotYetError, Teller
from store import outbox
from store.errors import StoreUnavailableError
from store.logs import place_of
from store.opened import Store
from store.outbox import Notice
from store.words import Audience

_POLL_SECONDS: Final = 0.5
_LONGEST_PAUSE: Final = 900.0
_WITHIN_LEASE: Final = outbox.LEASE_MS / 1000 - 35
_NOT_YET_SECONDS: Final = 1.0

_TOKEN_CODES: Final = frozenset(
    {"account_inactive", "token_revoked", "token_expired", "invalid_auth", "not_authed", "missing_scope"}
)
PARKED: Final = _TOKEN_CODES | {
    "not_in_channel",
    "channel_not_found",
    "is_archived",
    "restricted_action",
    "messages_tab_disabled",
}
"""Slack's words for what does not mend by itself."""

_NOBODY: Final = frozenset({"user_disabled", "user_not_found", "user_not_visible"})

_log = structlog.get_logger("dispatcher")


class Dispatcher:
    """One loop.  Several programs may run one each: a lease keeps them apart."""

    def __init__(
        self, store: Store, teller: Teller, admins: Admins, audit_channel: str, *, retry_parked_seconds: float = 60.0
    ) -> None:
        self._store = store
        self._teller = teller
        self._admins = admins
        self._audit_channel = audit_channel
        self._retry_parked_seconds = retry_parked_seconds
        self._retry_parked_at = 0.0
        self._closed: dict[Audience, str] = {}
        self._failures: Counter[int] = Counter()
        self._awake = asyncio.Event()
        self._has_told_admins = False

    def wake(self) -> None:
        """There is something new in the outbox."""
        self._awake.set()

    async def run(self, stop: asyncio.Event) -> None:
        """Dispatch until `stop`."""
        while not stop.is_set():
            self._awake.clear()
            try:
                is_busy = await self.once()
            except StoreUnavailableError:
                _log.warning("the store does not answer; notices wait")
                is_busy = False
            except Exception as error:  # noqa: BLE001 - a dispatcher that stopped for ever would tell nobody anything
                _log.error("dispatching failed; notices wait", error=place_of(error))
                is_busy = False
            if not is_busy:
                await self._rest(stop)

    async def once(self) -> bool:
        """Tell what is due.  True when something was due."""
        if time.monotonic() >= self._retry_parked_at:
            self._retry_parked_at = time.monotonic() + self._retry_parked_seconds
            self._closed.clear()
            for audience in Audience:
                await outbox.unpark(self._store, audience)
        notices = await outbox.lease(self._store)
        ends = time.monotonic() + _WITHIN_LEASE
        groups = [[notice for notice in notices if notice.audience == audience] for audience in Audience]
        await asyncio.gather(*(self._group(group, ends) for group in groups))
        return bool(notices)

    async def _rest(self, stop: asyncio.Event) -> None:
        waits = [asyncio.ensure_future(event.wait()) for event in (stop, self._awake)]
        try:
            await asyncio.wait(waits, timeout=_POLL_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()

    async def _group(self, notices: Sequence[Notice], ends: float) -> None:
        """One audience's notices, one after the other: Slack counts posts per channel and calls per method."""
        for number, notice in enumerate(notices):
            try:
                pause = 0.0 if time.monotonic() >= ends else await self._tell(notice)
                if pause is not None:
                    for later in notices[number:]:
                        await outbox.postpone(self._store, later, pause)
                    return
            except StoreUnavailableError:
                _log.warning("the store does not answer; leased notices come back by themselves")
                return

    async def _tell(self, notice: Notice) -> float | None:
        """Tell one notice and settle it.  Seconds to leave this audience alone, or None to go on."""
        if notice.audience in self._closed:
            await outbox.park(self._store, notice, self._closed[notice.audience])
            return None
        try:
            await self._teller.tell(notice)
        except NotYetError:
            await outbox.postpone(self._store, notice, _NOT_YET_SECONDS)
            return None
        except SlackBusyError as busy:
            return busy.seconds
        except SlackRefusedError as refused:
            await self._refused(notice, refused.code)
            return None
        except SlackError:
            pause = self._pause(notice)
            _log.info("Slack did not answer; a notice waits", audience=notice.audience, seconds=round(pause))
            return pause
        except StoreUnavailableError:
            raise
        except Exception as error:  # noqa: BLE001 - one notice that cannot be told must not stop all others
            _log.error("a notice could not be told; it waits", audience=notice.audience, error=place_of(error))
            await outbox.postpone(self._store, notice, self._pause(notice))
            return None
        await outbox.settle(self._store, notice)
        self._failures.pop(notice.id, None)
        if notice.audience is Audience.AUDIT:
            self._has_told_admins = False
        return None

    async def _refused(self, notice: Notice, code: str) -> None:
        if notice.audience is not Audience.AUDIT and code in _NOBODY:
            _log.warning("a notice has nobody to go to", audience=notice.audience, code=code)
            await outbox.settle(self._store, notice)
        elif code in PARKED:
            await outbox.park(self._store, notice, code)
            if notice.audience is Audience.AUDIT or code in _TOKEN_CODES:
                self._closed[notice.audience] = code
            await self._alarm(notice.audience, code)
        else:
            pause = self._pause(notice)
            _log.warning("Slack refused a notice; it waits", audience=notice.audience, code=code, seconds=round(pause))
            await outbox.postpone(self._store, notice, pause)

    async def _alarm(self, audience: Audience, code: str) -> None:
        _log.error("notices are parked until this is mended", audience=audience, code=code)
        if audience is Audience.AUDIT and not self._has_told_admins:
            self._has_told_admins = True
            channel = Markup(f"<#{self._audit_channel}>")
            await self._admins.tell(fill(audit_wording.AUDIT_AWAY, channel=channel, code=code))

    def _pause(self, notice: Notice) -> float:
        self._failures[notice.id] += 1
        longest = min(_LONGEST_PAUSE, 2.0 ** min(self._failures[notice.id], 10))
        return longest * random.uniform(0.5, 1.0)  # noqa: S311 - jitter, not a secret
