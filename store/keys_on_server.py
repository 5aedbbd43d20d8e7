"""
Keys in tables of the keyring's server (KEYRING_URL).

A key is destroyed by deleting its row, and the row of `sendsecret_gone` that then stands in its place tells "erased"
from "absent".  To overwrite it first would buy nothing: PostgreSQL writes another version of the row beside the old
one, which goes when a deleted one goes.  That is with VACUUM, within the minute: see `tidy`.

Each statement finds the row with this keyring's id or does nothing, so that no key is looked for, made or erased on
another server; and each is its own transaction.
"""

import secrets
import time
from contextlib import suppress
from pathlib import Path
from typing import Final

from store.errors import DuplicateDropError, KeyUnreadableError, StoreMismatchError, StoreUnavailableError
from store.formats.receipt_v1 import FOUND_EMPTIED, ON_SERVER
from store.keyring import DROP_ID_BYTES, KEY_BYTES, RECORD_KEY_ID_BYTES, KeyState, id_and_peppers
from store.keyring_server import KeyringServer
from store.months_on_server import TABLE as MONTHS

DROPS: Final = "sendsecret_drop_keys"
RECORDS: Final = "sendsecret_record_keys"
_OWN: Final = "FROM sendsecret_keyring WHERE keyring_id = $1"
TIMELINE: Final = "left(pg_walfile_name(pg_current_wal_insert_lsn()), 8)"
"""A server gets another one when it is promoted, or recovered from a copy; a crash keeps it."""
_HAS_MARK: Final = f"EXISTS (SELECT FROM {DROPS} WHERE id = '')"
_VACUUM_AFTER_SECONDS: Final = 15
_LOOK_EVERY_SECONDS: Final = 20
"""With both, and a sweep every second, what was deleted is gone within the minute, whoever deleted it."""
_VACUUM_SECONDS: Final = 5
_VACUUM_TIMES: Final = 2  # what was deleted while the first one ran stays behind it
_IS_OLD: Final = "emptied_at < clock_timestamp() - interval '120 s'"


