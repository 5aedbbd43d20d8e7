"""The table of tokens, with which clients ask in a person's name; what `schema` says of tables holds for it."""

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
    CheckConstraint("length(id) = 12", name="token_id_is_96_bits"),
    CheckConstraint("length(proof) = 32", name="token_proof_is_256_bits"),
    Index("tokens_by_owner", "owner"),
)
