"""
The Home tab, published whenever somebody looks, presses, or something of theirs changes.

What is shown is read at that moment from the store, and who may see it is asked at that moment of Slack.  Slack does
not say when somebody looks away: for a while after their last look the tab follows what happens, whichever program
brought it about.  Of several programs the one through which somebody looked last goes on with their tab: to the others
Slack says that theirs stands there no more.
"""

import asyncio
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Final
from weakref import WeakValueDictionary

import structlog

from bot import home_wording as wording
from bot.home_rows import Reader
from bot.home_view import ON_OVERVIEW, ON_PAGE, Home, Listed, Place, failed, view
from bot.home_webhooks import Replaying, Untold
from bot.mrkdwn import Markup
from bot.patience import patiently
from bot.people import People, Person
from bot.receipt_buttons import address
from bot.record_views import MOST_AT_HOME
from bot.rights import Act, Clicker, NobodyKnownError, Rights, Role, reads_labels
from bot.rounds import Troubles, look_until
from bot.slack_calls import Slack, SlackError, SlackUnansweredError
from store import attention, listing, own_records
from store.drops import Drop, find
from store.errors import StoreError, StoreUnavailableError
from store.happenings import Happenings
from store.listing import Section
from store.opened import Store
from store.records import Held

_FOLLOWED_SECONDS: Final = 1800.0
_MOST_FOLLOWED: Final = 1000
_EVERY_SECONDS: Final = 2.0
_MOST_AT_ONCE: Final = 3
"""views.publish takes about a hundred a minute (tier 4), and a burst of events is one change to whoever reads."""
_READ_AGAIN_SECONDS: Final = 60.0
"""So old a tab is read again: not everything that it shows is an event, such as a day that was chosen."""
_TROUBLES: Final = Troubles(
    away="Home tabs wait for the store; they are drawn again", failed="a Home tab could not be drawn"
)

_ANOTHER_STANDS: Final = "hash_conflict"

_log = structlog.get_logger("home")


@dataclass(frozen=True)
class Answered:
    """
    What a press on a row was answered with, and in which section it stood.

    There it stays until the next look, or until the drop stands otherwise.
    """

    drop: Drop
    section: Section
    answer: Markup


