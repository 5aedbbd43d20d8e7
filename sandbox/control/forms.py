"""A person fills, submits and closes a view; the app's answer changes what is on the screen."""

from __future__ import annotations

from typing import Any

from sandbox import payloads
from sandbox.block_kit.surfaces import modal
from sandbox.control.base import Base
from sandbox.entries import elements_of, entry, mistakes
from sandbox.envelopes import Reply
from sandbox.modals import OpenView
from sandbox.rules import Conduct, Refused, Rule, when
from sandbox.wire import Json

PAGE = "interactivity/handling-user-interaction"
TROUBLE = "We had some trouble connecting. Try again?"
KNOWN_ACTION = Rule(
    "response_action: errors, update, push or clear",
    f"{PAGE}#modal_responses",
    "invalid_response_action",
    when(lambda word: word not in ("errors", "update", "push", "clear"), "no such response_action"),
)


def _keys(pair: tuple[OpenView, Any]) -> str | None:
    view, errors = pair
    inputs = {b["block_id"] for b in view.definition["blocks"] if b["type"] == "input"}
    if not isinstance(errors, dict) or not errors or set(errors) - inputs:
        return "errors must name input blocks of this view"
    if not all(isinstance(words, str) and words for words in errors.values()):
        return "each error is a text"
    return None


ERROR_KEYS = Rule(
    "response_action errors: keys are ids of input blocks",
    f"{PAGE}#modal_responses",
    "invalid_response_action",
    _keys,
)
NO_INPUTS = Conduct(
    "view_closed: carries no input state",
    "reference/interaction-payloads/view-interactions-payload",
    when(
        lambda view: any(b["type"] == "input" and b["block_id"] in view["state"]["values"] for b in view["blocks"]),
        "the state of an input block",
    ),
)


class Forms(Base):
    """What one does with a modal."""

    async def fill(self, view: str, values: dict[str, Any]) -> Json:
        """Enter `values`: block id to text, id or list, or to `{action_id: …}`. Answers the view."""
        shown = self._view(view)
        for block_id, given in values.items():
            self._enter(shown, block_id, given)
        self.workspace.changes.tell()
        return shown.as_slack()

    def _enter(self, view: OpenView, block_id: str, given: Any) -> None:
        for block, element in elements_of(view.definition["blocks"]):
            action_id = element["action_id"]
            if block != block_id or action_id not in view.entered.get(block, {}):
                continue
            value = given
            if isinstance(given, dict) and "value" not in given:
                if action_id not in given:
                    continue
                value = given[action_id]
            self._hold_offered(element, view.user, value)
            view.entered[block][action_id] = entry(element, value)
            view.errors.pop(block, None)
            return
        raise Refused("no_such_input", f"the view has no input block {block_id}")

    async def submit(self, view: str) -> Json:
        """Press the submit button. Answers `{outcome, errors}`; `refused` = the client's own checks.

        Other outcomes: `closed`, `errors`, `update`, `push`, `clear`, `operation_timeout`,
        `dispatch_failed`, `invalid_response_action`.
        """
        shown = self._view(view)
        if shown.definition["type"] != "modal" or not shown.definition.get("submit"):
            raise Refused("cannot_submit", "this view has no submit button")
        if shown.definition.get("submit_disabled"):
            raise Refused("cannot_submit", "the submit button is disabled")
        shown.errors = mistakes(shown.definition["blocks"], shown.entered)
        if shown.errors:
            self.workspace.changes.tell()
            return {"outcome": "refused", "errors": shown.errors}
        person = self._person(shown.user)
        shown.trouble = ""
        shown.waiting += 1
        self.workspace.changes.tell()
        payload = payloads.view_submission(self.workspace, person, shown)
        try:
            reply = await self.road.deliver("interactive", payload)
        finally:
            shown.waiting -= 1
        outcome = self._submitted(shown, reply)
        self.workspace.changes.tell()
        return {"outcome": outcome, "errors": dict(shown.errors)}

    def _submitted(self, view: OpenView, reply: Reply) -> str:
        if reply.outcome != "acked":
            return self._trouble(view, reply.outcome)
        action = reply.payload.get("response_action")
        if action is None:
            # Slack closes the view on an empty acknowledgement; a body without response_action is the same.
            self.workspace.modals.pop(view)
            return "closed"
        try:
            return self._react(view, str(action), reply.payload)
        except Refused as no:
            return self._trouble(view, no.error if no.error == "push_limit_reached" else "invalid_response_action")

    def _react(self, view: OpenView, action: str, payload: Json) -> str:
        modals = self.workspace.modals
        KNOWN_ACTION.hold(action)
        if action == "errors":
            errors = payload.get("errors")
            ERROR_KEYS.hold((view, errors))
            view.errors = dict(errors or {})
        elif action == "update":
            view.set(modal(payload.get("view")))
        elif action == "push":
            modals.push(view.user, modal(payload.get("view")))
        else:
            modals.clear(view.user)
        return action

    def _trouble(self, view: OpenView, error: str) -> str:
        view.trouble = TROUBLE
        self.workspace.complain(view.user, "modal", error)
        return error

    async def close_view(self, view: str, everything: bool = False) -> Json:
        """Close with the Close button, or with ✕ (`everything`), which closes the whole stack."""
        shown = self._view(view)
        person = self._person(shown.user)
        stack = list(self.workspace.modals.stacks.get(shown.user, []))
        cleared = everything or bool(shown.definition.get("clear_on_close"))
        if cleared:
            self.workspace.modals.clear(shown.user)
            # Slack names the root view when the whole stack goes.
            shown = stack[0] if everything and stack else shown
        else:
            self.workspace.modals.pop(shown)
        self.workspace.changes.tell()
        if not shown.definition.get("notify_on_close"):
            return {"outcome": "closed"}
        payload = payloads.view_closed(person, shown, is_cleared=cleared)
        NO_INPUTS.keep(payload["view"])
        reply = await self.road.deliver("interactive", payload)
        return {"outcome": "closed" if reply.outcome == "acked" else reply.outcome}
