"""Changes by hand, table by table, and the words in which the check must name them."""

# ruff: noqa: S608 - an attacker in a test needs no protection from itself
from dataclasses import dataclass
from typing import Any, Final

from store.schema import drops
from tests.verifying.attacked import Statement

A_DROP: Final = "(SELECT id FROM drops WHERE {where} ORDER BY created_at, id LIMIT 1)"
AN_EVENT: Final = "(SELECT min(position) FROM events WHERE event = '{event}')"


@dataclass(frozen=True)
class Tampering:
    """What somebody does to one table, and a pattern of the failure that names it."""

    name: str
    statements: tuple[Statement, ...]
    found: str


def changed(name: str, statement: str, found: str, **values: Any) -> Tampering:
    """One statement."""
    return Tampering(name, ((statement, values),), found)


def _many(name: str, found: str, *statements: str) -> Tampering:
    return Tampering(name, tuple((statement, {}) for statement in statements), found)


def swapped(table: str, key: str, column: str, one: str, other: str, found: str, where: str = "1 = 1") -> Tampering:
    """Exchange a column between two rows, chosen by their keys."""
    at = f"(SELECT {column} FROM {table} WHERE {where} AND {key} = {{}})"
    return _many(
        f"{table}: {column} of two rows swapped",
        found,
        f"UPDATE {table} SET {column} = CASE WHEN {key} = {one} THEN {at.format(other)} ELSE {at.format(one)} END "
        f"WHERE {where} AND {key} IN ({one}, {other})",
    )


def _drop(column: str, value: str, where: str, found: str) -> Tampering:
    drop = A_DROP.format(where=where)
    return changed(f"drops: {column} of {where}", f"UPDATE drops SET {column} = {value} WHERE id = {drop}", found)


_COLUMNS: Final = "drop_id, n, event, at, jti, kid, leaf"
_CLAIMED: Final = AN_EVENT.format(event="drop.claimed")
_CREATED: Final = AN_EVENT.format(event="drop.created")

EVENTS: Final = (
    changed(
        "events: deleted", f"DELETE FROM events WHERE position = {_CLAIMED}", r"^events: drop \S+: number 2 of its"
    ),
    changed(
        "events: deleted, its leaf", f"DELETE FROM events WHERE position = {_CLAIMED}", "^log_leaves: .*event is gone"
    ),
    changed("events: log.opened deleted", "DELETE FROM events WHERE drop_id IS NULL", "^log_openings: .*event is gone"),
    changed(
        "events: inserted",
        f"INSERT INTO events ({_COLUMNS}) SELECT drop_id, 900, event, at, 'ev_00', kid, leaf FROM events "
        f"WHERE position = {_CREATED}",
        r"^events: position \d+ \(drop.created, number 900 .*the row says something else than its leaf",
    ),
    swapped("events", "position", "leaf", "3", "4", "^events: position 3 .*the row says something else than its leaf"),
    _many(
        "events: positions swapped",
        "^events: localhost:8080/audit, leaf 2 .*put in another place",
        "UPDATE events SET position = -1 WHERE position = 3",
        "UPDATE events SET position = 3 WHERE position = 4",
        "UPDATE events SET position = 4 WHERE position = -1",
    ),
    _many(
        "events: positions of a drop swapped",
        "^events: drop .*positions of its events are not in the order",
        "UPDATE events SET position = -1 WHERE position = 3",
        "UPDATE events SET position = 3 WHERE position = 4",
        "UPDATE events SET position = 4 WHERE position = -1",
    ),
    changed(
        "events: event",
        f"UPDATE events SET event = 'drop.asked' WHERE position = {_CLAIMED}",
        "^events: .*something else",
    ),
    changed("events: n", f"UPDATE events SET n = 70 WHERE position = {_CLAIMED}", "^events: .*something else"),
    changed("events: at", f"UPDATE events SET at = at + 9000 WHERE position = {_CLAIMED}", "^events: .*column at"),
    changed("events: jti", f"UPDATE events SET jti = 'ev_9' WHERE position = {_CLAIMED}", "^events: .*something else"),
    changed(
        "events: kid",
        f"UPDATE events SET kid = (SELECT kid FROM signers WHERE program = 'bot') WHERE position = {_CLAIMED}",
        "^events: .*wrong signature",
    ),
    changed(
        "events: leaf",
        f"UPDATE events SET leaf = (SELECT leaf FROM events WHERE position = {_CREATED}) WHERE position = {_CLAIMED}",
        "^events: .*(something else|wrong signature)",
    ),
    changed(
        "events: drop_id",
        "UPDATE events SET drop_id = (SELECT id FROM drops WHERE outcome = 'lost' LIMIT 1), n = 99 "
        f"WHERE position = {_CLAIMED}",
        "^events: .*something else",
    ),
    _many(
        "events: a receipt deleted and the drop renumbered",
        "^drops: .*was destroyed, and has no receipt",
        "UPDATE drops SET n = n - 1 WHERE id = (SELECT drop_id FROM events WHERE event = 'drop.receipt' "
        "ORDER BY position DESC LIMIT 1)",
        "DELETE FROM events WHERE position = (SELECT max(position) FROM events WHERE event = 'drop.receipt')",
    ),
)

