"""
The window of tokens in the Home tab: looked at, ended by a button, and made by its form, whose answer shows the token.

Only the answer to that very form has it, and nothing that anybody could read again.  Where Slack loses that answer a
token is left that nobody has: it stands in the window like every other, to be ended.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

from slack_bolt.async_app import AsyncApp

from bot import filled_later, token_views
from bot import token_wording as wording
from bot.block_kit import Json
from bot.home_view import TOKENS
from bot.mrkdwn import Markup, fill
from bot.people import People
from bot.policy import NONE, Policy
from bot.slack_calls import Slack
from bot.token_desk import code
from bot.underway import Underway
from store import tokens
from store.errors import StoreUnavailableError, TooManyTokensError
from store.formats import base64url
from store.formats.api_token_v1 import ID_BYTES
from store.formats.errors import MalformedError
from store.opened import Store
from store.words import Actor, Scope

ACTIONS: Final = (TOKENS, token_views.END)
VIEWS: Final = (token_views.CALLBACK,)
LOOKED_UP_WITHIN: Final = 1.5
"""Seconds: an answer to a form that comes after three shows nothing."""
_MOST_REMEMBERED: Final = 1000


@dataclass(frozen=True)
class TokenWindow:
    """The tokens of people of the workspace `team_id` who may send."""

    store: Store
    slack: Slack
    people: People
    team_id: str
    policy: Policy = NONE
    _made: OrderedDict[str, None] = field(default_factory=OrderedDict)

    async def show(self, body: Mapping[str, Any]) -> None:
        """Open it for whoever pressed."""
        make = partial(self._window, str(body["user"]["id"]))
        looking, failed = token_views.said(wording.LOOKING), token_views.said(wording.WINDOW_AWAY)
        await filled_later.show(self.slack, body, looking, make, failed, not_opened=wording.WINDOW_NOT_OPENED)

    async def end(self, body: Mapping[str, Any], name: str) -> None:
        """End one of theirs, and show what is left."""
        user_id = str(body["user"]["id"])
        failed = token_views.said(wording.WINDOW_AWAY)
        await filled_later.fill(self.slack, str(body["view"]["id"]), partial(self._end, user_id, name), failed)

    async def make(self, ack: Any, body: Mapping[str, Any]) -> None:
        """Make one as the form says, and show it in the answer; `ack` is called exactly once."""
        view_id, user_id = str(body["view"]["id"]), str(body["user"]["id"])
        given = (body["view"].get("state") or {}).get("values") or {}
        scopes, days = _scopes(given), _days(given)
        if not scopes:
            await ack(response_action="errors", errors={token_views.SCOPES: wording.NO_SCOPE})
        elif days is None:
            await ack(response_action="errors", errors={token_views.DAYS: wording.NO_DAYS})
        elif view_id in self._made:
            # Slack sends again what it thinks was not answered.
            await ack(response_action="errors", errors={token_views.SCOPES: wording.MADE_ALREADY})
        else:
            self._remember(view_id)
            made: Json | str = ""
            try:
                made = await self._make(user_id, scopes, days)
            finally:
                if isinstance(made, str):  # none was made, also where something went wrong: it can be sent again
                    self._made.pop(view_id, None)
            if isinstance(made, str):
                await ack(response_action="errors", errors={token_views.SCOPES: made})
            else:
                await ack(response_action="update", view=made)

    def _remember(self, view_id: str) -> None:
        self._made[view_id] = None
        while len(self._made) > _MOST_REMEMBERED:
            self._made.popitem(last=False)

    async def _make(self, user_id: str, scopes: frozenset[Scope], days: int) -> Json | str:
        """The window that shows it; else why there is none."""
        try:
            async with asyncio.timeout(LOOKED_UP_WITHIN):
                person = await self.people.find(user_id)
        except TimeoutError:
            person = None
        if person is None:
            return wording.WINDOW_UNKNOWN
        if not self.policy.may_send(person):
            return wording.MAY_NOT_NOW
        try:
            token, until = await tokens.make(self.store, self.team_id, user_id, scopes=scopes, days=days)
        except TooManyTokensError:
            return wording.TOO_MANY_HERE
        except StoreUnavailableError:
            return wording.WINDOW_AWAY
        return token_views.shown(token.text, scopes, until, self.store.issuer)

    async def _end(self, user_id: str, name: str) -> Json:
        try:
            token_id = base64url.decode(name, ID_BYTES)
        except MalformedError:
            return await self._window(user_id, Markup(wording.ENDED_BEFORE))
        is_ended = await tokens.revoke(self.store, token_id, by=Actor.SENDER, user_id=user_id)
        said = fill(wording.ENDED_HERE, name=code(name)) if is_ended else Markup(wording.ENDED_BEFORE)
        return await self._window(user_id, said)

    async def _window(self, user_id: str, said: Markup | None = None) -> Json:
        person = await self.people.find(user_id)
        if person is None and said is None:
            return token_views.said(wording.WINDOW_UNKNOWN)
        held = await tokens.of_person(self.store, user_id)
        may_make = person is not None and self.policy.may_send(person)
        return token_views.window(held, may_make=may_make, said=said)


def listen(app: AsyncApp, window: TokenWindow, underway: Underway) -> None:
    """Add the listeners."""

    @app.action(TOKENS)
    async def opened(ack: Any, body: dict[str, Any]) -> None:
        await ack()
        with underway.one():
            await window.show(body)

    @app.action(token_views.END)
    async def ended(ack: Any, body: dict[str, Any], action: dict[str, Any]) -> None:
        await ack()
        with underway.one():
            if body.get("view"):
                await window.end(body, str(action.get("value", "")))

    @app.view(token_views.CALLBACK)
    async def submitted(ack: Any, body: dict[str, Any]) -> None:
        with underway.one():
            await window.make(ack, body)


def _scopes(given: Mapping[str, Any]) -> frozenset[Scope]:
    """What was ticked; nothing for what nobody offered."""
    chosen = _of(given, token_views.SCOPES).get("selected_options") or []
    values = {str(one.get("value")) for one in chosen}
    return frozenset(Scope(one) for one in values) if values <= set(Scope) else frozenset()


def _days(given: Mapping[str, Any]) -> int | None:
    text = str(_of(given, token_views.DAYS).get("value") or "").strip()
    is_number = text.isascii() and text.isdecimal() and len(text) <= len(str(tokens.MOST_DAYS))
    return int(text) if is_number and 1 <= int(text) <= tokens.MOST_DAYS else None


def _of(given: Mapping[str, Any], block: str) -> Mapping[str, Any]:
    return (given.get(block) or {}).get(block) or {}
