"""
What people do with their records: looking at them, rotating, unlocking and ending one, and saying that it was rotated.

A press comes from the window, from the Home tab, from the list of an incident or from a message, and is answered where
it was made.  Who may is judged at every press.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from slack_bolt.async_app import AsyncApp

from bot import filled_later, incident_views, record_form, record_views
from bot import record_form_wording as form_says
from bot import record_window_wording as wording
from bot.block_kit import Json
from bot.home_desk import HomeDesk
from bot.home_view import CODE, RECORDS, place_in
from bot.incident_desk import IncidentDesk
from bot.mrkdwn import Markup, fill
from bot.record_acts import not_at_provider
from bot.record_desk import RecordDesk
from bot.replies import reply
from bot.rights import Clicker, clicker_of
from bot.slack_calls import Slack
from bot.underway import Underway
from store import own_records, record_endings, record_pages, record_renewing
from store.errors import CannotUnlockError, NoPageError, NothingToRotateError, StoreError, UnknownRecordError
from store.formats import base64url
from store.listing import After
from store.opened import Store
from store.words import RecordState

ACTIONS: Final = (
    RECORDS,
    CODE,
    record_views.MAKE,
    record_views.ROTATE,
    record_views.REVOKE,
    record_views.UNLOCK,
    record_views.RENEW,
    record_views.OLDER,
    record_views.NEWEST,
)
VIEWS: Final = (record_form.MAKE, record_form.ROTATE)


@dataclass(frozen=True)
class RecordWindow:
    """The presses on records; `desk` makes and rotates them."""

    store: Store
    slack: Slack
    desk: RecordDesk
    home: HomeDesk
    incidents: IncidentDesk

    async def show(self, body: Mapping[str, Any]) -> None:
        """Open the list for whoever pressed."""
        looking, failed = record_views.said(wording.LOOKING), record_views.said(wording.AWAY)
        make = partial(self._window, clicker_of(body).user_id)
        await filled_later.show(self.slack, body, looking, make, failed, not_opened=wording.NOT_OPENED)

    async def turn(self, body: Mapping[str, Any], value: str) -> None:
        """Show another page."""
        make = partial(self._window, clicker_of(body).user_id, begins=record_views.after_of(value))
        await self._fill(body, make)

    async def make(self, body: Mapping[str, Any]) -> None:
        """The form for a new one: from Home in a window of its own, from the list in its place."""
        form = record_form.view(self.desk.offer)
        if self.desk.policy.outside_only:
            form = record_form.said(form_says.OUTSIDE_ONLY)

        async def made() -> Json:
            return form

        if (body.get("view") or {}).get("type") == "modal":
            await self._fill(body, made)
            return
        looking, failed = record_form.said(form_says.OPENING), record_views.said(wording.AWAY)
        await filled_later.show(self.slack, body, looking, made, failed, not_opened=wording.NOT_OPENED)

    async def rotate(self, body: Mapping[str, Any], record: str) -> None:
        """The form for another key or link, in the list's place."""
        await self._fill(body, partial(self.desk.again, record, clicker_of(body)))

    async def revoke(self, body: Mapping[str, Any], record: str) -> None:
        """End one, and say so where the button was."""
        await self._answer(body, partial(self._revoked, record, clicker_of(body)), about=record)

    async def unlock(self, body: Mapping[str, Any], record: str) -> None:
        """Grant five more tries, and say so where the button was."""
        await self._answer(body, partial(self._unlocked, record, clicker_of(body)))

    async def renew(self, body: Mapping[str, Any], record: str) -> None:
        """Note that the key was rotated at its provider, and say so where the button was."""
        await self._answer(body, partial(self._renewed, record, clicker_of(body)))

    async def _revoked(self, record: str, clicker: Clicker) -> Markup:
        permitted = await self.desk.rights.permitted(record, clicker)
        if isinstance(permitted, str):
            return Markup(permitted)
        held, by = permitted
        try:
            is_erased = await record_endings.revoke(self.store, held.id, by=by)
        except UnknownRecordError:
            return Markup(wording.ENDED_BEFORE)
        sentence = wording.REVOKED if is_erased else wording.REVOKED_KEY_LEFT
        return fill(sentence, label=record_views.label_of(held), provider=not_at_provider(held.named))

    async def _unlocked(self, record: str, clicker: Clicker) -> Markup:
        permitted = await self.desk.rights.permitted(record, clicker)
        if isinstance(permitted, str):
            return Markup(permitted)
        held, by = permitted
        try:
            left = await record_pages.unlock(self.store, held.id, by=by)
        except UnknownRecordError:
            return Markup(wording.ENDED_BEFORE)
        except (CannotUnlockError, NoPageError):
            return Markup(wording.CANNOT_UNLOCK)
        sentence = wording.UNLOCKED[0 if left.is_last else 1]
        return fill(sentence, label=record_views.label_of(held), tries=left.tries_left)

    async def _renewed(self, record: str, clicker: Clicker) -> Markup:
        permitted = await self.desk.rights.permitted(record, clicker)
        if isinstance(permitted, str):
            return Markup(permitted)
        held, by = permitted
        try:
            await record_renewing.renewed(self.store, held.id, by=by)
        except NothingToRotateError:
            return Markup(wording.RENEWED_BEFORE)
        return fill(wording.RENEWED_NOW, label=record_views.label_of(held))

    async def _answer(self, body: Mapping[str, Any], act: Callable[[], Awaitable[Markup]], about: str = "") -> None:
        try:
            said = await act()
        except StoreError:
            said = Markup(wording.AWAY)
        view, clicker = body.get("view") or {}, clicker_of(body)
        if view.get("type") == "home":
            await self.home.show(clicker.user_id, place_in(str(view.get("private_metadata", ""))), said=said)
        elif view.get("callback_id") == incident_views.CALLBACK:
            await self.incidents.again(view, clicker, said)
        elif view:
            await self._fill(body, partial(self._window, clicker.user_id, said=said, about=about))
        else:
            await reply(self.slack, body, clicker.user_id, said)

    async def _fill(self, body: Mapping[str, Any], make: Callable[[], Awaitable[Json]]) -> None:
        await filled_later.fill(self.slack, str(body["view"]["id"]), make, record_views.said(wording.AWAY))

    async def _window(
        self, user_id: str, *, begins: After | None = None, said: Markup | None = None, about: str = ""
    ) -> Json:
        person = await self.desk.people.find(user_id)
        if person is None and said is None:
            return record_views.said(form_says.SENDER_UNKNOWN)
        team = self.desk.rights.rights.team_id
        page = await own_records.page(self.store, user_id, team, after=begins, most=record_views.MOST_ROWS)
        may_act = person is not None and self.desk.policy.may_send(person)
        # Only one of this page is theirs beyond doubt; an older one has its own row a page further.
        ended = next((one for one in page.records if about and base64url.encode(one.id) == about), None)
        over = ended if ended is not None and ended.state is not RecordState.LIVE else None
        locked = await record_pages.unlocks_left(self.store, [held.id for held in page.records])
        return record_views.window(page, may_act=may_act, begins=begins, said=said, ended=over, locked=locked)


def listen(app: AsyncApp, window: RecordWindow, underway: Underway, wake: Any) -> None:
    """Add the listeners.  `wake` says that somebody is to be told."""

    def on(action_id: str, act: Any) -> None:
        @app.action(action_id)
        async def pressed(ack: Any, body: dict[str, Any], action: dict[str, Any]) -> None:
            await ack()
            with underway.one():
                await act(body, str(action.get("value", "")))
                wake()

    async def show(body: Mapping[str, Any], _value: str) -> None:
        await window.show(body)

    async def make(body: Mapping[str, Any], _value: str) -> None:
        await window.make(body)

    on(RECORDS, show)
    on(CODE, make)
    on(record_views.MAKE, make)
    on(record_views.ROTATE, window.rotate)
    on(record_views.REVOKE, window.revoke)
    on(record_views.UNLOCK, window.unlock)
    on(record_views.RENEW, window.renew)
    on(record_views.OLDER, window.turn)
    on(record_views.NEWEST, window.turn)

    async def submitted(ack: Any, body: dict[str, Any]) -> None:
        with underway.one():
            try:
                await window.desk.submit(ack, body)
            finally:
                wake()

    for callback in VIEWS:
        app.view(callback)(submitted)
