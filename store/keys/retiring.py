"""
Retiring an event key: what it signs from here on is not believed by anybody.

A rotated key is believed on, for what it signed and for a program elsewhere.  When it leaked, or when nobody uses it
any more, `key.rotated` names it as retired, and no log takes an event of it that stands later than that one.  It stays
published: what it signed before is as good as ever.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from store import key_files
from store.keys.saying import KeyRefusedError, say
from store.log.who_may_say import believed
from store.log.who_may_say import retire as refuse_from
from store.opened import Store
from store.schema import events

_QUIET_MS: Final = 60_000


async def retire(store: Store, signing_dir: Path, kid: str, in_use: Mapping[str, str], *, force: bool) -> None:
    """
    Retire a key; `in_use` are the kids in this installation's key files, each with its file's name.

    Raises KeyRefusedError, with nothing changed, for a key that is not known or is in use, and, unless `force`, for one
    that signed within the last minute: some program elsewhere still has it, and would be left out of the log.
    """
    if kid in in_use:
        raise KeyRefusedError(
            f"{kid} is the key in {in_use[kid]}; nothing was changed. Rotate it first: `sendsecret keys rotate "
            f"{in_use[kid].removesuffix('.key')}`"
        )
    with key_files.alone(signing_dir):
        if kid not in believed(signing_dir):
            raise KeyRefusedError(
                f"{kid} is no event key that is believed here; nothing was changed. `sendsecret keys list` names them"
            )
        async with store.db.write() as tx:
            await _wait_for_writers(tx, store)
            if not force:
                await _require_quiet(tx, store, kid)
            position = await say(tx, store, signing_dir, {"key": "event", "retired": kid})
            # Before the commit: a crash in between refuses what the log will call retired, and never the reverse.
            refuse_from(signing_dir, kid, position)


async def _wait_for_writers(tx: AsyncConnection, store: Store) -> None:
    """Whoever has taken an earlier position commits first, and nobody takes a later one: leaves come in this order."""
    if not store.db.is_sqlite:
        await tx.execute(text("LOCK TABLE events IN EXCLUSIVE MODE"))


async def _require_quiet(tx: AsyncConnection, store: Store, kid: str) -> None:
    lately = select(events.c.position).where(events.c.kid == kid, events.c.at > store.clock.now() - _QUIET_MS)
    if await tx.scalar(lately.limit(1)) is not None:
        raise KeyRefusedError(
            f"{kid} signed an event within the last minute, so that some program still has it; nothing was changed. "
            "Rotate the key of that program, then again; or, if it is in wrong hands, add --force"
        )
