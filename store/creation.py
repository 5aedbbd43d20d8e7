"""
Taking in a sealed drop.

The drop's key is durable before its row commits: the other order would leave, after a crash, a row whose key
never was.  A key without a row is erased by the sweeper.
"""

import hashlib
import secrets
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import ColumnElement, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from store import events, leaks, orders, personal, sealed_links, sending_bounds
from store.drops import of_sending
from store.errors import (
    AlreadySubmittedError,
    DuplicateDropError,
    OrderUsedError,
    SendingTooMuchError,
    UnacceptableDropError,
)
from store.formats import delivery_v1, envelope_v1, event_v1, header_v1, stored_v1, submission_v1
from store.formats.errors import FormatError
from store.months import month_of
from store.opened import Store
from store.personal import Personal
from store.schema import drops
from store.schema_of_watches import watches
from store.words import Delivery, Event, SealedBy, State, Verify, Watch, Way

ATTEMPT: Final = "/"
"""A form sent again after a link failed makes drops under its key, this mark and a number."""
_HOUR_MS: Final = 3_600_000
_MORNING_TO_END_MS: Final = 53_940_000
"""From nine in the morning, when reminders come, to 23:59, with which a day ends where its sender lives."""
_LAST_SECOND: Final = 253_402_300_799  # what a receipt can still write as a date
DELIVERY_LEASE_MS: Final = 180_000
"""How long the program that holds a link may take to deliver it before the drop counts as undelivered."""


@dataclass(frozen=True)
class NewDrop:
    """A sealed drop and what is known about its people.  `expires_at` and `created_at` stand in the header."""

    id: bytes
    header: str
    envelope: bytes = field(repr=False)
    link_proof: bytes = field(repr=False)
    auth_token: bytes = field(repr=False)
    hint: str | None
    sealed_by: SealedBy
    team_id: str
    sender_id: str
    recipient_id: str
    recipient_name: str
    recipient_class: str
    recipient_team: str | None = None
    way: Way = Way.DM
    template: str = "anything"
    on_lock: str = "lock"
    verify: Verify = Verify.NONE
    unviewed_after: int | None = None
    """After how many seconds its sender is told that nobody has opened it."""
    rotate_by: int | None = None
    """By when the key is to be changed at its provider, in Unix seconds, the end of a day; told in its morning."""
    replaces_leak: bool = False
    """Whether it is sent in place of a message in which the secret stood."""
    variable: str | None = None
    """Under which name its reader will want it in an environment."""
    submission: str | None = None
    """What made this drop, for example a form's view id: one drop for each recipient of a submission."""
    reference: str | None = None
    """Where else it is written about, for example a ticket."""
    sealed_link: bytes | None = field(default=None, repr=False)
    """The link, sealed to the bot by whoever sealed the drop elsewhere; None where the bot is not to deliver that."""
    order: bytes | None = None
    """The id of the order under which it was sealed elsewhere; this drop uses it up."""

    @property
    def waits_for_bot(self) -> bool:
        """Whether any bot may do what is left: bring a link that was sealed to it, or find that it was ordered so."""
        return self.sealed_link is not None or (self.sealed_by is not SealedBy.BOT and self.way is Way.SHOWN)

    @property
    def personal(self) -> Personal:
        """What of it is about people."""
        return Personal(
            team_id=self.team_id,
            sender_id=self.sender_id,
            recipient_id=self.recipient_id,
            recipient_name=self.recipient_name,
            recipient_team=self.recipient_team,
            header=self.header,
            reference=self.reference,
        )


