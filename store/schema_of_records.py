"""The table of records, standing credentials that programs read; what `schema` says of tables holds for it."""

from sqlalchemy import BigInteger, CheckConstraint, Column, Index, Integer, LargeBinary, String, Table

from store import schema_of_asked_once

metadata = schema_of_asked_once.metadata

# records, record_reads, record_refusals, record_endings, retention: `proof` is the SHA-256 of the record's key and
# `sealed` the value, see formats.record_v1; `reads` and `read_at` are those with the present key.
records = Table(
    "records",
    metadata,
    Column("id", LargeBinary, primary_key=True),
    Column("state", String, nullable=False),
    Column("version", Integer, nullable=False),
    Column("proof", LargeBinary),
    Column("sealed", LargeBinary),
    Column("month", String, nullable=False),
    Column("personal", LargeBinary),
    Column("reads", Integer, nullable=False),
    Column("reads_left", Integer),
    Column("created_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Column("rotated_at", BigInteger),
    Column("read_at", BigInteger),
    Column("ended_at", BigInteger),
    # Wrong keys in all, those of them that the log has been told, and when it and the security team last were.
    Column("refused", Integer, nullable=False),
    Column("refused_told", Integer, nullable=False),
    Column("refused_told_at", BigInteger),
    Column("refused_shown_at", BigInteger),
    CheckConstraint("length(id) = 16", name="record_id_is_128_bits"),
    CheckConstraint("version BETWEEN 1 AND 2147483647", name="a_version_names_a_key"),
    CheckConstraint("state IN ('live','revoked','expired')", name="known_record_state"),
    # What has ended holds nothing, and what holds something can be read.
    CheckConstraint("(state = 'live') = (sealed IS NOT NULL)", name="a_live_record_has_a_value"),
    CheckConstraint("(state = 'live') = (proof IS NOT NULL)", name="a_live_record_has_a_key"),
    CheckConstraint("(state = 'live') = (ended_at IS NULL)", name="an_ended_record_has_a_time"),
    CheckConstraint("reads_left IS NULL OR reads_left >= 0", name="no_read_too_many"),
    CheckConstraint("personal IS NOT NULL OR state <> 'live'", name="a_live_record_has_a_name"),
    Index("records_by_state", "state", "expires_at"),
    Index("records_by_month", "month"),
)
