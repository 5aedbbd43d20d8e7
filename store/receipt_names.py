"""
The names behind a receipt: who gave what to whom, for whoever was given a token, for thirty days and the rest of the
last (UTC).

A receipt itself names nobody.  What is shown here are the disclosures of its leaf, each of which proves by its digest
that the signed receipt means just this name; once they are erased nobody can be shown them any more.
"""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import select

from store.errors import NamesOverError, UnknownReceiptError
from store.formats import names_token_v1
from store.formats.errors import FormatError
from store.formats.names_token_v1 import Grant
from store.opened import Store
from store.personal import disclosure_of
from store.receipts import JTI
from store.schema import disclosures, events

_DAY_SECONDS: Final = 86_400
LASTS_SECONDS: Final = 30 * _DAY_SECONDS
_IN_OWN_WORDS: Final = ("label", "reference")


@dataclass(frozen=True)
class Names:
    """SD-JWT disclosures (RFC 9901, 4.2) as texts, and until when they are shown, Unix seconds."""

    disclosures: list[str]
    until: int


def token(store: Store, rid: str, *, with_label: bool) -> str:
    """
    A token from now on for thirty days, to the end of the last; `rid` is the receipt's id, 32 hexadecimal characters.

    On one day it is the same each time, so that what shows it does not change with every look.
    """
    until = store.clock.now_seconds() + LASTS_SECONDS
    grant = Grant(-(-until // _DAY_SECONDS) * _DAY_SECONDS, with_label)
    return names_token_v1.encode(store.keyring.peppers.current, bytes.fromhex(rid), grant)


async def names(store: Store, rid: str, token: str) -> Names:
    """
    What the token lets one read.

    Raises UnknownReceiptError for an unknown receipt and for a token that is none of it, NamesOverError, and
    KeyUnreadableError.
    """
    try:
        grant = names_token_v1.decode(store.keyring.peppers.current, bytes.fromhex(rid), token)
    except (FormatError, ValueError) as error:
        raise UnknownReceiptError from error
    jti = JTI + rid
    shown = select(disclosures).where(disclosures.c.jti == jti)
    async with store.db.read() as tx:
        drop_id = await tx.scalar(select(events.c.drop_id).where(events.c.jti == jti))
        if drop_id is None:
            raise UnknownReceiptError
        # By the drop as well: that is what the table has an index for.
        of_drop = shown.where(disclosures.c.drop_id == drop_id).order_by(disclosures.c.name)
        rows = (await tx.execute(of_drop)).all()
    if grant.until <= store.clock.now_seconds():
        raise NamesOverError
    texts = [disclosure_of(store.months, row) for row in rows if grant.with_label or row.name not in _IN_OWN_WORDS]
    return Names([text for text in texts if text is not None], grant.until)
