"""
What people were told of an endpoint, so that of several bots one says it, once, and a restart does not say it again.
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nobody was told of anything so far."""
    op.add_column("webhook_endpoints", sa.Column("failing_told_at", sa.BigInteger()))
    op.add_column("webhook_endpoints", sa.Column("given_up_told_at", sa.BigInteger()))
    op.add_column("webhook_endpoints", sa.Column("telling_until", sa.BigInteger()))
    op.add_column("webhook_endpoints", sa.Column("forgotten_at", sa.BigInteger()))
