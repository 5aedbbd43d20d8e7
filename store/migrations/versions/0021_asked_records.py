"""Records that clients ask for, until the bot has made them; and what a token reads of records."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nobody has asked for one so far."""
    op.create_table(
        "asked_records",
        sa.Column("id", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("why", sa.String()),
        sa.Column("token_id", sa.LargeBinary(), nullable=False),
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
