"""The table of orders, under which drops are sealed outside the bot; what `schema` says of tables holds for it."""

from sqlalchemy import BigInteger, CheckConstraint, Column, Index, LargeBinary, String, Table, Text

from store import schema_of_deliveries

metadata = schema_of_deliveries.metadata

# orders, asked_orders, requests; forgetting: what the bot allows somebody to seal elsewhere, once, until `until`.
# `proof` is the SHA-256 of the token; `personal` and `place`, where the message stands that asks for it, are under the
# key of its month, as in drops, and pseudonyms find a person's.
orders = Table(
    "orders",
    metadata,
    Column("id", LargeBinary, primary_key=True),
    Column("state", String, nullable=False),
    Column("proof", LargeBinary, nullable=False),
    Column("month", String, nullable=False),
    Column("personal", LargeBinary, nullable=False),
    Column("sender", LargeBinary),
    Column("recipient", LargeBinary),
    Column("signed", Text),
    Column("until", BigInteger, nullable=False),
    Column("drop_id", LargeBinary, unique=True),
    Column("place", LargeBinary),
    CheckConstraint("length(id) = 16", name="order_id_is_128_bits"),
    CheckConstraint("state IN ('asked','open','refused','used')", name="known_order_state"),
    CheckConstraint("(state = 'used') = (drop_id IS NOT NULL)", name="used_once_for_one_drop"),
    CheckConstraint("(state IN ('open','used')) = (signed IS NOT NULL)", name="open_means_signed"),
    Index("orders_by_until", "until"),
)
