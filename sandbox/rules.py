"""What a rule of Slack is: a name, the page of Slack's documentation that states it, and a check.

A `Rule` refuses with Slack's own error code; a `Conduct` is something Slack itself does towards an app
(for example: one envelope, one socket) and that the sandbox asserts while it does it. Both register
themselves, so that a test can require that each one has been broken once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sandbox.wire import Json

RULES: dict[str, Rule] = {}
CONDUCTS: dict[str, Conduct] = {}


class Refused(Exception):  # noqa: N818 - it is Slack's answer, not a defect of the sandbox
    """Slack says no. `error` is Slack's code; `body` holds further members of the answer."""

    def __init__(self, error: str, said: str = "", body: Json | None = None, rule: str = "") -> None:
        super().__init__(f"{error}: {said}" if said else error)
        self.error = error
        self.said = said
        self.body = body or {}
        self.rule = rule

    def answer(self) -> Json:
        """The JSON object that Slack's Web API would send."""
        return {"ok": False, "error": self.error, **self.body}


@dataclass(frozen=True)
class Rule:
    """`check` looks at one subject and returns what is wrong with it, in words, or None.

    `page` is the path of the page in Slack's documentation; `error` the code that Slack answers with.
    """

    name: str
    page: str
    error: str
    check: Callable[[Any], str | None] = field(repr=False)

    def __post_init__(self) -> None:
        if self.name in RULES:
            raise ValueError(f"two rules are called {self.name!r}")
        RULES[self.name] = self

    def hold(self, subject: Any) -> None:
        """Raise `Refused` with this rule's code if the subject breaks it."""
        said = self.check(subject)
        if said is not None:
            raise Refused(self.error, said, rule=self.name)


@dataclass(frozen=True)
class Conduct:
    """Something Slack does; `check` says what would be wrong with a given occurrence, or None."""

    name: str
    page: str
    check: Callable[[Any], str | None] = field(repr=False)

    def __post_init__(self) -> None:
        if self.name in CONDUCTS:
            raise ValueError(f"two conducts are called {self.name!r}")
        CONDUCTS[self.name] = self

    def keep(self, subject: Any) -> None:
        """Raise RuntimeError if the sandbox itself is about to behave as Slack never does."""
        said = self.check(subject)
        if said is not None:
            raise RuntimeError(f"{self.name}: {said}")


def when(wrong: Callable[[Any], object], said: str) -> Callable[[Any], str | None]:
    """A check out of a predicate that is true for what must be refused."""

    def check(subject: Any) -> str | None:
        return said if wrong(subject) else None

    return check
