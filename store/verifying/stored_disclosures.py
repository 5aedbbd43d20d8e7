"""
Disclosures against the digests in their leaves, both ways.

A digest without its disclosure is nothing that the log's proof suffers from, but nobody can say any more what it meant.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Row, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from store.errors import KeyUnreadableError
from store.formats import event_v1
from store.formats.errors import FormatError
from store.months import Months, month_of
from store.pages import one_by_one
from store.personal import disclosure_of
from store.schema import disclosures, events
from store.verifying import disclosures as texts
from store.verifying.findings import Findings
from store.verifying.forgotten import Forgotten
from store.verifying.life import Told

_TABLE: Final = "disclosures"
_AT_ONCE: Final = 500
OF_A_DROP: Final = 6
"""Team, both people with id and name, and label: what every drop.created and every receipt commit to."""

_SOMETIMES: Final = "reference"


@dataclass
class Disclosed:
    """How many rows belong to some leaves, and what they disclose: {jti: {name: value}}."""

    rows: int = 0
    values: dict[str, dict[str, str]] = field(default_factory=dict)


async def of(
    tx: AsyncConnection, months: Months | None, told: Sequence[Told], forgotten: Forgotten, findings: Findings
) -> Disclosed:
    """
    Look up the digests of these leaves, and judge what is found, or is not.

    Without `months`, the keys under which they are kept, only whether they are there.
    """
    wanted = [(one, _digests(one)) for one in told]
    digests = [digest for _, some in wanted for digest in some]
    rows: dict[str, Row[Any]] = {}
    for at in range(0, len(digests), _AT_ONCE):
        found = await tx.execute(select(disclosures).where(disclosures.c.digest.in_(digests[at : at + _AT_ONCE])))
        rows |= {row.digest: row for row in found}
    disclosed = Disclosed(len(rows))
    for one, some in wanted:
        event = f"{one.row.event} at position {one.row.position}"
        there = [rows[digest] for digest in some if digest in rows]
        for why in _absent(one, len(some), there, forgotten):
            findings.fail(_TABLE, f"{event}: {why}")
        values = disclosed.values.setdefault(one.row.jti, {})
        for row in there:
            value, fault = _value(months, row, one)
            if fault is not None:
                findings.fail(_TABLE, f"{event}, digest {row.digest}: {fault}")
            elif value is not None:
                values[row.name] = value
    return disclosed


def _absent(one: Told, in_all: int, there: Sequence[Row[Any]], forgotten: Forgotten) -> Iterator[str]:
    """What is missing and may not be, and what is there and may not be."""
    if month_of(one.row.at) in forgotten.months:
        return  # what is still there nobody can read
    may_lack = forgotten.of_event(one.row, one.claims)
    if kept := sorted({row.name for row in there} & may_lack):
        yield f"its {', '.join(kept)} is there, and was said to be forgotten"
    named = {row.name for row in there}
    # Which field a digest is of can only its disclosure say: of those that are gone no more is known than how many, so
    # that the number must be right.  One that most drops do not have would leave room for another.
    may_be_gone = may_lack - named - ({_SOMETIMES} if in_all == OF_A_DROP else set())
    if in_all - len(there) > len(may_be_gone):
        yield f"{in_all - len(there)} of its {in_all} disclosures are gone, and nobody was said to be forgotten"


async def close(tx: AsyncConnection, matched: int, findings: Findings, *, with_keys: bool) -> None:
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
    unread = "" if with_keys else "; not read, because KEYRING_DIR cannot be"
    lacking = "none is missing but what was forgotten"
    findings.close(_TABLE, f"{in_all}, each behind a digest in its leaf, and {lacking}{unread}")


def _digests(one: Told) -> list[str]:
    said = one.claims.get("_sd", [])
    return [digest for digest in said if isinstance(digest, str)] if isinstance(said, list) else []


def _stands_in(digest: str, leaf: bytes) -> bool:
    try:
        return digest in event_v1.unverified(leaf).get("_sd", [])
    except (FormatError, ValueError, TypeError, AttributeError):
        return False


def _value(months: Months | None, row: Row[Any], one: Told) -> tuple[str | None, str | None]:
    """What it discloses, and why it is wrong; neither, where there is no keyring to read it with."""
    if (row.jti, row.drop_id, row.month) != (one.row.jti, one.row.drop_id, month_of(one.row.at)):
        return None, "its column jti, drop_id or month is of another event"
    if months is None:
        return None, None
    try:
        text = disclosure_of(months, row)
        if text is None:
            return None, None  # said of its month, once
        name, value = texts.fields(text)
        is_its_digest = texts.digest(text) == row.digest
    except KeyUnreadableError as error:
        return None, f"it cannot be read: {error}"
    except (FormatError, TypeError, AttributeError, UnicodeError):
        return None, "its text is no disclosure"
    if not is_its_digest:
        return None, "its text is another one than the digest was made of"
    if name != row.name:
        return None, f"its column name is {row.name!r}, and its text discloses {name!r}"
    return value, None
