"""
From a submitted form to links in people's DMs.

Before the answer, within the three seconds that Slack waits: people are looked up, the form is checked, the drops
are sealed and stored (bot/storing.py).  The answer shows the passphrases that we made.  Then the links are
delivered and the modal says how it went.

A form that comes twice (a double click, an answer that was lost) makes one drop: in this program it gets the same
answer, and in any program the store knows the form by its view's id.
"""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

import structlog

from bot import (
    command_wording,
    composing,
    form,
    form_wording,
    mail_form_wording,
    sent_views,
    sent_wording,
    submission,
    template_wording,
    zones,
)
from bot.batch import Batch
from bot.block_kit import Json
from bot.confirming import question
from bot.delivery import deliver
from bot.form import Expiries
from bot.mail import Mail
from bot.mrkdwn import Markup
from bot.patience import patiently
from bot.people import People, Person
from bot.sealing import SealedDrop, order
from bot.secret_facts import facts
from bot.slack_calls import Slack, SlackError
from bot.storing import Refused, Storing, TimesUp
from bot.submission import Checked, Submission
from bot.template import ANYTHING
from bot.templates import Templates
from bot.ways import Couriers
from store.creation import ATTEMPT
from store.drops import Drop, find, of_sending
from store.errors import StoreUnavailableError
from store.logs import place_of
from store.opened import Store
from store.words import Outcome, Way

LOOKED_UP_WITHIN: Final = 0.9
STARTED_WITHIN: Final = 1.5
STORED_WITHIN: Final = 2.0
_ANSWER_KEPT_SECONDS: Final = 30
_ANSWER_SHOWN_SECONDS: Final = 0.7
_AT_ONCE: Final = 3
_MOST_ATTEMPTS: Final = 10

_log = structlog.get_logger("sending")


@dataclass(frozen=True)
class Submitted:
    """
    A form as it came: which view, from whom, what was entered, the notes on the command line that it shows, and its
    template's name.
    """

    view_id: str
    sender_id: str
    given: Submission = field(repr=False)
    notes: tuple[str, ...] = ()
    template: str = ANYTHING


@dataclass
class _Run:
    """A submission in this program: the preparation that duplicates wait for, and the latest answer."""

    prepared: "asyncio.Task[tuple[Json, Batch | None]]"
    latest: Json | None = None
    has_composers: bool = False


