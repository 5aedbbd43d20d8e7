"""
What a token is for, how often it reads, and what clients ask to be revoked.

A plain ADD COLUMN: the tokens of before are for sending.
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nobody has read or revoked with a token so far."""
    op.add_column("tokens", sa.Column("scopes", sa.String(), nullable=False, server_default="send"))
    op.create_table(
        "token_reads",
        sa.Column("token_id", sa.LargeBinary(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("times", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("what IN ('list','drop','events','receipt')", name="known_read"),
        sa.PrimaryKeyConstraint("token_id", "what"),
    )
    op.create_table(
        "asked_revokes",
        sa.Column("id", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("why", sa.String()),
        sa.Column("token_id", sa.LargeBinary(), nullable=False),
        sa.Column("drop_id", sa.LargeBinary(), nullable=False),
        sa.Column("proof", sa.LargeBinary(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("length(id) = 16", name="asked_revoke_id_is_128_bits"),
        sa.CheckConstraint("state IN ('asked','begun','done','refused')", name="known_asked_revoke_state"),
        sa.CheckConstraint("(state = 'refused') = (why IS NOT NULL)", name="refused_means_why"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("asked_revokes_by_until", "asked_revokes", ["until"])
