"""
A link may go by e-mail.

SQLite changes no CHECK: the table is made anew from its own definition, so that every other promise of it, its indexes
and its triggers come back letter for letter.
"""

from alembic import op
from sqlalchemy import text

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_BEFORE = "way IN ('dm','shown','here')"
_AFTER = "way IN ('dm','shown','here','mail')"


def upgrade() -> None:
    """What exists went another way, and is copied as it is."""
    if op.get_bind().dialect.name != "sqlite":
        op.execute(f"ALTER TABLE drops DROP CONSTRAINT known_way, ADD CONSTRAINT known_way CHECK ({_AFTER})")
        return
    definitions = text(
        "SELECT type, sql FROM sqlite_master WHERE tbl_name = 'drops' AND sql IS NOT NULL ORDER BY type DESC"
    )
    rows = op.get_bind().execute(definitions).all()
    [table] = [row.sql for row in rows if row.type == "table"]
    if table.count(_BEFORE) != 1:
        raise RuntimeError("the table of drops is not the one that the migrations made; nothing was changed")
    columns = table.partition("(")[2].replace(_BEFORE, _AFTER)
    op.execute(text(_literally(f"CREATE TABLE drops_anew ({columns}")))
    op.execute("INSERT INTO drops_anew SELECT * FROM drops")
    op.execute("DROP TABLE drops")  # with its indexes and triggers, whose names are free from here on
    op.execute("ALTER TABLE drops_anew RENAME TO drops")
    for row in rows:
        if row.type != "table":
            op.execute(text(_literally(row.sql)))


def _literally(sql: str) -> str:
    """A colon in it is no parameter."""
    return sql.replace(":", "\\:")
