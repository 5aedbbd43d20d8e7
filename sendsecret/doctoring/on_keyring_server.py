"""The keyring's server: a server of its own, which keeps of deleted keys as little as it can, and tidies in time."""

from collections.abc import Iterator
from typing import Any, Final

from sendsecret.doctoring.known import Known
from sendsecret.doctoring.line import Line, bad, ok, warn
from store import keyring_apart
from store.clock import Clock
from store.database import Database, is_there
from store.errors import StoreUnavailableError
from store.keyring_server import KeyringServer
from store.keys_on_server import DROPS, RECORDS, KeyringOnServer
from store.months_on_server import TABLE as MONTHS

_OVERDUE_SECONDS: Final = 120
# Only of sessions of our own user, unless ours may read everybody's.  A name that somebody chose is not shown.
_HOLDERS: Final = """
SELECT string_agg(what, ', ') AS held_by FROM (
    SELECT 'the transaction of process ' || pid FROM pg_stat_activity WHERE backend_xmin IS NOT NULL
        AND pid <> pg_backend_pid()
        AND (state LIKE 'idle in transaction%' OR xact_start < clock_timestamp() - interval '5 s')
    UNION ALL SELECT 'a standby, by hot_standby_feedback' FROM pg_stat_replication WHERE backend_xmin IS NOT NULL
    UNION ALL SELECT 'the prepared transaction ' || transaction FROM pg_prepared_xacts
    UNION ALL SELECT 'the replication slot ' || slot_name FROM pg_replication_slots WHERE xmin IS NOT NULL
) AS held (what) WHERE $1 <> ''
"""
_SEEN: Final = f"""
SELECT relpersistence = 'u' AS is_unlogged, pg_has_role(relowner, 'USAGE') AS is_ours,
    (SELECT coalesce(sum(n_dead_tup), 0)::bigint FROM pg_stat_user_tables WHERE relid IN (
        to_regclass('{DROPS}'), to_regclass('{RECORDS}'), to_regclass('{MONTHS}'))) AS dead,
    extract(epoch FROM clock_timestamp() - last_vacuum)::float AS vacuumed,
    current_setting('archive_mode') AS archive, (SELECT count(*) FROM pg_stat_replication) AS standbys,
    current_setting('log_parameter_max_length') <> '0' AND (current_setting('log_statement') IN ('mod', 'all')
        OR current_setting('log_min_duration_statement') <> '-1' OR current_setting('log_min_duration_sample') <> '-1'
        OR current_setting('log_transaction_sample_rate') <> '0')
    OR coalesce(current_setting('auto_explain.log_min_duration', true), '-1') NOT IN ('', '-1')
        AND coalesce(current_setting('auto_explain.log_parameter_max_length', true), '-1') <> '0'
    OR coalesce(current_setting('pgaudit.log_parameter', true), 'off') = 'on' AS logs_keys,
    (SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()) AS has_tls,
    coalesce(inet_server_addr() = inet_client_addr(), true) AS is_here,
    (SELECT emptied_at IS NOT NULL FROM sendsecret_keyring WHERE keyring_id = $1) AS was_emptied
FROM pg_class LEFT JOIN pg_stat_user_tables ON relid = pg_class.oid WHERE pg_class.oid = to_regclass('{DROPS}')
"""  # noqa: S608 - a fixed name


async def check(known: Known, keyring: KeyringOnServer) -> list[Line]:
    """What its server says.  Raises KeyUnreadableError."""
    server = keyring.server
    (seen,) = server.ask(_SEEN)
    (held,) = server.ask(_HOLDERS)
    return [
        ok("keyring: its server answers, and holds this keyring"),
        *await _apart(known, server),
        *_on_the_way(seen),
        *_kept(seen),
        *_tidied(seen, held["held_by"]),
        *_emptied(seen, is_promoted=keyring.is_promoted()),
    ]


