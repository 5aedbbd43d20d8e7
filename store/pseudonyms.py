"""Under which pseudonyms somebody's drops stand, in every month whose key is still there."""

from sqlalchemy import Column, ColumnElement

from store import personal
from store.keyring import KeyState
from store.opened import Store


def of(store: Store, role: str, person: str) -> list[bytes]:
    """One for each month that is not erased; `role` is SENDER or RECIPIENT.  Raises KeyUnreadableError."""
    found = []
    for month, state in store.months.states().items():
        key = store.months.read(month) if state is KeyState.LIVE else None
        if key is not None:
            found.append(personal.pseudonym(key, role, person))
    return found


def is_of(store: Store, column: Column[bytes], role: str, person: str) -> ColumnElement[bool]:
    """Whether a row's column stands for this person.  Raises KeyUnreadableError."""
    return column.in_(of(store, role, person))
