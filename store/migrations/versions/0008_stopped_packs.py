"""How many makers of an evidence pack ended in good order: a bot that is started again breaks no pack."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Of those that are being made nobody has counted it so far."""
    op.add_column("evidence_packs", sa.Column("stopped", sa.Integer(), nullable=False, server_default="0"))
