"""
From a submitted form to links in people's DMs.

Before the answer, within the three seconds that Slack waits: people are looked up, the form is checked, the drops
are sealed and stored (bot/storing.py).  The answer shows the passphrases that we made.  Then the links are
delivered and the modal says how it went.

A form that comes twice (a double click, an answer that was lost) makes one drop: in this program it gets the same
answer, and in any program the store knows the form by its view's id.
"""

import asyncio
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

import structlog

from bot import (
    asking_to_delete,
    command_wording,
    composing,
    form,
    form_wording,
    mail_form_wording,
    original_message,
    sent_before,
    sent_views,
    sent_wording,
    submission,
    template_wording,
    too_much,
    zones,
)
from bot.asking_to_delete import AskingToDelete
from bot.batch import Batch
from bot.block_kit import Json
from bot.carrying_out import CarryingOut
from bot.confirming import question
from bot.form import Expiries
from bot.mail import Mail
from bot.mrkdwn import Markup
from bot.people import People, Person
from bot.policy import NONE, Policy
from bot.sealing import SealedDrop, order
from bot.secret_facts import facts
from bot.slack_calls import Slack
from bot.storing import Refused, Storing, TimesUp
from bot.submission import Checked, Submission
from bot.template import ANYTHING
from bot.templates import Templates
from bot.ways import Couriers
from store import sending_bounds
from store.errors import SendingTooMuchError, StoreUnavailableError
from store.logs import place_of
from store.opened import Store
from store.words import Verify, Way

