"""
One audience's notices on their way to Slack: leased, told with no transaction open, settled.

Order is kept per drop and audience by the outbox.  A call that fails is made again: when Slack says so, or after a
pause that doubles, for ever.  What only somebody else can mend (an archived channel, a revoked token) parks the
notice that met it and closes the lane; once a minute it is tried again.  Whoever is to hear of it hears it when
nothing is held any more.  Nothing is told for longer than its lease: from then on another program may tell it.

Slack that did not answer is asked with a call that changes nothing.  If it answers that, the one notice waits and
all others go on; if not, the lane rests until it does: a notice that Slack took, and whose answer was lost, would
stand there once more for each try.
"""

import asyncio
import random
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

import structlog

from bot.absences import Absence
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
_LEASE_SECONDS: Final = outbox.LEASE_MS / 1000
_BEGUN_WITHIN: Final = _LEASE_SECONDS - 35
_TOLD_WITHIN: Final = _LEASE_SECONDS - 5
_NOT_YET_SECONDS: Final = 1.0
_STUCK_AFTER: Final = 3

_NO_ACCESS: Final = frozenset(
    {
        "account_inactive",
        "invalid_auth",
        "missing_scope",
        "not_authed",
        "restricted_action",
        "token_expired",
        "token_revoked",
    }
)
_NO_CHANNEL: Final = frozenset(
    {
        "channel_not_found",
        "is_archived",
        "not_in_channel",
        "restricted_action_non_threadable_channel",
        "restricted_action_read_only_channel",
        "restricted_action_thread_only_channel",
    }
)
CLOSES: Final = {
    Audience.AUDIT: _NO_ACCESS | _NO_CHANNEL,
    Audience.SENDER: _NO_ACCESS | {"messages_tab_disabled"},
    Audience.RECIPIENT: _NO_ACCESS | {"messages_tab_disabled"},
}
"""Slack's words for what stops everything for an audience and does not mend by itself."""

_NOBODY: Final = frozenset({"user_disabled", "user_not_found", "user_not_visible"})

_log = structlog.get_logger("lane")


