"""
`/sendsecret request`: somebody is asked to seal a credential, and it comes to whoever asked.

The asker gives their name to a message from us, so that only those may ask who may send.  Whoever is asked may be
anybody whom we can write to: they need nothing of ours to seal it.
"""

from dataclasses import dataclass
from typing import Final

import structlog

from bot import ordering, request_messages, request_words, too_much
from bot import request_wording as wording
from bot.drop_rules import of_template
from bot.form import Expiries
from bot.mrkdwn import Markup, fill, moment
from bot.people import Kind, People, Person
from bot.policy import NONE, Policy
from bot.request_messages import Request
from bot.request_words import Asked, Fault
from bot.rights import Clicker
from bot.slack_calls import Slack, SlackError
from bot.template import AS_USUAL, Template
from store import orders, requests
from store.deliveries import Place
from store.errors import OrderUsedError, SendingTooMuchError, StoreUnavailableError, UnknownOrderError
from store.formats import base64url
from store.formats.errors import MalformedError
from store.formats.order_link_v1 import ID_BYTES, OrderLink
from store.opened import Store
from store.words import OrderKind

_LOOKED_UP_WITHIN: Final = 5.0
_LONGEST_NAME: Final = 80
_REFUSED: Final = {Kind.BOT: wording.IS_BOT, Kind.GONE: wording.IS_GONE, Kind.STRANGER: wording.IS_STRANGER}

_log = structlog.get_logger("requests")


@dataclass(frozen=True)
class _Said:
    """What is said of a request whose message Slack did not take, by what became of the request."""

    withdrawn: str
    open: str
    sealed: str


_NOT_REACHED: Final = _Said(wording.NOT_REACHED, wording.NOT_REACHED_OPEN, wording.NOT_REACHED_SEALED)
_NOT_SHOWN: Final = _Said(wording.NOT_SHOWN, wording.NOT_SHOWN_OPEN, wording.NOT_SHOWN_SEALED)


@dataclass(frozen=True)
class RequestDesk:
    """Takes requests.  What is sealed under one is handed over as `template` says, which is the one of anything."""

    store: Store
    slack: Slack
    people: People
    team_id: str
    expiries: Expiries
    policy: Policy = NONE
    template: Template = AS_USUAL

    async def answer(self, typed: str, asker_id: str) -> Markup:
        """Ask, or say why not."""
        asked = request_words.read(typed)
        if isinstance(asked, Fault):
            return Markup(wording.FAULTS[asked])
        ids = {asker_id} if asked.person is None else {asker_id, asked.person}
        found = await self.people.find_all(ids, seconds=_LOOKED_UP_WITHIN)
        asker = found[asker_id]
        if asker is None:
            return Markup(wording.WHO_ARE_YOU)
        if not self.policy.may_send(asker):
            return Markup(wording.MAY_NOT_ASK)
        person = None if asked.person is None else found[asked.person]
        if person is None and asked.person is not None:
            return Markup(wording.WHO_IS_IT)
        if person is not None and person.kind in _REFUSED:
            return fill(_REFUSED[person.kind], name=person.name)
        return await self._ask(asked, asker, person)

    async def take_back(self, value: str, clicker: Clicker) -> Markup:
        """Let nobody seal it any more; only whoever asked may, and the message that asks says so too."""
        if clicker.team_id != self.team_id:
            return Markup(wording.IS_OVER)
        try:
            place = await requests.take_back(self.store, base64url.decode(value, ID_BYTES), clicker.user_id)
        except (UnknownOrderError, MalformedError):
            return Markup(wording.IS_OVER)
        except OrderUsedError:
            return Markup(wording.TOO_LATE)
        except StoreUnavailableError:
            return Markup(wording.TRY_AGAIN)
        if place is not None:
            await self._say_that_it_is_over(place, clicker.user_id)
        return Markup(wording.TAKEN_BACK_NOW)

    async def _ask(self, asked: Asked, asker: Person, person: Person | None) -> Markup:
        now = self.store.clock.now_seconds()
        rules = of_template(self.template, engagement_ends=None, now=now, zone=(person or asker).zone)
        try:
            link = await orders.place(
                self.store,
                ordering.terms(
                    OrderKind.REQUEST,
                    team_id=self.team_id,
                    # Without a person it is the asker's own drop: nobody else could be told of it, or take it back.
                    sender=(asker.id, _by_link(asker)) if person is None else (person.id, person.name),
                    recipient=asker,
                    label=asked.label,
                    hint=None,
                    lives_seconds=self.expiries.of(self.template).default,
                    rules=self.policy.over(rules),
                ),
            )
        except SendingTooMuchError as error:
            return Markup(too_much.told(error, wording.TOO_OFTEN, wording.TOO_MANY_OPEN))
        except StoreUnavailableError:
            return Markup(wording.STORE_AWAY)
        request = Request(
            id=link.id_text,
            url=link.url(self.store.issuer),
            asker=asker.name,
            person=person,
            address=asked.address,
            label=asked.label,
            until_ms=now * 1000 + orders.LIVES_MS[OrderKind.REQUEST],
        )
        if person is not None and not await self._has_asked(link, person, request):
            _, said = await self._withdraw(link, asker, _NOT_REACHED)
            return fill(said, name=person.name, until=moment(request.until_ms))
        try:
            await self.slack.post(await self.slack.open_dm(asker.id), request_messages.waiting(request))
        except SlackError as error:
            _log.warning("an asker was not told", why=getattr(error, "code", type(error).__name__))
            # Nobody could take it back, and a page that nobody watches would stay open for a week.
            place, said = await self._withdraw(link, asker, _NOT_SHOWN)
            if place is not None:
                await self._say_that_it_is_over(place, asker.id)
            return fill(said, until=moment(request.until_ms))
        return Markup(wording.LINK_MADE if person is None else wording.DONE)

    async def _has_asked(self, link: OrderLink, person: Person, request: Request) -> bool:
        try:
            place = await self.slack.post(await self.slack.open_dm(person.id), request_messages.asks(request))
        except SlackError as error:
            _log.warning("somebody was not asked", why=getattr(error, "code", type(error).__name__))
            return False
        try:
            await requests.remember(self.store, link.id, place)
        except StoreUnavailableError:
            _log.warning("where a request stands was not kept; its message will not be edited")
        return True

    async def _withdraw(self, link: OrderLink, asker: Person, said: _Said) -> tuple[Place | None, str]:
        """
        Where the message stands, if that was kept, and what to say.

        A message without an answer may stand all the same; what it leads to must not be believed to be gone.
        """
        try:
            return await requests.take_back(self.store, link.id, asker.id), said.withdrawn
        except UnknownOrderError:
            return None, said.withdrawn  # it is over already: nobody can seal for it
        except OrderUsedError:
            return None, said.sealed
        except StoreUnavailableError:
            _log.warning("a request that was not made is still open; it ends when its time is over")
            return None, said.open

    async def _say_that_it_is_over(self, place: Place, asker_id: str) -> None:
        asker = await self.people.find(asker_id)
        try:
            await self.slack.edit(place, request_messages.over(asker.name if asker else asker_id))
        except SlackError as error:
            _log.info(
                "a request that was taken back stands as it was", why=getattr(error, "code", type(error).__name__)
            )


def _by_link(asker: Person) -> str:
    # Not for whom the link was: nobody knows who used it, and the name stands in the log's disclosures for long.
    named = wording.BY_LINK.format(asker=asker.name)
    return named if len(named) <= _LONGEST_NAME else wording.BY_LINK_SHORT
