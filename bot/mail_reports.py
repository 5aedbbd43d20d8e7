"""
Whether an e-mail says, in words meant for machines, that another one failed: a delivery status notification.

Pure.  RFC 6522 and 3464 say how it is written: multipart/report with a part of fields about each recipient, and the
message that failed, or its header.  What is not plainly one is none: an answer of a person's, an out-of-office note and
a confirmation of delivery name the message that they are about, too, and must end nothing.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from bot.mail_addresses import NotAnAddressError, normalised
from bot.mail_parts import Fields, Part, fields_of, only, parts_of, taken_apart, text_of
from store.known_as import known_as

NO_STATUS: Final = "5.0.0"
"""Failed for good, and nobody says why (RFC 3463, section 3.1)."""

_STATUSES: Final = frozenset({"message/delivery-status", "message/global-delivery-status"})
_RETURNED: Final = frozenset({"message/rfc822", "text/rfc822-headers", "message/global", "message/global-headers"})
_ADDRESS_TYPES: Final = frozenset({"rfc822", "utf-8"})
_MOST_ADDRESS: Final = 320
_MOST_EXPLANATION: Final = 2000
_MOST_BLOCKS: Final = 50
"""A letter of ours goes to one address; whoever lists thousands wants this computer to be busy."""

_STATUS: Final = re.compile(r"(?<![0-9.])([45]\.[0-7]\.[0-9]{1,3})(?!\.?[0-9])", re.ASCII)
_MARK: Final = re.compile(r"[0-9a-f]{32}", re.ASCII)
_IDENTIFIER: Final = re.compile(r"<([0-9a-f]{32})@[^<>@\s]+>", re.ASCII)


@dataclass(frozen=True)
class Report:
    """
    That a message failed.

    `marks` are what it may be known by, as `mail_letter.mark` makes them, and perhaps others' that look like them.
    `failed` has a status (RFC 3463) for each address that it failed for, in the spelling of `spelled`.
    """

    marks: frozenset[str] = field(repr=False)
    failed: Mapping[str, str] = field(repr=False)


def spelled(address: str) -> str | None:
    """One spelling of an address, however a mail system writes capitals; None for what is none."""
    if len(address) > _MOST_ADDRESS:
        return None
    try:
        return known_as(normalised(address.strip().removeprefix("<").removesuffix(">")))
    except NotAnAddressError:
        return None


def status_in(explanation: str) -> str | None:
    """The first status in what a mail system says to people."""
    found = _STATUS.search(explanation[:_MOST_EXPLANATION])
    return None if found is None else found[1]


def marks_in(identifier: str) -> frozenset[str]:
    """What may be a mark of ours in a field of identifiers, like Message-ID."""
    return frozenset(_IDENTIFIER.findall(identifier))


def of_parts(whole: Part) -> Report | None:
    """The report in a message that is one by RFC 3464; None in any other."""
    if whole.kind != "multipart/report" or whole.parameters.get("report-type", "").lower() != "delivery-status":
        return None
    parts = parts_of(whole)
    statuses = [part for part in parts if part.kind in _STATUSES]
    if len(statuses) != 1:
        return None
    blocks = [fields_of(block) for block in text_of(statuses[0]).split("\n\n")[:_MOST_BLOCKS]]
    marks, failed = _marks(whole, parts, blocks), _failed(blocks)
    return Report(marks, failed) if marks and failed else None


def _failed(blocks: list[Fields]) -> dict[str, str]:
    """
    Those whom it failed for, and of whom nothing else is said.

    A letter of ours goes to one address.  Another one in the report is where it was sent on to, and what becomes of it
    there does not say that it did not arrive.  `delayed` is no end, and the other actions are good news.
    """
    said: dict[str, list[tuple[str, str]]] = {}
    for block in blocks:
        kind, _, given = only(block, "final-recipient").partition(";")
        address = spelled(given) if kind.strip().lower() in _ADDRESS_TYPES else None
        if address is not None:
            action = only(block, "action").partition(" ")[0].lower()
            said.setdefault(address, []).append((action, _status(block)))
    return {address: told[0][1] for address, told in said.items() if all(action == "failed" for action, _ in told)}


def _status(block: Fields) -> str:
    """As the report says; where it says nothing but that it failed, as the server that refused it said."""
    stated = status_in(only(block, "status")) or NO_STATUS
    if not stated.endswith(".0.0"):
        return stated
    return status_in(only(block, "diagnostic-code")) or stated


def _marks(whole: Part, parts: list[Part], blocks: list[Fields]) -> frozenset[str]:
    """
    Out of the message that came back, which is the one that failed, by whatever it refers to: an answer to our letter
    refers to it, and may come back as well.  Only a report that brings no message is asked which it is about.
    """
    returned = [taken_apart(text_of(part).lstrip("\n").encode("latin-1")) for part in parts if part.kind in _RETURNED]
    told = [one for one in returned if one.fields.get("message-id")]
    if told:
        return frozenset().union(*(_own_marks(one) for one in told))
    named = frozenset[str]().union(*(marks_in(only(block, "x-original-message-id")) for block in blocks))
    return named or marks_in(only(whole.fields, "in-reply-to"))


def _own_marks(letter: Part) -> frozenset[str]:
    """Of its Message-ID, and of its boundary, which stays where a relay gives letters a Message-ID of its own."""
    boundary = letter.parameters.get("boundary", "")
    return marks_in(only(letter.fields, "message-id")) | ({boundary} if _MARK.fullmatch(boundary) else set())
