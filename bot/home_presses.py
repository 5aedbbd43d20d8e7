"""The Home tab as Slack tells of it: opened, turned over, and pressed."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from slack_bolt.async_app import AsyncApp

from bot import access_log, filled_later, home_rows
from bot import button_wording as buttons_say
from bot import home_wording as wording
from bot import webhook_wording as webhooks_say
from bot.block_kit import Json
from bot.buttons import Buttons
from bot.home_desk import Answered, HomeDesk
from bot.home_view import SEND, SENDER, SHOW, Place, place_in
from bot.home_webhooks import REPLAY
from bot.mrkdwn import Markup
from bot.rights import Act, Clicker, clicker_of, reads_labels
from bot.slack_calls import Slack
from bot.underway import Underway
from store import history
from store.errors import StoreError
from store.opened import Store

TURNS: Final = tuple(
    f"{SHOW}{which}"
    for which in ("", "_mine", "_all", "_overview", "_attention", "_outstanding", "_history", "_newest", "_older")
)
ACTIONS: Final = (*TURNS, SENDER, SEND, home_rows.LOG, REPLAY)
HOME: Final = "home"


@dataclass(frozen=True)
class HomePresses:
    """What presses in the Home tab need.  `show_labels`: auditors read labels, too."""

    store: Store
    slack: Slack
    desk: HomeDesk
    buttons: Buttons
    underway: Underway
    show_labels: bool = False

    async def answer(self, body: Mapping[str, Any], clicker: Clicker, drop_id: str, answer: Markup | None) -> None:
        """Show what a press on a row was answered with, where the row stands."""
        place = place_in(str(body["view"].get("private_metadata", "")))
        [action] = body.get("actions") or [{}]
        section = home_rows.section_in(str(action.get("block_id", "")))
        drop = await self.buttons.known(drop_id)
        answered = Answered(drop, section, answer) if answer and drop is not None and section is not None else None
        await self.desk.show(clicker.user_id, place, answered)

    async def replay(self, body: Mapping[str, Any], clicker: Clicker, name: str) -> None:
        """Have a webhook's events sent again, for whoever may; the tab says what came of it."""
        place = place_in(str((body.get("view") or {}).get("private_metadata", "")))
        replaying = self.desk.replaying
        said = Markup(webhooks_say.NO_SUCH_WEBHOOK) if replaying is None else await replaying.replay(clicker, name)
        await self.desk.show(clicker.user_id, place, said=said)

    async def log(self, body: Mapping[str, Any], clicker: Clicker, value: str) -> None:
        """Open the access log of a drop, for whoever may look at it; else a window that says why not."""
        looking, failed = (access_log.said(Markup(one)) for one in (wording.LOG_LOOKING, wording.LOG_FAILED))
        make = partial(self._log_of, clicker, value)
        await filled_later.show(self.slack, body, looking, make, failed, not_opened=wording.LOG_NOT_OPENED)

    async def _log_of(self, clicker: Clicker, value: str) -> Json:
        try:
            permitted = await self.buttons.permitted(Act.LOOK, value, clicker)
            if isinstance(permitted, Markup):
                return access_log.said(permitted)
            drop, role = permitted
            steps = await history.of(self.store, drop.id)
        except StoreError:
            return access_log.said(Markup(buttons_say.TRY_AGAIN))
        return access_log.view(drop, steps, show_label=reads_labels(role, shown_to_auditors=self.show_labels))


def listen(app: AsyncApp, parts: HomePresses) -> None:
    """Add the listeners.  That a form is to be opened is the command's to answer; see bot/app.py."""

    @app.event("app_home_opened")
    async def opened(event: dict[str, Any]) -> None:
        if event.get("tab") == HOME:  # the Messages tab tells of itself by the same event
            with parts.underway.one():
                shown = str((event.get("view") or {}).get("private_metadata", ""))
                await parts.desk.show(str(event["user"]), place_in(shown))

    for turn in TURNS:
        app.action(turn)(_turned(parts))

    @app.action(SENDER)
    async def narrow(ack: Any, body: dict[str, Any], action: dict[str, Any]) -> None:
        await ack()
        with parts.underway.one():
            shown = place_in(str((body.get("view") or {}).get("private_metadata", "")))
            chosen = str(action.get("selected_user") or "") or None
            await parts.desk.show(clicker_of(body).user_id, Place(of_all=True, sender=chosen, section=shown.section))

    @app.action(REPLAY)
    async def replay(ack: Any, body: dict[str, Any], action: dict[str, Any]) -> None:
        await ack()
        with parts.underway.one():
            await parts.replay(body, clicker_of(body), str(action.get("value", "")))

    @app.action(home_rows.LOG)
    async def access_log_of(ack: Any, body: dict[str, Any], action: dict[str, Any]) -> None:
        await ack()
        with parts.underway.one():
            await parts.log(body, clicker_of(body), str(action.get("value", "")))


def _turned(parts: HomePresses) -> Any:
    async def turned(ack: Any, body: dict[str, Any], action: dict[str, Any]) -> None:
        await ack()
        with parts.underway.one():
            await parts.desk.show(clicker_of(body).user_id, place_in(str(action.get("value", ""))))

    return turned
