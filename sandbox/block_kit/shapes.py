"""How a JSON object of Block Kit is described: members, what each may be, and which it must have.

A `Shape` turns its description into rules that carry a name and the page of Slack's documentation.
Breaches are yielded, not raised, because Slack lists all of them in one answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

from sandbox.rules import Rule

ERROR = "invalid_blocks"


@dataclass(frozen=True)
class Breach:
    """`pointer` is the JSON pointer of the offending part, `said` what is wrong with it."""

    rule: Rule
    pointer: str
    said: str


class Kind(Protocol):
    """What a member may be. `said` completes "button.text: …"."""

    said: str

    def wrong(self, value: Any) -> str | None:
        """What is wrong with the value itself, or None."""

    def inside(self, value: Any, pointer: str) -> Iterator[Breach]:
        """What is wrong with the parts of a value that is right in itself."""


@dataclass(frozen=True)
class Member:
    kind: Kind
    required: bool


def need(kind: Kind) -> Member:
    return Member(kind, True)


def may(kind: Kind) -> Member:
    return Member(kind, False)


class Shape:
    """An object with known members only; `also` are rules about the object as a whole.

    `apart` names members that are judged elsewhere.
    """

    def __init__(
        self,
        name: str,
        page: str,
        members: Mapping[str, Member],
        also: tuple[Rule, ...] = (),
        error: str = ERROR,
        apart: tuple[str, ...] = ("type",),
    ) -> None:
        self.name = name
        self.apart = apart
        self.members = members
        self.also = also
        self.known = Rule(f"{name}: no unknown member", page, error, self._unknown)
        self.required = {
            member: Rule(f"{name}.{member}: required", page, error, partial(_lacks, member))
            for member, described in members.items()
            if described.required
        }
        self.kinds = {
            member: Rule(f"{name}.{member}: {described.kind.said}", page, error, described.kind.wrong)
            for member, described in members.items()
        }

    def _unknown(self, value: Any) -> str | None:
        strange = [m for m in value if m not in self.members and m not in self.apart]
        return f"unknown member {strange[0]!r} of {self.name}" if strange else None

    def breaches(self, value: Any, pointer: str) -> Iterator[Breach]:
        said = self.known.check(value)
        if said:
            yield Breach(self.known, pointer, said)
        for member, described in self.members.items():
            if member not in value:
                if described.required:
                    rule = self.required[member]
                    yield Breach(rule, pointer, rule.check(value) or "")
                continue
            rule, below = self.kinds[member], f"{pointer}/{member}"
            said = rule.check(value[member])
            if said:
                yield Breach(rule, below, said)
            else:
                yield from described.kind.inside(value[member], below)
        for rule in self.also:
            try:
                said = rule.check(value)
            except (KeyError, TypeError, AttributeError, ValueError):
                # A rule about the whole met a part that another rule has refused already.
                continue
            if said:
                yield Breach(rule, pointer, said)


def _lacks(member: str, value: Any) -> str | None:
    return None if member in value else f"missing required field: {member}"
