"""Keys under which one client sends one thing once."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nobody has named a key so far."""
    op.create_table(
        "asked_once",
        sa.Column("id", sa.LargeBinary(), nullable=False),
        sa.Column("asked", sa.LargeBinary(), nullable=False),
        sa.Column("order_id", sa.LargeBinary(), nullable=False),
        sa.Column("drop_id", sa.LargeBinary()),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("length(id) = 32", name="once_id_is_256_bits"),
        sa.CheckConstraint("length(asked) = 32", name="once_asked_is_256_bits"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("order_id"),
    )
    op.create_index("asked_once_by_until", "asked_once", ["until"])
