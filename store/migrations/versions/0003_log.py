"""
The log that nobody can rewrite: which events are owed to it, its leaves, tiles and checkpoints.

Events come to be owed by a trigger, so that no code can forget one; that is also why a transaction that commits late is
never passed over: its row appears when it commits, whatever its number.  What the log holds is refused every change: a
tile only grows, and a size has one checkpoint for ever.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_REWRITTEN = "substr(NEW.hashes, 1, length(OLD.hashes)) <> OLD.hashes"
_FORBIDDEN = {
    "a_log_is_never_changed": ("UPDATE ON log_openings", "1 = 1"),
    "a_log_is_never_deleted": ("DELETE ON log_openings", "1 = 1"),
    "leaves_are_never_changed": ("UPDATE ON log_leaves", "1 = 1"),
    "leaves_are_never_deleted": ("DELETE ON log_leaves", "1 = 1"),
    "checkpoints_are_never_changed": ("UPDATE ON log_checkpoints", "1 = 1"),
    "checkpoints_are_never_deleted": ("DELETE ON log_checkpoints", "1 = 1"),
    "tiles_only_grow": (
        "UPDATE ON log_tiles",
        f"{_REWRITTEN} OR NEW.log <> OLD.log OR NEW.level <> OLD.level OR NEW.n <> OLD.n",
    ),
    "tiles_are_never_deleted": ("DELETE ON log_tiles", "1 = 1"),
    "what_was_published_stays": ("UPDATE ON log_published", "NEW.log <> OLD.log OR NEW.size < OLD.size"),
}


def upgrade() -> None:
    """Make the tables and triggers; every event that exists is owed to the log."""
    op.create_table(
        "log_pending",
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("position"),
    )
    op.create_table(
        "log_refused",
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("position"),
    )
    op.create_table(
        "log_openings",
        sa.Column("log", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("vkey", sa.String(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("cites", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("log"),
        sa.UniqueConstraint("origin"),
    )
    op.create_table(
        "log_leaves",
        sa.Column("log", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("leaf_index", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("log", "leaf_index"),
        sa.UniqueConstraint("position", name="an_event_is_one_leaf"),
    )
    op.create_table(
        "log_tiles",
        sa.Column("log", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("level", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("n", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("hashes", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("length(hashes) BETWEEN 32 AND 8192 AND length(hashes) % 32 = 0", name="whole_hashes"),
        sa.PrimaryKeyConstraint("log", "level", "n"),
    )
    op.create_table(
        "log_checkpoints",
        sa.Column("log", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("size", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("log", "size"),
    )
    op.create_table(
        "log_published",
        sa.Column("log", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("log"),
    )
    op.execute("INSERT INTO log_pending (position) SELECT position FROM events")
    _triggers()


def _triggers() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE TRIGGER events_are_owed_to_the_log AFTER INSERT ON events FOR EACH ROW "
            "BEGIN INSERT INTO log_pending (position) VALUES (NEW.position); END"
        )
        for name, (act, when) in _FORBIDDEN.items():
            op.execute(
                f"CREATE TRIGGER {name} BEFORE {act} FOR EACH ROW WHEN {when} BEGIN SELECT RAISE(ABORT, '{name}'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION owe_to_the_log() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN INSERT INTO log_pending (position) VALUES (NEW.position); RETURN NULL; END $$"
    )
    op.execute(
        "CREATE TRIGGER events_are_owed_to_the_log AFTER INSERT ON events "
        "FOR EACH ROW EXECUTE FUNCTION owe_to_the_log()"
    )
    for name, (act, when) in _FORBIDDEN.items():
        op.execute(f"CREATE TRIGGER {name} BEFORE {act} FOR EACH ROW WHEN ({when}) EXECUTE FUNCTION refuse()")
    for table in ("log_openings", "log_leaves", "log_tiles", "log_checkpoints"):
        op.execute(
            f"CREATE TRIGGER {table}_is_never_truncated BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse()"
        )
