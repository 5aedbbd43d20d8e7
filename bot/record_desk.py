"""
Records for people in Slack: the windows in which one is made or rotated, and what becomes of that which opens it.

In the answer to a submission the record is made and what opens it is sealed; then the drop is delivered, and the window
says how it went.  A window that comes twice does it once: in this program it gets the same answer, and where what opens
it went as a drop any program knows it by its view's id.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

import structlog

from bot import command_wording, form, form_wording, record_form, record_given, sending, submission, template_checks
from bot import record_form_wording as wording
from bot.batch import Batch
from bot.block_kit import Json
from bot.carrying_out import CarryingOut
from bot.form import Expiries
from bot.mrkdwn import Markup
from bot.people import People, Person
from bot.policy import Policy
from bot.record_acts import Giving, Making, Rotating
from bot.record_form import Handing, Offer
from bot.record_given import Given, Wanted
from bot.record_handing import RecordHanding
from bot.record_openers import GoingOut, Openers
from bot.record_refused import RefusedError, errors_of
from bot.record_rights import RecordRights
from bot.rights import Clicker, clicker_of
from bot.sealing import TooBusyError
from bot.storing import TimesUp
from bot.template import Template
from bot.underway import Underway
from store import sending_bounds
from store.errors import StoreError
from store.logs import place_of
from store.opened import Store
from store.words import RecordState

_MOST_REMEMBERED: Final = 1000

_log = structlog.get_logger("records")


@dataclass
class _Going:
    """What a window shows, and what is still to be delivered, where what opens the record goes by a drop."""

    answer: Json = field(repr=False)
    out: GoingOut | None = None
    giving: Giving | None = None
    batch: Batch | None = None


@dataclass
class RecordDesk:
    """Makes records and rotates them, for people of this workspace who may send."""

    store: Store
    people: People
    rights: RecordRights
    openers: Openers
    handing: RecordHanding
    carrying: CarryingOut
    underway: Underway
    expiries: Expiries
    template: Template
    policy: Policy
    opens_here_only: bool

    def __post_init__(self) -> None:
        self._runs: dict[str, asyncio.Task[_Going]] = {}
        self._done: OrderedDict[str, None] = OrderedDict()

    @property
    def offer(self) -> Offer:
        """What a window for a new record is opened with."""
        return Offer(policy=self.policy, template=self.template)

    async def again(self, record: str, clicker: Clicker) -> Json:
        """The window for rotating it, or why there is none.  Raises StoreUnavailableError."""
        try:
            offer, _ = await self._of_record(record, clicker)
        except RefusedError as refused:
            return record_form.said(str(refused))
        return record_form.view(offer)

    async def submit(self, ack: Any, body: Mapping[str, Any]) -> None:
        """Answer a submission of either window, then deliver; `ack` is called exactly once."""
        view_id = str(body["view"]["id"])
        run = self._runs.get(view_id)
        if run is not None:
            await ack(**(await asyncio.shield(run)).answer)
        elif view_id in self._done:
            await ack(**_errors({form.SECRET: wording.MADE_ALREADY}))
        else:
            run = self._runs[view_id] = asyncio.create_task(self._prepare(body))
            try:
                going = await asyncio.shield(run)
                if going.out is not None:
                    self._remember(view_id)
                await ack(**going.answer)
                await self._deliver(view_id, going)
            finally:
                del self._runs[view_id]

    def _remember(self, view_id: str) -> None:
        self._done[view_id] = None
        while len(self._done) > _MOST_REMEMBERED:
            self._done.popitem(last=False)

    async def _deliver(self, view_id: str, going: _Going) -> None:
        if going.batch is None or going.out is None or going.giving is None:
            return
        if not await self.handing.deliver(view_id, going.batch):
            sentence, _ = await going.giving.take_back(going.out)
            going.batch.notes = [sentence]
        going.answer = _update(going.batch.view())
        await self.carrying.show(view_id, going.batch)

    async def _prepare(self, body: Mapping[str, Any]) -> _Going:
        given = record_given.read(body["view"])
        whom = form.SECRET if given.record else form.RECIPIENTS
        try:
            return await self._prepared(given, str(body["view"]["id"]), clicker_of(body))
        except Exception as error:  # noqa: BLE001 - whoever pressed must be told something, whatever it was
            said = errors_of(error, whom, is_kept=not given.submission.secret)
            if said is None:
                _log.error("a record's window failed", error=place_of(error))
            return _Going(_errors(said or {whom: wording.UNEXPECTED}))

    async def _prepared(self, given: Given, view_id: str, clicker: Clicker) -> _Going:
        now = asyncio.get_running_loop().time()
        times = TimesUp(start_by=now + sending.STARTED_WITHIN, stored_by=now + sending.STORED_WITHIN)
        if self.opens_here_only:
            raise RefusedError(command_wording.OPENS_HERE_ONLY)
        offer, giving = (
            await self._of_record(given.record, clicker)
            if given.record
            else (self.offer, Making(self.store, self.openers))
        )
        if given.record and given.handing is Handing.HAND and offer.recipient:
            given = replace(given, submission=replace(given.submission, recipients=(offer.recipient,)))
        sender, wanted = await self._wanted(given, clicker, offer)
        if isinstance(wanted, dict):
            return _Going(wanted)
        if wanted.handing is not Handing.WINDOW and await self.handing.was_handed(view_id, wanted, times.stored_by):
            raise RefusedError(wording.MADE_ALREADY)
        # A record whose key could then not be handed over would open for nobody.
        more = int(not given.record) + int(wanted.handing is not Handing.WINDOW)
        if more:
            await sending_bounds.require_room(self.store, sender.id, more)
        out, told = await self._given(giving, sender, wanted, times)
        if wanted.handing is Handing.WINDOW:
            return _Going(_update(self.handing.in_window(out, wanted, told)), out)
        batch = await self.handing.sealed(sender, wanted, out, view_id, times)
        if batch is None:
            _, sentence = await giving.take_back(out)
            raise RefusedError(sentence)
        batch.notes = told
        return _Going(_update(batch.view()), out, giving, batch)

    async def _of_record(self, record: str, clicker: Clicker) -> tuple[Offer, Giving]:
        """The window of a record of theirs, and what rotates it.  Raises RefusedError."""
        permitted = await self.rights.permitted(record, clicker)
        if isinstance(permitted, str):
            raise RefusedError(permitted)
        held, by = permitted
        if held.state is not RecordState.LIVE or held.named is None:
            raise RefusedError(wording.NOT_YOURS)
        # It stays the same person's program: another's reads would be counted, and ended, as theirs.
        offer = replace(self.offer, record=record, label=held.named.label, recipient=held.named.recipient)
        offer = replace(offer, door=held.door, is_escrowed=held.master is not None)
        return offer, Rotating(self.openers, held, by)

    async def _wanted(self, given: Given, clicker: Clicker, offer: Offer) -> tuple[Person, Wanted | Json]:
        """What is wanted, else the answer that says what is wrong or asks once more.  Raises RefusedError."""
        whom = form.SECRET if offer.record else form.RECIPIENTS
        asked = {clicker.user_id, *given.submission.recipients}
        found = await self.people.find_all(asked, seconds=sending.LOOKED_UP_WITHIN)
        if self.people.refusal is not None and None in found.values():
            raise RefusedError(form_wording.NOBODY_KNOWN.format(code=self.people.refusal), whom)
        sender = found[clicker.user_id]
        if sender is None:
            raise RefusedError(wording.SENDER_UNKNOWN, whom)
        if not self.policy.may_send(sender):
            raise RefusedError(wording.MAY_NOT, whom)
        wanted, errors = record_given.check(given, sender, found, self.expiries, offer)
        if wanted is None:
            return sender, _errors(errors)
        unsure = submission.to_confirm([person for person in wanted.drop.recipients if person is not sender])
        doubts = [] if wanted.value is None else template_checks.doubts(self.template, wanted.value)
        box = form.anyway_id(unsure, doubts)
        if (unsure or doubts) and box not in given.submission.ticked:
            if box in given.submission.asked:
                return sender, _errors({box: form_wording.TICK_TO_SEND})
            return sender, _update(record_form.view(offer, unsure, doubts))
        return sender, wanted

    async def _given(
        self, giving: Giving, sender: Person, wanted: Wanted, times: TimesUp
    ) -> tuple[GoingOut, list[Markup]]:
        """What opens it, in time; what comes too late is taken back.  Raises RefusedError, and what `give` does."""
        task = asyncio.create_task(giving.give(sender, wanted, times.start_by))
        await asyncio.wait({task}, timeout=max(0.0, times.start_by - asyncio.get_running_loop().time()))
        if task.done():
            return task.result()
        # Cancelled, it could leave a record that nobody knows of.
        self.underway.spawn(self._take_back_late(giving, task))
        raise RefusedError(giving.late)

    async def _take_back_late(self, giving: Giving, task: "asyncio.Task[tuple[GoingOut, list[Markup]]]") -> None:
        try:
            out, _ = await task
        except (StoreError, TooBusyError):
            return  # nothing was made
        await giving.take_back(out)


def _errors(errors: dict[str, str]) -> Json:
    return {"response_action": "errors", "errors": errors}


def _update(view: Json) -> Json:
    return {"response_action": "update", "view": view}
