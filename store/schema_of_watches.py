"""The table of watches, by which somebody is told in time; what `schema` says of tables holds for it."""

from sqlalchemy import BigInteger, CheckConstraint, Column, LargeBinary, String, Table

from store import schema_of_tokens
from store.some_rows import index

metadata = schema_of_tokens.metadata

# creation, watches, rotating, retention: what is to be told of a drop once, and from when on; `told_at` when that was
# seen to, and `done_at` when a day of rotation needs nobody any more: it was rotated, or nobody ever saw the key.
watches = Table(
    "watches",
    metadata,
    Column("drop_id", LargeBinary, primary_key=True),
    Column("what", String, primary_key=True),
    Column("at", BigInteger, nullable=False),
    Column("told_at", BigInteger),
    Column("done_at", BigInteger),
    CheckConstraint("what IN ('unviewed','hour_left','rotate')", name="known_watch"),
    # Of those alone that are still to be told: looking costs what is due, however many there ever were.
    index("watches_due", "at", where="told_at IS NULL"),
    index("watches_to_rotate", "at", where="what = 'rotate' AND done_at IS NULL"),
)
