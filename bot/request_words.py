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

_ADDRESS: Final = re.compile(
    r"(?:<mailto:([^|>]+)(?:\|[^>]*)?>|([^\s<>@:/,]+@[^\s<>@:/,]+\.[^\s<>@:/,]+))(?=[\s,]|$)[\s,]*"
)
_LINKED: Final = re.compile(r"<(?:https?://[^|>]*\|([^>]*)|(https?://[^|>]*))>")
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
    address = None
    if not people and (named := _ADDRESS.match(rest)):
        address, rest = named[1] or named[2], rest[named.end() :]
    if len(people) > 1 or _ADDRESS.match(rest):
        return Fault.SEVERAL
    # Slack makes links of "stripe.com key" too; a mention, a channel or a group further on is somebody else.
    label = _line(_LINKED.sub(lambda link: link[1] or link[2], rest)).lstrip(", ")
    if grammar.REWRITTEN.search(label):
        return Fault.SEVERAL if people or address else Fault.NOBODY
    label = grammar.without_entities(label)
    if not label:
        return Fault.NO_LABEL
    if label.startswith("@"):
        return Fault.NOBODY  # a name that Slack did not know
    return Fault.LONG_LABEL if len(label) > MOST_IN_LABEL else Asked(next(iter(people), None), address, label)


def _line(text: str) -> str:
    return " ".join("".join(" " if unicodedata.category(c) in _UNSEEN else c for c in text).split())
