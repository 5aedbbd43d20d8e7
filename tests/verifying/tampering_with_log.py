"""Changes by hand to the tables of the log, and the words in which the check must name them."""

# ruff: noqa: S608 - an attacker in a test needs no protection from itself
from typing import Final

from tests.verifying.tampering import Tampering, changed, swapped

_LAST: Final = "(SELECT max(leaf_index) FROM log_leaves)"
_FIRST: Final = "(SELECT min(size) FROM log_checkpoints)"
_WAITS: Final = "(SELECT max(position) FROM log_pending)"
_NEWEST: Final = "(SELECT max(size) FROM log_checkpoints)"

LEAVES: Final = (
    changed("log_leaves: deleted", "DELETE FROM log_leaves WHERE leaf_index = 5", "^log_leaves: .*leaf 5 is gone"),
    changed(
        "log_leaves: deleted, the event", "DELETE FROM log_leaves WHERE leaf_index = 5", "^events: .*it is nowhere"
    ),
    changed(
        "log_leaves: the last deleted",
        f"DELETE FROM log_leaves WHERE leaf_index = {_LAST}",
        "^log_checkpoints: .*leaves were deleted",
    ),
    changed(
        "log_leaves: inserted",
        "INSERT INTO log_leaves (log, leaf_index, position) SELECT 1, max(leaf_index) + 1, 99999 FROM log_leaves",
        "^log_leaves: .*its event is gone",
    ),
    changed(
        "log_leaves: one that waits inserted",
        f"INSERT INTO log_leaves (log, leaf_index, position) SELECT 1, {_LAST} + 1, {_WAITS}",
        "^events: .*it is in two places",
    ),
    changed(
        "log_leaves: far away",
        f"UPDATE log_leaves SET leaf_index = 999999 WHERE leaf_index = {_LAST}",
        "^log_leaves: .*leaves up to 999999 are gone",
    ),
    changed(
        "log_leaves: before the first",
        "UPDATE log_leaves SET leaf_index = -4 WHERE leaf_index = 9",
        "^log_leaves: .*leaf -4 .*no leaf of such a number",
    ),
    Tampering(
        "log_leaves: positions swapped",
        (
            ("UPDATE log_leaves SET position = -1 WHERE leaf_index = 4", {}),
            ("UPDATE log_leaves SET position = -2 WHERE leaf_index = 5", {}),
            ("UPDATE log_leaves SET position = 6 WHERE leaf_index = 4", {}),
            ("UPDATE log_leaves SET position = 5 WHERE leaf_index = 5", {}),
        ),
        "^events: localhost:8080/audit, leaf 4 .*put in another place",
    ),
    changed(
        "log_leaves: log", "UPDATE log_leaves SET log = 7 WHERE leaf_index = 5", "^log_openings: log 7 has no row here"
    ),
)

TILES: Final = (
    changed("log_tiles: deleted", "DELETE FROM log_tiles WHERE level = 1", "^log_tiles: .*tile/1/000: it is gone"),
    changed(
        "log_tiles: inserted",
        "INSERT INTO log_tiles (log, level, n, hashes) SELECT log, 2, 0, hashes FROM log_tiles WHERE level = 1",
        "^log_tiles: .*level 2 number 0: the tree has no such tile",
    ),
    swapped(
        "log_tiles",
        "n",
        "hashes",
        "0",
        "1",
        "^log_tiles: .*tile/0/000: it does not hold the hashes of",
        where="level = 0",
    ),
    changed(
        "log_tiles: hashes",
        "UPDATE log_tiles SET hashes = :hashes WHERE level = 1",
        "^log_tiles: .*tile/1/000: it does not hold the hashes",
        hashes=bytes(32),
    ),
)

