"""
Taking in a drop that somebody sealed under an order.

What the sealer says of it must be what the bot ordered, to the letter: the page that is shown to the recipient, and the
message that brings the link, have no other words than the order's.
"""

from dataclasses import dataclass, field
from typing import Final

from store import creation, orders
from store.creation import NewDrop
from store.drops import held
from store.errors import DuplicateDropError, OrderUsedError, UnacceptableDropError, UnknownDropError, UnknownOrderError
from store.formats import header_v1
from store.formats.errors import FormatError
from store.formats.order_link_v1 import OrderLink
from store.formats.order_v1 import MOST_BYTES, Terms
from store.opened import Store
from store.orders import Seen
from store.words import OrderKind, OrderState, SealedBy, Verify, Way

MOST_ENVELOPE_BYTES: Final = MOST_BYTES + 64 * 1024
"""With a head, a name in it, and padding."""
_EARLIEST: Final = 1200
_LATEST: Final = 60


@dataclass(frozen=True)
class HandedIn:
    """A sealed drop as its sealer hands it in."""

    header: str
    envelope: bytes = field(repr=False)
    link_proof: bytes = field(repr=False)
    auth_token: bytes = field(repr=False)
    sealed_link: bytes | None = field(repr=False)
    """None where whoever sealed it hands the link over: then nobody else ever holds its key."""


async def hand_in(store: Store, link: OrderLink, handed: HandedIn) -> None:
    """
    Create the drop; again, with the same drop: do nothing.

    Raises UnknownOrderError, UnacceptableDropError for a drop that is not what was ordered, OrderUsedError for another
    one, DuplicateDropError.
    """
    seen = await orders.look(store, link)
    header = _header(handed)
    if seen.state is OrderState.USED:
        if await _is_same(store, seen, header.id, handed.link_proof):
            return
        raise OrderUsedError
    if seen.state is not OrderState.OPEN or seen.terms is None:
        raise UnknownOrderError
    _require_ordered(header, handed, seen.terms, seen.present // 1000)
    try:
        await creation.create(store, _new(header, handed, link, seen.terms))
    except (OrderUsedError, DuplicateDropError):
        # The same request may be under way twice, as after a lost answer: whoever was slower is told the same.
        if not await _is_same(store, await orders.look(store, link), header.id, handed.link_proof):
            raise


def _header(handed: HandedIn) -> header_v1.Header:
    try:
        return header_v1.parse(handed.header)
    except FormatError as error:
        raise UnacceptableDropError(str(error)) from error


async def _is_same(store: Store, seen: Seen, drop_id: bytes, link_proof: bytes) -> bool:
    if seen.drop_id != drop_id:
        return False
    try:
        await held(store, drop_id, link_proof)
    except UnknownDropError:
        return False
    return True


def _require_ordered(header: header_v1.Header, handed: HandedIn, terms: Terms, present: int) -> None:
    if header.mode != "p":
        raise UnacceptableDropError("what is sealed outside the bot has a passphrase")
    if (header.sender, header.label) != (terms.sender_name, terms.label):
        raise UnacceptableDropError("the header names another sender or label than the order")
    if header.expires_at - header.created_at != terms.lives_seconds:
        raise UnacceptableDropError("the header lets it live for another time than the order")
    if not present - _EARLIEST <= header.created_at <= present + _LATEST:
        raise UnacceptableDropError("the header was made at another time; is the clock right?")
    if (handed.sealed_link is None) != (terms.way == Way.SHOWN):
        raise UnacceptableDropError("a link is sealed to the bot where the bot delivers it, and only there")
    if len(handed.envelope) > MOST_ENVELOPE_BYTES:
        raise UnacceptableDropError("the envelope is too large")


def _new(header: header_v1.Header, handed: HandedIn, link: OrderLink, terms: Terms) -> NewDrop:
    return NewDrop(
        id=header.id,
        header=handed.header,
        envelope=handed.envelope,
        link_proof=handed.link_proof,
        auth_token=handed.auth_token,
        hint=terms.hint,
        sealed_by=SealedBy.CLIENT if terms.kind == OrderKind.CLIENT else SealedBy.PAGE,
        team_id=terms.team_id,
        sender_id=terms.sender_id,
        recipient_id=terms.recipient_id,
        recipient_name=terms.recipient_name,
        recipient_class=terms.recipient_class,
        recipient_team=terms.recipient_team,
        way=Way(terms.way),
        template=terms.template,
        on_lock=terms.on_lock,
        verify=Verify(terms.verify),
        unviewed_after=terms.unviewed_after,
        rotate_by=terms.rotate_by,
        variable=terms.variable,
        reference=terms.reference,
        sealed_link=handed.sealed_link,
        order=link.id,
    )
