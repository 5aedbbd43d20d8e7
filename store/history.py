"""
What happened to one drop, step by step, for display: its events as they were signed, and who it was as far as that is
still kept.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from store import personal
from store.errors import KeyUnreadableError
from store.formats import event_v1
from store.formats.errors import MalformedError
from store.opened import Store
from store.schema import disclosures, events
from store.verifying.disclosures import fields
from store.words import Event


@dataclass(frozen=True)
class Step:
    """
    One event of a drop; `at` is milliseconds since 1970, `facts` what its leaf says in clear.

    `network` is a prefix (/24, /48), `browser` a family; None where nobody was seen, or what was seen is erased.
    """

    event: Event
    n: int
    at: int
    facts: Mapping[str, Any]
    network: str | None = None
    browser: str | None = None


async def of(store: Store, drop_id: bytes) -> Sequence[Step]:
    """Every event of a drop, in order."""
    of_drop = select(events.c.n, events.c.event, events.c.at, events.c.jti, events.c.leaf)
    seen = select(disclosures).where(disclosures.c.drop_id == drop_id, disclosures.c.name.in_(("network", "browser")))
    async with store.db.read() as tx:
        rows = (await tx.execute(of_drop.where(events.c.drop_id == drop_id).order_by(events.c.n))).all()
        disclosed: dict[str, dict[str, str]] = {}
        for row in await tx.execute(seen):
            text = _value(store, row)
            if text is not None:
                disclosed.setdefault(row.jti, {})[row.name] = text
    return [Step(Event(row.event), row.n, row.at, _facts(row.leaf), **disclosed.get(row.jti, {})) for row in rows]


def _facts(leaf: bytes) -> Mapping[str, Any]:
    try:
        return event_v1.unverified(leaf)
    except MalformedError:  # what was damaged in one row must not hide the others
        return {}


def _value(store: Store, row: Any) -> str | None:
    try:
        text = personal.disclosure_of(store.months, row)
    except (KeyUnreadableError, MalformedError):
        return None
    return None if text is None else fields(text)[1]
