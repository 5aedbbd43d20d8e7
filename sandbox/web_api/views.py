"""views.open, views.push, views.update, views.publish."""

from __future__ import annotations

from sandbox.block_kit.surfaces import home, modal
from sandbox.modals import HASH
from sandbox.rules import Rule, when
from sandbox.wire import Json
from sandbox.workspace import Workspace

FOUND = Rule(
    "views.update: a view that is open",
    "reference/methods/views.update",
    "not_found",
    when(lambda view: view is None, "no such view, or it was closed"),
)
IN_MODAL = Rule(
    "views.push: a trigger_id that came from an open modal",
    "reference/methods/views.push",
    "not_found",
    when(lambda view: view is None, "views.push needs a trigger_id from within a modal"),
)
HOME_TAB = Rule(
    "views.publish: the Home tab is on",
    "reference/methods/views.publish",
    "not_enabled",
    when(lambda app: not app.home_tab, "the Home tab is off"),
)
SOMEBODY = Rule(
    "views.publish: somebody who exists",
    "reference/methods/views.publish",
    "user_not_found",
    when(lambda person: person is None or person.deleted or person.is_bot, "no such person"),
)


async def open_view(workspace: Workspace, given: Json) -> Json:
    definition = modal(given.get("view"))
    trigger = workspace.triggers.exchange(given.get("trigger_id"))
    current = workspace.conversations.get(trigger.conversation or "")
    view = workspace.modals.open(trigger.user, definition, current)
    workspace.changes.tell()
    return {"view": view.as_slack()}


async def push(workspace: Workspace, given: Json) -> Json:
    definition = modal(given.get("view"))
    trigger = workspace.triggers.exchange(given.get("trigger_id"))
    IN_MODAL.hold(workspace.modals.find(trigger.view_id))
    view = workspace.modals.push(trigger.user, definition)
    workspace.changes.tell()
    return {"view": view.as_slack()}


async def update(workspace: Workspace, given: Json) -> Json:
    view = workspace.modals.find(given.get("view_id"), given.get("external_id"))
    FOUND.hold(view)
    assert view is not None
    kind = view.definition["type"]
    definition = modal(given.get("view")) if kind == "modal" else home(given.get("view"))
    HASH.hold((given.get("hash"), view.hash))
    view.set(definition)
    workspace.changes.tell()
    return {"view": view.as_slack()}


async def publish(workspace: Workspace, given: Json) -> Json:
    HOME_TAB.hold(workspace.app)
    user = str(given.get("user_id"))
    SOMEBODY.hold(workspace.people.get(user))
    definition = home(given.get("view"))
    before = workspace.modals.homes.get(user)
    if before is not None:
        HASH.hold((given.get("hash"), before.hash))
    view = workspace.modals.publish(user, definition)
    workspace.changes.tell()
    return {"view": view.as_slack()}
