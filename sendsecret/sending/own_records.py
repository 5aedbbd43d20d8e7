"""
One's own records, from any computer, with a login: made, listed and revoked.

What `record_sealing` has sealed is handed in.  The same request is the same record, so that a lost answer is asked for
again.
"""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, NoReturn, TypeVar

from sendsecret.sending import record_wording as wording
from sendsecret.sending.login_file import Login
from sendsecret.sending.ordering import tell, turn_away
from sendsecret.sending.record_routes import Line, Listed, Made, NotYet, RecordRoutes, Revoked
from sendsecret.sending.record_sealing import SealedRecord
from sendsecret.sending.stopping import StoppedError
from sendsecret.talking.patience import until_answered
from sendsecret.talking.refusals import Refused
from sendsecret.talking.strangers_text import harmless

T = TypeVar("T")
Say = Callable[[str], None]

ASK_SECONDS: Final = 20
WAIT_SECONDS: Final = 60
MOST_PAGES: Final = 100
_EVERY_SECONDS: Final = 1.0
_HOPELESS: Final = ("certificate", "proxy", "redirected")
_REFUSALS: Final = {
    "unacceptable-record": wording.RECORD_UNACCEPTABLE,
    "id-taken": wording.RECORD_TAKEN,
    "may-not-send": wording.MAY_NOT_SEND,
    "too-many-records": wording.TOO_MANY_RECORDS,
    "sent-too-often": wording.TOO_OFTEN,
    "not-found": wording.RECORD_NOT_FOUND,
    "too-late": wording.RECORD_TOO_LATE,
    "wrong-scope": wording.RECORD_WRONG_SCOPE,
}


_FINAL: Final = {
    "unacceptable-record", "id-taken", "may-not-send", "not-found", "too-late", "too-many-records", "sent-too-often",
}  # fmt: skip
"""Said of this very record, whatever became of earlier answers."""


def make(login: Login, sealed: SealedRecord, say: Say) -> Made:
    """Hand it in, and wait until it is there.  Raises StoppedError."""
    record = sealed.id_text
    with asyncio.Runner() as runner:
        routes = RecordRoutes(login, runner)
        say(wording.RECORD_HANDED_IN.format(host=routes.host))
        path = f"/{sealed.path}/{record}"
        return _waited_for(Made, lambda: routes.make(sealed.body, path), say, _Unsure(record))


def revoke(login: Login, record: str, say: Say) -> Revoked:
    """End one of one's own.  Raises StoppedError."""
    with asyncio.Runner() as runner:
        routes = RecordRoutes(login, runner)
        return _waited_for(Revoked, lambda: routes.revoke(record), say, _Unsure(record, is_revoked=True))


def everything(login: Login, say: Say) -> list[Line]:
    """All of one's own, newest first.  Raises StoppedError."""
    found: list[Line] = []
    after = ""
    with asyncio.Runner() as runner:
        routes = RecordRoutes(login, runner)
        for _ in range(MOST_PAGES):
            page: Listed | Refused = until_answered(
                lambda begins=after: routes.page(begins),  # type: ignore[misc]
                tell(say),
                ASK_SECONDS,
                _HOPELESS,
            )
            if isinstance(page, Refused):
                _turn_away(page)
            found += page.lines
            after = page.after
            if not after:
                break
    return found


@dataclass(frozen=True, slots=True)
class _Unsure:
    """Of which record it is said that nobody knows what became of it."""

    record: str
    is_revoked: bool = False

    def error(self, *, no_bot: bool) -> StoppedError:
        """What is to be said of it."""
        if self.is_revoked:
            sentence = wording.REVOKE_NO_BOT if no_bot else wording.REVOKE_UNSURE
        else:
            sentence = wording.RECORD_NO_BOT if no_bot else wording.RECORD_UNSURE
        return StoppedError("unsure", sentence.format(record=self.record))


def _waited_for(done: type[T], attempt: Callable[[], T | NotYet | Refused], say: Say, unsure: _Unsure) -> T:
    began, may_be = time.monotonic(), False

    def once() -> T | NotYet | Refused:
        nonlocal may_be
        found = attempt()
        # From here on it may be done, whatever is answered next.
        may_be |= isinstance(found, NotYet) or (isinstance(found, Refused) and _is_lost(found))
        return found

    while time.monotonic() < began + WAIT_SECONDS:
        found = until_answered(once, tell(say), ASK_SECONDS, _HOPELESS)
        if isinstance(found, Refused):
            if may_be and found.word not in _FINAL:
                raise unsure.error(no_bot=False)
            _turn_away(found)
        if isinstance(found, done):
            return found
        time.sleep(_EVERY_SECONDS)
    raise unsure.error(no_bot=True)


def _is_lost(refused: Refused) -> bool:
    """A request whose answer was lost may have arrived; one that never left has not."""
    return refused.word == "unavailable" and refused.why not in _HOPELESS


def _turn_away(refused: Refused) -> NoReturn:
    if refused.word in _REFUSALS:
        sentence = _REFUSALS[refused.word].format(why=harmless(refused.objection))
        raise StoppedError("wrong-scope" if refused.word == "wrong-scope" else "refused", sentence)
    turn_away(refused)
