"""
Making the records that clients ask for: looked at a few times a second, judged, and made or refused.

What is sealed in them stays sealed: nothing here could open it.  Whether their owner may still hand over secrets is
asked of Slack each time, for a token may be ninety days old.
"""

import asyncio
from collections.abc import Callable, Mapping
from typing import Final
from urllib.parse import urlsplit

import structlog

from bot import sealed_questions
from bot.asked_recipients import Judging
from bot.people import Person
from bot.rounds import LeftAlone, Troubles, look_until
from bot.slack_calls import SlackBusyError, SlackError
from store import asked_doors, asked_records
from store.asked_records import Waiting
from store.asked_words import NotMade
from store.errors import (
    KeyUnreadableError,
    RecordTooLongError,
    SendingTooMuchError,
    StoreUnavailableError,
    TooManyRecordsError,
    UnknownTokenError,
    WrongScopeError,
)
from store.formats.asked_order_v1 import Refusal
from store.link_opener import LinkOpener
from store.log.who_may_say import Speaker
from store.logs import place_of
from store.opened import Store

_EVERY_SECONDS: Final = 0.5
_AGAIN_SECONDS: Final = 2.0
_TROUBLES: Final = Troubles(
    away="records that clients ask for wait for the database",
    failed="records that clients ask for wait; they are looked at again",
)

_log = structlog.get_logger("records")


class RecordsAsked:
    """The loop."""

    def __init__(
        self, store: Store, judging: Judging, opener: LinkOpener, speakers: Callable[[], Mapping[str, Speaker]]
    ) -> None:
        self._store = store
        self._judging = judging
        self._opener = opener
        self._speakers = speakers
        self._stuck = LeftAlone()

    async def run(self, stop: asyncio.Event) -> None:
        """Answer until `stop`."""
        await look_until(stop, self._look, _EVERY_SECONDS, _log, _TROUBLES)

    async def _look(self) -> None:
        for one in await asked_records.waiting(self._store, self._stuck.ids()):
            await self._bordered(one)

    async def _bordered(self, one: Waiting) -> None:
        """One that fails must not keep the others from their answers."""
        try:
            await self._answer(one)
        except (StoreUnavailableError, KeyUnreadableError):
            self._stuck.leave(one.id, _AGAIN_SECONDS)
            _log.warning("a record that a client asks for waits for the database or the keyring")
        except sealed_questions.KeyMissingError:
            self._stuck.leave(one.id, _AGAIN_SECONDS)
            _log.error("a record that a client asks for waits for a bot that has its delivery key; this one lacks it")
        except SlackError as error:
            wait = error.seconds if isinstance(error, SlackBusyError) else _AGAIN_SECONDS
            self._stuck.leave(one.id, wait)
            _log.warning("a record that a client asks for waits for Slack", why=type(error).__name__)
        except Exception as error:  # noqa: BLE001 - it is looked at again
            self._stuck.leave(one.id, _AGAIN_SECONDS)
            _log.error("a record that a client asks for waits; it is looked at again", error=place_of(error))

    def _may_name(self, one: Waiting, sender: Person) -> bool:
        """A page of ours is believed: a token must not have it say that somebody else made it."""
        named = asked_doors.sender_of(one.asked)
        return named is None or named in (sender.name, urlsplit(self._store.issuer).hostname)

    async def _answer(self, one: Waiting) -> None:
        try:
            opened = await sealed_questions.opened(self._store, self._opener, one.id, one.question)
            speakers = await asyncio.to_thread(self._speakers)
            owner = await asked_records.owner_of(self._store, one, opened, speakers)
            if owner.team_id != self._judging.team_id:
                raise UnknownTokenError  # noqa: TRY301 - answered like every other
            sender = await self._judging.sender(owner.user_id)
            if isinstance(sender, Refusal):
                await asked_records.refuse(self._store, one, NotMade.MAY_NOT_SEND, is_known=True)
            elif not self._may_name(one, sender):
                await asked_records.refuse(self._store, one, NotMade.WRONG_NAME, is_known=True)
            elif not await asked_records.make(self._store, one, owner):
                self._stuck.leave(one.id, _AGAIN_SECONDS)
        except TooManyRecordsError:
            await asked_records.refuse(self._store, one, NotMade.TOO_MANY, is_known=True)
        except SendingTooMuchError:
            await asked_records.refuse(self._store, one, NotMade.TOO_OFTEN, is_known=True)
        except RecordTooLongError:  # the web program lets none through; it is not believed
            await asked_records.refuse(self._store, one, NotMade.TOO_LONG, is_known=True)
        except WrongScopeError:
            await asked_records.refuse(self._store, one, NotMade.WRONG_SCOPE, is_known=True)
        except UnknownTokenError:
            _log.warning("a record was asked for without a token that serves; it is refused")
            await asked_records.refuse(self._store, one, NotMade.NO_TOKEN, is_known=False)
