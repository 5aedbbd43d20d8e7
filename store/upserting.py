"""INSERT with ON CONFLICT, which SQLAlchemy has once for each engine: a program imports that of its own alone."""

from typing import Any

from store.database import Database


def upserts(db: Database) -> Any:
    """This engine's `insert`, whose statements have `on_conflict_do_nothing`, `on_conflict_do_update`, `excluded`."""
    if db.is_sqlite:
        from sqlalchemy.dialects.sqlite import insert as of_sqlite

        return of_sqlite
    from sqlalchemy.dialects.postgresql import insert as of_postgresql

    return of_postgresql
