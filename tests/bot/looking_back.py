"""An incident's and a dispute's desk without a bot around them, and what they show somebody."""

import json
from collections.abc import Mapping
from typing import Any, cast

from bot.buttons import Buttons
from bot.dispute_desk import DisputeDesk
from bot.incident_desk import IncidentDesk
from bot.incident_links import IncidentLinks
from bot.message import Message
from bot.people import Kind, People, Person
from bot.rights import Clicker, Rights
from bot.rotation import Rotation
from bot.slack_calls import Slack, SlackRefusedError
from sandbox.fixtures import AUDIT, DANA, MAYA, NOOR, OTHER_TEAM, SAM, TEAM
from store.opened import Store
from tests.sealed_elsewhere import PASSPHRASE
from tests.store.living import created
from tests.stores import Sealed

LEE = "ULEE"
PROVIDER = "https://example.com/rotate"
BOTH = "UBOTH"
UNNAMED = Clicker("UUNNAMED", OTHER_TEAM)
"""Somebody from outside who was asked for something."""
PEOPLE = {
    "sender": Clicker(MAYA, TEAM),
    "colleague": Clicker("USOMEBODY", TEAM),
    "recipient": Clicker(DANA, TEAM),
    "administrator": Clicker(SAM, TEAM),
    "auditor": Clicker(NOOR, TEAM),
    "both": Clicker(BOTH, TEAM),
    "sender's id, another team": Clicker(MAYA, OTHER_TEAM),
    "administrator's id, another team": Clicker(SAM, OTHER_TEAM),
    "auditor's id, another team": Clicker(NOOR, OTHER_TEAM),
    "nobody": Clicker("", ""),
}
SEES = {
    "sender": {"own"},
    "administrator": {"own", "a colleague's"},
    "auditor": {"own", "a colleague's"},
    "both": {"own", "a colleague's"},
}


class Known(People):
    """Slack says that everybody is of this workspace, and nothing of one of them."""

    def __init__(self) -> None:
        super().__init__(Slack("xoxb-none", "http://127.0.0.1:9"), TEAM)

    async def find(self, user_id: str) -> Person | None:
        if user_id == UNNAMED.user_id:
            return None
        return Person(user_id, TEAM, f"Name of {user_id}", "", Kind.MEMBER)


class Screen:
    """Slack, as far as somebody's screen goes: views as they are shown, and answers."""

    def __init__(self, refuses: str | None = None) -> None:
        self.refuses = refuses
        self.views: list[dict[str, Any]] = []
        self.replies: list[str] = []
        self.posts: list[tuple[str, str]] = []

    @property
    def text(self) -> str:
        """What stands in the view on the screen."""
        return json.dumps(self.views[-1], ensure_ascii=False)

    @property
    def shown(self) -> dict[str, Any]:
        """The view on the screen as a payload has it."""
        return {**self.views[-1], "id": "V1"}

    async def open_view(self, _trigger: str, view: dict[str, Any]) -> str:
        if self.refuses:
            raise SlackRefusedError(self.refuses)
        self.views.append(view)
        return "V1"

    async def update_view(self, _view_id: str, view: dict[str, Any]) -> None:
        self.views.append(view)

    async def post(self, channel: str, message: Message) -> None:
        if self.refuses:
            raise SlackRefusedError(self.refuses)
        self.posts.append((channel, message.text))

    async def reply(self, _url: str, text: str) -> None:
        self.replies.append(text)


def buttons_of(view: Mapping[str, Any]) -> list[dict[str, Any]]:
    """All that stand in rows of their own."""
    return [one for block in view["blocks"] for one in block.get("elements", [])]


def rights() -> Rights:
    """Sam administers, Noor audits."""
    return Rights(Known(), TEAM, admins=(SAM, BOTH), auditors=(NOOR, BOTH))


def incident_desk(store: Store, screen: Screen, **changed: Any) -> IncidentDesk:
    """The desk with this screen."""
    slack, judged = cast("Slack", screen), rights()
    shows = bool(changed.get("show_labels"))
    links = IncidentLinks(store, slack, judged, AUDIT, shows, {"anything": PROVIDER})
    return IncidentDesk(store, slack, judged, lambda: None, links, **changed)


def rotation(store: Store) -> Rotation:
    """What the button beside a row does."""
    return Rotation(store, cast("Slack", Screen()), Known(), Buttons(store, rights()), lambda _drop: None)


def dispute_desk(store: Store, screen: Screen, **changed: Any) -> DisputeDesk:
    """The desk with this screen."""
    return DisputeDesk(store, cast("Slack", screen), rights(), **changed)


def typed_by(clicker: Clicker) -> Mapping[str, str]:
    """What Slack says with a command."""
    return {"user_id": clicker.user_id, "team_id": clicker.team_id, "trigger_id": "T", "response_url": "R"}


async def three(store: Store) -> dict[str, Sealed]:
    """One that Maya handed to Dana, one of a colleague's, and one of another workspace."""
    return {
        "own": await created(store, sender_id=MAYA, recipient_id=DANA, team_id=TEAM, passphrase=PASSPHRASE),
        "a colleague's": await created(store, sender_id=LEE, recipient_id=DANA, team_id=TEAM),
        "of another workspace": await created(store, sender_id="UOTHER", recipient_id=DANA, team_id=OTHER_TEAM),
    }
