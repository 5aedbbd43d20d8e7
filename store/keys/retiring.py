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

from store import key_files, orders, tokens_of_a_key
from store.keys.event_keys import PROGRAMS, prepared
from store.keys.saying import KeyRefusedError, say
from store.log.who_may_say import believed
from store.log.who_may_say import retire as refuse_from
from store.opened import Store
from store.schema import events
from store.signer import EventKey

_QUIET_MS: Final = 60_000


async def retire(store: Store, signing_dir: Path, kid: str, files: Mapping[str, Path], *, force: bool) -> None:
    """
    Retire a key; `files` are this installation's event keys by their names.  One that is prepared is erased.

    Raises KeyRefusedError, with nothing changed, for a key that is not known or is in use, and, unless `force`, for one
    that signed within the last minute: some program elsewhere still has it, and would be left out of the log.
    """
    # With the folder of each key: a rotation meanwhile would put into use what is retired here.
    with key_files.alone(signing_dir, *(path.parent for path in files.values())):
        for name, path in files.items():
            if EventKey.read(PROGRAMS[name], path).kid == kid:
                raise KeyRefusedError(
                    f"{kid} is the key in {path.name}; nothing was changed. Rotate it first: `sendsecret keys rotate "
                    f"{name}`"
                )
        if kid not in believed(signing_dir):
            raise KeyRefusedError(
                f"{kid} is no event key that is believed here; nothing was changed. `sendsecret keys list` names them"
            )
        async with store.db.write() as tx:
            await _wait_for_writers(tx, store)
            if not force:
                await _require_quiet(tx, store, kid)
            await orders.end_signed_by(tx, kid)
            await tokens_of_a_key.end(tx, store, kid)
            position = await say(tx, store, signing_dir, {"key": "event", "retired": kid})
            # Before the commit: a crash in between refuses what the log will call retired, and never the reverse.
            refuse_from(signing_dir, kid, position)
        for name, path in files.items():
            coming = prepared(PROGRAMS[name], path)
            if coming is not None and coming.kid == kid:
                key_files.erase(key_files.next_of(path))


async def _wait_for_writers(tx: AsyncConnection, store: Store) -> None:
    """Whoever has taken an earlier position commits first, and nobody takes a later one: leaves come in this order."""
    if not store.db.is_sqlite:
        # Orders and tokens, of which some end here, before the events, as everybody does who uses one and says so: the
        # other way round each would hold what the other waits for.  Whole tables: a row that somebody makes until the
        # last of the three is ours would be missed, or be in use.
        await tx.execute(text("LOCK TABLE orders, tokens, events IN EXCLUSIVE MODE"))


async def _require_quiet(tx: AsyncConnection, store: Store, kid: str) -> None:
    lately = select(events.c.position).where(events.c.kid == kid, events.c.at > store.clock.now() - _QUIET_MS)
    if await tx.scalar(lately.limit(1)) is not None:
        raise KeyRefusedError(
            f"{kid} signed an event within the last minute, so that some program still has it; nothing was changed. "
            "Rotate the key of that program, then again; or, if it is in wrong hands, add --force"
        )
