"""
Whether the bot ordered a drop that somebody else sealed.

The web program took it in, and the web program faces the internet: whoever owns it could write any drop into the
database, from anybody to anybody, and would have the bot bring it to them.
"""

from collections.abc import Mapping
from typing import Final

from sqlalchemy import select

from store import orders, sealed_links
from store.drops import Drop
from store.errors import UnknownOrderError
from store.formats.errors import FormatError
from store.formats.order_v1 import Terms
from store.log.who_may_say import Speaker, order_in
from store.opened import Store
from store.schema_of_orders import orders as all_orders

_WAIT: Final = sealed_links.WAIT_MS // 1000 + 300
"""Seconds: as long as a link waits, and some for whoever has it in hand."""


async def ordered(store: Store, drop: Drop, speakers: Mapping[str, Speaker]) -> Terms | None:
    """
    The terms of the order for just this drop that a believed key of the bot's has signed; None where there is none.

    Raises KeyUnreadableError where nobody can tell for now.
    """
    async with store.db.read() as tx:
        row = (await tx.execute(select(all_orders).where(all_orders.c.drop_id == drop.id))).one_or_none()
    if row is None:
        return None
    try:
        terms = orders.terms_of(store, row.month, row.id, row.personal)
        order = order_in(row.signed, speakers)
    except (UnknownOrderError, FormatError):
        return None
    is_this = order.id == row.id and order.is_of(terms) and order.sealed_by == drop.sealed_by and _is_on(drop, terms)
    # By our own clock as well: when a drop was created is what the database says.
    is_in_time = drop.created_at // 1000 <= order.until and store.clock.now_seconds() <= order.until + _WAIT
    return terms if is_this and is_in_time else None


def _is_on(drop: Drop, terms: Terms) -> bool:
    """Whether the drop is from whom, to whom and as the terms say; what its message and its page will say."""
    lives = drop.header.expires_at - drop.header.created_at
    names = ("team_id", "sender_id", "recipient_id", "recipient_name", "recipient_class", "recipient_team")
    is_between = all(getattr(drop, name) == getattr(terms, name) for name in names)
    # Not its reminders, which change meanwhile at the sender's word and tell the recipient nothing.
    how = (drop.hint, drop.way.value, drop.on_lock, drop.template, drop.verify.value, drop.variable)
    is_so = how == (terms.hint, terms.way, terms.on_lock, terms.template, terms.verify, terms.variable)
    said = (drop.header.sender, drop.header.label, lives)
    # What is sealed outside the bot has a passphrase; without one, whoever reads the link's message opens it.
    has_passphrase = drop.header.mode == "p"
    return has_passphrase and is_between and is_so and said == (terms.sender_name, terms.label, terms.lives_seconds)
