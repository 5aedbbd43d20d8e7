"""
Pausing, ways of delivery, and whose workspace a recipient belongs to.

A plain ADD COLUMN each: rebuilding the table, as SQLite needs for anything more, would drop the triggers of 0001.
"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; what exists was delivered by DM, within its own workspace as far as anybody knows."""
    op.execute("ALTER TABLE drops ADD COLUMN way VARCHAR NOT NULL DEFAULT 'dm' CHECK (way IN ('dm','shown','here'))")
    op.execute("ALTER TABLE drops ADD COLUMN recipient_team VARCHAR")
    # Whatever code forgets to ask: a paused drop cannot become claimed.
    op.execute("ALTER TABLE drops ADD COLUMN paused_at BIGINT CHECK (paused_at IS NULL OR state <> 'claimed')")