async def create(store: Store, new: NewDrop) -> None:
    """
    Store a drop as sealed and pending delivery, with a lease for this program; what waits for a bot, for whichever
    comes within fifteen minutes.

    Raises UnacceptableDropError for a header that contradicts the rest, DuplicateDropError for a taken id,
    AlreadySubmittedError for a form submitted twice, OrderUsedError, and where no order was counted before
    SendingTooMuchError.  Nothing is kept in any of these cases.
    """
    header = _checked(store, new)
    if new.order is None:
        await sending_bounds.require_room(store, new.sender_id)
    drop_key, is_ours = await _key(store, new)
    try:
        await _insert(store, new, header, drop_key)
    except (IntegrityError, OrderUsedError, SendingTooMuchError) as error:
        if is_ours and not await _is_live(store, new.id):
            await store.keyring_act(store.keyring.erase, new.id)
            await store.keyring_act(store.keyring.unlink, new.id)
        if not isinstance(error, IntegrityError):
            raise
        earlier = await _earlier(store, new)
        if earlier is not None and earlier != new.id:
            raise AlreadySubmittedError(earlier) from error
        raise DuplicateDropError("a drop of this id exists") from error


async def _key(store: Store, new: NewDrop) -> tuple[bytes, bool]:
    """
    The drop's key, and whether it was made just now.

    What was sealed elsewhere comes again while it is still under way, or after a crash between key and commit: it finds
    the key, and the order lets one of the two through.
    """
    try:
        return await store.keyring_act(store.keyring.create, new.id), True
    except DuplicateDropError:
        found = None if new.order is None else await store.key(new.id)
        if found is None:
            raise
        return found, False


async def _is_live(store: Store, drop_id: bytes) -> bool:
    """Whether the same drop was stored by another request, which has found our key."""
    async with store.db.read() as tx:
        state = await tx.scalar(select(drops.c.state).where(drops.c.id == drop_id))
    return state not in (None, State.DESTROYED)


def _checked(store: Store, new: NewDrop) -> header_v1.Header:
    try:
        header = header_v1.parse(new.header)
    except FormatError as error:
        raise UnacceptableDropError(str(error)) from error
    if header.id != new.id:
        raise UnacceptableDropError("the header is for another id")
    if not envelope_v1.is_legal(new.envelope):
        raise UnacceptableDropError("the envelope has a wrong version or size")
    if not header.created_at < header.expires_at <= _LAST_SECOND:
        raise UnacceptableDropError("the header expires before it begins, or after the year 9999")
    if new.verify is Verify.SLACK and new.way is not Way.DM:
        raise UnacceptableDropError("only in a DM can a recipient be asked for a press of their own")
    if new.sealed_link is not None:
        if new.sealed_by is SealedBy.BOT or new.way not in (Way.DM, Way.MAIL):
            raise UnacceptableDropError("only what was sealed elsewhere brings a sealed link, for a DM or an e-mail")
        if len(new.sealed_link) != delivery_v1.sealed_bytes(store.issuer):
            raise UnacceptableDropError("the sealed link has a wrong size")
    return header