_SEALED: Final = "state = 'sealed' AND guesses = 0 AND paused_at IS NULL AND door_opened_at IS NULL AND n = 1"
_OPEN: Final = "state = 'sealed' AND door_opened_at IS NOT NULL"
_VIEWED: Final = "outcome = 'viewed'"
_LOST: Final = "outcome = 'lost'"
_GONE: Final = "(SELECT drop_id FROM events WHERE event = '{event}' AND drop_id NOT IN (SELECT id FROM drops) LIMIT 1)"
_OF_A_VIEWED: Final = _GONE.format(event="drop.acknowledged")
_OF_A_LOST: Final = _GONE.format(event="drop.created")
_SAYS: Final = r"^drops: drop \S+: its column {} is .* and its events say"

DROPS: Final = (
    changed(
        "drops: deleted", f"DELETE FROM drops WHERE id = {A_DROP.format(where=_VIEWED)}", "^drops: .*its row is gone"
    ),
    changed(
        "drops: a column of all",
        "UPDATE drops SET envelope_bytes = envelope_bytes + 1",
        r"^drops: and \d+ more|^drops: .*envelope_bytes",
    ),
    changed(
        "drops: inserted",
        "INSERT INTO drops ({columns}) SELECT {id}, {rest} FROM drops WHERE outcome = 'lost' LIMIT 1".format(
            columns=", ".join(column.name for column in drops.c),
            id=":id",
            rest=", ".join(column.name for column in drops.c if column.name != "id"),
        ),
        "^drops: drop AAAAAAAAAAAAAAAAAAAAAA: no event speaks of it",
        id=bytes(16),
    ),
    Tampering(
        "drops: ids swapped",
        (
            (f"UPDATE drops SET id = :zero WHERE id = {A_DROP.format(where=_VIEWED)}", {"zero": bytes(16)}),
            (f"UPDATE drops SET id = {_OF_A_VIEWED} WHERE id = {A_DROP.format(where=_LOST)}", {}),
            (f"UPDATE drops SET id = {_OF_A_LOST} WHERE id = :zero", {"zero": bytes(16)}),
        ),
        "^drops: .*its people cannot be read: .* does not open with it",
    ),
    _drop("state", "'locked'", _OPEN, _SAYS.format("state")),
    _drop("outcome", "'released'", _VIEWED, _SAYS.format("outcome")),
    _drop("ended_by", "'clock'", _VIEWED, _SAYS.format("ended_by")),
    _drop("delivery", "'pending'", _OPEN, _SAYS.format("delivery")),
    _drop("month", "'2020-01'", _VIEWED, "^drops: .*its column month is not that of its creation"),
    _drop("personal", "v1", _VIEWED, "^drops: .*its people cannot be read"),
    *(
        _drop(column, "NULL", _VIEWED, f"^drops: .*its column {column} is gone, and nobody was said to be forgotten")
        for column in ("personal", "sender", "recipient", "v1")
    ),
    *(
        _drop(column, "v1", _VIEWED, f"^drops: .*its column {column} is not its {column}'s")
        for column in ("sender", "recipient")
    ),
    _drop("recipient_class", "'member'", _VIEWED, _SAYS.format("recipient_class")),
    _drop("template", "'other'", _VIEWED, _SAYS.format("template")),
    _drop("sealed_by", "'page'", _VIEWED, _SAYS.format("sealed_by")),
    _drop("sealed_by", "'client'", _VIEWED, "^drops: .*its receipt says another sealed_by"),
    _drop("on_lock", "'lock'", "outcome = 'locked_out'", "^drops: .*on_lock"),
    _drop("hint", "v1", _VIEWED, "^drops: .*its hint is there although it was destroyed"),
    _drop("envelope", "v1", _OPEN, "^drops: .*its envelope or v2 is gone or of another size"),
    _drop("envelope_bytes", "1", _OPEN, _SAYS.format("envelope_bytes")),
    _drop("created_at", "created_at - 9000", _VIEWED, _SAYS.format("created_at")),
    _drop("expires_at", "expires_at + 1000", _OPEN, _SAYS.format("expires_at")),
    _drop("door_opened_at", "NULL", _OPEN, _SAYS.format("door_opened_at")),
    _drop("guesses", "0", "outcome = 'locked_out'", _SAYS.format("guesses")),
    _drop("round_guesses", "0", "state = 'locked'", _SAYS.format("round_guesses")),
    _drop("unlocks", "0", "unlocks = 1", _SAYS.format("unlocks")),
    _drop("next_guess_at", "1", "state = 'locked'", _SAYS.format("next_guess_at")),
    _drop("claimed_at", "claimed_at + 9000", _VIEWED, _SAYS.format("claimed_at")),
    _drop("claim_until", "NULL", _VIEWED, "^drops: .*column claim_until does not fit"),
    _drop("claim_hash", "v1", "outcome = 'lost'", "^drops: .*column claim_hash does not fit"),
    _drop("sends", "1", _VIEWED, _SAYS.format("sends")),
    _drop("ended_at", "ended_at - 9000", "outcome = 'revoked'", _SAYS.format("ended_at")),
    _drop("destroyed_at", "destroyed_at + 9000", _VIEWED, _SAYS.format("destroyed_at")),
    _drop("n", "n + 1", _VIEWED, r"^events: drop \S+: number \d+ of its \d+ events is gone"),
    _drop("way", "'here'", _VIEWED, _SAYS.format("way")),
    _drop("paused_at", "NULL", "paused_at IS NOT NULL", _SAYS.format("paused_at")),
)

