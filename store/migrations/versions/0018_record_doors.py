"""
By which door a record is read, whose it is, what is kept for a rotation, and the page of those that people read.

A plain ADD COLUMN: the records of before are read by programs, and belong to nobody in Slack.
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """No record has a page so far."""
    op.add_column("records", sa.Column("door", sa.String(), nullable=False, server_default="api"))
    op.add_column("records", sa.Column("owner", sa.LargeBinary()))
    op.add_column("records", sa.Column("recipient", sa.LargeBinary()))
    op.add_column("records", sa.Column("escrow", sa.LargeBinary()))
    op.add_column("records", sa.Column("master", sa.Integer()))
    op.add_column("records", sa.Column("renewed_at", sa.BigInteger()))
    op.create_index("records_by_owner", "records", ["owner", "created_at", "id"])
    op.create_index("records_by_recipient", "records", ["recipient", "created_at", "id"])
    op.create_index("records_by_master", "records", ["master"])
    op.create_table(
        "record_pages",
        sa.Column("record_id", sa.LargeBinary(), nullable=False),
        sa.Column("v1", sa.LargeBinary(), nullable=False),
        sa.Column("header", sa.LargeBinary()),
        sa.Column("hint", sa.LargeBinary()),
        sa.Column("guesses", sa.Integer(), nullable=False),
        sa.Column("round_guesses", sa.Integer(), nullable=False),
        sa.Column("unlocks", sa.Integer(), nullable=False),
        sa.Column("next_guess_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("length(record_id) = 16", name="record_page_id_is_128_bits"),
        sa.CheckConstraint("round_guesses BETWEEN 0 AND 5", name="five_guesses_a_round_of_a_page"),
        sa.CheckConstraint("guesses BETWEEN 0 AND 15", name="fifteen_guesses_in_all_of_a_page"),
        sa.CheckConstraint("unlocks BETWEEN 0 AND 2", name="two_unlocks_of_a_page"),
        sa.PrimaryKeyConstraint("record_id"),
    )
