"""The tables of webhooks, by which other programs are told of events; what `schema` says of tables holds for them."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Integer,
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
)

from store import schema_of_watches
from store.some_rows import index

metadata = schema_of_watches.metadata

_SERIAL = BigInteger().with_variant(Integer, "sqlite")


# webhooks: the leaf of the log with which each endpoint goes on, and when something was swept away that it never took;
# webhook_troubles: when people were told that it takes nothing, and that something was given up, until all is taken
# again, and until when it is one bot's to say the next of that
webhook_endpoints = Table(
    "webhook_endpoints",
    metadata,
    Column("name", String, primary_key=True),
    Column("log", Integer, nullable=False),
    Column("leaf_index", BigInteger, nullable=False),
    Column("failing_told_at", BigInteger),
    Column("given_up_told_at", BigInteger),
    Column("telling_until", BigInteger),
    Column("forgotten_at", BigInteger),
)

# webhooks, webhooks_standing: what an endpoint has not taken so far; numbered as the leaves are.  `not_before` stands
# only where it is the event's turn: not where another of its subject has the turn, nor where it was given up.
webhook_deliveries = Table(
    "webhook_deliveries",
    metadata,
    Column("id", _SERIAL, primary_key=True, autoincrement=True),
    Column("endpoint", String, nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("subject", LargeBinary, nullable=False),
    Column("first_at", BigInteger),
    Column("not_before", BigInteger),
    Column("tries", Integer, nullable=False),
    Column("lease_until", BigInteger, nullable=False),
    Column("failed_at", BigInteger),
    Column("why", String),
    UniqueConstraint("endpoint", "position", name="an_event_goes_to_an_endpoint_once"),
    CheckConstraint("failed_at IS NULL OR not_before IS NULL", name="what_was_given_up_has_no_turn"),
    index("webhook_deliveries_waiting", "endpoint", "subject", "id", where="failed_at IS NULL"),
    index("webhook_deliveries_turns", "endpoint", "not_before", "id", where="not_before IS NOT NULL"),
    index("webhook_deliveries_turn_of_one", "endpoint", "subject", where="not_before IS NOT NULL", unique=True),
    index("webhook_deliveries_failed", "failed_at", "endpoint", "id", where="failed_at IS NOT NULL"),
)
