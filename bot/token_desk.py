"""
`/sendsecret token`: a member's tokens for programs, made, shown once, and ended.

A token is answered to the person who typed and to nobody else; where Slack does not take that answer the token ends: in
a message it would stay for ever.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import structlog

from bot import token_wording as wording
from bot.mrkdwn import Markup, fill, moment
from bot.people import People
from bot.policy import NONE, Policy
from bot.replies import reply
from bot.slack_calls import Slack, SlackError
from store import tokens
from store.errors import StoreUnavailableError, TooManyTokensError
from store.formats import base64url
from store.formats.api_token_v1 import ID_BYTES
from store.formats.errors import MalformedError
from store.opened import Store
from store.tokens import Held
from store.words import Actor, Scope

REVOKE: Final = "revoke"
ALL: Final = "all"
LIST: Final = "list"

_log = structlog.get_logger("tokens")


@dataclass(frozen=True)
class TokenDesk:
    """Makes tokens for people of the workspace `team_id` who may send."""

    store: Store
    slack: Slack
    people: People
    team_id: str
    policy: Policy = NONE

    async def answer(self, words: str, body: Mapping[str, Any]) -> None:
        """Answer one command; `words` are what stood behind `token`."""
        user_id = str(body["user_id"])
        try:
            said = await self._answer(words.split(), user_id, body)
        except StoreUnavailableError:
            said = Markup(wording.STORE_AWAY)
        if said is not None:
            await reply(self.slack, body, user_id, said)

    async def _answer(self, words: list[str], user_id: str, body: Mapping[str, Any]) -> Markup | None:
        match [word.casefold() for word in words]:
            case []:
                return await self._make(user_id, body, tokens.SEND_ONLY)
            case ["revoke" | "list"]:
                return await self._listed(user_id)
            case ["revoke", "all"]:
                return await self._revoke_all(user_id)
            case ["revoke", *some] if all(word in list(Scope) for word in some):
                # Whoever wants one ended must not be given another.
                return Markup(wording.REVOKE_WHICH)
            case [*some] if all(word in list(Scope) for word in some):
                return await self._make(user_id, body, frozenset(Scope(word) for word in some))
            case ["revoke", _]:
                return await self._revoke(user_id, words[1].strip("`"))
        return Markup(wording.USAGE)

    async def _make(self, user_id: str, body: Mapping[str, Any], scopes: frozenset[Scope]) -> Markup | None:
        person = await self.people.find(user_id)
        if person is None:
            return Markup(wording.UNKNOWN)
        if not self.policy.may_send(person):
            return Markup(wording.MAY_NOT)
        try:
            token, until = await tokens.make(self.store, self.team_id, user_id, scopes=scopes)
        except TooManyTokensError:
            return fill(wording.TOO_MANY, count=tokens.MOST_LIVE)
        shown = fill(
            wording.MADE if scopes == tokens.SEND_ONLY else wording.MADE_FOR,
            until=moment(until),
            token=code(token.text),
            address=code(self.store.issuer.rstrip("/")),
            scopes=listed(scopes),
        )
        try:
            # Not `reply`, which would fall back to a message that stays.
            await self.slack.reply(str(body["response_url"]), shown)
        except (SlackError, KeyError) as error:
            _log.info("a token was not shown, and is ended", why=getattr(error, "code", type(error).__name__))
            await tokens.revoke(self.store, token.id, by=Actor.SENDER)
            return Markup(wording.NOT_SHOWN)
        return None

    async def _listed(self, user_id: str) -> Markup:
        held = await tokens.of_person(self.store, user_id)
        if not held:
            return Markup(wording.NONE)
        return fill(wording.YOURS, lines=Markup("\n".join(_line(one) for one in held)))

    async def _revoke(self, user_id: str, name: str) -> Markup:
        try:
            token_id = base64url.decode(name, ID_BYTES)
        except MalformedError:
            return Markup(wording.USAGE)
        is_ended = await tokens.revoke(self.store, token_id, by=Actor.SENDER, user_id=user_id)
        return fill(wording.REVOKED, name=code(name)) if is_ended else Markup(wording.NOT_YOURS)

    async def _revoke_all(self, user_id: str) -> Markup:
        held = await tokens.of_person(self.store, user_id)
        ended = [await tokens.revoke(self.store, one.id, by=Actor.SENDER, user_id=user_id) for one in held]
        return fill(wording.REVOKED_ALL, count=sum(ended)) if any(ended) else Markup(wording.NONE)


def _line(one: Held) -> Markup:
    name, scopes = code(base64url.encode(one.id)), listed(one.scopes)
    said = {"name": name, "scopes": scopes, "made": moment(one.created_at), "until": moment(one.until)}
    if one.used_at is None:
        return fill(wording.LINE_UNUSED, **said)
    return fill(wording.LINE, **said, used=moment(one.used_at))


def code(text: str) -> Markup:
    """Base64url and addresses, as they are to be copied: nothing in them is markup between backticks."""
    return Markup(f"`{text}`")


def listed(scopes: frozenset[Scope]) -> Markup:
    """What a token is for, always in one order."""
    return Markup(", ".join(f"`{scope}`" for scope in Scope if scope in scopes))