class KeyTable:
    """Keys in one table, each under an id of `id_bytes`, as `store.keyring.KeyFolder` has them in a folder."""

    def __init__(self, server: KeyringServer, table: str, id_bytes: int) -> None:
        self.server = server
        self._table = table
        self._id_bytes = id_bytes
        self.deleted_at: float | None = None
        """When the first key was deleted since the table was last tidied, by a clock that only grows."""

    def create(self, key_id: bytes) -> bytes:
        """Make a key, committed before it is returned.  Raises DuplicateDropError and KeyUnreadableError."""
        key = secrets.token_bytes(KEY_BYTES)
        made = self.server.ask(
            f"INSERT INTO {self._table} (id, key) SELECT $2, $3 {_OWN} "  # noqa: S608 - two fixed names
            # Not on a promoted one before somebody vouches: it may be the wrong one of two that both run.
            f"AND timeline = {TIMELINE} "
            "AND NOT EXISTS (SELECT FROM sendsecret_gone WHERE id = $2) ON CONFLICT DO NOTHING RETURNING id",
            key_id,
            key,
        )
        if made:
            return key
        if self.state(key_id) is KeyState.ABSENT:  # erased and taken away just now
            raise KeyUnreadableError("the key could not be made")
        raise DuplicateDropError("a key of this id exists")

    def state(self, key_id: bytes) -> KeyState:
        """Whether a key is live, erased or absent.  Raises KeyUnreadableError."""
        return self._found(key_id)[0]

    def read(self, key_id: bytes) -> bytes | None:
        """A live key, or None for an erased one.  Raises KeyUnreadableError when it is absent or unreadable."""
        state, key = self._found(key_id)
        if state is KeyState.ABSENT:
            # Emptied by a crash, which the sweeper finds out and puts on record; or deleted by a stranger's hand.
            raise KeyUnreadableError("the key is absent")
        return key

    def erase(self, key_id: bytes) -> bool:
        """Delete a key.  Idempotent.  False where there was none to erase, and none was erased before."""
        (row,) = self.server.ask(
            f"WITH deleted AS (DELETE FROM {self._table} WHERE id = $2 AND EXISTS (SELECT {_OWN}) RETURNING id), "  # noqa: S608
            "noted AS (INSERT INTO sendsecret_gone (id) SELECT id FROM deleted ON CONFLICT DO NOTHING) "
            "SELECT EXISTS (SELECT FROM deleted) AS was_there",
            key_id,
        )
        if row["was_there"]:
            self.deleted_at = self.deleted_at or time.monotonic()
            return True
        # Asked again, in a statement that sees what another program has just committed.
        return self.state(key_id) is KeyState.ERASED

    def put_back_erased(self, key_id: bytes) -> None:
        """As erased, where a key was erased and that is no longer known; never in place of a key that is there."""
        self.put_emptied([key_id], was_emptied=False)

    def put_emptied(self, key_ids: list[bytes], *, was_emptied: bool = True) -> None:
        """As gone, all of these of which no key is there."""
        self.server.ask(
            "INSERT INTO sendsecret_gone (id, emptied) SELECT one, $3 FROM unnest($2::bytea[]) AS one "  # noqa: S608
            f"WHERE EXISTS (SELECT {_OWN}) AND NOT EXISTS (SELECT FROM {self._table} WHERE id = one) "
            "ON CONFLICT DO NOTHING",
            key_ids,
            was_emptied,
        )

    def unlink(self, key_id: bytes) -> None:
        """Forget that a key was erased.  Called only after the row is destroyed; absent is fine, and so is away."""
        with suppress(KeyUnreadableError):  # the drop is destroyed, and the sweeper takes away what is left
            self.server.ask(f"DELETE FROM sendsecret_gone WHERE id = $2 AND EXISTS (SELECT {_OWN})", key_id)  # noqa: S608

    def ids(self) -> list[tuple[bytes, float]]:
        """Every id with a key or what stands in its place, and its age in seconds.  Raises KeyUnreadableError."""
        rows = self.server.ask(
            "SELECT id, extract(epoch FROM clock_timestamp() - made)::float AS age FROM sendsecret_keyring, "  # noqa: S608
            f"(SELECT id, made FROM {self._table} UNION ALL SELECT id, made FROM sendsecret_gone) AS known "
            "WHERE keyring_id = $1 AND length(id) = $2 UNION ALL "
            f"SELECT NULL, 0 {_OWN}",
            self._id_bytes,
        )
        if not rows:
            raise KeyUnreadableError("the keyring on the server of KEYRING_URL is another one, or none")
        return [(row["id"], row["age"]) for row in rows if row["id"] is not None]

    def has_dead(self) -> bool:
        """Whether rows were deleted, by whomever, and their bytes are still there.  Raises KeyUnreadableError."""
        seen = "SELECT 1 FROM pg_stat_user_tables WHERE relid = to_regclass($2) AND n_dead_tup > 0 AND $1 <> ''"
        return bool(self.server.ask(seen, self._table))

    def _found(self, key_id: bytes) -> tuple[KeyState, bytes | None]:
        rows = self.server.ask(
            "SELECT held.key, gone.id IS NOT NULL AS is_gone FROM sendsecret_keyring "  # noqa: S608
            f"LEFT JOIN {self._table} AS held ON held.id = $2 LEFT JOIN sendsecret_gone AS gone ON gone.id = $2 "
            "WHERE keyring_id = $1",
            key_id,
        )
        if not rows:
            raise KeyUnreadableError("the keyring on the server of KEYRING_URL is another one, or none")
        key, is_gone = rows[0]["key"], rows[0]["is_gone"]
        if is_gone:
            return KeyState.ERASED, None
        if key is None:
            return KeyState.ABSENT, None
        if len(key) != KEY_BYTES:
            raise KeyUnreadableError("a key has a wrong length")
        return KeyState.LIVE, key


