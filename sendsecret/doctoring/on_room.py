"""Room on the disks, what crashes left on them, and what waits in the outbox."""

import json
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from sqlalchemy import func, select

from sendsecret.doctoring.known import Known, folder_of
from sendsecret.doctoring.line import Line, bad, ok, warn
from store.clock import Clock
from store.database import Database, is_there
from store.schema import log_pending, notices
from store.words import Audience

_LITTLE: Final = 512 << 20
_NEXT_TO_NOTHING: Final = 32 << 20
_OLD_SECONDS: Final = 3600
_LEFT: Final = ("*.new", ".*-*.*", "*.link")
_MANY_PENDING: Final = 5000


async def check(known: Known) -> list[Line]:
    """Room, leftovers, outbox."""
    return [*_room(known), *_left(known), *await _outbox(known)]


def _room(known: Known) -> Iterator[Line]:
    places = {"database": folder_of(known.database_url), "keyring": known.keyring_dir, "signing": known.signing_dir}
    for about, folder in places.items():
        if folder is None or not folder.is_dir():
            continue
        free = shutil.disk_usage(folder).free
        said = f"room: {free >> 20:,} MiB are free for {about}"
        if free < _NEXT_TO_NOTHING:
            yield bad(f"{said}: soon nothing can be sent, and what is sent cannot be opened", "Make room")
        elif free < _LITTLE:
            yield warn(said, "Make room before it is full: then nothing can be sent or opened")
        else:
            yield ok(said)


def _left(known: Known) -> Iterator[Line]:
    folders = [known.keyring_dir, known.keyring_dir / "months", known.signing_dir, known.signing_dir / "trusted"]
    found = [path for folder in folders for pattern in _LEFT for path in folder.glob(pattern) if _is_old(path)]
    found += [path for path in Path(tempfile.gettempdir()).glob("sendsecret-evidence-*") if _is_old(path)]
    if found:
        names = ", ".join(sorted(path.name for path in found)[:3])
        yield warn(
            f"leftovers: {len(found)} of a crash are more than an hour old ({names})",
            "Remove them; no program reads them again",
        )
    else:
        yield ok("leftovers: none of a crash")


def _is_old(path: Path) -> bool:
    try:
        return path.is_file() is not path.is_dir() and time.time() - path.stat().st_mtime > _OLD_SECONDS
    except OSError:
        return False


async def _outbox(known: Known) -> list[Line]:
    if known.database_url is None or not is_there(known.database_url):
        return []
    db = Database(known.database_url, Clock())
    parked_of = (
        select(notices.c.audience, notices.c.parked, func.count())
        .where(notices.c.parked.is_not(None), notices.c.done_at.is_(None))
        .group_by(notices.c.audience, notices.c.parked)
    )
    try:
        async with db.read() as tx:
            parked = (await tx.execute(parked_of)).all()
            pending = await tx.scalar(select(func.count()).select_from(log_pending)) or 0
    except Exception:  # noqa: BLE001 - a database of another schema, or none: its own check says which
        return []
    finally:
        await db.close()
    lines = []
    for audience, code, count in parked:
        where = "the audit channel" if audience == Audience.AUDIT else f"a {audience}"
        lines.append(
            bad(
                f"outbox: {count} messages for {where} wait, because Slack says {json.dumps(code)}",
                "docs/operations.md, The audit channel cannot be written; they are posted in order once that is mended",
            )
        )
    if pending > _MANY_PENDING:
        lines.append(warn(f"log: {pending:,} events wait for it", "Is the bot running? Its log says what keeps it"))
    return lines or [ok("outbox: nothing is held up")]
