"""Open views: one stack of at most three per person, one Home tab per person.

A view remembers what the person has entered; an update keeps what was entered where block id and action
id stay the same. The definitions that arrive here have been judged by sandbox/block_kit already.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field

from sandbox import fixtures
from sandbox.conversations import Conversation
from sandbox.entries import initial_entry, inputs_of
from sandbox.rules import Rule, when
from sandbox.wire import Json

STACK = Rule(
    "views: at most three in a stack",
    "surfaces/modals",
    "push_limit_reached",
    when(lambda stack: len(stack) >= 3, "the stack has three views"),
)
EXTERNAL_ID = Rule(
    "views: external_id is unique",
    "reference/methods/views.open",
    "duplicate_external_id",
    when(lambda pair: pair[0] and pair[0] in pair[1], "another view has this external_id"),
)
HASH = Rule(
    "views: an old hash changes nothing",
    "reference/methods/views.update",
    "hash_conflict",
    when(lambda pair: pair[0] is not None and pair[0] != pair[1], "the view has changed since that hash"),
)


@dataclass
class OpenView:
    """A view on somebody's screen. `entered` maps block id, then action id, to Slack's state object.

    `current` is the conversation that the person was looking at when the view was opened.
    """

    id: str
    user: str
    definition: Json
    root_id: str
    previous_id: str | None = None
    current: Conversation | None = field(default=None, repr=False)
    hash: str = ""
    entered: dict[str, dict[str, Json]] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    trouble: str = ""
    waiting: int = 0

    def __post_init__(self) -> None:
        self.set(self.definition)

    def set(self, definition: Json) -> None:
        """Show another definition; what was entered survives where both ids stay the same."""
        before = self.entered
        self.definition = definition
        self.entered = {}
        for block_id, element in inputs_of(definition["blocks"]):
            action_id = element["action_id"]
            kept = before.get(block_id, {}).get(action_id)
            if kept is None or kept["type"] != element["type"]:
                kept = initial_entry(element, self.current)
            self.entered.setdefault(block_id, {})[action_id] = kept
        self.errors = {}
        self.trouble = ""
        self.hash = f"{secrets.randbelow(10**10):010d}.{secrets.token_hex(4)}"

    def as_slack(self, *, with_inputs: bool = True) -> Json:
        """The `view` object of payloads and answers; without inputs for `view_closed`."""
        inputs = {b["block_id"] for b in self.definition["blocks"] if b["type"] == "input"}
        values = {
            block: dict(elements) for block, elements in self.entered.items() if with_inputs or block not in inputs
        }
        view = {
            "id": self.id,
            "team_id": fixtures.TEAM,
            "private_metadata": "",
            "callback_id": "",
            "external_id": "",
            "title": None,
            "submit": None,
            "close": None,
            "clear_on_close": False,
            "notify_on_close": False,
            "submit_disabled": False,
            **self.definition,
            "state": {"values": values},
            "hash": self.hash,
            "previous_view_id": self.previous_id,
            "root_view_id": self.root_id,
            "app_id": fixtures.APP,
            "app_installed_team_id": fixtures.TEAM,
            "bot_id": fixtures.BOT,
        }
        return {name: value for name, value in view.items() if not (name == "title" and value is None)}


class Modals:
    """Every open view, by person."""

    def __init__(self) -> None:
        self.stacks: dict[str, list[OpenView]] = {}
        self.homes: dict[str, OpenView] = {}

    def __iter__(self) -> Iterator[OpenView]:
        for stack in self.stacks.values():
            yield from stack
        yield from self.homes.values()

    def find(self, view_id: str | None, external_id: str | None = None) -> OpenView | None:
        for view in self:
            if view.id == view_id or (external_id and view.definition.get("external_id") == external_id):
                return view
        return None

    def _fresh(
        self, user: str, definition: Json, below: OpenView | None, current: Conversation | None = None
    ) -> OpenView:
        taken = {v.definition.get("external_id") for v in self}
        EXTERNAL_ID.hold((definition.get("external_id"), taken))
        view_id = f"V0{secrets.token_hex(5).upper()}"
        root = below.root_id if below else view_id
        if below is not None:
            current = below.current
        return OpenView(view_id, user, definition, root, below.id if below else None, current)

    def open(self, user: str, definition: Json, current: Conversation | None = None) -> OpenView:
        """A new stack of one; what this person had open is gone, as one screen shows one stack."""
        view = self._fresh(user, definition, None, current)
        self.stacks[user] = [view]
        return view

    def push(self, user: str, definition: Json) -> OpenView:
        """On top of the person's stack. Refused: push_limit_reached."""
        stack = self.stacks.setdefault(user, [])
        STACK.hold(stack)
        view = self._fresh(user, definition, stack[-1] if stack else None)
        stack.append(view)
        return view

    def pop(self, view: OpenView) -> None:
        stack = self.stacks.get(view.user, [])
        if view in stack:
            stack.remove(view)

    def clear(self, user: str) -> None:
        self.stacks.pop(user, None)

    def publish(self, user: str, definition: Json) -> OpenView:
        """The person's Home tab, in place of the one before; it keeps its id."""
        before = self.homes.get(user)
        if before is None:
            before = self._fresh(user, definition, None)
            self.homes[user] = before
        else:
            before.set(definition)
        return before
