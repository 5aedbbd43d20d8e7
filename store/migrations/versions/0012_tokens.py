"""Tokens, with which clients ask in a person's name."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nobody has a token so far."""
    op.create_table(
        "tokens",
        sa.Column("id", sa.LargeBinary(), nullable=False),
        sa.Column("proof", sa.LargeBinary(), nullable=False),
        sa.Column("month", sa.String(), nullable=False),
        sa.Column("personal", sa.LargeBinary(), nullable=False),
        sa.Column("owner", sa.LargeBinary(), nullable=False),
        sa.Column("signed", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.Column("used_at", sa.BigInteger()),
        sa.Column("revoked_at", sa.BigInteger()),
        sa.CheckConstraint("length(id) = 12", name="token_id_is_96_bits"),
        sa.CheckConstraint("length(proof) = 32", name="token_proof_is_256_bits"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("tokens_by_owner", "tokens", ["owner"])
