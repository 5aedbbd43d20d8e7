"""Links that somebody else sealed: on their way to the bot, and the public keys that they are sealed to."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing is on its way so far, and the bot publishes its key when it starts."""
    op.create_table(
        "deliveries",
        sa.Column("drop_id", sa.LargeBinary(), nullable=False),
        sa.Column("sealed_link", sa.LargeBinary(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.Column("lease_until", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("length(sealed_link) BETWEEN 82 AND 1105", name="a_sealed_link_is_small"),
        sa.PrimaryKeyConstraint("drop_id"),
    )
    op.create_table(
        "delivery_keys",
        sa.Column("kid", sa.String(), nullable=False),
        sa.Column("public", sa.LargeBinary(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("length(public) = 65", name="a_point_of_p256"),
        sa.PrimaryKeyConstraint("kid"),
    )
