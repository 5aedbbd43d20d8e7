"""The tables of evidence packs that somebody asked for in Slack; what `schema` says of tables holds for them."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

metadata = MetaData()
"""Of all tables, those of `schema` too."""

# evidence.asking, evidence.keeping: packs that somebody asked for in Slack.  `making` is 1 for the one that is being
# made, under a lease; `attempt` says which of its makers counts, `stopped` how many of
# them ended in good order.  Once made or failed it ends at `until`.
evidence_packs = Table(
    "evidence_packs",
    metadata,
    Column("id", LargeBinary, primary_key=True),
    Column("first_day", String, nullable=False),
    Column("last_day", String, nullable=False),
    Column("recipients", String, nullable=False),
    Column("asked_by", String, nullable=False),
    Column("asked_at", BigInteger, nullable=False),
    Column("making", Integer),
    Column("attempt", Integer, nullable=False),
    Column("stopped", Integer, nullable=False, server_default="0"),
    Column("lease_until", BigInteger, nullable=False),
    Column("until", BigInteger),
    Column("failure", String),
    Column("made_at", BigInteger),
    Column("drops", Integer),
    Column("faults", Integer),
    Column("waiting", Integer),
    Column("refused", Integer),
    Column("note", Text),
    Column("note_at", BigInteger),
    Column("bytes", BigInteger),
    Column("sha256", String),
    CheckConstraint("length(id) = 16", name="pack_id_is_128_bits"),
    CheckConstraint("making = 1", name="making_is_one_or_null"),
    CheckConstraint("(making IS NULL) = (until IS NOT NULL)", name="what_is_not_being_made_ends"),
    CheckConstraint("(until IS NOT NULL) = ((failure IS NOT NULL) <> (made_at IS NOT NULL))", name="made_or_failed"),
    UniqueConstraint("making", name="one_pack_is_made_at_a_time"),
)

# evidence.keeping: the zip of a pack, cut into pieces so that nobody ever holds the whole of it
evidence_pieces = Table(
    "evidence_pieces",
    metadata,
    Column("pack_id", LargeBinary, primary_key=True),
    Column("attempt", Integer, primary_key=True, autoincrement=False),
    Column("n", Integer, primary_key=True, autoincrement=False),
    Column("content", LargeBinary, nullable=False),
    CheckConstraint("length(content) BETWEEN 1 AND 1048576", name="a_piece_is_small"),
)

# evidence.owed; asking adds who asked, keeping the audit channel: who is to be told of a pack
evidence_owed = Table(
    "evidence_owed",
    metadata,
    Column("pack_id", LargeBinary, primary_key=True),
    Column("whom", String, primary_key=True),
    Column("not_before", BigInteger, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("told_at", BigInteger),
)
