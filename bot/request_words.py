"""
What somebody typed after `/sendsecret request`: whom they ask, and what for.

Pure.  A person, or an address, or nobody that Slack knows; the rest is the label, in the asker's own words.
"""

import re
import unicodedata
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from bot import grammar
from bot.form import MOST_IN_LABEL
from bot.mail_addresses import NotAnAddressError, normalised

_LINKED: Final = re.compile(r"<(?:(?:https?://|mailto:)[^|>]*\|([^>]*)|(https?://[^|>]*)|mailto:([^|>]*))>")
_INSIDE: Final = frozenset({"corp", "home", "intranet", "internal", "lan", "private"})
"""Ends of names that no mail from elsewhere finds; what else leads nowhere is refused as an address anyway."""
_UNSEEN: Final = frozenset({"Cc", "Cs", "Zl", "Zp"})


class Fault(StrEnum):
    """Why nobody can be asked like this."""

    NO_LABEL = "no_label"
    LONG_LABEL = "long_label"
    SEVERAL = "several"
    NOBODY = "nobody"


@dataclass(frozen=True)
class Asked:
    """`person` is the id of somebody in Slack; without one the asker gets a link to pass on, perhaps to `address`."""

    person: str | None
    address: str | None = field(repr=False)
    label: str = field(repr=False)


def read(words: str) -> Asked | Fault:
    """What the words ask for; they are as Slack sends them."""
    people, rest = grammar.people_in(words)
    address, rest = (None, rest) if people else _mailbox(rest)
    if len(people) > 1 or _mailbox(rest)[0] is not None:
        return Fault.SEVERAL
    # Slack makes links of "stripe.com key" too, and of an address; a mention, a channel or a group further on is
    # somebody else.
    label = _line(_LINKED.sub(lambda link: link[1] or link[2] or link[3] or "", rest)).lstrip(",; ")
    if grammar.REWRITTEN.search(label):
        return Fault.SEVERAL if people or address else Fault.NOBODY
    label = grammar.without_entities(label)
    if not label:
        return Fault.NO_LABEL
    if label.startswith("@"):
        return Fault.NOBODY  # a name that Slack did not know
    return Fault.LONG_LABEL if len(label) > MOST_IN_LABEL else Asked(next(iter(people), None), address, label)


def _mailbox(line: str) -> tuple[str | None, str]:
    """The address that a line begins with, and the rest; "root@db1.internal" is an account, and of the label."""
    address, rest = grammar.address_in(line)
    if address is None or address.rpartition(".")[2].casefold() in _INSIDE:
        return None, line
    try:
        normalised(address)
    except NotAnAddressError:
        return None, line
    return address, rest


def _line(text: str) -> str:
    return " ".join("".join(" " if unicodedata.category(c) in _UNSEEN else c for c in text).split())
