"""
Reading a drop.

What is read here explains and displays; it never decides.  Decisions are the WHERE clauses of the verbs.
"""

import hmac
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Row, Select, bindparam, exists, or_, select

from store import personal
from store.clock import PRESENT
from store.errors import UnknownDropError
from store.formats import header_v1, stored_v1, submission_v1
from store.months import Months
from store.opened import Store
from store.pages import one_by_one
from store.prepared import Looked
from store.receipts import JTI
from store.schema import drops, events, recurrences
from store.schema_of_watches import watches
from store.words import OPEN, Delivery, Event, Outcome, SealedBy, State, Verify, Watch, Way

HELD: Final = [column for column in drops.c if column.name != "envelope"]
"""All of a row but what may be megabytes, which a door that is looked at a thousand times has no use for."""
_V1_BYTES: Final = 32
_REPORTED_MS: Final = 14 * 86_400_000
"""For how long after a drop a mail server is heard that gives up: most do within five days (RFC 5321, 4.5.4.1)."""


IS_OPEN: Final = or_(*(drops.c.state == state for state in OPEN))
"""Whether somebody may still claim it; each state by itself, because SQL with an IN is made anew for its values."""
IS_NAMED: Final = drops.c.personal.is_not(None)
"""Whether anybody is kept of it: of a month whose key was erased nobody is, and nobody may be shown it by a role."""


@dataclass(frozen=True)
class Drop:
    """
    A drop for display: nothing here opens anything.  Times are milliseconds since 1970.

    What was erased of its people reads ERASED where a name stood, and is empty where an id was.  `form` is the same for
    the drops of one form.  `receipt` is its receipt's id, 32 hexadecimal characters; None before its end.  `rotate_by`
    is when its key is to be changed at the provider, and `rotated_at` when somebody said that it was.
    """

    id: bytes
    state: State
    outcome: Outcome | None
    ended_by: str | None
    delivery: Delivery
    team_id: str
    sender_id: str
    recipient_id: str
    recipient_name: str
    recipient_class: str
    template: str
    sealed_by: SealedBy
    on_lock: str
    form: bytes
    header: header_v1.Header
    hint: str | None
    created_at: int
    expires_at: int
    door_opened_at: int | None
    claimed_at: int | None
    ended_at: int | None
    destroyed_at: int | None
    guesses: int
    round_guesses: int
    unlocks: int
    sends: int
    way: Way
    recipient_team: str | None
    paused_at: int | None
    receipt: str | None
    verify: Verify = Verify.NONE
    verified_until: int | None = None
    rotate_by: int | None = None
    rotated_at: int | None = None
    variable: str | None = None

    @property
    def is_nobodys(self) -> bool:
        """Whether the month in which it was made was erased: its workspace too is known no more."""
        return not self.team_id

    @property
    def has_passphrase(self) -> bool:
        """Whether a passphrase goes into its key; without one, whoever has the whole link opens it."""
        return self.header.mode == "p"

    @property
    def is_link_kept(self) -> bool:
        """Whether its link stayed with the program that sealed it: neither the bot nor its sender was given one."""
        return is_link_kept(self.way, self.sealed_by)

    @classmethod
    def of_row(cls, months: Months, row: Row[Any]) -> "Drop":
        """A drop out of a row of `shown`.  Raises KeyUnreadableError."""
        held = {name: value for name, value in row._mapping.items() if name not in _OPENED}  # noqa: SLF001 - documented
        people = personal.of_row(months, row)
        held |= {name: getattr(people, name) for name in _OF_PEOPLE}
        held["header"] = header_v1.parse(people.header)
        held["hint"] = personal.hint_of(months, row)
        held["state"] = State(held["state"])
        held["outcome"] = Outcome(held["outcome"]) if held["outcome"] else None
        held["delivery"] = Delivery(held["delivery"])
        held["way"] = Way(held["way"])
        held["verify"] = Verify(held["verify"])
        held["sealed_by"] = SealedBy(held["sealed_by"])
        held["receipt"] = held["receipt"] and str(held["receipt"]).removeprefix(JTI)
        return cls(**held)


def is_link_kept(way: str, sealed_by: str) -> bool:
    """The same of what the event says that made a drop."""
    return way == Way.SHOWN and sealed_by != SealedBy.BOT


