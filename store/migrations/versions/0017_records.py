"""Records, standing credentials that programs read."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """There is none so far."""
    op.create_table(
        "records",
        sa.Column("id", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("proof", sa.LargeBinary()),
        sa.Column("sealed", sa.LargeBinary()),
        sa.Column("month", sa.String(), nullable=False),
        sa.Column("personal", sa.LargeBinary()),
        sa.Column("reads", sa.Integer(), nullable=False),
        sa.Column("reads_left", sa.Integer()),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("rotated_at", sa.BigInteger()),
        sa.Column("read_at", sa.BigInteger()),
        sa.Column("ended_at", sa.BigInteger()),
        sa.Column("refused", sa.Integer(), nullable=False),
        sa.Column("refused_told", sa.Integer(), nullable=False),
        sa.Column("refused_told_at", sa.BigInteger()),
        sa.Column("refused_shown_at", sa.BigInteger()),
        sa.CheckConstraint("length(id) = 16", name="record_id_is_128_bits"),
        sa.CheckConstraint("version BETWEEN 1 AND 2147483647", name="a_version_names_a_key"),
        sa.CheckConstraint("state IN ('live','revoked','expired')", name="known_record_state"),
        sa.CheckConstraint("(state = 'live') = (sealed IS NOT NULL)", name="a_live_record_has_a_value"),
        sa.CheckConstraint("(state = 'live') = (proof IS NOT NULL)", name="a_live_record_has_a_key"),
        sa.CheckConstraint("(state = 'live') = (ended_at IS NULL)", name="an_ended_record_has_a_time"),
        sa.CheckConstraint("reads_left IS NULL OR reads_left >= 0", name="no_read_too_many"),
        sa.CheckConstraint("personal IS NOT NULL OR state <> 'live'", name="a_live_record_has_a_name"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("records_by_state", "records", ["state", "expires_at"])
    op.create_index("records_by_month", "records", ["month"])
