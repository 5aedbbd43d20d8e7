"""The tables of webhooks, by which other programs are told of events; what `schema` says of tables holds for them."""

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, String, Table, UniqueConstraint, text

from store import schema_of_watches

metadata = schema_of_watches.metadata

_SERIAL = BigInteger().with_variant(Integer, "sqlite")

# webhooks: the leaf of the log with which each endpoint goes on
webhook_endpoints = Table(
    "webhook_endpoints",
    metadata,
    Column("name", String, primary_key=True),
    Column("log", Integer, nullable=False),
    Column("leaf_index", BigInteger, nullable=False),
)

# webhooks, webhooks_failed: what an endpoint has not taken so far; numbered as the leaves are.  `drop_id` is empty for
# an event of no drop.
webhook_deliveries = Table(
    "webhook_deliveries",
    metadata,
    Column("id", _SERIAL, primary_key=True, autoincrement=True),
    Column("endpoint", String, nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("drop_id", LargeBinary, nullable=False),
    Column("first_at", BigInteger),
    Column("not_before", BigInteger, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("lease_until", BigInteger, nullable=False),
    Column("failed_at", BigInteger),
    Column("why", String),
    UniqueConstraint("endpoint", "position", name="an_event_goes_to_an_endpoint_once"),
    # Of those alone that are still to be sent: looking costs nothing for what failed long ago.
    Index(
        "webhook_deliveries_waiting",
        "endpoint",
        "drop_id",
        "id",
        sqlite_where=text("failed_at IS NULL"),
        postgresql_where=text("failed_at IS NULL"),
    ),
)
