"""Evidence packs that somebody asked for in Slack: who asked, whose turn it is to make one, and the finished files."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nobody has asked so far."""
    op.create_table(
        "evidence_packs",
        sa.Column("id", sa.LargeBinary(), nullable=False),
        sa.Column("first_day", sa.String(), nullable=False),
        sa.Column("last_day", sa.String(), nullable=False),
        sa.Column("recipients", sa.String(), nullable=False),
        sa.Column("asked_by", sa.String(), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("making", sa.Integer(), nullable=True),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("lease_until", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=True),
        sa.Column("failure", sa.String(), nullable=True),
        sa.Column("made_at", sa.BigInteger(), nullable=True),
        sa.Column("drops", sa.Integer(), nullable=True),
        sa.Column("faults", sa.Integer(), nullable=True),
        sa.Column("waiting", sa.Integer(), nullable=True),
        sa.Column("refused", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("note_at", sa.BigInteger(), nullable=True),
        sa.Column("bytes", sa.BigInteger(), nullable=True),
        sa.Column("sha256", sa.String(), nullable=True),
        sa.CheckConstraint("length(id) = 16", name="pack_id_is_128_bits"),
        sa.CheckConstraint("making = 1", name="making_is_one_or_null"),
        sa.CheckConstraint("(making IS NULL) = (until IS NOT NULL)", name="what_is_not_being_made_ends"),
        sa.CheckConstraint(
            "(until IS NOT NULL) = ((failure IS NOT NULL) <> (made_at IS NOT NULL))", name="made_or_failed"
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("making", name="one_pack_is_made_at_a_time"),
    )
    op.create_table(
        "evidence_pieces",
        sa.Column("pack_id", sa.LargeBinary(), nullable=False),
        sa.Column("attempt", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("n", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("length(content) BETWEEN 1 AND 1048576", name="a_piece_is_small"),
        sa.PrimaryKeyConstraint("pack_id", "attempt", "n"),
    )
    op.create_table(
        "evidence_owed",
        sa.Column("pack_id", sa.LargeBinary(), nullable=False),
        sa.Column("whom", sa.String(), nullable=False),
        sa.Column("not_before", sa.BigInteger(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("told_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("pack_id", "whom"),
    )
