"""
Publishing every key that is believed: whoever holds an old receipt finds the key that signed it in `jwks.json`.

A database that was restored from a backup has forgotten keys that came after it.  SIGNING_DIR has them, and what they
signed is out in the world.
"""

import asyncio
from contextlib import suppress
from pathlib import Path

from store.database import Database
from store.errors import LogStoppedError
from store.log.who_may_say import believed
from store.opened import publish


async def publish_believed(db: Database, signing_dir: Path) -> None:
    """Publish each of them, the retired ones too, that is not published so far."""
    # A damaged file there stops the log, which says so to people; a program starts all the same.
    with suppress(LogStoppedError):
        speakers = await asyncio.to_thread(believed, signing_dir)
        async with db.write() as tx:
            for kid, speaker in speakers.items():
                await publish(tx, db, kid, speaker.program, speaker.jwk)
