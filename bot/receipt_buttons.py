"""
The button that opens a receipt, with the right to read the names behind it for thirty days.

The right stands in the address's fragment, so that no server, proxy or preview on the way reads it.  In the audit
channel it shows the label only where the operator asked for labels.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from bot import button_wording as wording
from bot.block_kit import Json, link_button
from store import receipt_names
from store.drops import Drop
from store.formats import base64url
from store.opened import Store

RECEIPT: Final = "receipt"


def address(store: Store, rid: str, *, with_label: bool) -> str:
    """Where the receipt of this id is read, from now on for thirty days with its names."""
    return f"{store.issuer}/receipts/{rid}#{receipt_names.token(store, rid, with_label=with_label)}"


def addresses(store: Store, drops: Sequence[Drop]) -> Mapping[bytes, str]:
    """For their sender, those of the drops that have a receipt, by the drop's id."""
    return {drop.id: address(store, drop.receipt, with_label=True) for drop in drops if drop.receipt is not None}


def receipt_button(drop_id: bytes, address: str) -> Json:
    """Opens the receipt."""
    return link_button(wording.RECEIPT, RECEIPT, address, base64url.encode(drop_id), style=None)