LOOKED_UP_WITHIN: Final = 0.9
STARTED_WITHIN: Final = 1.5
STORED_WITHIN: Final = 2.0
_ANSWER_KEPT_SECONDS: Final = 30
_ANSWER_SHOWN_SECONDS: Final = 0.7

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
        asking: AskingToDelete,
        expiries: Expiries,
        team_id: str,
        opens_here_only: bool,
        templates: Templates,
        policy: Policy = NONE,
        mail: Mail | None = None,
    ) -> None:
        self._store = store
        self._can_mail = mail is not None
        self._carrying = CarryingOut(store, slack, Couriers(slack, mail))
        self._people = people
        self._storing = storing
        self._asking = asking
        self._expiries = expiries
        self._team_id = team_id
        self._opens_here_only = opens_here_only
        self._templates = templates
        self._policy = policy
        self._runs: dict[str, _Run] = {}

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
                all_arrived = await self._carrying.deliver_all(submitted.view_id, batch, shown)
                await shown
                original, arrived = original_message.in_notes(submitted.notes), batch.of_arrived()
                if arrived is not None:
                    batch.on_original = asking_to_delete.after(original, submitted.sender_id)
                elif not batch.has_earlier:
                    batch.on_original = asking_to_delete.in_vain(original, submitted.sender_id)
                run.latest = _update(batch.view())
                await self._carrying.show(submitted.view_id, batch)
                if arrived is not None:
                    sender = arrived.order.sender
                    if not await self._asking.ask(original, arrived.new.id, sender.id, sender.name):
                        batch.on_original = asking_to_delete.not_asked(original, submitted.sender_id)
                        run.latest = _update(batch.view())
                        await self._carrying.show(submitted.view_id, batch)
        finally:
            # Until then a late duplicate gets what the modal shows already, instead of wiping the passphrases off it.
            delay = _ANSWER_KEPT_SECONDS if all_arrived or run.has_composers else 0
            asyncio.get_running_loop().call_later(delay, self._runs.pop, submitted.view_id, None)

    async def _prepare(self, submitted: Submitted) -> tuple[Json, Batch | None]:
        try:
            return await self._prepared(submitted)
        except StoreUnavailableError:
            return _errors({submitted.given.whom: form_wording.STORE_AWAY}), None
        except SendingTooMuchError as error:
            told = too_much.told(error, form_wording.TOO_OFTEN, form_wording.TOO_MANY_OPEN)
            return _errors({submitted.given.whom: told}), None
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
        if sender is None or not self._policy.may_send(sender):
            refusal = command_wording.SENDER_UNKNOWN if sender is None else command_wording.MAY_NOT_SEND
            return _errors({given.whom: refusal}), None
        can_mail, policy = self._can_mail, self._policy
        template = self._templates.get(submitted.template)
        if template is None:
            return _errors({given.whom: template_wording.GONE}), None
        checked, errors = submission.check(
            given,
            found,
            self._expiries,
            policy=policy,
            can_mail=can_mail,
            template=template,
            today=zones.day_of(self._store.clock.now_seconds(), sender.zone),
        )
        if checked is None:
            return _errors(errors), None
        if checked.way is Way.MAIL and not can_mail:
            told = (
                mail_form_wording.MAIL_NOT_SET_UP_OUTSIDE if policy.outside_only else mail_form_wording.MAIL_NOT_SET_UP
            )
            return _errors({form.DELIVERY: told}), None
        asked = question(given, checked, self._expiries, submitted.notes, policy=policy, can_mail=can_mail)
        if asked is not None:
            return asked, None
        if checked.is_outside:
            return await self._composed(submitted, sender, checked, times), None
        return await self._stored(submitted, sender, checked, times)

    async def _composed(self, submitted: Submitted, sender: Person, checked: Checked, times: TimesUp) -> Json:
        """The pages to type it on; the same form again shows the same.  Raises StoreUnavailableError."""
        try:
            async with asyncio.timeout_at(times.stored_by):
                original = original_message.in_notes(submitted.notes)
                shown = await composing.window(
                    self._store,
                    self._team_id,
                    sender,
                    checked,
                    self._policy,
                    asking_to_delete.before(original, sender.id),
                    original_message.for_order(submitted.view_id, original),
                )
        except TimeoutError:
            raise StoreUnavailableError("the store did not answer in time") from None
        self._runs[submitted.view_id].has_composers = True
        return _update(shown)

    async def _stored(
        self, submitted: Submitted, sender: Person, checked: Checked, times: TimesUp
    ) -> tuple[Json, Batch | None]:
        keys = await sent_before.keys(self._store, submitted.view_id, checked.recipients, times.stored_by)
        new = [person for person in checked.recipients if keys[person.id][1] is None]
        if new:
            # All or nothing, and before a passphrase is stretched for any of them.
            await sending_bounds.require_room(self._store, sender.id, len(new))
        now, original = self._store.clock.now_seconds(), original_message.in_notes(submitted.notes)
        of_form = partial(order, policy=self._policy, replaces_leak=original is not None)
        orders = [of_form(sender, person, self._team_id, checked, keys[person.id][0], now) for person in new]
        results = dict(zip((person.id for person in new), await self._storing.store_all(orders, times), strict=True))
        if not any(isinstance(result, SealedDrop) for result in results.values()) and len(new) == len(keys):
            refused = [result for result in results.values() if isinstance(result, Refused)]
            if len(refused) == len(results):
                too_often = next((result.too_much for result in refused if result.too_much is not None), None)
                if too_often is not None:
                    raise too_often
                is_busy = any(result.is_busy for result in refused)
                told = form_wording.TOO_BUSY if is_busy else form_wording.STORE_AWAY
                return _errors({submitted.given.whom: told}), None
        batch = Batch(self._store.issuer)
        for person in checked.recipients:
            result = results.get(person.id)
            if isinstance(result, SealedDrop):
                batch.begins(result)
            elif isinstance(result, Refused):
                batch.refuses(person, result)
            else:
                batch.finds(person, keys[person.id][1])
        if not batch.to_deliver:
            batch.over([])
        else:
            batch.on_passphrase = sent_views.notes_on(checked.passphrase, len(batch.to_deliver), checked.template)
            if checked.way is Way.MAIL:
                batch.on_passphrase.append(Markup(sent_wording.NOT_BY_MAIL))
            if any(sealed.order.rules.verify is Verify.SLACK for sealed in batch.to_deliver.values()):
                batch.on_passphrase.append(Markup(form_wording.PRESS_FIRST))
            batch.pasted = facts(checked.secret)
            batch.on_original = asking_to_delete.before(original, sender.id)
        if len(new) < len(keys):
            batch.notes.append(Markup(sent_wording.ALREADY_SENT))
        return _update(batch.view()), batch


def _errors(errors: dict[str, str]) -> Json:
    return {"response_action": "errors", "errors": errors}


def _update(view: Json) -> Json:
    return {"response_action": "update", "view": view}
