"""Which rules the tests of this folder have broken; `test_every_rule` compares it with the rules there are."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

from slack_sdk.errors import SlackApiError

import sandbox.app  # noqa: F401 - registers every rule
from sandbox.rules import CONDUCTS, RULES, Conduct, Rule
from sandbox.running import Sandbox

Test = TypeVar("Test", bound=Callable[..., object])
BROKEN: set[str] = set()
FIRED: set[str] = set()
"""The rules and conducts whose check really said no while these tests ran."""


def breaks(*names: str) -> Callable[[Test], Test]:
    """Says that the test breaks these rules (or watches these conducts)."""
    BROKEN.update(names)
    return lambda test: test


def watch() -> None:
    """Note in FIRED whenever a rule or a conduct says no."""
    everything: list[Rule | Conduct] = [*RULES.values(), *CONDUCTS.values()]
    for rule in everything:
        # Frozen on purpose; the tests alone look over its shoulder.
        object.__setattr__(rule, "check", partial(_noted, rule.name, rule.check))


def _noted(name: str, check: Callable[[Any], str | None], subject: Any) -> str | None:
    said = check(subject)
    if said is not None:
        FIRED.add(name)
    return said


async def refusal(call: object) -> str:
    """The code with which a call of Slack's client was refused; fails when it was not."""
    try:
        await call  # type: ignore[misc]
    except SlackApiError as no:
        return str(no.response["error"])
    raise AssertionError("the call was not refused")


async def breaking(sandbox: Sandbox, rule: str, call: object) -> None:
    """The call is refused by the rule of this name, with that rule's code."""
    BROKEN.add(rule)
    assert await refusal(call) == RULES[rule].error
    assert sandbox.workspace.calls[-1].rule == rule
