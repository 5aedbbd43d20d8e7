"""Under which pseudonyms somebody's drops stand, in every month whose key is still there."""

from collections.abc import Iterable

from sqlalchemy import Column, ColumnElement

from store import personal
from store.errors import KeyUnreadableError
from store.keyring import KeyState
from store.opened import Store


def of(store: Store, role: str, person: str) -> list[bytes]:
    """
    Those of each month that is not erased; `role` is SENDER or RECIPIENT.

    Raises KeyUnreadableError where a month's key is absent: a list without its drops would look whole.
    """
    return sorted({name for of_month in latest_first(store, role, person) for name in of_month})


def latest_first(store: Store, role: str, person: str) -> list[list[bytes]]:
    """The same month by month, the latest first."""
    found = []
    for month, state in reversed(store.months.states().items()):
        key = None if state is KeyState.ERASED else store.months.read(month)
        if key is not None:
            found.append(sorted(personal.pseudonyms(key, role, person)))
    return found


def readable(store: Store, role: str, person: str, months: Iterable[str] | None = None) -> list[bytes]:
    """
    Those of each of these months, or of all, whose key can be read.

    For bounds: a key that is absent must not keep anybody from what they may.
    """
    found: set[bytes] = set()
    for month in store.months.states() if months is None else months:
        try:
            key = store.months.read(month)
        except KeyUnreadableError:
            continue
        if key is not None:
            found |= personal.pseudonyms(key, role, person)
    return sorted(found)


def is_of(store: Store, column: Column[bytes], role: str, person: str) -> ColumnElement[bool]:
    """Whether a row's column stands for this person.  Raises KeyUnreadableError."""
    return column.in_(of(store, role, person))
