"""
The Home tab, published whenever somebody looks, presses, or something of theirs changes.

What is shown is read at that moment from the store, and who may see it is asked at that moment of Slack.  Slack does
not say when somebody looks away: for a while after their last look the tab follows what happens.
"""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import structlog

from bot import home_wording as wording
from bot.home_rows import Reader
from bot.home_view import ON_OVERVIEW, ON_PAGE, Home, Listed, Place, failed, view
from bot.mrkdwn import Markup
from bot.patience import patiently
from bot.people import People, Person
from bot.receipt_buttons import address
from bot.rights import Act, Clicker, NobodyKnownError, Rights, Role, reads_labels
from bot.slack_calls import Slack, SlackError
from store import attention, listing
from store.drops import Drop, find
from store.errors import StoreError
from store.listing import Section
from store.logs import place_of
from store.opened import Store

_FOLLOWED_SECONDS: Final = 1800.0
_MOST_FOLLOWED: Final = 1000
_PAUSE_SECONDS: Final = 2.0
_APART_SECONDS: Final = 0.7
"""views.publish takes about a hundred a minute (tier 4), and a burst of events is one change to whoever reads."""

_log = structlog.get_logger("home")


@dataclass(frozen=True)
class Answered:
    """What a press on a row was answered with, and in which section it stood: there it stays until the next look."""

    drop: Drop
    section: Section
    answer: Markup


@dataclass
class _Looking:
    """Somebody who looked lately, and where."""

    place: Place
    answered: Answered | None = None
    since: float = field(default_factory=time.monotonic)


@dataclass
class HomeDesk:
    """
    Everybody's Home tab.  `rules` are the policy's sentences; `may_send` says who makes drops.

    `rotate_url` says for a template where its keys are rotated, None where that is not known.
    """

    store: Store
    slack: Slack
    people: People
    rights: Rights
    may_send: Callable[[Person], bool]
    rotate_url: Callable[[str], str | None] = lambda _template: None
    show_labels: bool = False
    outside_only: bool = False
    rules: Sequence[Markup] = ()

    def __post_init__(self) -> None:
        self._looking: dict[str, _Looking] = {}
        self._changed: set[str] = set()
        self._turns: dict[str, asyncio.Lock] = {}

    async def show(self, user_id: str, place: Place, answered: Answered | None = None) -> None:
        """Publish somebody's tab; what cannot be read or published is said, there or in the log."""
        self._looking.pop(user_id, None)
        if len(self._looking) >= _MOST_FOLLOWED:
            self._stop_following(next(iter(self._looking)))  # whoever looked longest ago
        self._looking[user_id] = _Looking(place, answered)
        await self._publish(user_id, place, answered)

    def changed(self, drop: Drop) -> None:
        """Something happened to a drop: whoever looks at it is shown that soon."""
        offices = {*self.rights.admins, *self.rights.auditors}
        self._changed |= {drop.sender_id, *offices} & self._looking.keys()

    async def run(self, stop: asyncio.Event) -> None:
        """Follow what happens, until `stop`."""
        while not stop.is_set():
            due, self._changed = self._changed, set()
            for user_id in due:
                looking = self._looking.get(user_id)
                if looking is None:
                    continue
                if time.monotonic() - looking.since > _FOLLOWED_SECONDS:
                    self._stop_following(user_id)
                    continue
                try:
                    await self._publish(user_id, looking.place, looking.answered)
                except Exception as error:  # noqa: BLE001 - one tab that cannot be drawn must not stop the bot
                    _log.error("a Home tab could not be drawn", error=place_of(error))
            try:
                async with asyncio.timeout(max(_PAUSE_SECONDS, _APART_SECONDS * len(due))):
                    await stop.wait()
            except TimeoutError:
                continue

    def _stop_following(self, user_id: str) -> None:
        del self._looking[user_id]
        turn = self._turns.get(user_id)
        if turn is not None and not turn.locked():
            del self._turns[user_id]

    async def _publish(self, user_id: str, place: Place, answered: Answered | None = None) -> None:
        # One after the other: an older state must not be published over a newer one.
        async with self._turns.setdefault(user_id, asyncio.Lock()):
            shown = await self._read(user_id, place, answered)
            try:
                await patiently(lambda: self.slack.publish_home(user_id, shown))
            except SlackError as error:
                _log.warning("a Home tab was not published", why=getattr(error, "code", type(error).__name__))

    async def _read(self, user_id: str, place: Place, answered: Answered | None) -> dict[str, object]:
        person = await self.people.find(user_id)
        if person is None:
            return failed(place, wording.NOT_KNOWN)
        clicker = Clicker(user_id, person.team_id)
        is_office = self.rights.sees_everybodys(clicker)
        if place.of_all and not is_office:
            place = Place()  # the office was taken away since
        whose = None if place.of_all else user_id
        try:
            if answered is not None:
                fresh = await find(self.store, answered.drop.id)
                answered = None if fresh is None else replace(answered, drop=fresh)
            counts = await listing.counts(self.store, whose)
            lists = [await self._list(place, one, whose, clicker, answered) for one in Section if _is_shown(place, one)]
        except (StoreError, NobodyKnownError):
            return failed(place, wording.STORE_AWAY)
        return view(Home(place, lists, counts, is_office, self.may_send(person), self.outside_only, self.rules))

    async def _list(
        self, place: Place, section: Section, whose: str | None, clicker: Clicker, answered: Answered | None
    ) -> Listed:
        most = ON_OVERVIEW[section] if place.section is None else ON_PAGE
        page = await listing.page(self.store, section, whose, after=place.after, most=most)
        drops = list(page.drops)
        if answered is not None:
            drops = [drop for drop in drops if drop.id != answered.drop.id]
            if answered.section is section:
                drops = sorted([*drops, answered.drop], key=lambda drop: (drop.created_at, drop.id), reverse=True)
        why = await attention.of(self.store, [drop.id for drop in drops]) if section is Section.ATTENTION else {}
        read = [(drop, await self._reader(place, drop, clicker)) for drop in drops]
        rows = [(drop, replace(reader, reasons=why.get(drop.id, ()))) for drop, reader in read if reader is not None]
        said = (answered.drop.id, answered.answer) if answered is not None else None
        return Listed(section, rows, page.after, said)

    async def _reader(self, place: Place, drop: Drop, clicker: Clicker) -> Reader | None:
        role = await self.rights.role(Act.LOOK, drop, clicker)
        if role is None:
            return None
        if place.of_all and role is Role.SENDER:
            # Among everybody's, their own stand like the others', with what the office allows.
            role = next(iter(sorted(self.rights.offices(clicker))))
        shows = reads_labels(role, shown_to_auditors=self.show_labels)
        receipts = {}
        if drop.receipt is not None:
            receipts[drop.id] = address(self.store, drop.receipt, with_label=shows)
        return Reader(role, shows, receipts, self.rotate_url(drop.template))


def _is_shown(place: Place, section: Section) -> bool:
    return place.section in (None, section)