CHECKPOINTS: Final = (
    changed(
        "log_checkpoints: newest deleted",
        f"DELETE FROM log_checkpoints WHERE size = {_NEWEST}",
        "^log_checkpoints: .*no checkpoint of that size",
    ),
    changed(
        "log_checkpoints: inserted",
        "INSERT INTO log_checkpoints (log, size, note, at) SELECT log, 3, note, at FROM log_checkpoints "
        f"WHERE size = {_NEWEST}",
        "^log_checkpoints: .*size 3: its note speaks of",
    ),
    swapped("log_checkpoints", "size", "note", _FIRST, _NEWEST, r"^log_checkpoints: .*size \d+: its note speaks of"),
    changed(
        "log_checkpoints: note",
        "UPDATE log_checkpoints SET note = replace(note, '/audit', '/audio')",
        r"^log_checkpoints: .*size \d+: ",
    ),
    changed(
        "log_checkpoints: size",
        f"UPDATE log_checkpoints SET size = 7 WHERE size = {_FIRST}",
        "^log_checkpoints: .*size 7: its note speaks of",
    ),
    changed(
        "log_checkpoints: log",
        f"UPDATE log_checkpoints SET log = 3 WHERE size = {_FIRST}",
        "^log_openings: log 3 has no row",
    ),
)

PUBLISHED: Final = (
    changed("log_published: deleted", "DELETE FROM log_published", "^log_published: .*0 entries are shown"),
    changed(
        "log_published: inserted",
        "INSERT INTO log_published (log, size) VALUES (8, 1)",
        "^log_openings: log 8 has no row here, and rows in log_published",
    ),
    changed(
        "log_published: more", "UPDATE log_published SET size = 9999", "^log_published: .*9999 entries were let out"
    ),
    changed("log_published: less", "UPDATE log_published SET size = 100", "^log_published: .*100 entries are shown"),
    changed("log_published: log", "UPDATE log_published SET log = 2", "^log_openings: log 2 has no row here"),
)

OPENINGS: Final = (
    changed(
        "log_openings: deleted", "DELETE FROM log_openings", "^log_openings: log 1 has no row here, and rows in log_lea"
    ),
    changed(
        "log_openings: inserted",
        "INSERT INTO log_openings (log, origin, vkey, position) "
        "SELECT 2, 'localhost:8080/audit-2', vkey, position FROM log_openings",
        "^log_openings: log 2: its origin is not that of its vkey",
    ),
    changed("log_openings: log", "UPDATE log_openings SET log = 2", "^log_openings: log 2: its origin"),
    changed(
        "log_openings: origin", "UPDATE log_openings SET origin = 'x/audit'", "^log_openings: log 1: its origin is not"
    ),
    changed("log_openings: vkey", "UPDATE log_openings SET vkey = 'x'", "^log_openings: .*its vkey is no key"),
    changed(
        "log_openings: position", "UPDATE log_openings SET position = 4", "^log_openings: .*position 4 is not the event"
    ),
    changed(
        "log_openings: cites",
        f"UPDATE log_openings SET cites = (SELECT note FROM log_checkpoints WHERE size = {_FIRST})",
        "^log_openings: .*it cites another checkpoint",
    ),
)

OWED: Final = (
    changed("log_pending: deleted", "DELETE FROM log_pending", "^events: .*it is nowhere"),
    changed("log_pending: inserted", "INSERT INTO log_pending VALUES (3)", "^events: position 3 .*it is in two places"),
    changed(
        "log_pending: no event", "INSERT INTO log_pending VALUES (9999)", "^log_pending: position 9999: there is no"
    ),
    changed("log_pending: changed", "UPDATE log_pending SET position = 2", "^events: position 2 .*it is in two places"),
    changed(
        "log_refused: inserted",
        f"INSERT INTO log_refused (position, why, at) SELECT {_WAITS}, 'wrong signature', 1",
        "^log_refused: .*'wrong signature', and nothing is wrong with it",
    ),
    changed(
        "log_refused: no event",
        "INSERT INTO log_refused (position, why, at) VALUES (9999, 'wrong signature', 1)",
        "^log_refused: position 9999: there is no such event",
    ),
)
