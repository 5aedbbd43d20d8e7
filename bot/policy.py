"""
The policy: what this company lets people do.

Each rule's default is what holds where there is no policy.  `bot/policy_file.py` reads it, `bot/policy_words.py` says
it to people.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final

from bot import durations
from bot.drop_rules import Rules
from bot.passphrases import DIGITS
from bot.person import Kind, Person
from store.formats.order_v1 import Terms
from store.passphrase_form import FEWEST_CHARACTERS
from store.words import Verify


class Senders(StrEnum):
    """Who may make drops, and ask for secrets; people of other companies never."""

    MEMBERS = "members"
    WITH_GUESTS = "members-and-guests"


class Typed(StrEnum):
    """Where secrets may be typed: in Slack's form too, or in a page or program outside Slack only."""

    ANYWHERE = "anywhere"
    OUTSIDE_SLACK = "outside-slack"


class Outside(StrEnum):
    """Whether a secret may go to somebody who is neither member nor guest: another company's people, e-mail."""

    ACCEPT = "accept"
    REFUSE = "refuse"


class OnTheLine(StrEnum):
    """What becomes of a secret that has been through Slack already: it fills the form, with a warning, or does not."""

    ACCEPT = "accept"
    WARN = "warn"
    REFUSE = "refuse"


class Verification(StrEnum):
    """Whether every recipient's Slack account must press a button before the link opens."""

    AS_TEMPLATES_SAY = "as-templates-say"
    REQUIRED = "required"


MOST_LEAST: Final = DIGITS
"""A passphrase that we make is no shorter than what is asked of people."""
_MAY_SEND: Final = {
    Senders.MEMBERS: frozenset({Kind.MEMBER}),
    Senders.WITH_GUESTS: frozenset({Kind.MEMBER, Kind.GUEST}),
}
_OUTSIDE: Final = frozenset({Kind.EXTERNAL, Kind.STRANGER})


@dataclass(frozen=True)
class Policy:
    """
    The rules; as they stand here where the file does not name them.

    `expires`, in seconds, are the only spans that a link may live; None for those that are usually offered.
    """

    who_may_send: Senders = Senders.MEMBERS
    expires: Sequence[int] | None = None
    passphrase_least: int = FEWEST_CHARACTERS
    secrets_typed: Typed = Typed.ANYWHERE
    outside_recipients: Outside = Outside.ACCEPT
    text_on_the_line: OnTheLine = OnTheLine.WARN
    verify: Verification = Verification.AS_TEMPLATES_SAY
    named: frozenset[str] = field(default=frozenset(), compare=False)
    """The rules that the file names: only of those can it be said that they contradict each other."""

    @property
    def outside_only(self) -> bool:
        """Whether no secret may be typed into Slack."""
        return self.secrets_typed is Typed.OUTSIDE_SLACK

    @property
    def dm_only(self) -> bool:
        """Whether every recipient must press: in a DM with us only can that be asked for."""
        return self.verify is Verification.REQUIRED

    def over(self, rules: Rules) -> Rules:
        """The rules of a drop, in which what the policy requires stands above what a template says."""
        return replace(rules, verify=Verify.SLACK) if self.dm_only else rules

    @property
    def takes_addresses(self) -> bool:
        """Whether anything may be sent to an e-mail address."""
        return self.outside_recipients is Outside.ACCEPT and not self.dm_only

    def may_send(self, person: Person) -> bool:
        """Whether they may make drops, and ask others for secrets."""
        return person.kind in _MAY_SEND[self.who_may_send]

    def may_receive(self, kind: Kind) -> bool:
        """Whether a secret may go to somebody of this kind, as far as where they belong is concerned."""
        if kind is Kind.EMAIL:
            return self.takes_addresses
        return self.outside_recipients is Outside.ACCEPT or kind not in _OUTSIDE

    def still_allows(self, terms: Terms) -> bool:
        """
        Whether what was ordered before may be delivered now, as far as the order says.

        Whether whoever asked for a secret still may depends on who they are by now, which only Slack can say.
        """
        may_live = self.expires is None or terms.lives_seconds in self.expires
        is_pressed = terms.verify == Verify.SLACK or not self.dm_only
        return may_live and is_pressed and self.may_receive(Kind(terms.recipient_class))

    def spans(self, default: int, most: int) -> Sequence[int]:
        """The spans that a link may live, in seconds, ascending; `default` and `most` are the settings'."""
        return durations.offered(default, most) if self.expires is None else self.expires

    def contradiction(self, default: int, most: int) -> str | None:
        """Which rules cannot hold together, or beside EXPIRES_DEFAULT and EXPIRES_MAX, by name; None if all can."""
        if self.outside_only and "text_on_the_line" in self.named and self.text_on_the_line is not OnTheLine.REFUSE:
            return "has text_on_the_line against secrets_typed: outside-slack, with which it can only be refuse"
        if self.outside_only and "passphrase_least" in self.named:
            return "has passphrase_least beside secrets_typed: outside-slack, where I see no passphrase to count"
        if self.dm_only and "outside_recipients" in self.named and self.outside_recipients is Outside.ACCEPT:
            return "has outside_recipients: accept against verify: required, which no stranger or address can fulfil"
        if self.expires is None:
            return None
        if max(self.expires) > most:
            return "has a span in expires that is longer than EXPIRES_MAX"
        if default not in self.expires:
            return "has expires without the span of EXPIRES_DEFAULT: one of them must be it"
        return None


NONE: Final = Policy()
"""Where there is no policy."""
