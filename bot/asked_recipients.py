"""
Whether the bot orders what a client asks for: from whom, to whom, and within which bounds.

The same as the form judges, said in a word for programs.  Everybody is looked up anew: a token may be ninety days old.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from bot import durations, form, ordering, template_checks
from bot.directory import Directory
from bot.mail_addresses import NotAnAddressError, normalised
from bot.people import ABOUT_ONE_PERSON, Kind, Person, of_address, of_slack
from bot.policy import NONE, Policy
from bot.slack_calls import Slack, SlackRefusedError
from bot.submission import to_confirm
from bot.template import AS_USUAL, Template
from store.formats.asked_order_v1 import Refusal, Wishes

MOST_IN_REFERENCE: Final = 200
_MOST_NAMED: Final = 5
_ID: Final = re.compile(r"[UW][A-Z0-9]{2,}", re.ASCII)
_REFUSED: Final = {Kind.BOT: "is-bot", Kind.GONE: "is-gone", Kind.STRANGER: "is-stranger"}
_NAMED: Final = {Kind.GUEST: "a guest", Kind.EXTERNAL: "from outside", Kind.EMAIL: "by e-mail"}
_NOT_A_LINE: Final = {"Cc", "Cs", "Zl", "Zp"}


@dataclass(frozen=True)
class Judging:
    """
    What is asked about people and bounds; `most_seconds` is EXPIRES_MAX, `has_mail` whether letters can be sent.

    `template` is the one of whatever has none.
    """

    slack: Slack
    directory: Directory
    team_id: str
    most_seconds: int
    has_mail: bool
    policy: Policy = NONE
    template: Template = AS_USUAL

    async def sender(self, user_id: str) -> Person | Refusal:
        """Who asks, if they may.  Raises SlackError where Slack does not say."""
        person = await self._person(user_id)
        return person if person is not None and self.policy.may_send(person) else Refusal("may-not-send")

    async def recipient(self, wishes: Wishes) -> Person | Refusal:
        """Who is meant, if they can be sent this.  Raises SlackError where Slack does not say."""
        fault = _out_of_bounds(wishes, self.most_seconds, self.policy)
        if fault is not None:
            return fault
        found = await self._meant(wishes.to.strip())
        if isinstance(found, Refusal):
            return found
        if not self.policy.may_receive(found.kind):
            return Refusal("not-outside", [found.name])
        if found.kind in _REFUSED:
            return Refusal(_REFUSED[found.kind], [found.name])
        if template_checks.wrong_way(self.template, ordering.way_to(found)):
            return Refusal("needs-dm", [found.name])
        if to_confirm([found]) and not wishes.anyway:
            return Refusal("confirm", [_told(found)])
        return found

    async def _meant(self, to: str) -> Person | Refusal:
        if _ID.fullmatch(to):
            return await self._person(to) or Refusal("unknown-person")
        if not to.startswith("@"):
            return self._addressed(to) if "@" in to else Refusal("unknown-person")
        found = await self.directory.find(to)
        if len(found) > 1:
            return Refusal("ambiguous", [f"{_told(person)}: {person.id}" for person in found[:_MOST_NAMED]])
        # Asked for by id: the directory may be minutes old, and somebody may have left.
        return (await self._person(found[0].id) if found else None) or Refusal("unknown-person")

    def _addressed(self, to: str) -> Person | Refusal:
        if not self.has_mail:
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


def _out_of_bounds(wishes: Wishes, most_seconds: int, policy: Policy) -> Refusal | None:
    if not wishes.label.strip() or not _is_line(wishes.label, form.MOST_IN_LABEL):
        return Refusal("label", [str(form.MOST_IN_LABEL)])
    if wishes.hint is not None and not _is_line(wishes.hint, form.MOST_IN_HINT):
        return Refusal("hint", [str(form.MOST_IN_HINT)])
    if wishes.reference is not None and not _is_line(wishes.reference, MOST_IN_REFERENCE):
        return Refusal("reference", [str(MOST_IN_REFERENCE)])
    if policy.expires is not None and wishes.lives_seconds not in policy.expires:
        return Refusal("span", [durations.spoken(span) for span in policy.expires])
    if not durations.LEAST_SECONDS <= wishes.lives_seconds <= most_seconds:
        return Refusal("expires", [durations.spoken(durations.LEAST_SECONDS), durations.spoken(most_seconds)])
    return None


def _is_line(text: str, most: int) -> bool:
    return len(text) <= most and not any(unicodedata.category(character) in _NOT_A_LINE for character in text)


def _told(person: Person) -> str:
    """As one tells people apart: name, what they are, title."""
    more = ", ".join(part for part in (_NAMED.get(person.kind, ""), person.title) if part)
    return f"{person.name} ({more})" if more else person.name
