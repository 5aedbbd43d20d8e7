"""A person clicks a button, or chooses something in an element outside an input block."""

from __future__ import annotations

from typing import Any

from sandbox import payloads
from sandbox.control.base import Base
from sandbox.control.forms import TROUBLE
from sandbox.entries import STATEFUL, elements_of, entry
from sandbox.modals import OpenView
from sandbox.people import Person
from sandbox.rules import Conduct, Refused, when
from sandbox.wire import Json

PAGE = "reference/interaction-payloads/block_actions-payload"
FRESH = Conduct(
    "block_actions in a message: a fresh response_url",
    PAGE,
    when(lambda p: not p.get("response_url") or not p.get("trigger_id"), "no response_url"),
)
HOME_CLICK = Conduct(
    "block_actions in a view: container view, no message, channel or response_url",
    PAGE,
    when(
        lambda p: p["container"]["type"] != "view" or {"message", "channel", "response_url"} & set(p),
        "not what Slack sends from a view",
    ),
)


class Clicks(Base):
    """What one does with buttons and menus."""

    async def click(
        self,
        user: str,
        action_id: str,
        conversation: str | None = None,
        ts: str | None = None,
        view: str | None = None,
        chosen: Any = None,
        block_id: str | None = None,
        confirmed: bool = True,
    ) -> Json:
        """Press a button (or choose `chosen`) in a message (`conversation`, `ts`) or a view.

        Answers `{outcome, opens}`: `acked`, `operation_timeout`, `dispatch_failed`, or `not_confirmed`
        when the element asks first and the person said no. `opens` is the URL of a link button, or of the
        chosen line of an overflow menu.
        """
        person = self._person(user)
        if view is not None:
            return await self._in_view(person, self._view(view), action_id, chosen, block_id, confirmed)
        message = self._message(str(conversation), str(ts), user)
        block, element = _find(message.blocks, action_id, block_id)
        if "confirm" in element and not confirmed:
            return {"outcome": "not_confirmed", "opens": None}
        self._hold_offered(element, user, chosen)
        action = self._action(block, element, chosen)
        place = self._conversation(message.conversation)
        payload = payloads.block_actions_in_message(self.workspace, person, place, message, action)
        FRESH.keep(payload)
        mark = (message.conversation, message.ts)
        self.workspace.warned.discard(mark)
        reply = await self.road.deliver("interactive", payload)
        if reply.outcome != "acked":
            self.workspace.warned.add(mark)
            self.workspace.complain(user, "button", reply.outcome)
        return {"outcome": reply.outcome, "opens": _opens(element, action)}

    async def _in_view(
        self, person: Person, view: OpenView, action_id: str, chosen: Any, block_id: str | None, confirmed: bool
    ) -> Json:
        if view.user != person.id:
            raise Refused("no_such_view", f"{person.real_name} does not see that view")
        block, element = _find(view.definition["blocks"], action_id, block_id)
        if "confirm" in element and not confirmed:
            return {"outcome": "not_confirmed", "opens": None}
        self._hold_offered(element, person.id, chosen)
        action = self._action(block, element, chosen)
        if element["type"] in STATEFUL:
            view.entered[block][action_id] = entry(element, chosen)
        if _silent(view.definition["blocks"], block):
            self.workspace.changes.tell()
            return {"outcome": "entered", "opens": None}
        payload = payloads.block_actions_in_view(self.workspace, person, view, action)
        HOME_CLICK.keep(payload)
        reply = await self.road.deliver("interactive", payload)
        view.trouble = "" if reply.outcome == "acked" else TROUBLE
        if reply.outcome != "acked":
            self.workspace.complain(person.id, "button", reply.outcome)
        self.workspace.changes.tell()
        return {"outcome": reply.outcome, "opens": _opens(element, action)}

    def _action(self, block: str, element: Json, chosen: Any) -> Json:
        action: Json = {
            "type": element["type"],
            "action_id": element["action_id"],
            "block_id": block,
            "action_ts": self.workspace.new_ts(),
        }
        if element["type"] == "button":
            kept = {name: element[name] for name in ("text", "value", "style", "url") if name in element}
            return action | kept
        if element["type"] == "overflow":
            for option in element["options"]:
                if chosen in (option["value"], option["text"]["text"]):
                    return action | {"selected_option": option}
            raise Refused("impossible_entry", f"there is no option {chosen!r}")
        return action | entry(element, chosen)

    async def open_home(self, user: str, tab: str = "home") -> Json:
        """Look at the app's Home (or Messages) tab; the app gets `app_home_opened`."""
        person = self._person(user)
        dm = self.workspace.bot_dm(person.id)
        assert dm is not None
        body: Json = {
            "type": "app_home_opened",
            "user": person.id,
            "channel": dm.id,
            "tab": tab,
            "event_ts": self.workspace.new_ts(),
        }
        shown = self.workspace.modals.homes.get(person.id)
        if shown is not None and tab == "home":
            body["view"] = shown.as_slack()
        if tab == "home" and not self.workspace.app.home_tab:
            raise Refused("not_enabled", "the Home tab is off")
        self.road.post_event(payloads.event(self.workspace, body))
        return {"channel": dm.id}

    async def mark_read(self, user: str, conversation: str) -> Json:
        """The person has seen the conversation."""
        place = self._conversation(conversation, user)
        seen = [m.ts for m in place.messages if not m.deleted]
        mark = max(seen, default="0")
        if self.workspace.read.get((user, place.id), "0") < mark:
            self.workspace.read[(user, place.id)] = mark
            self.workspace.changes.tell()
        return {"read": mark}


def _opens(element: Json, action: Json) -> str | None:
    chosen = action.get("selected_option", {}) if element["type"] == "overflow" else element
    url: str | None = chosen.get("url")
    return url


def _find(blocks: list[Json], action_id: str, block_id: str | None) -> tuple[str, Json]:
    for block, element in elements_of(blocks):
        if element["action_id"] == action_id and block_id in (None, block):
            return block, element
    raise Refused("no_such_button", f"there is nothing called {action_id} there")


def _silent(blocks: list[Json], block_id: str) -> bool:
    """An input block tells the app nothing until it is submitted, unless it has dispatch_action."""
    for block in blocks:
        if block["block_id"] == block_id:
            return block["type"] == "input" and not block.get("dispatch_action")
    return False
