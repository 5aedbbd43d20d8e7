"""The tables of tokens, with which clients ask in a person's name; what `schema` says of tables holds for them."""

from sqlalchemy import BigInteger, CheckConstraint, Column, Index, LargeBinary, String, Table, Text

from store import schema_of_orders

metadata = schema_of_orders.metadata

# tokens: `proof` is the SHA-256 of the token, `signed` the bot's grant; `personal` stands under the key of its month,
# and a pseudonym finds a person's.
tokens = Table(
    "tokens",
    metadata,
    Column("id", LargeBinary, primary_key=True),
    Column("proof", LargeBinary, nullable=False),
    Column("month", String, nullable=False),
    Column("personal", LargeBinary, nullable=False),
    Column("owner", LargeBinary, nullable=False),
    Column("signed", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("until", BigInteger, nullable=False),
    Column("used_at", BigInteger),
    Column("revoked_at", BigInteger),
    Column("scopes", String, nullable=False, server_default="send"),
    CheckConstraint("length(id) = 12", name="token_id_is_96_bits"),
    CheckConstraint("length(proof) = 32", name="token_proof_is_256_bits"),
    Index("tokens_by_owner", "owner"),
)

# token_reads: how often somebody looked at what with a token since the event that said so last, at `since`.
token_reads = Table(
    "token_reads",
    metadata,
    Column("token_id", LargeBinary, primary_key=True),
    Column("what", String, primary_key=True),
    Column("since", BigInteger, nullable=False),
    Column("times", BigInteger, nullable=False),
    CheckConstraint("what IN ('list','drop','events','receipt','records','record')", name="known_read"),
)

# asked_revokes: what clients ask the bot to revoke; `drop_id` is a record's where `what` says so, and `proof` is the
# token, sealed to the bot for just this one.
asked_revokes = Table(
    "asked_revokes",
    metadata,
    Column("id", LargeBinary, primary_key=True),
    Column("state", String, nullable=False),
    Column("why", String),
    Column("token_id", LargeBinary, nullable=False),
    Column("drop_id", LargeBinary, nullable=False),
    Column("proof", LargeBinary, nullable=False),
    Column("until", BigInteger, nullable=False),
    Column("what", String, nullable=False, server_default="drop"),
    CheckConstraint("length(id) = 16", name="asked_revoke_id_is_128_bits"),
    CheckConstraint("state IN ('asked','begun','done','refused')", name="known_asked_revoke_state"),
    CheckConstraint("(state = 'refused') = (why IS NOT NULL)", name="refused_means_why"),
    Index("asked_revokes_by_until", "until"),
)
