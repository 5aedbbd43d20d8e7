"""
The keys under which names are kept, on the keyring's server (KEYRING_URL): in a logged table, because a crash of it
must not end every name.

They are asked for in the middle of everything, so that no reading waits for a round trip: all of them are in memory,
and are read again every few seconds.  A key that another program has erased is therefore used here for that long.
"""

import secrets
import time
from contextlib import suppress
from typing import Final

from store.errors import KeyUnreadableError
from store.keyring import KEY_BYTES, KeyState
from store.keyring_server import KeyringServer, Rows
from store.months import Months

TABLE: Final = "sendsecret_month_keys"
_OWN: Final = "FROM sendsecret_keyring WHERE keyring_id = $1"
_ALL: Final = f"SELECT month, key FROM sendsecret_keyring LEFT JOIN {TABLE} ON true WHERE keyring_id = $1"  # noqa: S608
_EVERY_SECONDS: Final = 3.0
_STALE_SECONDS: Final = 15.0
_VACUUM_SECONDS: Final = 10


class MonthsOnServer(Months):
    """
    The months of a keyring on a server; an erased one is a row without a key.

    Reading blocks for a month that is not known so far, and otherwise never: where the server is away, what was read
    last serves for a few seconds, and then nothing does.
    """

    def __init__(self, server: KeyringServer) -> None:
        """Raises KeyUnreadableError."""
        self._server = server
        self._read_at = 0.0
        self._held: dict[str, bytes | None] = {}
        self._take(server.ask(_ALL))
        server.repeat(_EVERY_SECONDS, _ALL, self._take)

    def read(self, month: str) -> bytes | None:
        """A live key, or None for an erased one.  Raises KeyUnreadableError when it is absent or unreadable."""
        held = self._fresh()
        if month not in held:
            held = self._again()
        if month not in held:
            raise KeyUnreadableError(f"the key of {month} is absent")
        key = held[month]
        if key is not None and len(key) != KEY_BYTES:
            raise KeyUnreadableError(f"the key of {month} has a wrong length")
        return key

    def key_for(self, month: str) -> bytes | None:
        """
        The key for what is written in this month, made if it is the first, or None for an erased one.

        Raises KeyUnreadableError.
        """
        if month not in self._fresh():
            # The server lets one of any number of programs make it, and all of them read that one.
            make = f"INSERT INTO {TABLE} (month, key) SELECT $2, $3 {_OWN} ON CONFLICT DO NOTHING"
            self._server.ask(make, month, secrets.token_bytes(KEY_BYTES))
            self._again()
        return self.read(month)

    def erase(self, month: str) -> None:
        """Take a key out of its row, committed before it returns.  Idempotent.  Raises KeyUnreadableError."""
        sql = f"UPDATE {TABLE} SET key = NULL WHERE month = $2 AND EXISTS (SELECT {_OWN}) RETURNING month"  # noqa: S608
        if not self._server.ask(sql, month):
            raise KeyUnreadableError(f"the key of {month} is absent")
        self._again()
        with suppress(KeyUnreadableError):  # autovacuum, which is not this quick, does it, too
            self._server.alone(f"VACUUM {TABLE}", seconds=_VACUUM_SECONDS)

    def states(self) -> dict[str, KeyState]:
        """As of a folder's.  Raises KeyUnreadableError."""
        return {month: _state_of(key) for month, key in sorted(self._fresh().items())}

    def _fresh(self) -> dict[str, bytes | None]:
        if time.monotonic() - self._read_at > _STALE_SECONDS:
            raise KeyUnreadableError("the keyring's months cannot be read")
        return self._held

    def _again(self) -> dict[str, bytes | None]:
        self._take(self._server.ask(_ALL))
        return self._fresh()

    def _take(self, rows: Rows) -> None:
        if rows:  # none at all are another keyring's
            self._held = {row["month"]: row["key"] for row in rows if row["month"] is not None}
            self._read_at = time.monotonic()


def _state_of(key: bytes | None) -> KeyState:
    if key is None:
        return KeyState.ERASED
    return KeyState.LIVE if len(key) == KEY_BYTES else KeyState.ABSENT
