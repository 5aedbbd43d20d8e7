"""Orders, under which drops are sealed outside the bot."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nobody has ordered anything so far."""
    op.create_table(
        "orders",
        sa.Column("id", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("proof", sa.LargeBinary(), nullable=False),
        sa.Column("month", sa.String(), nullable=False),
        sa.Column("personal", sa.LargeBinary(), nullable=False),
        sa.Column("sender", sa.LargeBinary()),
        sa.Column("recipient", sa.LargeBinary()),
        sa.Column("signed", sa.Text()),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.Column("drop_id", sa.LargeBinary()),
        sa.CheckConstraint("length(id) = 16", name="order_id_is_128_bits"),
        sa.CheckConstraint("state IN ('asked','open','refused','used')", name="known_order_state"),
        sa.CheckConstraint("(state = 'used') = (drop_id IS NOT NULL)", name="used_once_for_one_drop"),
        sa.CheckConstraint("(state IN ('open','used')) = (signed IS NOT NULL)", name="open_means_signed"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("drop_id"),
    )
    op.create_index("orders_by_until", "orders", ["until"])