_RECEIPT = (
    select(events.c.jti)
    .where(events.c.drop_id == drops.c.id, events.c.event == Event.RECEIPT)
    .order_by(events.c.n)
    .limit(1)  # whoever has stolen a key can write another one
    .scalar_subquery()
    .label("receipt")
)
_ROTATE_BY = (
    select(watches.c.at)
    .where(watches.c.drop_id == drops.c.id, watches.c.what == Watch.ROTATE)
    .scalar_subquery()
    .label("rotate_by")
)
_OF_PEOPLE: Final = ("team_id", "sender_id", "recipient_id", "recipient_name", "recipient_team")
_OPENED: Final = {"month", "personal"}
_HELD = [column for column in drops.c if column.name in _OPENED | set(Drop.__dataclass_fields__)]
_SHOWN = [*_HELD, _RECEIPT, _ROTATE_BY]


def shown() -> Select[Any]:
    """Drops as `Drop.of_row` takes them."""
    return select(*_SHOWN)


async def find(store: Store, drop_id: bytes) -> Drop | None:
    """One drop, or None."""
    async with store.db.read() as tx:
        row = (await tx.execute(shown().where(drops.c.id == drop_id))).one_or_none()
    return None if row is None else Drop.of_row(store.months, row)


async def mailed_ids(store: Store) -> AsyncIterator[bytes]:
    """The id of every drop that went by mail and is open, or would have expired by now at most two weeks ago."""
    # Named one by one, the states lead through the index: of what is long over no row is read.
    by_index = drops.c.state.in_(tuple(State)), drops.c.expires_at > store.clock.now() - _REPORTED_MS
    async with store.db.read() as tx:
        async for row in one_by_one(tx, select(drops.c.id).where(*by_index, drops.c.way == Way.MAIL), drops.c.id):
            yield row.id


async def of_sending(store: Store, submission: str, recipient_id: str) -> Drop | None:
    """The drop that one sending of a form made for one recipient."""
    # Under any pepper: a form that is sent again just after a rotation was sent before it.
    once = [submission_v1.once(pepper, submission, recipient_id) for pepper in store.keyring.peppers.live]
    async with store.db.read() as tx:
        row = (await tx.execute(shown().where(drops.c.once.in_(once)))).first()
    return None if row is None else Drop.of_row(store.months, row)


async def alongside(store: Store, drop: Drop) -> Sequence[Drop]:
    """
    The drops of the form that made this one, itself included, in the order of their making.

    A form that was sent again after a link failed has made several for one recipient.
    """
    of_form = shown().where(drops.c.form == drop.form)
    async with store.db.read() as tx:
        rows = (await tx.execute(of_form.order_by(drops.c.created_at, drops.c.id))).all()
    return [Drop.of_row(store.months, row) for row in rows]


HELD_ROW: Final = select(*HELD, PRESENT.label("present")).where(drops.c.id == bindparam("drop_id"))
"""A row for whoever may know it, by `drop_id`, with the present as `present`."""

WHOLE: Final = (
    select(
        *HELD,
        PRESENT.label("present"),
        exists().where(recurrences.c.drop_id == drops.c.id).label("recurred"),
        events.c.n.label("event_n"),
        events.c.event,
        events.c.leaf,
    )
    .select_from(drops.outerjoin(events, events.c.drop_id == drops.c.id))
    .where(drops.c.id == bindparam("drop_id"))
    .order_by(events.c.n)
)
"""The same once for each of its events, all of one moment; `recurred` says whether anything did that is counted."""


async def held(
    store: Store, drop_id: bytes, link_proof: bytes, look: "Select[Any]" = HELD_ROW, **given: object
) -> Looked:
    """
    The row without its envelope, for somebody who proves to hold the link, with the present as `present`.

    `look` is another SELECT by `drop_id`, with V1 in it, and `given` its other parameters.  Raises UnknownDropError for
    an unknown id and for a wrong proof, after the same work: the answer must not tell a guesser of ids that one exists.
    """
    row = await store.db.look(look, {"drop_id": drop_id, **given})
    known = row.v1 if row is not None and row.v1 is not None else bytes(_V1_BYTES)
    # After the row: a pepper is in place before anything that was made under it is committed.
    peppers = store.keyring.peppers.live
    # A list: with a generator the time would tell under which of them the link was made.
    is_proven = [
        hmac.compare_digest(stored_v1.link_proof_verifier(pepper, drop_id, link_proof), known) for pepper in peppers
    ]
    if not any(is_proven) or row is None:
        raise UnknownDropError
    return row
