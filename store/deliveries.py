"""
Whether the link arrived.

A link that the bot seals is never on disk: only the program that sealed it can deliver it, and only while it lives.
It says here that it did.  What it does not say within its lease is undelivered, and the drop ends; so it does when an
e-mail comes back, however late.  A link that somebody else sealed waits in `sealed_links`, and is gone from there with
the commit that says what became of it.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from store import endings, events, leaks, personal, sealed_links
from store.opened import Store
from store.schema import drops, messages
from store.upserting import upserts
from store.words import OPENED, Audience, Delivery, Event

_ALIVE_OR_OPENED: Final = (None, *OPENED)


@dataclass(frozen=True)
class Place:
    """A message in Slack."""

    channel: str
    ts: str


async def record_delivered(store: Store, drop_id: bytes, place: Place | None, *, replaces_leak: bool = False) -> bool:
    """
    The link stands in the recipient's DM, at `place`; None where it went a way that leaves nothing to be edited.

    `replaces_leak`: it takes the place of a message in which the secret stood, and the log does not say so yet, because
    whoever took the drop in may not.

    False when the drop had ended unopened before: the message must be turned into a tombstone at once.  A drop
    that was already opened is fine; a quick reader can be faster than Slack's answer to us.  Again: the same answer.
    """
    async with store.db.write() as tx:
        delivered = (
            await tx.execute(
                update(drops)
                .where(drops.c.id == drop_id, drops.c.delivery == Delivery.PENDING)
                .values(delivery=Delivery.DELIVERED, n=drops.c.n + 1)
                .returning(drops.c.n, store.clock.now(), drops.c.way)
            )
        ).one_or_none()
        if delivered is not None:
            n, at, way = delivered
            await events.append(tx, store, Event.DELIVERED, drop_id=drop_id, n=n, at=at, facts={"way": way})
            if replaces_leak:
                await leaks.tell(tx, store, drop_id)
        await sealed_links.remove(tx, drop_id)
        # In the same transaction: a delivered message that nobody could find again would never become a tombstone.
        if place is not None:
            await _remember(tx, store, drop_id, Audience.RECIPIENT, place)
        stands = select(drops.c.delivery, drops.c.outcome).where(drops.c.id == drop_id)
        row = (await tx.execute(stands)).one()
    return row.delivery == Delivery.DELIVERED and row.outcome in _ALIVE_OR_OPENED


async def record_undelivered(store: Store, drop_id: bytes, *, why: str | None = None) -> bool:
    """
    The link could not be delivered: the drop ends.  False when it was delivered or had ended.

    `why` is a word of Slack's or of the mail server's, for the record.
    """
    return await endings.give_up_delivery(store, drop_id, only_if_lease_is_over=False, why=why)


async def record_bounced(store: Store, drop_id: bytes, *, why: str) -> bool:
    """
    The e-mail with the link came back: the drop ends.

    False when a passphrase was tried, when it is over, or went another way.

    `why` is `bounced_` with the status that the report gives (RFC 3463), for the record.
    """
    return await endings.bring_back(store, drop_id, why=why)


async def remember(store: Store, drop_id: bytes, audience: Audience, place: Place) -> None:
    """Keep where a drop's message stands, so that it can be edited later."""
    async with store.db.write() as tx:
        await _remember(tx, store, drop_id, audience, place)


async def place_of(store: Store, drop_id: bytes, audience: Audience) -> Place | None:
    """Where a drop's message for this audience stands, if there is one.  Raises KeyUnreadableError."""
    return await place_of_any(store, [drop_id], audience)


async def place_of_any(store: Store, drop_ids: Collection[bytes], audience: Audience) -> Place | None:
    """Where the newest message for this audience about one of these drops stands.  Raises KeyUnreadableError."""
    stands = select(messages).where(messages.c.drop_id.in_(drop_ids), messages.c.audience == audience)
    async with store.db.read() as tx:
        texts = [personal.place_of(store.months, row) for row in await tx.execute(stands)]
    places = [Place(*text.split(" ", 1)) for text in texts if text is not None]
    return max(places, key=lambda place: place.ts, default=None)


async def _remember(tx: AsyncConnection, store: Store, drop_id: bytes, audience: Audience, place: Place) -> None:
    insert = upserts(store.db)
    # Locked: whoever is forgotten in this moment must not be named here afterwards.
    of_drop = select(drops.c.month, drops.c.sender, drops.c.recipient).where(drops.c.id == drop_id).with_for_update()
    drop = (await tx.execute(of_drop)).one()
    whose = {Audience.SENDER: drop.sender, Audience.RECIPIENT: drop.recipient}
    key = store.months.read(drop.month)
    if whose.get(audience, drop.month) is None or key is None:
        return
    sealed = personal.seal_place(key, drop_id, audience, f"{place.channel} {place.ts}")
    where = {"month": drop.month, "place": sealed}
    await tx.execute(
        insert(messages)
        .values(drop_id=drop_id, audience=audience, **where)
        .on_conflict_do_update(index_elements=["drop_id", "audience"], set_=where)
    )
