"""No rule without a test that breaks it, and no rule without the page that states it."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest

from sandbox.rules import CONDUCTS, RULES
from tests.sandbox.breaking import BROKEN, FIRED

HERE = Path(__file__).parent
NAMED_IN_CALLS = {name for name in RULES if any(f'"{name}"' in f.read_text() for f in HERE.glob("test_*.py"))}
PREFIXED = {
    name
    for name in RULES
    for prefix in ("conversations.open: ", "chat.update: ", "chat.delete: ")
    if name.startswith(prefix)
    and any(f'"{name.removeprefix(prefix)}"' in f.read_text() for f in HERE.glob("test_*.py"))
}


def test_every_rule_is_broken_by_some_test() -> None:
    """Rules and conducts of the sandbox, all of them, are named by a test of this folder that breaks them."""
    for file in HERE.glob("test_*.py"):
        importlib.import_module(f"tests.sandbox.{file.stem}")
    named = BROKEN | NAMED_IN_CALLS | PREFIXED
    assert sorted((RULES.keys() | CONDUCTS.keys()) - named) == []
    assert sorted(BROKEN - RULES.keys() - CONDUCTS.keys()) == []


def test_every_rule_said_no_during_these_tests(request: pytest.FixtureRequest) -> None:
    """Whatever a test claims, each rule's check must really have refused something in this run."""
    ran = {item.path.name for item in request.session.items}
    if not {file.name for file in HERE.glob("test_*.py")} <= ran:
        # A part of the folder was asked for: the other tests prove nothing about what they did not run.
        return
    assert sorted((RULES.keys() | CONDUCTS.keys()) - FIRED) == []


def test_every_rule_names_its_page_and_its_code() -> None:
    """Pages are paths in Slack's documentation without a host; codes are Slack's words."""
    for rule in RULES.values():
        assert rule.error.replace("_", "").isalnum()
        assert rule.error == rule.error.lower()
    pages = {r.name: r.page for r in RULES.values()} | {c.name: c.page for c in CONDUCTS.values()}
    for name, page in pages.items():
        root = page.split("/")[0]
        assert root in {
            "reference", "surfaces", "interactivity", "apis", "messaging", "authentication",
        }, name  # fmt: skip
