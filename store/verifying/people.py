"""
A drop's people as its row keeps them, against what drop.created committed to, and what was forgotten of them.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from sqlalchemy import Row

from store.errors import KeyUnreadableError
from store.formats import header_v1
from store.formats.errors import FormatError
from store.months import Months, month_of
from store.personal import ERASED, RECIPIENT, SENDER, Personal, of_row, pseudonyms
from store.verifying.forgotten import Forgotten

_BOUNDARY_MS: Final = 3_600_000
_ERASABLE: Final = ("personal", "sender", "recipient", "v1")


def faults(
    months: Months | None, row: Row[Any], created: Mapping[str, Any], disclosed: Mapping[str, str], forgotten: Forgotten
) -> Iterator[str]:
    """
    What is not as it must be.  `created` are the claims of drop.created, `disclosed` what its disclosures say.

    Without `months`, the keys under which they are kept, only whether they are there.
    """
    # The program that made it took the month from its own clock, and the time from the database's.
    if row.month not in {month_of(row.created_at - _BOUNDARY_MS), month_of(row.created_at + _BOUNDARY_MS)}:
        yield "its column month is not that of its creation"
    there = [name for name in _ERASABLE if getattr(row, name) is not None]
    if row.month in forgotten.months:
        return  # what is still there nobody can read
    roles: set[str] = {name for name in (SENDER, RECIPIENT) if name in forgotten.of_drop(row.id)}
    for name in _ERASABLE:
        if name in roles and name in there:
            yield f"its column {name} is there, and was said to be forgotten"
        if name not in roles and name not in there:
            yield f"its column {name} is gone, and nobody was said to be forgotten"
    if months is None or row.personal is None:
        return
    try:
        people = of_row(months, row)
        key = months.read(row.month)
        if key is not None:  # an erased one is said of its month, once
            yield from _unlike(people, row, created, disclosed, roles)
            yield from _unfound(people, row, key)
    except KeyUnreadableError as error:
        yield f"its people cannot be read: {error}"


def _unfound(people: Personal, row: Row[Any], key: bytes) -> Iterator[str]:
    """Whom nobody would find again who looks for a person's drops."""
    for role, person in ((SENDER, people.sender_id), (RECIPIENT, people.recipient_id)):
        ref = getattr(row, role)
        if ref is not None and ref not in pseudonyms(key, role, person):
            yield f"its column {role} is not its {role}'s"


def _unlike(
    people: Personal, row: Row[Any], created: Mapping[str, Any], disclosed: Mapping[str, str], roles: set[str]
) -> Iterator[str]:
    held = people.disclosed()
    for name, value in disclosed.items():
        if name in held and held[name] != value:
            yield f"its {name} is not what drop.created committed to"
    for role in roles:
        if held[role] or held[f"{role}_name"] != ERASED or held["label"] != ERASED:
            yield f"its {role} was said to be forgotten, and is there"
    try:
        header = header_v1.parse(people.header)
    except FormatError:
        yield "its header is none"
        return
    form = header.form if header.mode == "p" else "none"
    if (header.id, header.expires_at, form) != (row.id, created.get("expires_at"), created.get("passphrase")):
        yield "its header is another drop's, or was changed"