async def _insert(store: Store, new: NewDrop, header: header_v1.Header, drop_key: bytes) -> None:
    pepper = store.keyring.peppers.current
    month = month_of(store.clock.now_seconds() * 1000)
    month_key = store.months.to_write(month)
    form, once = new.id, None
    if new.submission is not None:
        form = submission_v1.form(pepper, new.submission.partition(ATTEMPT)[0])
        once = submission_v1.once(pepper, new.submission, new.recipient_id)
    async with store.db.write() as tx:
        now: ColumnElement[int] | int = store.clock.now()
        ordered = {}
        if new.order is not None:
            # The moment at which the order was judged: a later one may be after its end, and the log would refuse it.
            ordered["order"], now = await orders.use(tx, store, new.order, new.id)
        else:
            await sending_bounds.require_pace(tx, store, new.sender_id)
        row = (
            await tx.execute(
                insert(drops)
                .values(
                    id=new.id,
                    state=State.SEALED,
                    delivery=Delivery.PENDING,
                    delivery_until=now + (sealed_links.WAIT_MS if new.waits_for_bot else DELIVERY_LEASE_MS),
                    month=month,
                    personal=personal.seal(month_key, new.id, new.personal),
                    sender=personal.pseudonym(month_key, personal.SENDER, new.sender_id),
                    recipient=personal.pseudonym(month_key, personal.RECIPIENT, new.recipient_id),
                    recipient_class=new.recipient_class,
                    way=new.way,
                    template=new.template,
                    sealed_by=new.sealed_by,
                    on_lock=new.on_lock,
                    verify=new.verify,
                    variable=new.variable,
                    form=form,
                    once=once,
                    hint=personal.seal_hint(month_key, new.id, new.hint),
                    v1=stored_v1.link_proof_verifier(pepper, new.id, new.link_proof),
                    v2=stored_v1.auth_token_verifier(drop_key, new.id, new.auth_token),
                    envelope=stored_v1.wrap(drop_key, new.id, secrets.token_bytes(12), new.envelope),
                    envelope_bytes=len(new.envelope),
                    created_at=now,
                    expires_at=header.expires_at * 1000,
                    guesses=0,
                    round_guesses=0,
                    unlocks=0,
                    next_guess_at=0,
                    sends=0,
                    n=1,
                )
                .returning(drops.c.created_at, drops.c.delivery_until)
            )
        ).one()
        if new.sealed_link is not None:
            await sealed_links.add(tx, new.id, new.sealed_link, row.delivery_until)
        await _watch(tx, new, row.created_at, header.expires_at * 1000)
        await events.append(
            tx,
            store,
            Event.CREATED,
            drop_id=new.id,
            n=1,
            at=row.created_at,
            facts={
                "expires_at": header.expires_at,
                # Committed before any destruction: a hash taken afterwards would prove nothing.
                "object": {"sha256": hashlib.sha256(new.envelope).hexdigest(), "bytes": len(new.envelope)},
                "sealed_by": new.sealed_by,
                "passphrase": header.form if header.mode == "p" else "none",
                "recipient_class": new.recipient_class,
                "way": new.way,
                "template": new.template,
                **_rules(new),
                **ordered,
            },
            personal=new.personal.disclosed(),
        )
        if new.replaces_leak:
            await leaks.tell(tx, store, new.id)


def _rules(new: NewDrop) -> dict[str, event_v1.Fact]:
    """What is not as it usually is: leaves of before had no word for any of it."""
    rules: dict[str, event_v1.Fact] = {}
    if new.on_lock != "lock":
        rules["on_lock"] = new.on_lock
    if new.verify is not Verify.NONE:
        rules["verify"] = new.verify
    if new.rotate_by is not None:
        rules["rotate_by"] = new.rotate_by
    if new.variable is not None:
        rules["variable"] = new.variable
    return rules


def reminded_at(rotate_by: int, created_at: int) -> int:
    """When the sender is reminded of a drop's day: in its morning, or at its end where that is over.  Milliseconds."""
    morning = rotate_by - _MORNING_TO_END_MS
    return morning if morning > created_at else rotate_by


async def _watch(tx: AsyncConnection, new: NewDrop, created_at: int, expires_at: int) -> None:
    """What is to be told in time, without which a link is forgotten until it is of no use any more."""
    last_hour = expires_at - _HOUR_MS
    times = {}
    if last_hour - created_at >= _HOUR_MS:  # of a shorter one its sender has just been told how long it lives
        times[Watch.HOUR_LEFT] = last_hour
    if new.unviewed_after is not None:
        late = created_at + new.unviewed_after * 1000
        if late < times.get(Watch.HOUR_LEFT, expires_at):
            times[Watch.UNVIEWED] = late
    if new.rotate_by is not None:
        times[Watch.ROTATE] = reminded_at(new.rotate_by * 1000, created_at)
    if times:
        await tx.execute(insert(watches), [{"drop_id": new.id, "what": what, "at": at} for what, at in times.items()])


async def _earlier(store: Store, new: NewDrop) -> bytes | None:
    if new.submission is None:
        return None
    earlier = await of_sending(store, new.submission, new.recipient_id)
    return None if earlier is None else earlier.id
