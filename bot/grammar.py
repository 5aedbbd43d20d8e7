"""
What somebody typed after `/sendsecret`, read once and never kept.

Pure.  First match wins: nothing, help, another word of ours, people, and the rest is the secret.  What does not
name a person is treated as a secret that has just been through Slack, because the careful reading costs nothing.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from typing import Final

from store.known_as import known_as

MOST_RECIPIENTS: Final = 10
MOST_CHARACTERS: Final = 3000
HERE: Final = "here"
EVIDENCE: Final = "evidence"
TOKEN: Final = "token"
REQUEST: Final = "request"
INCIDENT: Final = "incident"
DISPUTE: Final = "dispute"
TEMPLATES: Final = "templates"
CODE: Final = "code"
TAKEN: Final = frozenset({"help", HERE, EVIDENCE, TOKEN, REQUEST, INCIDENT, DISPUTE, TEMPLATES, CODE})
"""Words that have a meaning of their own, and name no template."""

_MENTION: Final = re.compile(r"[\s,;]*<@([UW][A-Z0-9]+)(?:\|[^>]*)?>")
_MAILTO: Final = "<mailto:"
# A whole word, without what stands in an address of a server: "postgres://app:pw@db.example.com/prod" is a secret.
_PLAIN_EMAIL: Final = r"[^\s<>@:/,;]+@(?:[\w-]+\.)+(?:[^\W\d_]{2,}|xn--[\w-]+)"
_EMAIL: Final = re.compile(rf"<mailto:[^>]*>|{_PLAIN_EMAIL}")
# Slack writes an address that it knows as one as <mailto:dana@example.com|dana@example.com>.
_ADDRESS: Final = re.compile(rf"[\s,;]*(?:<mailto:([^>|?]+)[^>]*>|({_PLAIN_EMAIL})(?=[\s,;]|$))")
_BETWEEN: Final = re.compile(r"[\s,;]+")
_AS_TYPED: Final = re.compile(r"<(?:[^|>]*\|)?([^>]*)>")
REWRITTEN: Final = re.compile(r"<[^>]*>")
"""What Slack has made of something that was typed."""


@dataclass(frozen=True)
class OpenForm:
    """
    Open the form.  `was_rewritten`: there was a secret, but Slack has put markup of its own into it.

    `here`: the link is to be posted into a conversation, for one person in it.  `addresses` are e-mail addresses as
    they were typed, in place of people.  `template` is the name of one, if one was named.
    """

    recipients: tuple[str, ...] = ()
    secret: str = field(default="", repr=False)
    was_rewritten: bool = False
    here: bool = False
    addresses: tuple[str, ...] = ()
    template: str | None = None


@dataclass(frozen=True)
class Choose:
    """Nothing was typed, or the word for it: ask which template it is, then open the form."""


@dataclass(frozen=True)
class Help:
    """Explain the command."""


@dataclass(frozen=True)
class Evidence:
    """Make an evidence pack; `words` say of which period, and are for `bot.periods`."""

    words: str


@dataclass(frozen=True)
class Token:
    """Make a token for the command line, or end one; `words` are for `bot.token_desk`."""

    words: str = field(repr=False)


@dataclass(frozen=True)
class Request:
    """Ask somebody for a secret; `words` say whom and for what, and are for `bot.request_words`."""

    words: str = field(repr=False)


@dataclass(frozen=True)
class Incident:
    """Somebody's laptop is gone; `words` say whose, and are for `bot.incident_desk`."""

    words: str


@dataclass(frozen=True)
class Dispute:
    """What became of one drop; `words` say which, and are for `bot.dispute_desk`."""

    words: str


@dataclass(frozen=True)
class Code:
    """
    Make a record for somebody's program; `recipient` is whose, None where nobody was named.

    `was_not_taken`: something stood behind the name, which is dropped.
    """

    recipient: str | None = None
    was_not_taken: bool = False


@dataclass(frozen=True)
class NotOne:
    """A record for more people than one, or for an address."""


@dataclass(frozen=True)
class Mixed:
    """E-mail addresses together with people, or for a conversation."""


@dataclass(frozen=True)
class TooMany:
    """More people than one form takes; with `here` that is one."""

    here: bool = False


@dataclass(frozen=True)
class TooLong:
    """A secret that does not fit the form, for these people; it is dropped.  The rest as in OpenForm."""

    recipients: tuple[str, ...] = ()
    here: bool = False
    addresses: tuple[str, ...] = ()
    template: str | None = None


@dataclass(frozen=True)
class NoAddressee:
    """Text for nobody."""


Typed = (
    OpenForm
    | Choose
    | Help
    | Evidence
    | Request
    | Token
    | Incident
    | Dispute
    | Code
    | NotOne
    | Mixed
    | TooMany
    | TooLong
    | NoAddressee
)


