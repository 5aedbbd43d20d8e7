"""
Forgetting whose a record was, and whose program reads it: the names go, and the record stays.

A program must not stop because somebody was forgotten who made its record.  Nobody in Slack but administrators can do
anything with it from then on; the operators' list shows it, without a name.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any, Final

from sqlalchemy import Row, delete, or_, select, update

from store import events, personal
from store.formats import base64url, event_v1
from store.formats.event_v1 import Fact
from store.keyring import KeyState
from store.opened import Store
from store.personal import ERASED, RECIPIENT, SENDER
from store.records import Named
from store.schema import disclosures
from store.schema import events as all_events
from store.schema_of_records import records
from store.words import Actor, Event

FIELDS: Final[Mapping[str, frozenset[str]]] = {
    SENDER: frozenset({SENDER, "label"}),
    RECIPIENT: frozenset({RECIPIENT, "label"}),
}
"""The disclosures of record.created that say who somebody was; a label is in somebody's own words."""

_COLUMNS: Final = {SENDER: records.c.owner, RECIPIENT: records.c.recipient}
_READ: Final = (records.c.id, records.c.month, records.c.personal, *_COLUMNS.values())
_WITHOUT: Final[Mapping[str, Mapping[str, None]]] = {SENDER: {"owner": None}, RECIPIENT: {"recipient": None}}


async def find(store: Store, person: str) -> list[bytes]:
    """The records that a person made, or whose key they were handed, by month.  Raises KeyUnreadableError."""
    found: list[bytes] = []
    for month, state in store.months.states().items():
        key = None if state is KeyState.ERASED else store.months.read(month)
        if key is None:
            continue
        is_in = or_(*(column.in_(personal.pseudonyms(key, role, person)) for role, column in _COLUMNS.items()))
        some = select(records.c.id).where(records.c.month == month, is_in)
        async with store.db.read() as tx:
            found += (await tx.execute(some.order_by(records.c.created_at, records.c.id))).scalars()
    return found


async def forget(store: Store, record_id: bytes, person: str) -> int:
    """Forget a person in one record; in how many roles.  Raises KeyUnreadableError."""
    return sum([await _forget(store, record_id, person, role) for role in (SENDER, RECIPIENT)])


async def _forget(store: Store, record_id: bytes, person: str, role: str) -> bool:
    async with store.db.write() as tx:
        # Locked: it may be rotated, or the other person be forgotten, in the same moment.  Before the disclosures, as
        # whoever forgets its whole month has it.
        of_record = select(*_READ).where(records.c.id == record_id)
        row = (await tx.execute(of_record.with_for_update())).one_or_none()
        key = None if row is None else store.months.read(row.month)
        if (
            row is None
            or key is None
            or getattr(row, _COLUMNS[role].name) not in personal.pseudonyms(key, role, person)
        ):
            return False
        sealed = None if row.personal is None else personal.seal_record(key, record_id, _bare(store, row, role))
        await tx.execute(
            update(records).where(records.c.id == record_id).values({"personal": sealed, _COLUMNS[role]: None})
        )
        await tx.execute(
            delete(disclosures).where(
                disclosures.c.jti.in_(await _making(tx, record_id)), disclosures.c.name.in_(FIELDS[role])
            )
        )
        at = (await tx.execute(select(store.clock.now()))).scalar_one()
        facts: dict[str, Fact] = {"who": role, "record": base64url.encode(record_id), "by": Actor.ADMIN}
        await events.append_without_drop(tx, store, Event.PERSON_FORGOTTEN, at=at, facts=facts)
    return True


def _bare(store: Store, row: Row[Any], role: str) -> str:
    text = personal.record_of(store.months, row.month, row.id, row.personal)
    named = Named(**json.loads(text or '{"label": ""}'))
    return json.dumps(asdict(replace(named, label=ERASED, **_WITHOUT[role])), ensure_ascii=False)


async def _making(tx: Any, record_id: bytes) -> list[str]:
    """The `jti` of the event that made a record, which no column of an event names."""
    name = base64url.encode(record_id)
    made = select(all_events.c.jti, all_events.c.leaf).where(all_events.c.event == Event.RECORD_CREATED)
    rows = (await tx.execute(made)).all()
    return [row.jti for row in rows if event_v1.unverified(row.leaf).get("record") == name]
