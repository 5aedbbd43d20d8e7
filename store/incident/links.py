"""
The list of what one person was handed, for whoever was given a link in Slack: as much as they may see, for a while.

It is read when it is asked for: what was erased or rotated meanwhile is so in it.  Nothing of it is kept.
"""

import asyncio
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from store import handed
from store.errors import UnknownSheetError
from store.formats import sheet_link_v1
from store.formats.errors import FormatError
from store.formats.receipt_v1 import utc
from store.formats.sheet_link_v1 import NONCE_BYTES, Grant
from store.incident.sheet import Row, Sheet, records_of, row_of
from store.opened import Store

LASTS_SECONDS: Final = 15 * 60
MOST_ROWS: Final = 2000
"""On one list that is made while somebody waits; the most urgent come first."""
_AT_ONCE: Final = 100
"""A claim must not wait until thousands of names are unsealed."""


@dataclass(frozen=True)
class Given:
    """A link's text, and until when it works, Unix seconds."""

    text: str
    until: int


def give(store: Store, person: str, team: str, *, with_labels: bool, pages: Mapping[str, str]) -> Given:
    """A link for somebody who may see everything that a person was handed.  Raises KeyUnreadableError."""
    until = store.clock.now_seconds() + LASTS_SECONDS
    grant = Grant(person, team, until, with_labels, pages)
    return Given(sheet_link_v1.encode(store.keyring.peppers.current, os.urandom(NONCE_BYTES), grant), until)


async def sheet(store: Store, text: str) -> Sheet:
    """
    What the link lets one read.

    Raises UnknownSheetError where it was never given out, or its time is over, and KeyUnreadableError.
    """
    try:
        grant = sheet_link_v1.decode(store.keyring.peppers.current, text)
    except FormatError as error:
        raise UnknownSheetError from error
    if grant.until <= store.clock.now_seconds():
        raise UnknownSheetError
    return await _read(store, grant)


async def _read(store: Store, grant: Grant) -> Sheet:
    rows: list[Row] = []
    name, after, read, foreign = grant.person, None, 0, 0
    while read < MOST_ROWS:
        page = await handed.page(store, grant.person, None, after=after, most=min(_AT_ONCE, MOST_ROWS - read))
        ours = [drop for drop in page.drops if drop.team_id == grant.team]
        if ours and not rows:
            name = ours[0].recipient_name
        rows += [row_of(drop, grant.pages.get, is_named=grant.with_labels) for drop in ours]
        read, foreign, after = read + len(page.drops), foreign + len(page.drops) - len(ours), page.after
        if after is None:
            break
        await asyncio.sleep(0)
    left_out = 0 if after is None else max(0, (await handed.counts(store, grant.person, None)).all - read)
    made_at = utc(store.clock.now_seconds() * 1000)
    erased = await handed.erased(store)
    standing = await records_of(store, grant.person, grant.team, is_named=grant.with_labels)
    return Sheet(grant.person, name, made_at, rows, erased, foreign=foreign, left_out=left_out, records=standing)
