"""The table of keys under which one client sends one thing once; what `schema` says of tables holds for it."""

from sqlalchemy import BigInteger, CheckConstraint, Column, Index, LargeBinary, Table

from store import schema_of_webhooks

metadata = schema_of_webhooks.metadata

# asked_once: `id` and `asked` are HMACs of the key, and of the key and what was asked; `order_id` is the order that was
# made of it, and `drop_id` what was sealed under that.
asked_once = Table(
    "asked_once",
    metadata,
    Column("id", LargeBinary, primary_key=True),
    Column("asked", LargeBinary, nullable=False),
    Column("order_id", LargeBinary, nullable=False, unique=True),
    Column("drop_id", LargeBinary),
    Column("until", BigInteger, nullable=False),
    CheckConstraint("length(id) = 32", name="once_id_is_256_bits"),
    CheckConstraint("length(asked) = 32", name="once_asked_is_256_bits"),
    Index("asked_once_by_until", "until"),
)
