"""What was last anchored outside, and whose turn it is: one row."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing was anchored so far."""
    op.create_table(
        "log_anchoring",
        sa.Column("one", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("posted_at", sa.BigInteger(), nullable=False),
        sa.Column("lease_until", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("one = 1", name="one_anchoring"),
        sa.PrimaryKeyConstraint("one"),
    )
    op.execute("INSERT INTO log_anchoring (one, note, posted_at, lease_until) VALUES (1, '', 0, 0)")
