"""
The first schema.

The triggers say for ever what no code may undo: events are append-only, a destroyed drop stays destroyed, and a drop
has one claim in its life.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

_FORBIDDEN = {
    "events_are_never_changed": ("UPDATE ON events", "1 = 1"),
    "events_are_never_deleted": ("DELETE ON events", "1 = 1"),
    "destroyed_is_for_ever": ("UPDATE ON drops", "OLD.state = 'destroyed' AND NEW.state <> 'destroyed'"),
    "one_claim_for_ever": (
        "UPDATE ON drops",
        "OLD.claim_hash IS NOT NULL AND (NEW.claim_hash IS NULL OR NEW.claim_hash <> OLD.claim_hash)",
    ),
}


def upgrade() -> None:
    """Make every table and trigger."""
    _tables()
    _triggers()


def _tables() -> None:
    op.create_table(
        "disclosures",
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("jti", sa.String(), nullable=False),
        sa.Column("drop_id", sa.LargeBinary(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("disclosure", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("digest"),
    )
    op.create_index("disclosures_by_drop", "disclosures", ["drop_id"], unique=False)
    op.create_table(
        "drops",
        sa.Column("id", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("ended_by", sa.String(), nullable=True),
        sa.Column("delivery", sa.String(), nullable=False),
        sa.Column("delivery_until", sa.BigInteger(), nullable=False),
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("sender_id", sa.String(), nullable=False),
        sa.Column("recipient_id", sa.String(), nullable=False),
        sa.Column("recipient_name", sa.String(), nullable=False),
        sa.Column("recipient_class", sa.String(), nullable=False),
        sa.Column("template", sa.String(), nullable=False),
        sa.Column("sealed_by", sa.String(), nullable=False),
        sa.Column("on_lock", sa.String(), nullable=False),
        sa.Column("submission", sa.String(), nullable=True),
        sa.Column("header", sa.Text(), nullable=False),
        sa.Column("hint", sa.Text(), nullable=True),
        sa.Column("v1", sa.LargeBinary(), nullable=True),
        sa.Column("v2", sa.LargeBinary(), nullable=True),
        sa.Column("envelope", sa.LargeBinary(), nullable=True),
        sa.Column("envelope_bytes", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("door_opened_at", sa.BigInteger(), nullable=True),
        sa.Column("guesses", sa.Integer(), nullable=False),
        sa.Column("round_guesses", sa.Integer(), nullable=False),
        sa.Column("unlocks", sa.Integer(), nullable=False),
        sa.Column("next_guess_at", sa.BigInteger(), nullable=False),
        sa.Column("claim_hash", sa.LargeBinary(), nullable=True),
        sa.Column("claimed_at", sa.BigInteger(), nullable=True),
        sa.Column("claim_until", sa.BigInteger(), nullable=True),
        sa.Column("sends", sa.Integer(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("destroyed_at", sa.BigInteger(), nullable=True),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.CheckConstraint("(state = 'destroyed') = (destroyed_at IS NOT NULL)", name="destroyed_has_a_time"),
        sa.CheckConstraint("(state = 'destroyed') = (envelope IS NULL)", name="destroyed_means_no_envelope"),
        sa.CheckConstraint("(state = 'destroyed') = (v2 IS NULL)", name="destroyed_means_no_v2"),
        sa.CheckConstraint(
            "(state IN ('ending','destroyed')) = (outcome IS NOT NULL)", name="an_ending_has_an_outcome"
        ),
        sa.CheckConstraint("delivery IN ('pending','delivered','undelivered')", name="known_delivery"),
        sa.CheckConstraint(
            "outcome IN ('viewed','released','revoked','expired','undelivered','locked_out','lost')",
            name="known_outcome",
        ),
        sa.CheckConstraint(
            "outcome IS NULL OR outcome NOT IN ('viewed','released') OR claim_hash IS NOT NULL",
            name="seen_means_claimed",
        ),
        sa.CheckConstraint("state <> 'claimed' OR claim_hash IS NOT NULL", name="claimed_by_somebody"),
        sa.CheckConstraint("state IN ('sealed','locked','claimed','ending','destroyed')", name="known_state"),
        sa.CheckConstraint("state NOT IN ('sealed','locked') OR claim_hash IS NULL", name="sealed_means_unclaimed"),
        sa.CheckConstraint("guesses BETWEEN 0 AND 15", name="fifteen_guesses_in_all"),
        sa.CheckConstraint("length(id) = 16", name="id_is_128_bits"),
        sa.CheckConstraint("round_guesses BETWEEN 0 AND 5", name="five_guesses_a_round"),
        sa.CheckConstraint("sends BETWEEN 0 AND 3", name="three_sends"),
        sa.CheckConstraint("unlocks BETWEEN 0 AND 2", name="two_unlocks"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("submission", "recipient_id", name="one_drop_a_submission"),
    )
    op.create_index("drops_by_state", "drops", ["state", "expires_at"], unique=False)
    op.create_table(
        "events",
        sa.Column("position", _SERIAL, autoincrement=True, nullable=False),
        sa.Column("drop_id", sa.LargeBinary(), nullable=True),
        sa.Column("n", sa.Integer(), nullable=True),
        sa.Column("event", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("jti", sa.String(), nullable=False),
        sa.Column("kid", sa.String(), nullable=False),
        sa.Column("leaf", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("length(leaf) BETWEEN 1 AND 65535", name="a_leaf_fits_a_tile"),
        sa.PrimaryKeyConstraint("position"),
        sa.UniqueConstraint("drop_id", "n", name="events_are_numbered_per_drop"),
        sa.UniqueConstraint("jti"),
    )
    op.create_table(
        "installation",
        sa.Column("one", sa.Integer(), nullable=False),
        sa.Column("keyring_id", sa.String(), nullable=False),
        sa.CheckConstraint("one = 1", name="one_installation"),
        sa.PrimaryKeyConstraint("one"),
    )
    op.create_table(
        "messages",
        sa.Column("drop_id", sa.LargeBinary(), nullable=False),
        sa.Column("audience", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("ts", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("drop_id", "audience"),
    )
    op.create_table(
        "notices",
        sa.Column("id", _SERIAL, autoincrement=True, nullable=False),
        sa.Column("drop_id", sa.LargeBinary(), nullable=False),
        sa.Column("audience", sa.String(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("not_before", sa.BigInteger(), nullable=False),
        sa.Column("lease_until", sa.BigInteger(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("parked", sa.String(), nullable=True),
        sa.Column("done_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("notices_of_a_drop", "notices", ["drop_id", "audience", "id"], unique=False)
    op.create_index("notices_undone", "notices", ["done_at", "not_before"], unique=False)
    op.create_table(
        "recurrences",
        sa.Column("drop_id", sa.LargeBinary(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("told_at", sa.BigInteger(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("drop_id", "what"),
    )
    op.create_table(
        "refusals",
        sa.Column("drop_id", sa.LargeBinary(), nullable=False),
        sa.Column("pair", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("drop_id", "pair"),
    )
    op.create_table(
        "signers",
        sa.Column("kid", sa.String(), nullable=False),
        sa.Column("program", sa.String(), nullable=False),
        sa.Column("jwk", sa.Text(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("kid"),
    )


def _triggers() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for name, (act, when) in _FORBIDDEN.items():
            op.execute(
                f"CREATE TRIGGER {name} BEFORE {act} FOR EACH ROW WHEN {when} BEGIN SELECT RAISE(ABORT, '{name}'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '%', TG_NAME USING ERRCODE = 'restrict_violation'; END $$"
    )
    for name, (act, when) in _FORBIDDEN.items():
        op.execute(f"CREATE TRIGGER {name} BEFORE {act} FOR EACH ROW WHEN ({when}) EXECUTE FUNCTION refuse()")
    op.execute(
        "CREATE TRIGGER events_are_never_truncated BEFORE TRUNCATE ON events "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse()"
    )