class Sending:
    """The use case of the form."""

    def __init__(
        self,
        *,
        store: Store,
        slack: Slack,
        people: People,
        storing: Storing,
        expiries: Expiries,
        team_id: str,
        opens_here_only: bool,
        outside_only: bool,
        templates: Templates,
        mail: Mail | None = None,
    ) -> None:
        self._store = store
        self._slack = slack
        self._couriers = Couriers(slack, mail)
        self._people = people
        self._storing = storing
        self._expiries = expiries
        self._team_id = team_id
        self._opens_here_only = opens_here_only
        self._outside_only = outside_only
        self._templates = templates
        self._runs: dict[str, _Run] = {}
        self._room = asyncio.Semaphore(_AT_ONCE)

    async def submit(self, ack: Any, submitted: Submitted) -> None:
        """Answer a submission, then deliver.  `ack` is called exactly once."""
        run = self._runs.get(submitted.view_id)
        if run is not None:
            prepared, _ = await asyncio.shield(run.prepared)
            await ack(**(run.latest or prepared))
            return
        run = self._runs[submitted.view_id] = _Run(asyncio.create_task(self._prepare(submitted)))
        all_arrived = False
        try:
            prepared, batch = await asyncio.shield(run.prepared)
            await ack(**prepared)
            if batch is not None:
                # The answer goes over the socket and the next view over HTTP.  Too close together, Slack may apply
                # them the other way round, and the modal would say "sending" for ever.
                shown = asyncio.create_task(asyncio.sleep(_ANSWER_SHOWN_SECONDS))
                all_arrived = await self._carry_out(submitted.view_id, batch, shown)
                await shown
                run.latest = _update(batch.view())
                await self._show(submitted.view_id, batch)
        finally:
            # Until then a late duplicate gets what the modal shows already, instead of wiping the passphrases off it.
            delay = _ANSWER_KEPT_SECONDS if all_arrived or run.has_composers else 0
            asyncio.get_running_loop().call_later(delay, self._runs.pop, submitted.view_id, None)

    async def _prepare(self, submitted: Submitted) -> tuple[Json, Batch | None]:
        try:
            return await self._prepared(submitted)
        except StoreUnavailableError:
            return _errors({submitted.given.whom: form_wording.STORE_AWAY}), None
        except Exception as error:  # noqa: BLE001 - the sender must be told something, whatever it was
            _log.error("a submission failed before it was stored", error=place_of(error))
            return _errors({submitted.given.whom: form_wording.UNEXPECTED}), None

    async def _prepared(self, submitted: Submitted) -> tuple[Json, Batch | None]:
        now = asyncio.get_running_loop().time()
        given = submitted.given
        if self._opens_here_only:
            return _errors({given.whom: command_wording.OPENS_HERE_ONLY}), None
        times = TimesUp(start_by=now + STARTED_WITHIN, stored_by=now + STORED_WITHIN)
        found = await self._people.find_all({submitted.sender_id, *given.recipients}, seconds=LOOKED_UP_WITHIN)
        if self._people.refusal is not None and None in found.values():
            told = form_wording.NOBODY_KNOWN.format(code=self._people.refusal)
            return _errors({given.whom: told}), None
        sender = found[submitted.sender_id]
        if sender is None or not sender.may_send:
            refusal = command_wording.SENDER_UNKNOWN if sender is None else command_wording.MAY_NOT_SEND
            return _errors({given.whom: refusal}), None
        can_mail, outside_only = self._couriers.mail is not None, self._outside_only
        template = self._templates.get(submitted.template)
        if template is None:
            return _errors({given.whom: template_wording.GONE}), None
        checked, errors = submission.check(
            given,
            found,
            self._expiries,
            outside_only=outside_only,
            can_mail=can_mail,
            template=template,
            today=zones.day_of(self._store.clock.now_seconds(), sender.zone),
        )
        if checked is None:
            return _errors(errors), None
        if checked.way is Way.MAIL and not can_mail:
            told = mail_form_wording.MAIL_NOT_SET_UP_OUTSIDE if outside_only else mail_form_wording.MAIL_NOT_SET_UP
            return _errors({form.DELIVERY: told}), None
        how = {"outside_only": outside_only, "can_mail": can_mail}
        if (asked := question(given, checked, self._expiries, submitted.notes, **how)) is not None:
            return asked, None
        if checked.is_outside:
            return await self._composed(submitted, sender, checked, times), None
        return await self._stored(submitted, sender, checked, times)

    async def _composed(self, submitted: Submitted, sender: Person, checked: Checked, times: TimesUp) -> Json:
        """The pages to type it on; the same form again shows the same.  Raises StoreUnavailableError."""
        try:
            async with asyncio.timeout_at(times.stored_by):
                shown = await composing.window(self._store, self._team_id, sender, checked)
        except TimeoutError:
            raise StoreUnavailableError("the store did not answer in time") from None
        self._runs[submitted.view_id].has_composers = True
        return _update(shown)

    async def _stored(
        self, submitted: Submitted, sender: Person, checked: Checked, times: TimesUp
    ) -> tuple[Json, Batch | None]:
        keys = await self._keys(submitted.view_id, checked.recipients, times)
        new = [person for person in checked.recipients if keys[person.id][1] is None]
        now = self._store.clock.now_seconds()
        orders = [order(sender, person, self._team_id, checked, keys[person.id][0], now) for person in new]
        results = dict(zip((person.id for person in new), await self._storing.store_all(orders, times), strict=True))
        if not any(isinstance(result, SealedDrop) for result in results.values()) and len(new) == len(keys):
            refused = [result for result in results.values() if isinstance(result, Refused)]
            if len(refused) == len(results):
                is_busy = any(result.is_busy for result in refused)
                told = form_wording.TOO_BUSY if is_busy else form_wording.STORE_AWAY
                return _errors({submitted.given.whom: told}), None
        batch = Batch(self._store.issuer)
        for person in checked.recipients:
            result = results.get(person.id)
            if isinstance(result, SealedDrop):
                batch.begins(result)
            elif isinstance(result, Refused):
                batch.refuses(person)
            else:
                batch.finds(person, keys[person.id][1])
        if not batch.to_deliver:
            batch.over([])
        else:
            batch.on_passphrase = sent_views.notes_on(checked.passphrase, len(batch.to_deliver), checked.template)
            if checked.way is Way.MAIL:
                batch.on_passphrase.append(Markup(sent_wording.NOT_BY_MAIL))
            batch.pasted = facts(checked.secret)
        if len(new) < len(keys):
            batch.notes.append(Markup(sent_wording.ALREADY_SENT))
        return _update(batch.view()), batch

    async def _keys(
        self, view_id: str, recipients: Sequence[Person], times: TimesUp
    ) -> dict[str, tuple[str, Drop | None]]:
        """`_key` of each, by the recipient's id.  Raises StoreUnavailableError when the time is up."""
        try:
            async with asyncio.timeout_at(times.stored_by):
                return {person.id: await self._key(view_id, person.id) for person in recipients}
        except TimeoutError:
            raise StoreUnavailableError("the store did not answer in time") from None

    async def _key(self, view_id: str, recipient_id: str) -> tuple[str, Drop | None]:
        """What makes this drop one, and the drop that it made before; an undelivered one does not count."""
        for attempt in range(_MOST_ATTEMPTS):
            key = f"{view_id}{ATTEMPT}{attempt}" if attempt else view_id
            earlier = await of_sending(self._store, key, recipient_id)
            if earlier is None or earlier.outcome is not Outcome.UNDELIVERED:
                return key, earlier
        raise StoreUnavailableError("this form was sent too often")

    async def _carry_out(self, view_id: str, batch: Batch, shown: "asyncio.Task[None]") -> bool:
        async def on_wait(number: int, seconds: float) -> None:
            batch.waits(number, seconds)
            await shown
            with suppress(SlackError):
                await self._slack.update_view(view_id, batch.view())

        async def one(number: int, sealed: SealedDrop) -> bool:
            refusal = await deliver(self._store, self._couriers, sealed.outgoing, self._room, partial(on_wait, number))
            if refusal is None:
                batch.arrived(number)
            else:
                batch.failed(number, refusal)
            return refusal is None

        arrived = await asyncio.gather(*(one(number, sealed) for number, sealed in batch.to_deliver.items()))
        batch.over(await self._as_they_stand(batch))
        return all(arrived)

    async def _as_they_stand(self, batch: Batch) -> list[Drop]:
        try:
            found = [await find(self._store, sealed.new.id) for sealed in batch.to_deliver.values()]
        except StoreUnavailableError:
            return []
        return [drop for drop in found if drop is not None]

    async def _show(self, view_id: str, batch: Batch) -> None:
        try:
            await patiently(lambda: self._slack.update_view(view_id, batch.view()))
        except SlackError as error:
            # The modal was closed, most likely; the sender's DM says the same.
            _log.info("the modal was not brought up to date", why=type(error).__name__)


def _errors(errors: dict[str, str]) -> Json:
    return {"response_action": "errors", "errors": errors}


def _update(view: Json) -> Json:
    return {"response_action": "update", "view": view}
