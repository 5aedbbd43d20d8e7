"""What tests read straight from the tables and the keyring, behind the store's back."""

import json
from base64 import urlsafe_b64decode
from collections.abc import Awaitable, Callable
from typing import Any

from sqlalchemy import Row, select

from store.drops import Drop, find
from store.formats import submission_v1
from store.keyring import KeyFolder, KeyState
from store.opened import Store
from store.schema import drops, events, notices
from tests.stores import key_path


async def row_of(store: Store, drop_id: bytes) -> Row[Any]:
    """A drop's whole row."""
    async with store.db.read() as tx:
        return (await tx.execute(select(drops).where(drops.c.id == drop_id))).one()


async def events_of(store: Store, drop_id: bytes) -> list[dict[str, Any]]:
    """The claims of a drop's events, in their order."""
    async with store.db.read() as tx:
        leaves = (
            await tx.execute(select(events.c.leaf).where(events.c.drop_id == drop_id).order_by(events.c.n))
        ).scalars()
        return [claims_of(leaf) for leaf in leaves]


async def words_of(store: Store, drop_id: bytes) -> list[str]:
    """The event words of a drop, without `drop.`, in their order."""
    return [event["evt"].removeprefix("drop.") for event in await events_of(store, drop_id)]


async def of_form(store: Store, form_id: str) -> list[Drop]:
    """Every drop that a form made, however often it was sent, in the order of their making."""
    form = submission_v1.form(store.keyring.peppers.current, form_id)
    async with store.db.read() as tx:
        made = select(drops.c.id).where(drops.c.form == form).order_by(drops.c.created_at, drops.c.id)
        ids = (await tx.execute(made)).scalars().all()
    return [drop for drop in [await find(store, drop_id) for drop_id in ids] if drop is not None]


async def notices_of(store: Store, drop_id: bytes) -> list[tuple[str, str]]:
    """(audience, event) of every notice of a drop, in their order."""
    async with store.db.read() as tx:
        rows = await tx.execute(select(notices).where(notices.c.drop_id == drop_id).order_by(notices.c.id))
        return [(row.audience, json.loads(row.about)["event"]) for row in rows]


def claims_of(leaf: bytes) -> dict[str, Any]:
    """The payload of a compact JWS, unverified."""
    payload = leaf.split(b".")[1]
    claims: dict[str, Any] = json.loads(urlsafe_b64decode(payload + b"=" * (-len(payload) % 4)))
    return claims


async def require_destroyed(store: Store, drop_id: bytes) -> None:
    """Nothing is left that could open the drop, and its events are numbered without a gap."""
    row = await row_of(store, drop_id)
    assert (row.state, row.envelope, row.v2) == ("destroyed", None, None)
    if isinstance(store.keyring, KeyFolder):
        path = key_path(store.keyring, drop_id)
        assert not path.exists() or path.read_bytes() == bytes(32)
    assert store.keyring.state(drop_id) is not KeyState.LIVE
    numbers = [event["n"] for event in await events_of(store, drop_id)]
    assert numbers == list(range(1, row.n + 1))
    assert (await words_of(store, drop_id)).count("destroyed") == 1


async def require_nothing_said(store: Store, drop_id: bytes, verb: Callable[[], Awaitable[None]]) -> None:
    """The verb changes neither the row nor the record, and tells nobody."""
    before = await _whole(store, drop_id)
    await verb()
    assert await _whole(store, drop_id) == before


async def _whole(store: Store, drop_id: bytes) -> tuple[object, ...]:
    told = await notices_of(store, drop_id)
    return tuple(await row_of(store, drop_id)), await events_of(store, drop_id), told
