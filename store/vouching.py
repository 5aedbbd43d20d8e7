"""
Whether the bot ordered a drop that somebody else sealed.

The web program took it in, and the web program faces the internet: whoever owns it could write any drop into the
database, from anybody to anybody, and would have the bot bring it to them.
"""

from collections.abc import Mapping

from sqlalchemy import select

from store import orders
from store.drops import Drop
from store.errors import UnknownOrderError
from store.formats.errors import FormatError
from store.formats.order_v1 import Terms
from store.log.who_may_say import Speaker, order_in
from store.opened import Store
from store.schema_of_orders import orders as all_orders


async def is_ordered(store: Store, drop: Drop, speakers: Mapping[str, Speaker]) -> bool:
    """
    Whether a believed key of the bot's signed an order for just this drop.

    Raises KeyUnreadableError where nobody can tell for now.
    """
    async with store.db.read() as tx:
        row = (await tx.execute(select(all_orders).where(all_orders.c.drop_id == drop.id))).one_or_none()
    if row is None:
        return False
    try:
        terms = orders.terms_of(store, row.month, row.id, row.personal)
        order = order_in(row.signed, speakers)
    except (UnknownOrderError, FormatError):
        return False
    return order.id == row.id and order.is_of(terms) and _is_on(drop, terms) and drop.created_at // 1000 <= order.until


def _is_on(drop: Drop, terms: Terms) -> bool:
    """Whether the drop is from whom, to whom and as the terms say; what its message and its page will say."""
    lives = drop.header.expires_at - drop.header.created_at
    of_drop = (drop.team_id, drop.sender_id, drop.recipient_id, drop.recipient_name, drop.recipient_class)
    of_terms = (terms.team_id, terms.sender_id, terms.recipient_id, terms.recipient_name, terms.recipient_class)
    said = (drop.header.sender, drop.header.label, drop.hint, lives, drop.way.value, drop.on_lock)
    return of_drop == of_terms and said == (
        terms.sender_name, terms.label, terms.hint, terms.lives_seconds, terms.way, terms.on_lock
    )  # fmt: skip
