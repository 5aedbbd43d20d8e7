"""
Names come under the key of their month: the people of a drop, its hint, where its messages stand, and every disclosure.

The tables are made anew and each row is sealed on its way: what stood in clear goes with the old table.  Pseudonyms of
people, and marks of forms, take the place of the columns that were searched by name.
"""

import json
import secrets
import time
from collections.abc import Iterator, Mapping
from typing import Any

import sqlalchemy as sa
from alembic import context, op

from store.formats import personal_v1, submission_v1
from store.months import Months, month_of

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_AT_ONCE = 500
_TRIGGERS = {
    "destroyed_is_for_ever": "OLD.state = 'destroyed' AND NEW.state <> 'destroyed'",
    "one_claim_for_ever": "OLD.claim_hash IS NOT NULL AND (NEW.claim_hash IS NULL OR NEW.claim_hash <> OLD.claim_hash)",
}
_CHECKS = {
    "id_is_128_bits": "length(id) = 16",
    "known_state": "state IN ('sealed','locked','claimed','ending','destroyed')",
    "known_outcome": "outcome IN ('viewed','released','revoked','expired','undelivered','locked_out','lost')",
    "known_way": "way IN ('dm','shown','here')",
    "known_delivery": "delivery IN ('pending','delivered','undelivered')",
    "destroyed_means_no_envelope": "(state = 'destroyed') = (envelope IS NULL)",
    "destroyed_means_no_v2": "(state = 'destroyed') = (v2 IS NULL)",
    "destroyed_has_a_time": "(state = 'destroyed') = (destroyed_at IS NOT NULL)",
    "an_ending_has_an_outcome": "(state IN ('ending','destroyed')) = (outcome IS NOT NULL)",
    "claimed_by_somebody": "state <> 'claimed' OR claim_hash IS NOT NULL",
    "sealed_means_unclaimed": "state NOT IN ('sealed','locked') OR claim_hash IS NULL",
    "paused_means_unclaimed": "paused_at IS NULL OR state <> 'claimed'",
    "seen_means_claimed": "outcome IS NULL OR outcome NOT IN ('viewed','released') OR claim_hash IS NOT NULL",
    "a_live_drop_is_somebodys": "personal IS NOT NULL OR state = 'destroyed'",
    "five_guesses_a_round": "round_guesses BETWEEN 0 AND 5",
    "fifteen_guesses_in_all": "guesses BETWEEN 0 AND 15",
    "two_unlocks": "unlocks BETWEEN 0 AND 2",
    "three_sends": "sends BETWEEN 0 AND 3",
}
_WORDS = ("state", "outcome", "ended_by", "delivery", "recipient_class", "template", "sealed_by", "on_lock", "way")
_BYTES = ("personal", "sender", "recipient", "form", "once", "hint", "v1", "v2", "envelope", "claim_hash")
_COUNTS = ("envelope_bytes", "guesses", "round_guesses", "unlocks", "sends", "n")
_TIMES = (
    "delivery_until",
    "created_at",
    "expires_at",
    "door_opened_at",
    "next_guess_at",
    "claimed_at",
    "claim_until",
    "ended_at",
    "destroyed_at",
    "paused_at",
)
_MAY_BE_NULL = {"outcome", "ended_by", *_BYTES, *_TIMES} - {
    "form",
    "delivery_until",
    "created_at",
    "expires_at",
    "next_guess_at",
}


def upgrade() -> None:
    """Make the tables anew and seal every row into them."""
    op.create_table(
        "forgotten_months", sa.Column("month", sa.String(), nullable=False), sa.PrimaryKeyConstraint("month")
    )
    op.drop_index("drops_by_state", "drops")
    op.drop_index("disclosures_by_drop", "disclosures")
    old = {name: _set_aside(name) for name in ("drops", "disclosures", "messages")}
    drops, disclosures, messages = _drops(), _disclosures(), _messages()
    for row in _rows(old["drops"], old["drops"].c.id):
        op.get_bind().execute(drops.insert().values(**_sealed_drop(row)))
    events = sa.table("events", sa.column("jti"), sa.column("at"))
    for row in _rows(old["disclosures"], old["disclosures"].c.digest):
        at = op.get_bind().scalar(sa.select(events.c.at).where(events.c.jti == row["jti"]))
        op.get_bind().execute(disclosures.insert().values(**_sealed_disclosure(row, at or _present_ms())))
    created = {row.id: row.month for row in op.get_bind().execute(sa.select(drops.c.id, drops.c.month))}
    for place in op.get_bind().execute(sa.select(old["messages"])).mappings().all():
        if place["drop_id"] in created:
            sealed = _sealed_place(dict(place), created[place["drop_id"]])
            op.get_bind().execute(messages.insert().values(**sealed))
    for name in old:
        op.drop_table(f"{name}_in_clear")  # with its triggers, whose names are free from here on
    for name, columns in {
        "drops_by_state": ["state", "expires_at"],
        "drops_by_form": ["form"],
        "drops_by_sender": ["sender"],
        "drops_by_recipient": ["recipient"],
        "drops_by_month": ["month"],
        "disclosures_by_drop": ["drop_id"],
        "disclosures_by_month": ["month"],
    }.items():
        op.create_index(name, name.split("_", 1)[0], columns)
    for name, when in _TRIGGERS.items():
        refuse = f"WHEN {when} BEGIN SELECT RAISE(ABORT, '{name}'); END"
        if op.get_bind().dialect.name != "sqlite":
            refuse = f"WHEN ({when}) EXECUTE FUNCTION refuse()"
        op.execute(f"CREATE TRIGGER {name} BEFORE UPDATE ON drops FOR EACH ROW {refuse}")