def read(text: str, templates: Collection[str] = ()) -> Typed:
    """
    What the command line asks for.  `text` is as Slack sends it: mentions as `<@U…>`, `&`, `<`, `>` as entities.

    `templates` are the names of those that there are.
    """
    line = text.strip()
    if not line:
        return Choose()
    word = line.split(maxsplit=1)[0].casefold()
    if word == "help":
        return Help()
    if word == TEMPLATES:
        return Choose()
    if word == EVIDENCE:
        return Evidence(line[len(EVIDENCE) :].strip())
    if word == TOKEN:
        return Token(line[len(TOKEN) :].strip())
    if word == REQUEST:
        return Request(line[len(REQUEST) :].strip())
    if word == INCIDENT:
        return Incident(line[len(INCIDENT) :].strip())
    if word == DISPUTE:
        return Dispute(line[len(DISPUTE) :].strip())
    if word == CODE:
        return _for_code(line[len(CODE) :].strip())
    here = word == HERE
    if here:
        line = line[len(HERE) :].lstrip()
    recipients, rest = people_in(line)
    if _is_for_addresses(rest, is_after_mention=bool(recipients)):
        addresses, rest = _addresses(rest)
        if recipients or here or _MENTION.match(rest):
            return Mixed()
    else:
        addresses = ()
    if not recipients and not addresses and not here:
        # Just a template's name is no secret: nobody was chosen yet.
        return OpenForm(template=line) if line in templates else NoAddressee()
    if max(len(recipients), len(addresses)) > (1 if here else MOST_RECIPIENTS):
        return TooMany(here)
    template, rest = _template_in(rest, templates)
    secret = without_entities(rest)
    if len(_AS_TYPED.sub(r"\1", secret)) > MOST_CHARACTERS:
        return TooLong(recipients, here, addresses, template)
    known = OpenForm(recipients, here=here, addresses=addresses, template=template)
    return replace(known, was_rewritten=True) if REWRITTEN.search(rest) else replace(known, secret=secret)


def _for_code(line: str) -> Code | NotOne:
    people, rest = people_in(line)
    if len(people) > 1 or _is_for_addresses(rest, is_after_mention=bool(people)):
        return NotOne()
    # No secret belongs on this line, so that none is taken from it.
    return Code(people[0] if people else None, was_not_taken=bool(rest))


def _template_in(rest: str, templates: Collection[str]) -> tuple[str | None, str]:
    """The template whose exact name stands first behind the addressees, and what is behind it."""
    word, *behind = rest.split(maxsplit=1) or [""]
    return (word, "".join(behind)) if word in templates else (None, rest)


def people_in(line: str) -> tuple[tuple[str, ...], str]:
    """The people whose mentions a line begins with, each once, and the rest of it."""
    found: dict[str, None] = {}
    while match := _MENTION.match(line):
        found[match[1]] = None
        line = line[match.end() :]
    return tuple(found), _behind(line)


def address_in(line: str) -> tuple[str | None, str]:
    """The e-mail address that a line begins with, as it was typed, and the rest of it."""
    match = _ADDRESS.match(line)
    if match is None:
        return None, line
    return without_entities(match[1] or match[2]), _behind(line[match.end() :])


def names_somebody(line: str) -> bool:
    """Whether a person or an e-mail address stands anywhere in a line."""
    return bool(_MENTION.search(line) or _EMAIL.search(line))


def _is_for_addresses(rest: str, *, is_after_mention: bool) -> bool:
    """
    Whether e-mail addresses are named as recipients.

    "dana@example.com hunter2" names somebody.  After a mention somebody is named already, and an address with more
    behind it begins the secret; one that stands alone must not pass for the secret of the others.
    """
    words = [word for word in _BETWEEN.split(rest) if word]
    if not words:
        return False
    if is_after_mention:
        return all(_EMAIL.fullmatch(word) for word in words)
    return words[0].startswith(_MAILTO) or _EMAIL.fullmatch(words[0]) is not None


def _addresses(line: str) -> tuple[tuple[str, ...], str]:
    found: dict[str, str] = {}
    address, line = address_in(line)
    while address is not None:
        found.setdefault(known_as(address), address)
        address, line = address_in(line)
    return tuple(found.values()), line


def _behind(line: str) -> str:
    # A comma or semicolon between people separates them; one before the secret is the secret's own.
    return line.lstrip() if _BETWEEN.sub("", line) else ""


def without_entities(text: str) -> str:
    """What was typed, where Slack has put entities."""
    # Only these three, and & last: html.unescape would also turn a secret's "&copy" into a sign.
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
