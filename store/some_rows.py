"""
Indexes of some rows alone, so that looking for what stands costs nothing for all that is over.

A statement that is to use one says the words of its condition as the index does: of a value that is bound, as
SQLAlchemy binds each, SQLite does not know that it is this one.
"""

from enum import StrEnum

from sqlalchemy import ColumnElement, Index, String, literal_column, text


def index(name: str, *columns: str, where: str) -> Index:
    """An index of the rows for which `where` holds."""
    some = text(where)
    return Index(name, *columns, sqlite_where=some, postgresql_where=some)


def word(one: StrEnum) -> ColumnElement[str]:
    """One of our own words, written into the statement."""
    return literal_column(f"'{one}'", String)
