"""
Indexes of some rows alone, so that looking for what stands costs nothing for all that is over.

A statement that is to use one says the words of its condition as the index does: of a value that is bound, as
SQLAlchemy binds each, SQLite does not know that it is this one.
"""

from enum import StrEnum

from sqlalchemy import ColumnElement, Index, String, literal_column


def index(name: str, *columns: str, where: str, unique: bool = False) -> Index:
    """An index of the rows for which `where` holds."""
    # The condition is the migration's: said here it would make every program import both engines' dialects.
    return Index(name, *columns, unique=unique, info={"where": where})


def word(one: StrEnum) -> ColumnElement[str]:
    """One of our own words, written into the statement."""
    return literal_column(f"'{one}'", String)