async def _apart(known: Known, server: KeyringServer) -> list[Line]:
    if known.database_url is None or not is_there(known.database_url):
        return []
    db = Database(known.database_url, Clock())
    try:
        database = await keyring_apart.of_database(db)
    except StoreUnavailableError:  # said where it was looked for
        return []
    finally:
        await db.close()
    if database is None:
        return [ok("keyring: its server is not the database's, which is a file")]
    is_same = database.is_same_server(keyring_apart.of_keyring(server))
    if is_same is None:
        return [
            warn(
                "keyring: whether its server is also the database's could not be seen: a user of ours may not call "
                "pg_control_system()",
                "Let it be a server of its own; GRANT EXECUTE ON FUNCTION pg_control_system() lets this be seen",
            )
        ]
    if is_same:
        return [
            warn(
                "keyring: it is another database of the very server that has the drops, so that a copy of that "
                "server's files has each key beside its envelope",
                "Give it a server of its own",
            )
        ]
    return [ok("keyring: its server is not the database's")]


def _on_the_way(seen: Any) -> Iterator[Line]:
    if not seen["has_tls"] and not seen["is_here"]:
        yield warn(
            "keyring: keys travel between this host and its server without TLS",
            "Let the server have a certificate, and add ?ssl=verify-full to KEYRING_URL",
        )


def _kept(seen: Any) -> Iterator[Line]:
    if not seen["is_unlogged"]:
        yield bad(
            "keyring: the table of drop keys is not UNLOGGED any more, so that WAL and standbys keep deleted keys",
            f"ALTER TABLE {DROPS} SET UNLOGGED; what the WAL and its archive hold is to be destroyed",
        )
    if seen["logs_keys"]:
        yield bad(
            "keyring: its server writes statements with their values into its log, and new keys with them",
            "Set log_parameter_max_length = 0 there, and destroy the log of before",
        )
    if seen["archive"] != "off" or seen["standbys"]:
        yield warn(
            f"keyring: its server has {seen['standbys']} standby, and archive_mode {seen['archive']}: the keys of "
            "drops are in neither; those of records and months that were erased stay there for as long as WAL is kept",
            "Keep little of it, or accept that",
        )
    else:
        yield ok("keyring: its server feeds no standby and archives no WAL")


def _tidied(seen: Any, held_by: str | None) -> Iterator[Line]:
    if not seen["is_ours"]:
        yield bad(
            "keyring: the user in KEYRING_URL does not own the tables, and cannot VACUUM them",
            "Make it their owner; receipts say that this is done",
        )
    elif seen["dead"]:
        is_overdue = seen["vacuumed"] is None or seen["vacuumed"] > _OVERDUE_SECONDS
        since = " for longer than a minute" if is_overdue else ""
        yield warn(
            f"keyring: {seen['dead']} deleted keys are not vacuumed away{since}; what may hold them: "
            f"{held_by or 'nothing that a user of ours may see'}",
            "End what holds them (docs/operations.md, The keyring was emptied). Do the programs run? Within a minute "
            "of a deletion this is as it should be",
        )
    elif seen["vacuumed"] is None:
        yield ok("keyring: nothing was deleted so far, and nothing is left to vacuum")
    else:
        yield ok(f"keyring: last vacuumed {seen['vacuumed']:.0f} s ago, and no deleted key is left")


def _emptied(seen: Any, *, is_promoted: bool) -> Iterator[Line]:
    if is_promoted:
        yield bad(
            "keyring: its server was promoted or recovered, and the table of drop keys is empty; nothing is concluded",
            "Is it the true one? Fence the server of before, destroy its data directory, then: sendsecret doctor "
            "--mark-lost (docs/operations.md, The keyring was emptied)",
        )
    if seen["was_emptied"]:
        yield warn(
            "keyring: the table of drop keys was found empty, as a crash of its server leaves it; what was open ends "
            "as lost",
            "docs/operations.md, The keyring was emptied; nothing is to be done here",
        )