class KeyringOnServer(KeyTable):
    """
    The keys of drops and records on a server; id, peppers and the web program's event key in each host's KEYRING_DIR.

    Those of drops are in an UNLOGGED table: not in the server's WAL, nor on a standby, and emptied when it crashes.
    Those of records are in a logged one: to lose them all in a crash would be worse than a WAL that keeps an erased one
    for as long as it is kept.
    """

    def __init__(self, directory: Path, server: KeyringServer) -> None:
        """Raises StoreMismatchError."""
        super().__init__(server, DROPS, DROP_ID_BYTES)
        self.id, self.peppers = id_and_peppers(directory)
        self.records = KeyTable(server, RECORDS, RECORD_KEY_ID_BYTES)
        self._months = KeyTable(server, MONTHS, 0)
        self._looked_at = 0.0

    def require_there(self) -> None:
        """Raises StoreMismatchError where its server holds another keyring, or none, and StoreUnavailableError."""
        try:
            (made,) = self.server.ask("SELECT to_regclass('sendsecret_keyring') IS NOT NULL AND $1 <> '' AS is_it")
            if made["is_it"] and self.is_there():
                return
        except KeyUnreadableError as error:
            raise StoreUnavailableError(f"KEYRING_URL: {error}. Nothing was changed") from error
        raise StoreMismatchError(
            "the server in KEYRING_URL does not hold the keyring that KEYRING_DIR names; nothing was changed. Name the "
            "server that does"
        )

    def is_there(self) -> bool:
        """Whether its server answers, and holds this keyring.  Raises KeyUnreadableError."""
        return bool(self.server.ask(f"SELECT 1 {_OWN}"))

    def medium(self, drop_id: bytes) -> str:
        """What the key of a drop lay in, as receipts say it: whether we deleted it, or found its table emptied."""
        rows = self.server.ask(f"SELECT emptied FROM sendsecret_gone, (SELECT {_OWN}) AS own WHERE id = $2", drop_id)  # noqa: S608
        return FOUND_EMPTIED if rows and rows[0]["emptied"] else ON_SERVER

    def is_at(self, directory: Path) -> bool:
        """Whether this keyring is there at this moment.  Raises StoreMismatchError and KeyUnreadableError."""
        return id_and_peppers(directory)[0] == self.id and self.is_there() and not self.is_promoted()

    def close(self) -> None:
        """Tidy what was deleted, and close the connections."""
        with suppress(KeyUnreadableError):  # whoever runs next finds it untidy
            self.tidy(after_seconds=0)
        self.server.close()

    def is_promoted(self) -> bool:
        """
        Whether its server is a promoted standby or a recovered copy, whose table of drop keys is empty for that.

        The server of before may run on with every key, so that nothing is concluded until `vouch`.  Raises
        KeyUnreadableError.
        """
        return bool(self.server.ask(f"SELECT 1 {_OWN} AND timeline <> {TIMELINE} AND NOT {_HAS_MARK}"))

    def vouch(self) -> None:
        """Somebody says that the server of before is gone for good: its keys are.  Raises KeyUnreadableError."""
        self.server.ask(f"UPDATE sendsecret_keyring SET timeline = {TIMELINE} WHERE keyring_id = $1")  # noqa: S608

    def note_emptied(self) -> tuple[bool, bool]:
        """
        Whether a crash has emptied the table of drop keys and that is not settled yet; and whether it is a while ago.

        The row with an empty id is in the table whenever it was not emptied, and its key lets one of any number of
        programs notice that, once.  Raises KeyUnreadableError, also where `is_promoted`.
        """
        self.server.ask(
            f"WITH begun AS (INSERT INTO {DROPS} (id, key) SELECT '', '' {_OWN} "  # noqa: S608
            f"AND timeline = {TIMELINE} ON CONFLICT DO NOTHING RETURNING id) "
            "UPDATE sendsecret_keyring SET emptied_at = clock_timestamp() "
            "WHERE keyring_id = $1 AND EXISTS (SELECT FROM begun)"
        )
        rows = self.server.ask(
            f"SELECT emptied_at IS NOT NULL AS is_it, coalesce({_IS_OLD}, false) AS is_old, {_HAS_MARK} AS has_mark, "
            f"timeline <> {TIMELINE} AS is_moved {_OWN}"
        )
        if not rows:
            raise KeyUnreadableError("the keyring on the server of KEYRING_URL is another one, or none")
        (row,) = rows
        if not row["has_mark"]:
            raise KeyUnreadableError("the server of KEYRING_URL was promoted or recovered, and has no key of a drop")
        if row["is_moved"]:  # by pg_upgrade, which takes every row along
            self.vouch()
        return row["is_it"], row["is_old"]

    def settle_emptied(self) -> None:
        """
        Every drop that it can concern is on record, so that an absent key proves nothing again.

        Not before a while is over: what was made just before the crash is committed by then, or never.
        """
        self.server.ask(
            f"UPDATE sendsecret_keyring SET emptied_at = NULL WHERE keyring_id = $1 AND {_IS_OLD}"  # noqa: S608
        )

    def tidy(self, *, after_seconds: float = _VACUUM_AFTER_SECONDS, look: bool = False) -> None:
        """
        VACUUM the tables from which a key was deleted, so that its bytes are in no file of theirs any more.

        Whatever may still see a row keeps it there through every VACUUM: an old snapshot, a prepared transaction, a
        slot.  The server counts what was kept, and that is no less untidy than a VACUUM that failed.

        FULL for the keys of drops: a plain one leaves the row that came last on its page where it was, until another
        takes its place (seen with PostgreSQL 18).  Then a plain one, by which the server counts what is dead anew.  The
        logged table has a plain one alone: FULL would write every key of it into the WAL again.  `look`: also for what
        another program has deleted and left, for which it is looked now and then anyhow.  Raises KeyUnreadableError,
        also where deleted rows are left.
        """
        look = look or time.monotonic() - self._looked_at >= _LOOK_EVERY_SECONDS
        if look:
            self._looked_at = time.monotonic()
        for one, statements in (
            (self, (f"VACUUM (FULL) {DROPS}", f"VACUUM {DROPS}")),
            (self.records, (f"VACUUM {RECORDS}",)),
            (self._months, (f"VACUUM {MONTHS}",)),
        ):
            since = one.deleted_at
            is_due = since is not None and time.monotonic() - since >= after_seconds
            if is_due or (look and one.has_dead()):
                one.deleted_at = None
                try:
                    self._vacuum(one, *statements)
                except KeyUnreadableError:
                    one.deleted_at = time.monotonic()  # and again, in a while
                    raise

    def _vacuum(self, table: KeyTable, *statements: str) -> None:
        for _ in range(_VACUUM_TIMES):
            self.server.alone(*statements, seconds=_VACUUM_SECONDS)
            if not table.has_dead():
                return
        raise KeyUnreadableError("deleted keys are still seen by somebody on the keyring's server")
