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
        sa.Column("subject", sa.LargeBinary(), nullable=False),
        sa.Column("first_at", sa.BigInteger()),
        sa.Column("not_before", sa.BigInteger()),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("lease_until", sa.BigInteger(), nullable=False),
        sa.Column("failed_at", sa.BigInteger()),
        sa.Column("why", sa.String()),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("endpoint", "position", name="an_event_goes_to_an_endpoint_once"),
        sa.CheckConstraint("failed_at IS NULL OR not_before IS NULL", name="what_was_given_up_has_no_turn"),
    )
    _index("waiting", ["endpoint", "subject", "id"], "failed_at IS NULL")
    _index("turns", ["endpoint", "not_before", "id"], "not_before IS NOT NULL")
    _index("turn_of_one", ["endpoint", "subject"], "not_before IS NOT NULL", unique=True)
    _index("failed", ["failed_at", "endpoint", "id"], "failed_at IS NOT NULL")


def _index(name: str, columns: list[str], where: str, *, unique: bool = False) -> None:
    op.create_index(
        f"webhook_deliveries_{name}",
        "webhook_deliveries",
        columns,
        unique=unique,
        sqlite_where=sa.text(where),
        postgresql_where=sa.text(where),
    )
