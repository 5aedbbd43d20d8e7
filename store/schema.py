"""
The tables, and the promises that the database itself keeps.

Only the modules named beside each table write to it.  Times are milliseconds since 1970.  No table refers to
`drops` by foreign key: deleting a drop must never delete, or be stopped by, the record of what happened to it.  Those
of evidence packs that somebody asked for stand in `schema_of_evidence`, of links that somebody else sealed in
`schema_of_deliveries`, of orders in `schema_of_orders`, of tokens in `schema_of_tokens`, of what is told in time in
`schema_of_watches`, of webhooks in `schema_of_webhooks`, of what clients ask for under keys in `schema_of_asked_once`,
of records in `schema_of_records`.
"""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from store import schema_of_records
from store.some_rows import index

metadata = schema_of_records.metadata

SERIAL = BigInteger().with_variant(Integer, "sqlite")  # SQLite numbers rows only in an INTEGER primary key

# creation, deliveries, door, claims, payments, recipient_verification, endings, unlocking, pausing, rotating, watches,
# reminding, forgetting, retention; events, the number of the next one alone
drops = Table(
    "drops",
    metadata,
    Column("id", LargeBinary, primary_key=True),
    Column("state", String, nullable=False),
    Column("outcome", String),
    Column("ended_by", String),
    Column("delivery", String, nullable=False),
    Column("delivery_until", BigInteger, nullable=False),
    # Under the key of the month: NULL once that is erased.  Pseudonyms of the same key find a person's drops.
    Column("month", String, nullable=False),
    Column("personal", LargeBinary),
    Column("sender", LargeBinary),
    Column("recipient", LargeBinary),
    Column("recipient_class", String, nullable=False),
    Column("template", String, nullable=False),
    Column("sealed_by", String, nullable=False),
    Column("on_lock", String, nullable=False),
    # Which drops are of one form, and one sending of a form to one recipient; see formats.submission_v1.
    Column("form", LargeBinary, nullable=False),
    Column("once", LargeBinary, unique=True),
    Column("hint", LargeBinary),
    Column("v1", LargeBinary),
    Column("v2", LargeBinary),
    Column("envelope", LargeBinary),
    Column("envelope_bytes", Integer, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Column("door_opened_at", BigInteger),
    Column("guesses", Integer, nullable=False),
    Column("round_guesses", Integer, nullable=False),
    Column("unlocks", Integer, nullable=False),
    Column("next_guess_at", BigInteger, nullable=False),
    Column("claim_hash", LargeBinary),
    Column("claimed_at", BigInteger),
    Column("claim_until", BigInteger),
    Column("sends", Integer, nullable=False),
    Column("ended_at", BigInteger),
    Column("destroyed_at", BigInteger),
    Column("n", Integer, nullable=False),
    Column("way", String, nullable=False),
    Column("paused_at", BigInteger),
    Column("verify", String, nullable=False),
    Column("verified_until", BigInteger),
    Column("rotated_at", BigInteger),
    Column("variable", String),
    CheckConstraint("length(id) = 16", name="id_is_128_bits"),
    CheckConstraint("state IN ('sealed','locked','claimed','ending','destroyed')", name="known_state"),
    CheckConstraint(
        "outcome IN ('viewed','released','revoked','expired','undelivered','locked_out','lost')",
        name="known_outcome",
    ),
    CheckConstraint("way IN ('dm','shown','here','mail')", name="known_way"),
    CheckConstraint("verify IN ('none','slack')", name="known_verify"),
    CheckConstraint("rotated_at IS NULL OR claimed_at IS NOT NULL", name="rotated_means_seen"),
    CheckConstraint("delivery IN ('pending','delivered','undelivered')", name="known_delivery"),
    # The product's promise: what is destroyed holds nothing, and what holds something is not called destroyed.
    CheckConstraint("(state = 'destroyed') = (envelope IS NULL)", name="destroyed_means_no_envelope"),
    CheckConstraint("(state = 'destroyed') = (v2 IS NULL)", name="destroyed_means_no_v2"),
    CheckConstraint("(state = 'destroyed') = (destroyed_at IS NOT NULL)", name="destroyed_has_a_time"),
    CheckConstraint("(state IN ('ending','destroyed')) = (outcome IS NOT NULL)", name="an_ending_has_an_outcome"),
    CheckConstraint("state <> 'claimed' OR claim_hash IS NOT NULL", name="claimed_by_somebody"),
    CheckConstraint("state NOT IN ('sealed','locked') OR claim_hash IS NULL", name="sealed_means_unclaimed"),
    CheckConstraint("paused_at IS NULL OR state <> 'claimed'", name="paused_means_unclaimed"),
    CheckConstraint(
        "outcome IS NULL OR outcome NOT IN ('viewed','released') OR claim_hash IS NOT NULL",
        name="seen_means_claimed",
    ),
    CheckConstraint("round_guesses BETWEEN 0 AND 5", name="five_guesses_a_round"),
    CheckConstraint("guesses BETWEEN 0 AND 15", name="fifteen_guesses_in_all"),
    CheckConstraint("unlocks BETWEEN 0 AND 2", name="two_unlocks"),
    CheckConstraint("sends BETWEEN 0 AND 3", name="three_sends"),
    CheckConstraint("personal IS NOT NULL OR state = 'destroyed'", name="a_live_drop_is_somebodys"),
    Index("drops_by_state", "state", "expires_at"),
    Index("drops_by_form", "form"),
    Index("drops_by_creation", "created_at", "id"),
    Index("drops_by_sender", "sender", "created_at", "id"),
    Index("drops_by_recipient", "recipient", "created_at", "id"),
    Index("drops_by_month", "month"),
    Index("drops_by_sender_and_end", "sender", "expires_at"),
    index("drops_open", "created_at", "id", where="state IN ('sealed','locked')"),
    index("drops_pending", "delivery_until", where="delivery = 'pending'"),
    index("drops_unopened", "expires_at", where="claimed_at IS NULL"),
)

# payments, endings; of records' pages record_views, record_endings, record_pages: (claim, auth_token) pairs that were
# refused, so that repeating one costs nothing
refusals = Table(
    "refusals",
    metadata,
    Column("drop_id", LargeBinary, primary_key=True),
    Column("pair", LargeBinary, primary_key=True),
)

# recurrences, reminding, leaks: what is told once an hour at most, or once
recurrences = Table(
    "recurrences",
    metadata,
    Column("drop_id", LargeBinary, primary_key=True),
    Column("what", String, primary_key=True),
    Column("told_at", BigInteger, nullable=False),
    Column("count", Integer, nullable=False),
    Index("recurrences_by_telling", "told_at"),
)

# events; triggers refuse UPDATE and DELETE
events = Table(
    "events",
    metadata,
    Column("position", SERIAL, primary_key=True, autoincrement=True),
    Column("drop_id", LargeBinary),
    Column("n", Integer),
    Column("event", String, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("jti", String, nullable=False, unique=True),
    Column("kid", String, nullable=False),
    Column("leaf", LargeBinary, nullable=False),
    CheckConstraint("length(leaf) BETWEEN 1 AND 65535", name="a_leaf_fits_a_tile"),
    UniqueConstraint("drop_id", "n", name="events_are_numbered_per_drop"),
)

# events, forgetting, retention: the salted personal fields behind the digests in a leaf, under the key of their month
disclosures = Table(
    "disclosures",
    metadata,
    Column("digest", String, primary_key=True),
    Column("jti", String, nullable=False),
    Column("drop_id", LargeBinary),
    Column("name", String, nullable=False),
    Column("month", String, nullable=False),
    Column("disclosure", LargeBinary, nullable=False),
    Index("disclosures_by_drop", "drop_id"),
    Index("disclosures_by_month", "month"),
)

# retention: the months whose key was erased, and with it what was kept under it
forgotten_months = Table("forgotten_months", metadata, Column("month", String, primary_key=True))

# signers: the public halves of every key that ever signed an event here
signers = Table(
    "signers",
    metadata,
    Column("kid", String, primary_key=True),
    Column("program", String, nullable=False),
    Column("jwk", Text, nullable=False),
    Column("since", BigInteger, nullable=False),
)

# outbox
notices = Table(
    "notices",
    metadata,
    Column("id", SERIAL, primary_key=True, autoincrement=True),
    Column("drop_id", LargeBinary, nullable=False),
    Column("audience", String, nullable=False),
    Column("about", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("not_before", BigInteger, nullable=False),
    Column("lease_until", BigInteger, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("parked", String),
    Column("done_at", BigInteger),
    Index("notices_of_a_drop", "drop_id", "audience", "id"),
    Index("notices_undone", "done_at", "not_before"),
)

# deliveries, forgetting, retention: where in Slack a drop's messages stand, so that they can be edited.  Under the key
# of the month: a DM's id stands for a person as well as their name does.
messages = Table(
    "messages",
    metadata,
    Column("drop_id", LargeBinary, primary_key=True),
    Column("audience", String, primary_key=True),
    Column("month", String, nullable=False),
    Column("place", LargeBinary, nullable=False),
)

# a trigger on events; log.sequencer takes away what it has put into the log
log_pending = Table("log_pending", metadata, Column("position", BigInteger, primary_key=True, autoincrement=False))

# log.sequencer: events that no log takes, and why
log_refused = Table(
    "log_refused",
    metadata,
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("why", String, nullable=False),
    Column("at", BigInteger, nullable=False),
)

# log.openings: one log, and another one after each restored backup; `cites` is the last checkpoint of the one before
log_openings = Table(
    "log_openings",
    metadata,
    Column("log", Integer, primary_key=True, autoincrement=False),
    Column("origin", String, nullable=False, unique=True),
    Column("vkey", String, nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("cites", Text),
)

# log.sequencer; triggers refuse UPDATE and DELETE
log_leaves = Table(
    "log_leaves",
    metadata,
    Column("log", Integer, primary_key=True, autoincrement=False),
    Column("leaf_index", BigInteger, primary_key=True, autoincrement=False),
    Column("position", BigInteger, nullable=False),
    UniqueConstraint("position", name="an_event_is_one_leaf"),
)

# log.sequencer; a trigger lets a tile only grow
log_tiles = Table(
    "log_tiles",
    metadata,
    Column("log", Integer, primary_key=True, autoincrement=False),
    Column("level", Integer, primary_key=True, autoincrement=False),
    Column("n", BigInteger, primary_key=True, autoincrement=False),
    Column("hashes", LargeBinary, nullable=False),
    CheckConstraint("length(hashes) BETWEEN 32 AND 8192 AND length(hashes) % 32 = 0", name="whole_hashes"),
)

# log.sequencer; triggers refuse UPDATE and DELETE: a size has one root for ever
log_checkpoints = Table(
    "log_checkpoints",
    metadata,
    Column("log", Integer, primary_key=True, autoincrement=False),
    Column("size", BigInteger, primary_key=True, autoincrement=False),
    Column("note", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
)

# log.sequencer: up to which size each log may be shown
log_published = Table(
    "log_published",
    metadata,
    Column("log", Integer, primary_key=True, autoincrement=False),
    Column("size", BigInteger, nullable=False),
)

# log.anchors: the last checkpoint that was posted where we cannot change it, and who is posting the next
log_anchoring = Table(
    "log_anchoring",
    metadata,
    Column("one", Integer, primary_key=True, autoincrement=False),
    Column("note", Text, nullable=False),
    Column("posted_at", BigInteger, nullable=False),
    Column("lease_until", BigInteger, nullable=False),
    CheckConstraint("one = 1", name="one_anchoring"),
)

# opened: which keyring belongs to this database
installation = Table(
    "installation",
    metadata,
    Column("one", Integer, primary_key=True),
    Column("keyring_id", String, nullable=False),
    CheckConstraint("one = 1", name="one_installation"),
)
