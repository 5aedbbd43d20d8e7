"""
Disclosures against the digests in their leaves, both ways.

A digest without its disclosure is nothing that the log's proof suffers from, but nobody can say any more what it meant.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Row, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from store.formats import event_v1
from store.formats.errors import FormatError
from store.schema import disclosures, events
from store.verifying import disclosures as texts
from store.verifying.findings import Findings
from store.verifying.life import Told
from store.verifying.snapshot import one_by_one

_TABLE: Final = "disclosures"
_AT_ONCE: Final = 500


@dataclass
class Disclosed:
    """How many rows belong to some leaves, and what they disclose: {jti: {name: value}}."""

    rows: int = 0
    values: dict[str, dict[str, str]] = field(default_factory=dict)


async def of(tx: AsyncConnection, told: Sequence[Told], findings: Findings) -> Disclosed:
    """Look up the digests of these leaves, and judge what is found, or is not."""
    wanted = [(one, _digests(one)) for one in told]
    digests = [digest for _, some in wanted for digest in some]
    rows: dict[str, Row[Any]] = {}
    for at in range(0, len(digests), _AT_ONCE):
        found = await tx.execute(select(disclosures).where(disclosures.c.digest.in_(digests[at : at + _AT_ONCE])))
        rows |= {row.digest: row for row in found}
    disclosed = Disclosed(len(rows))
    for one, some in wanted:
        event = f"{one.row.event} at position {one.row.position}"
        if missing := sum(digest not in rows for digest in some):
            findings.fail(
                _TABLE, f"{event}: {missing} of its {len(some)} disclosures are gone, erased or deleted by hand"
            )
        values = disclosed.values.setdefault(one.row.jti, {})
        for digest in some:
            if digest in rows:
                if why := _wrong(rows[digest], one):
                    findings.fail(_TABLE, f"{event}, digest {digest}: {why}")
                else:
                    values[rows[digest].name] = texts.fields(rows[digest].disclosure)[1]
    return disclosed


async def close(tx: AsyncConnection, matched: int, findings: Findings) -> None:
    """After all leaves were seen: there must be no other rows than those that belong to one."""
    in_all = await tx.scalar(select(func.count()).select_from(disclosures)) or 0
    if in_all != matched:
        with_leaf = select(disclosures.c.digest, disclosures.c.jti, events.c.leaf, events.c.position).outerjoin(
            events, events.c.jti == disclosures.c.jti
        )
        async for row in one_by_one(tx, with_leaf, disclosures.c.digest):
            if row.leaf is None:
                findings.fail(_TABLE, f"digest {row.digest}: there is no event {row.jti}")
            elif not _stands_in(row.digest, row.leaf):
                findings.fail(_TABLE, f"digest {row.digest} does not stand in the event at position {row.position}")
    findings.close(_TABLE, f"{in_all}, each behind a digest in its leaf, and none is missing")


def _digests(one: Told) -> list[str]:
    said = one.claims.get("_sd", [])
    return [digest for digest in said if isinstance(digest, str)] if isinstance(said, list) else []


def _stands_in(digest: str, leaf: bytes) -> bool:
    try:
        return digest in event_v1.unverified(leaf).get("_sd", [])
    except (FormatError, ValueError, TypeError, AttributeError):
        return False


def _wrong(row: Row[Any], one: Told) -> str | None:
    try:
        name, _ = texts.fields(row.disclosure)
        is_its_digest = texts.digest(row.disclosure) == row.digest
    except (FormatError, TypeError, AttributeError, UnicodeEncodeError):
        return "its text is no disclosure"
    if not is_its_digest:
        return "its text is another one than the digest was made of"
    if name != row.name:
        return f"its column name is {row.name!r}, and its text discloses {name!r}"
    if row.jti != one.row.jti or row.drop_id != one.row.drop_id:
        return "its column jti or drop_id is of another event"
    return None
