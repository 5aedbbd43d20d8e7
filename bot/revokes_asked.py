"""
Revoking what clients ask to be revoked: looked at a few times a second, judged, and done or refused.

Nothing of it is asked of Slack: revoking works while Slack is away.  Who asks is what the token says that was sealed to
our delivery key, whatever else the database says.
"""

import asyncio
from collections.abc import Callable, Mapping
from typing import Final

import structlog

from bot import sealed_questions
from bot.rounds import LeftAlone, Troubles, look_until
from store import asked_revokes
from store.asked_revokes import Waiting
from store.asked_words import NotRevoked
from store.errors import StoreUnavailableError, UnknownTokenError, WrongScopeError
from store.link_opener import LinkOpener
from store.log.who_may_say import Speaker
from store.logs import place_of
from store.opened import Store

_EVERY_SECONDS: Final = 0.3
_AGAIN_SECONDS: Final = 2.0
_TROUBLES: Final = Troubles(
    away="what clients ask to be revoked waits for the database",
    failed="what clients ask to be revoked waits; it is looked at again",
)

_log = structlog.get_logger("revokes")


class RevokesAsked:
    """The loop, for tokens of the workspace `team_id`."""

    def __init__(
        self, store: Store, team_id: str, opener: LinkOpener, speakers: Callable[[], Mapping[str, Speaker]]
    ) -> None:
        self._store = store
        self._team_id = team_id
        self._opener = opener
        self._speakers = speakers
        self._stuck = LeftAlone()

    async def run(self, stop: asyncio.Event) -> None:
        """Answer until `stop`."""
        await look_until(stop, self._look, _EVERY_SECONDS, _log, _TROUBLES)

    async def _look(self) -> None:
        for one in await asked_revokes.waiting(self._store, self._stuck.ids()):
            await self._bordered(one)

    async def _bordered(self, one: Waiting) -> None:
        """One that fails must not keep the others from their answers."""
        try:
            await self._answer(one)
        except StoreUnavailableError:
            self._stuck.leave(one.id, _AGAIN_SECONDS)
            _log.warning("what a client asks to be revoked waits for the database or the keyring")
        except sealed_questions.KeyMissingError:
            self._stuck.leave(one.id, _AGAIN_SECONDS)
            _log.error("what a client asks to be revoked waits for a bot that has its delivery key; this one lacks it")
        except Exception as error:  # noqa: BLE001 - it is looked at again
            self._stuck.leave(one.id, _AGAIN_SECONDS)
            _log.error("what a client asks to be revoked waits; it is looked at again", error=place_of(error))

    async def _answer(self, one: Waiting) -> None:
        try:
            opened = await sealed_questions.opened(self._store, self._opener, one.id, one.proof)
            speakers = await asyncio.to_thread(self._speakers)
            owner = await asked_revokes.owner_of(self._store, one, opened, speakers)
            if owner.team_id != self._team_id:
                raise UnknownTokenError  # noqa: TRY301 - answered like every other
            await asked_revokes.carry_out(self._store, one, owner)
        except WrongScopeError:
            await asked_revokes.refuse(self._store, one, NotRevoked.WRONG_SCOPE, is_known=True)
        except UnknownTokenError:
            _log.warning("something was to be revoked without a token that serves; it is refused")
            await asked_revokes.refuse(self._store, one, NotRevoked.NO_TOKEN, is_known=False)