@dataclass
class _Looking:
    """Somebody who looked lately, and where."""

    place: Place
    answered: Answered | None = None
    said: Markup | None = None
    since: float = field(default_factory=time.monotonic)
    read_at: float = field(default_factory=time.monotonic)
    shown: bytes | None = None
    """A digest: a thousand tabs would be many megabytes."""
    mark: str | None = None
    """By which Slack knows what is shown; None where it is not known what is."""


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
    replaying: Replaying | None = None

    def __post_init__(self) -> None:
        self._looking: dict[str, _Looking] = {}
        self._changed: dict[str, None] = {}
        self._happenings = Happenings(self.store)
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def show(
        self, user_id: str, place: Place, answered: Answered | None = None, *, said: Markup | None = None
    ) -> None:
        """Publish somebody's tab; what cannot be read or published is said, there or in the log."""
        self._looking.pop(user_id, None)
        if len(self._looking) >= _MOST_FOLLOWED:
            del self._looking[next(iter(self._looking))]  # whoever looked longest ago
        looking = self._looking[user_id] = _Looking(place, answered, said)
        if not self._happenings.is_followed:
            try:
                await self._happenings.begin()  # before it is read: what happens in between must not be missed
            except StoreUnavailableError:
                _log.warning("Home tabs are drawn, and do not follow what happens for now")
        await self._publish(user_id, looking)

    def changed(self, drop: Drop) -> None:
        """Something that is no event changed a drop: whoever looks at it is shown that soon."""
        self._note({drop.sender_id})

    async def run(self, stop: asyncio.Event) -> None:
        """Follow what happens, until `stop`."""
        await look_until(stop, self._follow, _EVERY_SECONDS, _log, _TROUBLES)

    async def _follow(self) -> None:
        now = time.monotonic()
        for user_id in [one for one, looking in self._looking.items() if now - looking.since > _FOLLOWED_SECONDS]:
            del self._looking[user_id]
        if not self._looking:
            self._happenings.end()
            return
        self._note(await self._happenings.senders())
        oldest = min(self._looking, key=lambda one: self._looking[one].read_at)
        if not self._changed and now - self._looking[oldest].read_at > _READ_AGAIN_SECONDS:
            self._changed[oldest] = None
        for user_id in list(self._changed)[:_MOST_AT_ONCE]:
            del self._changed[user_id]
            looking = self._looking.get(user_id)
            if looking is not None:
                await self._publish(user_id, looking, is_followed=True)

    def _note(self, senders: set[str] | None) -> None:
        """These people's drops changed, or with None anybody's."""
        if senders is None or senders:
            self._changed |= {
                user_id: None
                for user_id, looking in self._looking.items()
                if senders is None or user_id in senders or looking.place.of_all
            }

    async def _publish(self, user_id: str, looking: _Looking, *, is_followed: bool = False) -> None:
        # One after the other: an older state must not be published over a newer one.
        async with self._turns.setdefault(user_id, asyncio.Lock()):
            if is_followed and self._looking.get(user_id) is not looking:
                return  # they have looked elsewhere since
            looking.read_at = time.monotonic()
            shown = await self._read(user_id, looking)
            digest = sha256(json.dumps(shown).encode()).digest()
            if is_followed and digest == looking.shown:
                return
            try:
                looking.mark = await self._put(user_id, shown, looking.mark)
                looking.shown = digest
            except SlackError as error:
                looking.mark, looking.shown = None, None
                why = getattr(error, "code", type(error).__name__)
                if why != _ANOTHER_STANDS:
                    _log.warning("a Home tab was not published", why=why)
                elif self._looking.get(user_id) is looking:
                    del self._looking[user_id]

    async def _put(self, user_id: str, shown: dict[str, object], mark: str | None) -> str:
        expected = mark

        async def publish() -> str:
            nonlocal expected
            try:
                return await self.slack.publish_home(user_id, shown, expected)
            except SlackUnansweredError:
                expected = None  # it may stand there by now, under a mark that nobody told us
                raise

        return await patiently(publish)

    async def _read(self, user_id: str, looking: _Looking) -> dict[str, object]:
        place = looking.place
        person = await self.people.find(user_id)
        if person is None:
            return failed(place, wording.NOT_KNOWN)
        clicker = Clicker(user_id, person.team_id)
        is_office = self.rights.sees_everybodys(clicker)
        if place.of_all and not is_office:
            place = Place()  # the office was taken away since
        whose = place.sender if place.of_all else user_id
        try:
            answered = looking.answered = await self._still(looking.answered)
            counts = await listing.counts(self.store, whose)
            lists = [await self._list(place, one, whose, clicker, answered) for one in Section if _is_shown(place, one)]
            untold = await self._untold(place, clicker)
            due, count = await self._due(place, user_id)
        except (StoreError, NobodyKnownError):
            return failed(place, wording.STORE_AWAY)
        may_send, said = self.may_send(person), looking.said
        shown = Home(place, lists, counts, is_office, may_send, self.outside_only, self.rules, untold, said)
        return view(replace(shown, due=due, due_count=count))

    async def _untold(self, place: Place, clicker: Clicker) -> list[Untold]:
        """Of webhooks; on the overview alone."""
        return [] if self.replaying is None or place.section is not None else await self.replaying.untold(clicker)

    async def _due(self, place: Place, user_id: str) -> tuple[Sequence[Held], int]:
        """Records of theirs that are over; on their own overview alone."""
        if place.of_all or place.section is not None:
            return [], 0
        return await own_records.due(self.store, user_id, self.rights.team_id, most=MOST_AT_HOME)

    async def _still(self, answered: Answered | None) -> Answered | None:
        """What was answered as it is by now; once the drop stands otherwise, that is the news."""
        fresh = None if answered is None else await find(self.store, answered.drop.id)
        if answered is None or fresh is None or _stands(fresh) != _stands(answered.drop):
            return None
        return replace(answered, drop=fresh)

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


def _stands(drop: Drop) -> tuple[object, ...]:
    return drop.state, drop.outcome, drop.claimed_at, drop.paused_at


def _is_shown(place: Place, section: Section) -> bool:
    return place.section in (None, section)
