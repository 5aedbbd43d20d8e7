"""
Indexes of some rows alone, so that looking for what stands costs nothing for all that is over.

A statement that is to use one says its condition in the same words: of a value that is bound, as SQLAlchemy binds each,
SQLite does not know that it is the one of the index.
"""

from typing import Final

from sqlalchemy import Boolean, Index, literal_column, text

IS_OPEN: Final = literal_column("drops.state IN ('sealed','locked')", Boolean)
IS_PENDING: Final = literal_column("drops.delivery = 'pending'", Boolean)
IS_ROTATE: Final = literal_column("watches.what = 'rotate'", Boolean)


def index(name: str, *columns: str, where: str) -> Index:
    """An index of the rows for which `where` holds."""
    some = text(where)
    return Index(name, *columns, sqlite_where=some, postgresql_where=some)
