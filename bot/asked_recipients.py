"""
Whether the bot orders what a client asks for: from whom, and to whom.

The same as the form judges, said in a word for programs.  Everybody is looked up anew: a token may be ninety days old.
"""

import re
from dataclasses import dataclass
from typing import Final

from bot import ordering, template_checks
from bot.asked_template import Bounds, Chosen
from bot.directory import Directory
from bot.mail_addresses import NotAnAddressError, normalised
from bot.people import ABOUT_ONE_PERSON, Kind, Person, of_address, of_slack
from bot.policy import Policy
from bot.slack_calls import Slack, SlackRefusedError
from bot.submission import to_confirm
from store.formats.asked_order_v1 import Refusal, Wishes
from store.words import Way

_MOST_NAMED: Final = 5
_ID: Final = re.compile(r"[UW][A-Z0-9]{2,}", re.ASCII)
_REFUSED: Final = {Kind.BOT: "is-bot", Kind.GONE: "is-gone", Kind.STRANGER: "is-stranger"}
_NAMED: Final = {Kind.GUEST: "a guest", Kind.EXTERNAL: "from outside", Kind.EMAIL: "by e-mail"}


@dataclass(frozen=True)
class Judging:
    """What is asked about people; `has_mail` says whether letters can be sent."""

    slack: Slack
    directory: Directory
    team_id: str
    has_mail: bool
    bounds: Bounds

    @property
    def policy(self) -> Policy:
        """The rules that stand above every template's."""
        return self.bounds.policy

    async def sender(self, user_id: str) -> Person | Refusal:
        """Who asks, if they may.  Raises SlackError where Slack does not say."""
        person = await self._person(user_id)
        return person if person is not None and self.policy.may_send(person) else Refusal("may-not-send")

    async def recipient(self, wishes: Wishes, chosen: Chosen) -> Person | Refusal:
        """Who is meant, if they can be sent this so.  Raises SlackError where Slack does not say."""
        found = await self._meant(wishes.to.strip(), needs_mail=not chosen.hands_back)
        if isinstance(found, Refusal):
            return found
        if not self.policy.may_receive(found.kind):
            return Refusal("not-outside", [found.name])
        # Whom Slack lets us write nothing, their sender can give a link to, as in the form.
        if found.kind in _REFUSED and not (found.kind is Kind.STRANGER and chosen.hands_back):
            return Refusal(_REFUSED[found.kind], [found.name])
        way = way_of(chosen, found)
        if template_checks.wrong_way(chosen.template, way) or (self.policy.dm_only and way is not Way.DM):
            return Refusal("needs-dm", [found.name])
        if to_confirm([found]) and not wishes.anyway:
            return Refusal("confirm", [_told(found)])
        return found

    async def _meant(self, to: str, *, needs_mail: bool) -> Person | Refusal:
        if _ID.fullmatch(to):
            return await self._person(to) or Refusal("unknown-person")
        if not to.startswith("@"):
            return self._addressed(to, needs_mail=needs_mail) if "@" in to else Refusal("unknown-person")
        found = await self.directory.find(to)
        if len(found) > 1:
            return Refusal("ambiguous", [f"{_told(person)}: {person.id}" for person in found[:_MOST_NAMED]])
        # Asked for by id: the directory may be minutes old, and somebody may have left.
        return (await self._person(found[0].id) if found else None) or Refusal("unknown-person")

    def _addressed(self, to: str, *, needs_mail: bool) -> Person | Refusal:
        if needs_mail and not self.has_mail:
            return Refusal("no-email")
        try:
            return of_address(normalised(to))
        except NotAnAddressError:
            return Refusal("no-address")

    async def _person(self, user_id: str) -> Person | None:
        try:
            return of_slack(await self.slack.person(user_id), self.team_id)
        except SlackRefusedError as error:
            # Any other no is about us, and says nothing about them: it is waited for until somebody has mended it.
            if error.code not in ABOUT_ONE_PERSON:
                raise
            return None


def way_of(chosen: Chosen, recipient: Person) -> Way:
    """How the link goes to them."""
    return Way.SHOWN if chosen.hands_back else ordering.way_to(recipient)


def _told(person: Person) -> str:
    """As one tells people apart: name, what they are, title."""
    more = ", ".join(part for part in (_NAMED.get(person.kind, ""), person.title) if part)
    return f"{person.name} ({more})" if more else person.name
