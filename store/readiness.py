"""
What a program that is up still lacks to honour requests: database, schema, keyring, in fixed words.

Read anew at each look: an unmounted folder looks fine to a keyring that was opened while it was there.
"""

import asyncio
from pathlib import Path
from typing import Final

from store.errors import StoreError, StoreMismatchError, StoreUnavailableError
from store.opened import Store
from store.schema_version import require_current_schema

DATABASE: Final = "database"
SCHEMA: Final = "schema"
KEYRING: Final = "keyring"
WORDS: Final = (DATABASE, SCHEMA, KEYRING)
_CHECK_SECONDS: Final = 3


async def missing(store: Store, keyring_dir: Path) -> list[str]:
    """Which of `WORDS` are not there, or do not belong together."""
    return [*await _of_database(store), *await _of_keyring(store, keyring_dir)]


async def _of_database(store: Store) -> list[str]:
    try:
        async with asyncio.timeout(_CHECK_SECONDS):
            await require_current_schema(store.db)
    except StoreMismatchError:
        return [SCHEMA]
    except (StoreUnavailableError, TimeoutError):
        return [DATABASE]
    return []


async def _of_keyring(store: Store, keyring_dir: Path) -> list[str]:
    try:
        async with asyncio.timeout(_CHECK_SECONDS):
            return [] if await asyncio.to_thread(store.keyring.is_at, keyring_dir) else [KEYRING]
    except (StoreError, TimeoutError):
        return [KEYRING]
