"""The tables of links that somebody else sealed to the bot; what `schema` says of tables holds for them."""

from sqlalchemy import BigInteger, CheckConstraint, Column, LargeBinary, String, Table

from store import schema_of_evidence

metadata = schema_of_evidence.metadata

# sealed_links: a link on its way to the bot, sealed under its delivery key; emptied when it was delivered, at every
# ending of its drop, and after 15 minutes.  Nobody takes it before `lease_until`.
deliveries = Table(
    "deliveries",
    metadata,
    Column("drop_id", LargeBinary, primary_key=True),
    Column("sealed_link", LargeBinary, nullable=False),
    Column("until", BigInteger, nullable=False),
    Column("lease_until", BigInteger, nullable=False),
    CheckConstraint("length(sealed_link) BETWEEN 82 AND 1105", name="a_sealed_link_is_small"),
)

# delivery_keys: the public halves to which links are sealed; the newest is the one to seal to
delivery_keys = Table(
    "delivery_keys",
    metadata,
    Column("kid", String, primary_key=True),
    Column("public", LargeBinary, nullable=False),
    Column("since", BigInteger, nullable=False),
    CheckConstraint("length(public) = 65", name="a_point_of_p256"),
)