class Lane:
    """One loop for one audience.  Several programs may run one each: a lease keeps them apart."""

    def __init__(
        self,
        store: Store,
        teller: Teller,
        audience: Audience,
        absence: Absence,
        *,
        retry_seconds: float,
    ) -> None:
        self._store = store
        self._teller = teller
        self._audience = audience
        self._absence = absence
        self._retry_seconds = retry_seconds
        self._retry_parked_at = 0.0
        self._has_looked = False
        self._is_closed = False
        self._awake = asyncio.Event()
        self._stop = asyncio.Event()
        self._alarms: list[tuple[Callable[[str, Notice], Awaitable[None]], str, Notice]] = []
        """What is to be said, with Slack's word and the notice that met it, once nothing is held."""
        self._failures: Counter[int] = Counter()
        self._busy_with: set[int] = set()
        """The notices at which Slack said that it is busy, since it took one."""
        self._rests = 0
        self._rests_until = 0.0
        self._rests_on: Notice | None = None

    def wake(self) -> None:
        """There is something new in the outbox."""
        self._awake.set()

    async def run(self, stop: asyncio.Event) -> None:
        """Dispatch until `stop`; what is not begun by then is given back."""
        self._stop = stop
        while not stop.is_set():
            self._awake.clear()
            try:
                is_busy = await self.once()
            except StoreUnavailableError:
                _log.warning("the store does not answer; notices wait", audience=self._audience)
                is_busy = False
            except Exception as error:  # noqa: BLE001 - a lane that stopped for ever would tell nobody anything
                _log.error("dispatching failed; notices wait", audience=self._audience, error=place_of(error))
                is_busy = False
            if not is_busy:
                await self._wait(stop)

    async def _wait(self, stop: asyncio.Event) -> None:
        waits = [asyncio.ensure_future(event.wait()) for event in (stop, self._awake)]
        try:
            await asyncio.wait(waits, timeout=_POLL_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()

    async def once(self) -> bool:
        """Tell what is due.  True when something was due."""
        was_due = await self._tell_due()
        alarms, self._alarms = self._alarms, []
        for alarm, code, notice in alarms:
            await alarm(code, notice)
        return was_due

    async def _tell_due(self) -> bool:
        await self._reopen()
        if self._is_closed or await self._is_resting():
            return False
        leased_at = time.monotonic()
        notices = await outbox.lease(self._store, self._audience)
        if not notices:
            await self._absence.over()
            return False
        await self._tell_all(notices, leased_at)
        return True

    async def _tell_all(self, notices: Sequence[Notice], leased_at: float) -> None:
        for number, notice in enumerate(notices):
            if self._stop.is_set() or time.monotonic() >= leased_at + _BEGUN_WITHIN:
                await outbox.release(self._store, notices[number:])
                break
            if not await self._tell(notice, leased_at + _TOLD_WITHIN):
                await outbox.release(self._store, notices[number + 1 :])
                break

    async def _reopen(self) -> None:
        if time.monotonic() < self._retry_parked_at:
            return
        self._retry_parked_at = time.monotonic() + self._retry_seconds
        still_owed = await outbox.unsettled(self._store, list(self._failures))
        self._failures = Counter({id_: times for id_, times in self._failures.items() if id_ in still_owed})
        unparked = await outbox.unpark(self._store, self._audience)
        if unparked and not self._has_looked:
            await self._absence.lasted()
        self._has_looked, self._is_closed = True, False

    async def _is_resting(self) -> bool:
        # By the store's time, in which Slack's pauses are kept: it passes in a computer that sleeps, too.
        if self._rests_on is not None and await outbox.is_waiting(self._store, self._rests_on):
            return True
        self._rests_on = None
        if not self._rests:
            return False
        if time.monotonic() < self._rests_until:
            return True
        if await self._teller.is_slack_there():
            self._rests = 0
            return False
        self._rest()
        return True

    def _rest(self) -> None:
        if not self._rests:
            _log.warning("Slack does not answer; notices wait", audience=self._audience)
        self._rests += 1
        self._rests_until = time.monotonic() + _jittered(min(self._retry_seconds, 2.0 ** min(self._rests, 10)))

    async def _tell(self, notice: Notice, until: float) -> bool:
        """Tell one notice and settle it.  False to leave this audience alone for a while."""
        try:
            async with asyncio.timeout(until - time.monotonic()):
                got_through = await self._teller.tell(notice)
        except NotYetError:
            await outbox.postpone(self._store, notice, _NOT_YET_SECONDS)
            return True
        except SlackBusyError as busy:
            return await self._busy(notice, busy.seconds)
        except SlackRefusedError as refused:
            return await self._refused(notice, refused.code)
        except (SlackError, TimeoutError):
            return await self._unanswered(notice)
        except StoreUnavailableError:
            raise
        except Exception as error:  # noqa: BLE001 - one notice that cannot be told must not stop all others
            _log.error("a notice could not be told; it waits", audience=self._audience, error=place_of(error))
            await outbox.postpone(self._store, notice, self._pause(notice))
            return True
        await outbox.settle(self._store, notice)
        self._failures.pop(notice.id, None)
        if got_through:
            self._busy_with.clear()
            await self._absence.told(notice)
        return True

    async def _busy(self, notice: Notice, seconds: float) -> bool:
        self._busy_with.add(notice.id)
        await outbox.postpone(self._store, notice, seconds)
        # Slack counts posts per channel: the audit channel is one, and each DM another.  Two DMs are no accident.
        if self._audience is not Audience.AUDIT and len(self._busy_with) == 1:
            return True
        self._rests_on = notice
        return False

    async def _unanswered(self, notice: Notice) -> bool:
        is_there = await self._teller.is_slack_there()
        pause = self._pause(notice) if is_there else 0.0
        await outbox.postpone(self._store, notice, pause)
        if is_there:
            _log.info("Slack did not answer; a notice waits", audience=self._audience, seconds=round(pause))
        else:
            self._rest()
        return is_there

    async def _refused(self, notice: Notice, code: str) -> bool:
        if self._audience is not Audience.AUDIT and code in _NOBODY:
            _log.warning("a notice has nobody to go to", audience=self._audience, code=code)
            await outbox.settle(self._store, notice)
            self._failures.pop(notice.id, None)
        elif code in CLOSES[self._audience]:
            await outbox.park(self._store, notice, code)
            self._is_closed = True
            _log.error("notices are parked until this is mended", audience=self._audience, code=code)
            self._alarms.append((self._absence.began, code, notice))
        else:
            pause = self._pause(notice)
            _log.warning("Slack refused a notice; it waits", audience=self._audience, code=code, seconds=round(pause))
            await outbox.postpone(self._store, notice, pause)
            if self._failures[notice.id] == _STUCK_AFTER:
                self._alarms.append((self._absence.stuck, code, notice))
        return not self._is_closed

    def _pause(self, notice: Notice) -> float:
        self._failures[notice.id] += 1
        return _jittered(min(_LONGEST_PAUSE, 2.0 ** min(self._failures[notice.id], 10)))


def _jittered(seconds: float) -> float:
    return seconds * random.uniform(0.5, 1.0)  # noqa: S311 - jitter, not a secret
