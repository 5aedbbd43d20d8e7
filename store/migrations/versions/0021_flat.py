"""
Indexes of what stands and of what is told, beside everything that is over; which days of rotation are done with.

The conditions of the partial ones stand in the statements word for word: SQLite takes no other for the same.
"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A day of rotation is done with where the key was rotated, or was never seen."""
    op.add_column("watches", sa.Column("done_at", sa.BigInteger()))
    op.execute(
        "UPDATE watches SET done_at = at WHERE what = 'rotate' AND EXISTS (SELECT 1 FROM drops WHERE "
        "drops.id = watches.drop_id AND (rotated_at IS NOT NULL OR (claimed_at IS NULL AND state = 'destroyed')))"
    )
    _index("drops_open", "drops", ["created_at", "id"], "state IN ('sealed','locked')")
    _index("drops_pending", "drops", ["delivery_until"], "delivery = 'pending'")
    _index("drops_unopened", "drops", ["expires_at"], "claimed_at IS NULL")
    op.create_index("drops_by_sender_and_end", "drops", ["sender", "expires_at"])
    op.create_index("recurrences_by_telling", "recurrences", ["told_at"])
    _index("watches_to_rotate", "watches", ["at"], "what = 'rotate' AND done_at IS NULL")


def _index(name: str, table: str, columns: list[str], where: str) -> None:
    op.create_index(name, table, columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))
