"""
Records that clients ask for, until the bot has made them; records that they ask to be revoked, and read of.

A plain ADD COLUMN: what was to be revoked before is a drop.
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nobody has asked for one so far.  What a token looked at and was not said yet is carried over."""
    op.add_column("records", sa.Column("asked", sa.LargeBinary()))
    op.add_column("asked_revokes", sa.Column("what", sa.String(), nullable=False, server_default="drop"))
    op.create_table(
        "token_reads_now",
        sa.Column("token_id", sa.LargeBinary(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("times", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("what IN ('list','drop','events','receipt','records','record')", name="known_read"),
        sa.PrimaryKeyConstraint("token_id", "what"),
    )
    op.execute("INSERT INTO token_reads_now SELECT token_id, what, since, times FROM token_reads")
    op.drop_table("token_reads")
    op.rename_table("token_reads_now", "token_reads")
    op.create_table(
        "asked_records",
        sa.Column("id", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("why", sa.String()),
        sa.Column("token_id", sa.LargeBinary(), nullable=False),
        sa.Column("asked", sa.LargeBinary(), nullable=False),
        sa.Column("proof", sa.LargeBinary(), nullable=False),
        sa.Column("wrapped_key", sa.LargeBinary()),
        sa.Column("box", sa.LargeBinary()),
        sa.Column("question", sa.LargeBinary()),
        sa.Column("month", sa.String(), nullable=False),
        sa.Column("personal", sa.LargeBinary(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("length(id) = 16", name="asked_record_id_is_128_bits"),
        sa.CheckConstraint("state IN ('asked','done','refused')", name="known_asked_record_state"),
        sa.CheckConstraint("(state = 'refused') = (why IS NOT NULL)", name="a_refused_record_has_a_reason"),
        sa.CheckConstraint("(state = 'asked') = (box IS NOT NULL)", name="an_answered_record_holds_nothing"),
        sa.CheckConstraint("(state = 'asked') = (wrapped_key IS NOT NULL)", name="an_answered_record_keeps_no_key"),
        sa.CheckConstraint("(state = 'asked') = (question IS NOT NULL)", name="an_answered_record_keeps_no_token"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("asked_records_by_until", "asked_records", ["until"])
