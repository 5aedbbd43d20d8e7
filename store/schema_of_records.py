"""
The tables of records, standing credentials, of their pages, and of those that clients ask for; what `schema` says of
tables holds for them.
"""

from sqlalchemy import BigInteger, CheckConstraint, Column, Index, Integer, LargeBinary, String, Table

from store import schema_of_asked_once

metadata = schema_of_asked_once.metadata

# records, record_rotating, record_reads, record_refusals, record_endings, retention: `proof` is the SHA-256 of the
# record's key and `sealed` the value, see formats.record_v1; `reads` and `read_at` are those with the present key.
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
    # `owner` and `recipient` as drops have them; no owner where whoever runs the server made it.
    Column("door", String, nullable=False, server_default="api"),
    Column("owner", LargeBinary),
    Column("recipient", LargeBinary),
    # What rotates it without its value being typed again, and of which master key.
    Column("escrow", LargeBinary),
    Column("master", Integer),
    # When its owner said that the key at the provider was rotated.
    Column("renewed_at", BigInteger),
    # The hash of what a client asked for, where one did; see formats.asked_record_v1.
    Column("asked", LargeBinary),
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
    Index("records_by_owner", "owner", "created_at", "id"),
    Index("records_by_recipient", "recipient", "created_at", "id"),
    Index("records_by_master", "master"),
)

# The page of a record that people read: `v1`, `hint` and the guesses as drops have them; `guesses` counts refusals, for
# a page is opened more than once.
record_pages = Table(
    "record_pages",
    metadata,
    Column("record_id", LargeBinary, primary_key=True),
    Column("v1", LargeBinary, nullable=False),
    Column("header", LargeBinary),
    Column("hint", LargeBinary),
    Column("guesses", Integer, nullable=False),
    Column("round_guesses", Integer, nullable=False),
    Column("unlocks", Integer, nullable=False),
    Column("next_guess_at", BigInteger, nullable=False),
    CheckConstraint("length(record_id) = 16", name="record_page_id_is_128_bits"),
    CheckConstraint("round_guesses BETWEEN 0 AND 5", name="five_guesses_a_round_of_a_page"),
    CheckConstraint("guesses BETWEEN 0 AND 15", name="fifteen_guesses_in_all_of_a_page"),
    CheckConstraint("unlocks BETWEEN 0 AND 2", name="two_unlocks_of_a_page"),
)

# asked_records: what a client has sealed, until the bot has answered; `personal` is what it is to be called
asked_records = Table(
    "asked_records",
    metadata,
    Column("id", LargeBinary, primary_key=True),
    Column("state", String, nullable=False),
    Column("why", String),
    Column("token_id", LargeBinary, nullable=False),
    Column("asked", LargeBinary, nullable=False),
    Column("proof", LargeBinary, nullable=False),
    Column("wrapped_key", LargeBinary),
    Column("box", LargeBinary),
    Column("question", LargeBinary),
    Column("month", String, nullable=False),
    Column("personal", LargeBinary, nullable=False),
    Column("until", BigInteger, nullable=False),
    CheckConstraint("length(id) = 16", name="asked_record_id_is_128_bits"),
    CheckConstraint("state IN ('asked','done','refused')", name="known_asked_record_state"),
    CheckConstraint("(state = 'refused') = (why IS NOT NULL)", name="a_refused_record_has_a_reason"),
    CheckConstraint("(state = 'asked') = (box IS NOT NULL)", name="an_answered_record_holds_nothing"),
    CheckConstraint("(state = 'asked') = (wrapped_key IS NOT NULL)", name="an_answered_record_keeps_no_key"),
    CheckConstraint("(state = 'asked') = (question IS NOT NULL)", name="an_answered_record_keeps_no_token"),
    Index("asked_records_by_until", "until"),
)
