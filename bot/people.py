"""
Who somebody is, as far as handing them a secret goes.

`users.info` has no single "is external" flag: a person of another workspace is one whose team is not ours
(apis/slack-connect).  Who cannot be looked up is nobody: the caller refuses.
"""

import asyncio
import time
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any, Final

import structlog

from bot import zones
from bot.person import Kind, Person
from bot.slack_calls import Slack, SlackError, SlackRefusedError

__all__ = ["ABOUT_ONE_PERSON", "Kind", "People", "Person", "of_address", "of_slack"]

_FRESH_SECONDS: Final = 30.0
_MOST_REMEMBERED: Final = 500
_LONGEST: Final = 80
_DAY_SECONDS: Final = 86_400
ABOUT_ONE_PERSON: Final = frozenset({"user_not_found", "user_not_visible"})
"""What else Slack says no with (missing_scope, token_revoked) is about our app."""

_log = structlog.get_logger("people")


def of_slack(user: Mapping[str, Any], team_id: str) -> Person:
    """A person from a `user` object (reference/objects/user-object), seen from the workspace `team_id`."""
    profile = user.get("profile") or {}
    name = profile.get("real_name") or user.get("real_name") or profile.get("display_name") or user.get("name") or ""
    own_team = str(user.get("team_id") or profile.get("team") or "")
    return Person(
        id=str(user["id"]),
        team_id=own_team,
        name=_line(str(name)) or str(user["id"]),
        title=_line(str(profile.get("title") or "")),
        kind=_kind(user, own_team, team_id),
        zone=zones.of_slack(user),
    )


def of_address(address: str) -> Person:
    """Whoever reads the mail of a normalised address, which is all that is known of them."""
    return Person(id=address, team_id="", name=address, title="", kind=Kind.EMAIL)


def _kind(user: Mapping[str, Any], own_team: str, team_id: str) -> Kind:
    # Slackbot says of itself that it is no bot.
    if user.get("is_bot") or user["id"] == "USLACKBOT":
        return Kind.BOT
    if user.get("deleted"):
        return Kind.GONE
    if user.get("is_stranger"):
        return Kind.STRANGER
    if own_team != team_id:
        return Kind.EXTERNAL
    if user.get("is_restricted") or user.get("is_ultra_restricted"):
        return Kind.GUEST
    return Kind.MEMBER


def _line(text: str) -> str:
    """One line without control characters and half characters: a name stands in a signed header."""
    kept = "".join(" " if unicodedata.category(c) in {"Cc", "Cs", "Zl", "Zp"} else c for c in text)
    return " ".join(kept.split())[:_LONGEST]


class People:
    """Looking people up, each at most once in half a minute."""

    def __init__(self, slack: Slack, team_id: str) -> None:
        self._slack = slack
        self._team_id = team_id
        self._known: dict[str, tuple[float, Person]] = {}
        self._refusal: str | None = None

    @property
    def refusal(self) -> str | None:
        """Slack's word for why it lets us look up nobody at all, until it does; waiting does not mend it."""
        return self._refusal

    async def find(self, user_id: str) -> Person | None:
        """A person, or None when Slack does not say who that is."""
        known = self._remembered(user_id)
        if known is not None:
            return known
        try:
            person = of_slack(await self._slack.person(user_id), self._team_id)
        except (SlackError, KeyError) as error:
            # Slack's own word for it: missing_scope stays until an administrator reinstalls the app.
            _log.warning("somebody could not be looked up", why=getattr(error, "code", type(error).__name__))
            is_general = isinstance(error, SlackRefusedError) and error.code not in ABOUT_ONE_PERSON
            self._refusal = getattr(error, "code", None) if is_general else None
            return None
        self._refusal = None
        if len(self._known) >= _MOST_REMEMBERED:
            self._known.clear()
        self._known[user_id] = (time.monotonic(), person)
        return person

    def _remembered(self, user_id: str) -> Person | None:
        known = self._known.get(user_id)
        return known[1] if known is not None and time.monotonic() - known[0] < _FRESH_SECONDS else None

    async def find_all(self, user_ids: Iterable[str], *, seconds: float) -> dict[str, Person | None]:
        """Several people at once; who is not found within `seconds` is None."""
        remembered = {user_id: self._remembered(user_id) for user_id in user_ids}
        if None not in remembered.values():
            return remembered
        searches = {user_id: asyncio.create_task(self.find(user_id)) for user_id in remembered}
        if searches:
            await asyncio.wait(searches.values(), timeout=max(0.0, seconds))
        for search in searches.values():
            search.cancel()
        await asyncio.gather(*searches.values(), return_exceptions=True)
        return {
            user_id: None if search.cancelled() or search.exception() else search.result()
            for user_id, search in searches.items()
        }
