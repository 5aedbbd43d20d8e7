"""Making the tables of a keyring on the server of KEYRING_URL, once for each installation."""

import secrets
from pathlib import Path
from typing import Final

from store.errors import KeyUnreadableError, StoreMismatchError, StoreUnavailableError
from store.keyring import ON_SERVER, Keyring, id_and_peppers, make_id_and_pepper
from store.keyring_server import KeyringServer
from store.keys_on_server import DROPS, RECORDS, TIMELINE
from store.months_on_server import TABLE as MONTHS

_MADE: Final = "made timestamptz NOT NULL DEFAULT clock_timestamp()"
# The row with an empty id says that the table was not emptied since.
_TABLES: Final = f"""
CREATE TABLE IF NOT EXISTS sendsecret_keyring (
    one integer PRIMARY KEY CHECK (one = 1), keyring_id text NOT NULL, timeline text NOT NULL, emptied_at timestamptz);
CREATE UNLOGGED TABLE IF NOT EXISTS {DROPS} (id bytea PRIMARY KEY, key bytea NOT NULL, {_MADE});
CREATE TABLE IF NOT EXISTS {RECORDS} (id bytea PRIMARY KEY, key bytea NOT NULL, {_MADE});
CREATE TABLE IF NOT EXISTS {MONTHS} (month text PRIMARY KEY, key bytea, {_MADE});
CREATE TABLE IF NOT EXISTS sendsecret_gone (id bytea PRIMARY KEY, emptied boolean NOT NULL DEFAULT false, {_MADE});
"""
_SECONDS: Final = 10


def make_folder(directory: Path) -> None:
    """What each host has a copy of: id and pepper.  Nothing where they are.  Raises StoreMismatchError."""
    if not Keyring.is_made(directory):
        make_id_and_pepper(directory, ON_SERVER + secrets.token_hex(16))


def make_tables(directory: Path, url: str) -> None:
    """
    A new, empty keyring on the server; nothing where this one is.

    Raises StoreMismatchError where another installation's is, and StoreUnavailableError.
    """
    keyring_id, _ = id_and_peppers(directory)
    server = KeyringServer(url, keyring_id)
    try:
        server.alone(_TABLES, seconds=_SECONDS)
        # With both rows or none: the first without the second says that the table was emptied.
        server.ask(
            "WITH mark AS (INSERT INTO sendsecret_keyring (one, keyring_id, timeline) "  # noqa: S608
            f"VALUES (1, $1, {TIMELINE}) ON CONFLICT DO NOTHING RETURNING one) "
            f"INSERT INTO {DROPS} (id, key) SELECT '', '' FROM mark"
        )
        if not server.ask("SELECT 1 FROM sendsecret_keyring WHERE keyring_id = $1"):
            raise StoreMismatchError(
                "the server in KEYRING_URL holds the keyring of another installation; nothing was changed. Name a "
                "database of its own"
            )
    except KeyUnreadableError as error:
        raise StoreUnavailableError(f"KEYRING_URL: {error}. Nothing was changed") from error
    finally:
        server.close()
