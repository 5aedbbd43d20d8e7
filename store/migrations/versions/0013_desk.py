"""
What the desk needs: watches, verification of the recipient, and that a key was rotated.

A plain ADD COLUMN each: rebuilding the table, as SQLite needs for anything more, would drop the triggers of 0001.
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_BY_PERSON = {"drops_by_sender": "sender", "drops_by_recipient": "recipient"}


def upgrade() -> None:
    """What exists asks nobody to be verified, and nothing is to be told of it in time."""
    op.execute(
        "ALTER TABLE drops ADD COLUMN verify VARCHAR NOT NULL DEFAULT 'none' "
        "CONSTRAINT known_verify CHECK (verify IN ('none','slack'))"
    )
    op.execute("ALTER TABLE drops ADD COLUMN verified_until BIGINT")
    op.execute(
        "ALTER TABLE drops ADD COLUMN rotated_at BIGINT "
        "CONSTRAINT rotated_means_seen CHECK (rotated_at IS NULL OR claimed_at IS NOT NULL)"
    )
    op.execute("ALTER TABLE drops ADD COLUMN variable VARCHAR")
    for index, person in _BY_PERSON.items():
        op.drop_index(index, "drops")
        op.create_index(index, "drops", [person, "created_at", "id"])
    op.create_index("drops_by_creation", "drops", ["created_at", "id"])
    op.create_table(
        "watches",
        sa.Column("drop_id", sa.LargeBinary(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("told_at", sa.BigInteger()),
        sa.CheckConstraint("what IN ('unviewed','hour_left','rotate')", name="known_watch"),
        sa.PrimaryKeyConstraint("drop_id", "what"),
    )
    is_owed = sa.text("told_at IS NULL")
    op.create_index("watches_due", "watches", ["at"], sqlite_where=is_owed, postgresql_where=is_owed)
