"""
Forgetting a person: what says who they are goes out of every drop that is over, and the drop's record says so.

Events, proofs and receipts stay as they were signed: they hold digests only.  A backup of the database keeps what it
has until the key of the month is erased; see `store.retention`.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, delete, exists, false, func, or_, select, update

from store import events, personal
from store.keyring import KeyState
from store.opened import Store
from store.personal import RECIPIENT, SENDER
from store.schema import disclosures, drops, messages, notices
from store.schema_of_orders import orders
from store.words import Actor, Audience, Event, OrderState, State

FIELDS: Final[Mapping[str, frozenset[str]]] = {
    SENDER: frozenset({"sender", "sender_name", "label", "reference"}),
    RECIPIENT: frozenset({"recipient", "recipient_name", "label", "reference", "network", "browser"}),
}
"""The disclosures that say who somebody was, by their role; a label is in somebody's own words and may name anybody."""

_COLUMNS: Final = {SENDER: drops.c.sender, RECIPIENT: drops.c.recipient}
_MESSAGES: Final = {SENDER: Audience.SENDER, RECIPIENT: Audience.RECIPIENT}


def _is_over(role: str) -> ColumnElement[bool]:
    """
    Whether the drop, and whatever shares its message, is destroyed, and the person's message was told so.

    Whoever was forgotten is told nothing more: a message with a link in it would then stay for ever.
    """
    other = drops.alias()
    shares = other.c.form == drops.c.form if role == SENDER else other.c.id == drops.c.id
    is_owed = (notices.c.drop_id == other.c.id) & (notices.c.audience == _MESSAGES[role]) & notices.c.done_at.is_(None)
    is_left = (other.c.state != State.DESTROYED) | exists().where(is_owed)
    return ~exists().where(shares, is_left)


_IS_OVER: Final = {role: _is_over(role) for role in (SENDER, RECIPIENT)}


@dataclass
class Found:
    """
    A person's drops by their ids: `over` are those that can be forgotten, `live` those that cannot yet.

    A drop is over for somebody when it is destroyed and their message says so; for its sender, whose message is about
    all drops of a form, when that holds for all of these.  `orders` counts what they may seal, or are to be sent.
    """

    over: list[bytes] = field(default_factory=list)
    live: list[bytes] = field(default_factory=list)
    orders: int = 0


async def find(store: Store, person: str) -> Found:
    """The drops that a person sent or was sent, oldest month first.  Raises KeyUnreadableError."""
    found = Found()
    for month, state in store.months.states().items():
        if state is KeyState.ERASED:
            continue
        refs = _refs(store, month, person)
        is_of_person = or_(*(_COLUMNS[role].in_(known) for role, known in refs.items()))
        is_not_yet = or_(*(_COLUMNS[role].in_(known) & ~_IS_OVER[role] for role, known in refs.items()))
        of_month = select(drops.c.id, is_not_yet.label("is_not_yet")).where(drops.c.month == month, is_of_person)
        async with store.db.read() as tx:
            for row in await tx.execute(of_month.order_by(drops.c.created_at, drops.c.id)):
                (found.live if row.is_not_yet else found.over).append(row.id)
            unused = select(func.count()).select_from(orders).where(_is_unused_of(month, refs))
            found.orders += (await tx.execute(unused)).scalar_one()
    return found


async def forget_orders(store: Store, person: str) -> int:
    """Delete what nobody has sealed under so far and names a person; how many.  Raises KeyUnreadableError."""
    count = 0
    for month, state in store.months.states().items():
        if state is not KeyState.ERASED:
            async with store.db.write() as tx:
                of_person = _is_unused_of(month, _refs(store, month, person))
                count += (await tx.execute(delete(orders).where(of_person))).rowcount
    return count


def _is_unused_of(month: str, refs: Mapping[str, Collection[bytes]]) -> ColumnElement[bool]:
    is_of_person = or_(false(), *(orders.c[role].in_(known) for role, known in refs.items()))
    return (orders.c.month == month) & (orders.c.state != OrderState.USED) & is_of_person


async def forget(store: Store, drop_id: bytes, person: str) -> int:
    """
    Forget a person in one drop that is over; returns in how many roles, none where they are forgotten already.

    Raises KeyUnreadableError.
    """
    return sum([await _forget(store, drop_id, person, role) for role in (SENDER, RECIPIENT)])


async def _forget(store: Store, drop_id: bytes, person: str, role: str) -> bool:
    async with store.db.write() as tx:
        of_drop = select(drops).where(drops.c.id == drop_id, _IS_OVER[role])
        # Locked: somebody else may forget the other person of this drop in the same moment.
        row = (await tx.execute(of_drop.with_for_update())).one_or_none()
        if row is None or not _is_in(store, row, person, role):
            return False
        bare = personal.of_row(store.months, row).without(role)
        sealed = personal.seal(store.months.to_write(row.month), drop_id, bare)
        n, at = (
            await tx.execute(
                update(drops)
                .where(drops.c.id == drop_id)
                .values({drops.c.personal: sealed, _COLUMNS[role]: None, drops.c.once: None, drops.c.n: drops.c.n + 1})
                .returning(drops.c.n, store.clock.now())
            )
        ).one()
        of_person = (disclosures.c.drop_id == drop_id) & disclosures.c.name.in_(FIELDS[role])
        await tx.execute(delete(disclosures).where(of_person))
        # The bot held the drop against it long ago; it names both.
        await tx.execute(delete(orders).where(orders.c.drop_id == drop_id))
        where = (messages.c.drop_id == drop_id) & (messages.c.audience == _MESSAGES[role])
        await tx.execute(delete(messages).where(where))
        facts = {"who": role, "by": Actor.ADMIN}
        await events.append(tx, store, Event.PERSON_FORGOTTEN, drop_id=drop_id, n=n, at=at, facts=facts)
    return True


def _is_in(store: Store, row: Row[Any], person: str, role: str) -> bool:
    ref = getattr(row, _COLUMNS[role].name)
    return ref is not None and ref in _refs(store, row.month, person).get(role, ())


def _refs(store: Store, month: str, person: str) -> dict[str, set[bytes]]:
    """By role: what stands for them however their address was typed, and what stood for it as typed before that."""
    key = store.months.read(month)
    if key is None:
        return {}
    return {role: personal.pseudonyms(key, role, person) for role in _COLUMNS}
