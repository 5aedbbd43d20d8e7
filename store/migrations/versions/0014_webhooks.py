"""Webhooks: how far each endpoint was told, and what it has not taken so far."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Two tables."""
    op.create_table(
        "webhook_endpoints",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("log", sa.Integer(), nullable=False),
        sa.Column("leaf_index", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    serial = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "webhook_deliveries",
        sa.Column("id", serial, nullable=False, autoincrement=True),
        sa.Column("endpoint", sa.String(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("drop_id", sa.LargeBinary(), nullable=False),
        sa.Column("first_at", sa.BigInteger()),
        sa.Column("not_before", sa.BigInteger(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("lease_until", sa.BigInteger(), nullable=False),
        sa.Column("failed_at", sa.BigInteger()),
        sa.Column("why", sa.String()),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("endpoint", "position", name="an_event_goes_to_an_endpoint_once"),
    )
    is_waiting = sa.text("failed_at IS NULL")
    op.create_index(
        "webhook_deliveries_waiting",
        "webhook_deliveries",
        ["endpoint", "drop_id", "id"],
        sqlite_where=is_waiting,
        postgresql_where=is_waiting,
    )
