"""Drops that want a press of their recipient, and the press: in a workspace, or with a store alone."""

from dataclasses import dataclass, field
from typing import Any

from bot.press_to_open import PressToOpen
from bot.press_values import of_link
from bot.recipient_messages import PRESS
from bot.slack_calls import SlackError
from sandbox.fixtures import DANA, MAYA, TEAM
from store.opened import Store
from store.words import Verify
from tests.bot.desk import Desk, Json, found
from tests.sealed_elsewhere import handed_in
from tests.store.living import created
from tests.stores import Sealed

PEOPLE: dict[str, Any] = {
    "team_id": TEAM,
    "sender_id": MAYA,
    "recipient_id": DANA,
    "recipient_team": TEAM,
    "verify": Verify.SLACK,
}


@dataclass
class Windows:
    """In place of `bot.slack_calls.Slack`: keeps the windows, or fails."""

    fails_with: SlackError | None = None
    opened: list[Json] = field(default_factory=list)

    async def open_view(self, _trigger_id: str, view: Json) -> None:
        """As Slack's."""
        if self.fails_with is not None:
            raise self.fails_with
        self.opened.append(view)


def desk_of(store: Store, windows: Windows | None = None) -> PressToOpen:
    """What the button does, with a Slack of one object."""
    slack: Any = windows or Windows()
    return PressToOpen(store, slack)


async def waiting(store: Store, **fields: Any) -> tuple[Sealed, str]:
    """A drop that wants a press, and what its button holds."""
    sealed = await created(store, **PEOPLE | fields)
    return sealed, of_link(sealed.link)


async def delivered(desk: Desk, to: str = DANA, **fields: Any) -> tuple[Sealed, Json]:
    """The same in the workspace, sealed outside the bot: the drop, and the message that the recipient got."""
    async with desk.home.open("bot") as store:
        sealed = await handed_in(store, desk.home, **PEOPLE | {"recipient_id": to} | fields)
    return sealed, found(await desk.sandbox.wait_message(to, contains=PRESS))


async def press(desk: Desk, message: Json, user: str = DANA) -> Json:
    """Press Open in the message; the window that opens."""
    await desk.sandbox.click(user, PRESS, message["conversation"], message["ts"])
    return found(await desk.sandbox.wait_view(user, "let_in"))
