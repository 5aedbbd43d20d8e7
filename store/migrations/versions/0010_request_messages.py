"""Where the message stands with which somebody was asked to seal something."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nobody was asked so far."""
    op.add_column("orders", sa.Column("place", sa.LargeBinary()))
