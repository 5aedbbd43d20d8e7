"""
The tokens of those who left: looked for once an hour, and ended.

For an order Slack is asked who its sender is by now.  Reading and revoking ask nobody, so that they work while Slack
is away; without this a token would go on reading for ninety days after its owner was shown the door.
"""

import asyncio
from dataclasses import dataclass
from typing import Final

import structlog

from bot.people import Kind, of_slack
from bot.policy import Policy
from bot.rounds import Troubles, look_until, wait
from bot.slack_calls import Slack, SlackBusyError, SlackError, SlackRefusedError
from store import tokens_of_a_person
from store.errors import KeyUnreadableError, StoreUnavailableError
from store.logs import place_of
from store.opened import Store
from store.tokens import WhyEnded
from store.words import Actor

_EVERY_SECONDS: Final = 3600.0
_TRIES: Final = 3
_NEVER_WAS: Final = "user_not_found"
"""Not `user_not_visible`, which says that we may not see somebody, and nothing of whether they are there."""
_TROUBLES: Final = Troubles(
    away="tokens of those who left wait for the database; they are looked for again in an hour",
    failed="tokens of those who left could not be looked for; it is tried again in an hour",
)

_log = structlog.get_logger("leavers")


@dataclass(frozen=True)
class Leavers:
    """The loop, over the tokens of the workspace `team_id`."""

    store: Store
    slack: Slack
    team_id: str
    policy: Policy

    async def run(self, stop: asyncio.Event) -> None:
        """Look until `stop`."""
        await look_until(stop, lambda: self.look(stop), _EVERY_SECONDS, _log, _TROUBLES)

    async def look(self, stop: asyncio.Event) -> None:
        """Ask Slack about each owner, and end what those have who may have nothing any more."""
        for user_id in await tokens_of_a_person.owners(self.store, self.team_id):
            if stop.is_set():
                return
            await self._bordered(user_id, stop)

    async def _bordered(self, user_id: str, stop: asyncio.Event) -> None:
        """One owner that fails must not keep those behind them from their look, hour after hour."""
        try:
            await self._look_at(user_id, stop)
        except KeyUnreadableError:
            _log.warning("the tokens of one owner wait for the keyring; they are looked for again in an hour")
        except StoreUnavailableError:
            raise  # for whoever comes next as well
        except Exception as error:  # noqa: BLE001 - whatever it is, it is this owner's
            _log.error("the tokens of one owner could not be looked for", error=place_of(error))

    async def _look_at(self, user_id: str, stop: asyncio.Event) -> None:
        why = await self._why(user_id, stop)
        if why is not None:
            ended = await tokens_of_a_person.end(self.store, user_id, self.team_id, by=Actor.CLOCK, why=why)
            _log.info("tokens were ended with what became of their owner", why=why.value, count=ended)

    async def _why(self, user_id: str, stop: asyncio.Event) -> WhyEnded | None:
        """None for whoever may have them, and where Slack has not said who that is."""
        for _ in range(_TRIES):
            try:
                person = of_slack(await self.slack.person(user_id), self.team_id)
            except SlackBusyError as error:
                await wait(stop, error.seconds)
                continue
            except SlackRefusedError as error:
                # Any other no is about us: a bot without its scope must not end the tokens of everybody.
                return WhyEnded.LEFT if error.code == _NEVER_WAS else None
            except SlackError:
                return None
            if self.policy.may_send(person):
                return None
            return WhyEnded.LEFT if person.kind is Kind.GONE else WhyEnded.MAY_NOT_SEND
        return None
