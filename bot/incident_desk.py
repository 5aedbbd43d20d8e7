"""
`/sendsecret incident`: whose laptop is gone, who may see what they were handed, and an end to what is outstanding.

Administrators and auditors see everything; anybody else what they handed over themselves: who hears of the theft first
is often the sender.  Whoever presses is judged at each press, and before each drop that ends.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final

import structlog

from bot import filled_later, grammar, incident_views
from bot import incident_wording as wording
from bot.block_kit import Json
from bot.incident_links import IncidentLinks, Links
from bot.incident_views import MOST_RECORDS, MOST_ROWS, Handed, Row
from bot.mail_addresses import NotAnAddressError, normalised
from bot.mrkdwn import Markup, fill
from bot.replies import reply
from bot.rights import Act, Clicker, NobodyKnownError, Rights, Role, reads_labels
from bot.slack_calls import Slack
from store import handed, own_records, record_pages, revoking, tokens, tokens_of_a_person
from store.drops import Drop
from store.errors import StoreUnavailableError
from store.handed import After, Counts
from store.incident.sheet import RotateUrl, no_page
from store.logs import place_of
from store.opened import Store
from store.own_records import KNOWS
from store.personal import ERASED
from store.tokens import WhyEnded
from store.words import Actor

_MOST_SECONDS: Final = 300.0
"""For a revoking act: what is left then is said, and the same press goes on."""
_LOOKED_UP_WITHIN: Final = 2.0

_log = structlog.get_logger("incident")


@dataclass(frozen=True)
class IncidentDesk:
    """
    Shows the list and revokes.  `show_labels`: auditors see labels, too.  `wake` says that somebody is to be told.

    `rotate_url` leads from a template's name to the page on which its keys are rotated.
    """

    store: Store
    slack: Slack
    rights: Rights
    wake: Callable[[], None]
    links: IncidentLinks
    show_labels: bool = False
    rotate_url: RotateUrl = no_page

    async def answer(self, words: str, body: Mapping[str, Any]) -> None:
        """Open the list for whoever typed the command."""
        clicker = Clicker(str(body["user_id"]), str(body.get("team_id") or ""))
        person = person_in(words)
        if person is None:
            await reply(self.slack, body, clicker.user_id, Markup(wording.WHOM))
            return
        looking = incident_views.said(Markup(wording.LOOKING), person)
        failed = incident_views.said(Markup(wording.FAILED), person)
        make = partial(self._view, person, clicker)
        await filled_later.show(self.slack, body, looking, make, failed, not_opened=wording.NOT_OPENED)

    async def turn(self, shown: Mapping[str, Any], value: str, clicker: Clicker) -> None:
        """Show another page."""
        person, _ = incident_views.asked_of(shown)
        make = partial(self._view, person, clicker, incident_views.after_of(value))
        failed = incident_views.said(Markup(wording.FAILED), person)
        await filled_later.fill(self.slack, str(shown["id"]), make, failed)

    async def again(self, shown: Mapping[str, Any], clicker: Clicker, news: Markup) -> None:
        """Show the same page as it is by now, with what a press on it came to."""
        person, begins = incident_views.asked_of(shown)
        make = partial(self._view, person, clicker, begins, [news])
        failed = incident_views.said(Markup(wording.FAILED), person, [news])
        await filled_later.fill(self.slack, str(shown["id"]), make, failed)

    async def take(self, shown: Mapping[str, Any], clicker: Clicker) -> None:
        """Show where the list is to be had as a page and a table, and let the audit channel know."""
        person, begins = incident_views.asked_of(shown)

        async def make() -> Json:
            try:
                links = self.links.to_give(person, clicker)
            except StoreUnavailableError:
                return incident_views.said(Markup(wording.STORE_AWAY), person)
            if links is None:
                return await self._view(person, clicker, begins, [Markup(wording.NOT_TO_TAKE)])
            is_told = await self.links.say_so(await self._name(person, []), clicker)
            return await self._view(person, clicker, begins, links=replace(links, is_told=is_told))

        failed = incident_views.said(Markup(wording.FAILED), person)
        await filled_later.fill(self.slack, str(shown["id"]), make, failed)

    async def end_tokens(self, shown: Mapping[str, Any], clicker: Clicker) -> None:
        """End all tokens of this workspace that still serve the person, for administrators, and say how many."""
        person, begins = incident_views.asked_of(shown)

        async def make() -> Json:
            if Role.ADMIN not in self.rights.offices(clicker):
                return await self._view(person, clicker, begins, [Markup(wording.TOKENS_NOT_YOURS)])
            team_id, by = self.rights.team_id, Actor.ADMIN
            try:
                count = await tokens_of_a_person.end(self.store, person, team_id, by=by, why=WhyEnded.INCIDENT)
            except StoreUnavailableError:
                return incident_views.said(Markup(wording.STORE_AWAY), person)
            self.wake()
            _log.info("the tokens of one person were ended", count=count)
            said = fill(wording.TOKENS_ENDED, count=count) if count else Markup(wording.TOKENS_ENDED_BEFORE)
            return await self._view(person, clicker, begins, [said])

        failed = incident_views.said(Markup(wording.FAILED), person)
        await filled_later.fill(self.slack, str(shown["id"]), make, failed)

    async def revoke_all(self, shown: Mapping[str, Any], clicker: Clicker) -> None:
        """Revoke what is outstanding and theirs to revoke, and show what it came to."""
        person, _ = incident_views.asked_of(shown)
        view_id, whose = str(shown["id"]), self._whose_to_revoke(clicker)
        progress = filled_later.Progress(self.slack, view_id)
        try:
            count = await self._revocable(person, clicker)
            progress.show(incident_views.revoking(person, 0, count))

            def at(done: int) -> None:
                self.wake()
                progress.show(incident_views.revoking(person, done, max(done, count)))

            tally = await revoking.revoke_all(
                self.store, person, whose, self._judge_of(clicker), seconds=_MOST_SECONDS, at=at
            )
            _log.info("what was outstanding for one person was revoked", revoked=tally.revoked, left=tally.unfinished)
            view = await self._view(person, clicker, news=incident_views.news_of(tally))
        except StoreUnavailableError:
            view = incident_views.said(Markup(wording.STORE_AWAY), person)
        except Exception as error:  # noqa: BLE001 - nobody is left before a window that goes on for ever
            _log.error("what was outstanding for one person was not all revoked", error=place_of(error))
            view = incident_views.said(Markup(wording.FAILED), person)
        self.wake()
        await progress.over()
        await filled_later.put(self.slack, view_id, view)

    async def _view(
        self,
        person: str,
        clicker: Clicker,
        after: After | None = None,
        news: list[Markup] | None = None,
        links: Links | None = None,
    ) -> Json:
        try:
            return incident_views.view(replace(await self._handed(person, clicker, after), links=links), news or [])
        except StoreUnavailableError:
            return incident_views.said(Markup(wording.STORE_AWAY), person, news or [])
        except NobodyKnownError:
            # Where an act came to something, it is not said that nothing was changed.
            *above, sentence = news or [Markup(wording.WHO_ASKS)]
            return incident_views.said(sentence, person, above)

    async def _handed(self, person: str, clicker: Clicker, after: After | None) -> Handed:
        whose = None if self.rights.sees_everybodys(clicker) else clicker.user_id
        page = await handed.page(self.store, person, whose, after=after, most=MOST_ROWS)
        judged = [(drop, await self.rights.role(Act.LOOK, drop, clicker)) for drop in page.drops]
        rows = [await self._row(drop, role, clicker) for drop, role in judged if role is not None]
        counts = await handed.counts(self.store, person, whose)
        team = self.rights.team_id
        standing = await own_records.page(self.store, person, team, KNOWS, owner=whose, most=MOST_RECORDS)
        return Handed(
            person=person,
            name=await self._name(person, [row.drop for row in rows]),
            rows=rows,
            counts=counts,
            before=page.before,
            begins=after,
            next=page.after,
            erased=await handed.erased(self.store, whose),
            revocable=await self._revocable(person, clicker) if rows else 0,
            is_own_only=whose is not None,
            ask=self._ask(clicker, counts),
            foreign=len(page.drops) - len(rows) if whose is None else 0,
            tokens=await tokens.of_person(self.store, person, team_id=self.rights.team_id) if whose is None else (),
            enders=None if Role.ADMIN in self.rights.offices(clicker) else tuple(self.rights.admins),
            may_take=whose is None and bool(page.drops),
            records=standing.records if after is None else (),
            more_records=standing.after is not None,
            locked=await record_pages.unlocks_left(self.store, [held.id for held in standing.records]),
            may_act=whose is not None or Role.ADMIN in self.rights.offices(clicker),
            shows_labels=whose is not None or self.show_labels or Role.ADMIN in self.rights.offices(clicker),
        )

    async def _row(self, drop: Drop, role: Role, clicker: Clicker) -> Row:
        may_rotate = await self.rights.role(Act.ROTATED, drop, clicker) is not None
        is_named = reads_labels(role, shown_to_auditors=self.show_labels)
        return Row(drop, is_named, may_rotate, self.rotate_url(drop.template))

    async def _name(self, person: str, drops: list[Drop]) -> str:
        known = next((drop.recipient_name for drop in drops if drop.recipient_name != ERASED), None)
        if known is not None or "@" in person:
            return known or person
        found = (await self.rights.people.find_all({person}, seconds=_LOOKED_UP_WITHIN))[person]
        return person if found is None else found.name

    def _ask(self, clicker: Clicker, counts: Counts) -> tuple[str, ...] | None:
        offices = self.rights.offices(clicker)
        if not offices:
            return tuple(dict.fromkeys((*self.rights.admins, *self.rights.auditors)))
        return tuple(self.rights.admins) if Role.ADMIN not in offices and counts.revoke else None

    async def _revocable(self, person: str, clicker: Clicker) -> int:
        whose = self._whose_to_revoke(clicker)
        # An office here is none over what another workspace on the same store has handed out.
        team_id = self.rights.team_id if whose is None else None
        return await handed.count_stoppable(self.store, person, whose, team_id=team_id)

    def _whose_to_revoke(self, clicker: Clicker) -> str | None:
        return None if Role.ADMIN in self.rights.offices(clicker) else clicker.user_id

    def _judge_of(self, clicker: Clicker) -> revoking.Judge:
        async def judge(drop: Drop) -> Actor | None:
            try:
                role = await self.rights.role(Act.REVOKE, drop, clicker)
            except NobodyKnownError:
                return None
            return None if role is None else Actor(role)

        return judge


def person_in(words: str) -> str | None:
    """
    The one person or address that a command begins with, as it is kept; None where it names nobody, or more.

    What stands behind it, like why, is not looked at: who hurries is not to be sent back for a word too many.
    """
    people, rest = grammar.people_in(words)
    if people:
        return people[0] if len(people) == 1 and not grammar.names_somebody(rest) else None
    address, rest = grammar.address_in(words)
    if address is None or grammar.names_somebody(rest):
        return None
    try:
        return normalised(address)
    except NotAnAddressError:
        return None
