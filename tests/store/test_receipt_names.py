"""The names behind a receipt: for whoever has its token, for thirty days, and for nobody else."""

import json
from base64 import urlsafe_b64decode
from hashlib import sha256

import pytest
from sqlalchemy import delete

from store import endings, receipt_names, receipts
from store.errors import NamesOverError, UnknownReceiptError
from store.formats import base64url
from store.opened import Store
from store.schema import disclosures
from tests.store.living import created
from tests.store.reading import events_of
from tests.stores import Home

DAY = 86_400
THIRTY_DAYS = 30 * DAY


async def ended(store: Store) -> tuple[bytes, str]:
    """A drop that ended: its id and that of its receipt."""
    sealed = await created(store)
    await endings.revoke(store, sealed.new.id)
    rid = await receipts.of_drop(store, sealed.new.id)
    assert rid is not None
    return sealed.new.id, rid


def read(texts: list[str]) -> dict[str, str]:
    """Name and value of each disclosure."""
    parts = [json.loads(urlsafe_b64decode(text + "=" * (-len(text) % 4))) for text in texts]
    return {name: value for _, name, value in parts}


async def test_a_token_shows_the_names_and_the_label_only_where_it_says_so(store: Store) -> None:
    """The sender's token tells the label; the one for the audit channel does not."""
    _, rid = await ended(store)
    for with_label in (True, False):
        shown = await receipt_names.names(store, rid, receipt_names.token(store, rid, with_label=with_label))
        told = read(shown.disclosures)
        assert {"sender", "sender_name", "recipient", "recipient_name", "team"} <= told.keys()
        assert ("label" in told) is with_label


async def test_what_is_shown_is_what_was_signed(store: Store) -> None:
    """Every disclosure hashes to a digest of the receipt."""
    drop_id, rid = await ended(store)
    shown = await receipt_names.names(store, rid, receipt_names.token(store, rid, with_label=True))
    receipt = (await events_of(store, drop_id))[-1]
    digests = {base64url.encode(sha256(text.encode()).digest()) for text in shown.disclosures}
    assert digests == set(receipt["_sd"])


async def test_a_token_is_of_one_receipt_and_cannot_be_made_longer(store: Store) -> None:
    """Another receipt's, a changed one and anything else are refused alike, as an unknown receipt is."""
    _, rid = await ended(store)
    _, other = await ended(store)
    token = receipt_names.token(store, rid, with_label=False)
    changed = [token[:at] + ("A" if token[at] != "A" else "B") + token[at + 1 :] for at in range(len(token) - 1)]
    for wrong in (receipt_names.token(store, other, with_label=True), *changed, "", "x", token + "A", token[:-1]):
        with pytest.raises(UnknownReceiptError):
            await receipt_names.names(store, rid, wrong)
    unknown = "0" * 32
    with pytest.raises(UnknownReceiptError):
        await receipt_names.names(store, unknown, receipt_names.token(store, unknown, with_label=True))
    for no_rid in ("", "zz", "0" * 30):
        with pytest.raises(UnknownReceiptError):
            await receipt_names.names(store, no_rid, token)


async def test_after_thirty_days_nobody_is_named(store: Store, home: Home) -> None:
    """To the second, at the end of the last of them: asked for at any time of a day, it is the same token."""
    home.hold_clock()
    _, rid = await ended(store)
    home.advance_clock(DAY - store.clock.now_seconds() % DAY + 1)
    token = receipt_names.token(store, rid, with_label=True)
    home.advance_clock(DAY - 2)
    assert receipt_names.token(store, rid, with_label=True) == token
    home.advance_clock(THIRTY_DAYS)
    assert (await receipt_names.names(store, rid, token)).disclosures
    home.advance_clock(1)
    with pytest.raises(NamesOverError):
        await receipt_names.names(store, rid, token)


async def test_what_was_erased_is_shown_to_nobody(store: Store) -> None:
    """A token outlives the names: it then shows none."""
    _, rid = await ended(store)
    token = receipt_names.token(store, rid, with_label=True)
    async with store.db.write() as tx:
        await tx.execute(delete(disclosures))
    assert (await receipt_names.names(store, rid, token)).disclosures == []