def _set_aside(name: str) -> sa.Table:
    op.rename_table(name, f"{name}_in_clear")
    return sa.Table(f"{name}_in_clear", sa.MetaData(), autoload_with=op.get_bind())


def _drops() -> sa.Table:
    kinds = {sa.String: ("month", *_WORDS), sa.LargeBinary: _BYTES, sa.Integer: _COUNTS, sa.BigInteger: _TIMES}
    columns = [
        sa.Column(name, kind(), nullable=name in _MAY_BE_NULL, unique=name == "once" or None)
        for kind, names in kinds.items()
        for name in names
    ]
    checks = [sa.CheckConstraint(text, name=name) for name, text in _CHECKS.items()]
    return op.create_table("drops", sa.Column("id", sa.LargeBinary(), primary_key=True), *columns, *checks)


def _disclosures() -> sa.Table:
    return op.create_table(
        "disclosures",
        sa.Column("digest", sa.String(), primary_key=True),
        sa.Column("jti", sa.String(), nullable=False),
        sa.Column("drop_id", sa.LargeBinary()),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("month", sa.String(), nullable=False),
        sa.Column("disclosure", sa.LargeBinary(), nullable=False),
    )


def _messages() -> sa.Table:
    return op.create_table(
        "messages",
        sa.Column("drop_id", sa.LargeBinary(), primary_key=True),
        sa.Column("audience", sa.String(), primary_key=True),
        sa.Column("month", sa.String(), nullable=False),
        sa.Column("place", sa.LargeBinary(), nullable=False),
    )


def _rows(table: sa.Table, key: sa.Column[Any]) -> Iterator[Mapping[str, Any]]:
    page = sa.select(table).order_by(key).limit(_AT_ONCE)
    rows = op.get_bind().execute(page).mappings().all()
    while rows:
        yield from map(dict, rows)
        rows = op.get_bind().execute(page.where(key > rows[-1][key.name])).mappings().all()


def _sealed_drop(row: Mapping[str, Any]) -> dict[str, Any]:
    month = month_of(row["created_at"])
    key, pepper = _months().to_write(month), _pepper()
    names = ("team_id", "sender_id", "recipient_id", "recipient_name", "recipient_team", "header")
    people = json.dumps({**{name: row[name] for name in names}, "reference": None}, ensure_ascii=False)
    form, once = row["id"], None
    if row["submission"] is not None:
        form = submission_v1.form(pepper, row["submission"].partition("/")[0])
        once = submission_v1.once(pepper, row["submission"], row["recipient_id"])
    hint = None if row["hint"] is None else _seal(key, "hint", row["id"], row["hint"])
    kept = {name: value for name, value in row.items() if name not in {*names, "submission"}}
    return kept | {
        "month": month,
        "personal": _seal(key, "people", row["id"], people),
        "sender": personal_v1.pseudonym(key, "sender", row["sender_id"]),
        "recipient": personal_v1.pseudonym(key, "recipient", row["recipient_id"]),
        "form": form,
        "once": once,
        "hint": hint,
    }


def _sealed_disclosure(row: Mapping[str, Any], at: int) -> dict[str, Any]:
    month = month_of(at)
    text = _seal(_months().to_write(month), "disclosure", row["digest"].encode(), row["disclosure"])
    return {**row, "month": month, "disclosure": text}


def _sealed_place(row: Mapping[str, Any], month: str) -> dict[str, Any]:
    whose = row["drop_id"] + row["audience"].encode()
    place = _seal(_months().to_write(month), "place", whose, f"{row['channel']} {row['ts']}")
    return {"drop_id": row["drop_id"], "audience": row["audience"], "month": month, "place": place}


def _present_ms() -> int:
    """For what somebody left without its event."""
    return int(time.time() * 1000)


def _seal(key: bytes, what: str, whose: bytes, text: str) -> bytes:
    return personal_v1.seal(key, what, whose, text.encode("utf-8", "surrogatepass"), secrets.token_bytes(12))


def _months() -> Months:
    months: Months = context.config.attributes["months"]
    return months


def _pepper() -> bytes:
    pepper: bytes = context.config.attributes["keyring"].peppers.current
    return pepper