_RECEIPT: Final = "(SELECT jti FROM events WHERE event = 'drop.receipt' ORDER BY position LIMIT 1)"
_TWO: Final = (
    f"(SELECT digest FROM disclosures WHERE jti = {_RECEIPT} AND name = 'sender')",
    f"(SELECT digest FROM disclosures WHERE jti = {_RECEIPT} AND name = 'label')",
)

DISCLOSURES: Final = (
    changed(
        "disclosures: deleted",
        f"DELETE FROM disclosures WHERE digest = {_TWO[0]}",
        "^disclosures: .*1 of its 6 .*gone, and nob",
    ),
    changed(
        "disclosures: inserted",
        f"INSERT INTO disclosures (digest, jti, drop_id, name, month, disclosure) "
        f"SELECT 'x', jti, drop_id, name, month, disclosure FROM disclosures WHERE digest = {_TWO[0]}",
        "^disclosures: digest x does not stand in the event",
    ),
    changed(
        "disclosures: inserted for no event",
        "INSERT INTO disclosures (digest, jti, name, month, disclosure) "
        "VALUES ('x', 'ev_none', 'label', '2020-01', :text)",
        "^disclosures: digest x: there is no event ev_none",
        text=b"y",
    ),
    swapped("disclosures", "digest", "disclosure", *_TWO, "^disclosures: drop.receipt .*does not open with it"),
    changed(
        "disclosures: name",
        f"UPDATE disclosures SET name = 'team' WHERE digest = {_TWO[0]}",
        "^disclosures: .*column name",
    ),
    changed(
        "disclosures: jti",
        f"UPDATE disclosures SET jti = 'ev_1' WHERE digest = {_TWO[0]}",
        "^disclosures: .*column jti",
    ),
    changed(
        "disclosures: drop_id",
        f"UPDATE disclosures SET drop_id = NULL WHERE digest = {_TWO[0]}",
        "^disclosures: .*drop_id",
    ),
    changed(
        "disclosures: text",
        f"UPDATE disclosures SET disclosure = :text WHERE digest = {_TWO[0]}",
        "^disclosures: .*does not open with it",
        text=b"abc",
    ),
    changed(
        "disclosures: month",
        f"UPDATE disclosures SET month = '2020-01' WHERE digest = {_TWO[0]}",
        "^disclosures: .*month is of another event",
    ),
    changed(
        "disclosures: digest",
        f"UPDATE disclosures SET digest = 'q' WHERE digest = {_TWO[0]}",
        "^disclosures: digest q does",
    ),
)

FORGOTTEN: Final = (
    changed(
        "forgotten_months: inserted",
        "INSERT INTO forgotten_months (month) VALUES ('2020-01')",
        "^forgotten_months: 2020-01 stands in the table or in a signed event, and not in both",
    ),
)

SIGNERS: Final = (
    changed(
        "signers: deleted",
        "DELETE FROM signers WHERE program = 'web'",
        "^signers: key .* signed events, and its row is gone",
    ),
    changed(
        "signers: inserted",
        "INSERT INTO signers (kid, program, jwk, since) SELECT 'other', program, jwk, since FROM signers "
        "WHERE program = 'bot'",
        "^signers: key other .*another key than its kid",
    ),
    swapped(
        "signers",
        "program",
        "jwk",
        "'bot'",
        "'web'",
        "^signers: key .*another key than its kid",
    ),
    changed(
        "signers: program",
        "UPDATE signers SET program = 'bot' WHERE program = 'web'",
        "^signers: .*it is the key of web",
    ),
    changed("signers: kid", "UPDATE signers SET kid = 'other' WHERE program = 'web'", "^signers: key other"),
    changed(
        "signers: jwk", "UPDATE signers SET jwk = '{}' WHERE program = 'web'", "^signers: .*its jwk is no public key"
    ),
)

INSTALLATION: Final = (
    changed("installation: deleted", "DELETE FROM installation", "^installation: it has 0 rows"),
    changed(
        "installation: keyring_id",
        "UPDATE installation SET keyring_id = 'x'",
        "^installation: it names another keyring",
    ),
)
