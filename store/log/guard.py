"""
Whether the database still is the one whose checkpoints were let out.

Judged before anything is signed, every time: a backup can be restored under a running program.
"""

from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from store.errors import LogStoppedError
from store.formats import checkpoint_v1
from store.formats.checkpoint_v1 import Checkpoint
from store.formats.errors import FormatError
from store.log.log_key import LogSigner
from store.log.openings import Opening
from store.schema import log_checkpoints, log_openings, log_published

_OTHERWISE: Final = (
    "Nothing was signed, and events wait. If a backup was restored, begin another log, `sendsecret log new`: what "
    "happened between the backup and the last checkpoint is lost from the record, and the new log says where"
)


async def require_unbroken(
    tx: AsyncConnection, signer: LogSigner, opening: Opening | None, known: tuple[str, Checkpoint] | None
) -> None:
    """
    `known` is what `checkpoint.latest` holds, read before this transaction began: the database may be ahead of it.

    Raises LogStoppedError with a sentence for operators.
    """
    if opening is None:
        if known is not None:
            raise LogStoppedError(
                f"the database has no log, and {known[1].size} entries of {known[1].origin} were let out. {_OTHERWISE}"
            )
        return
    if not signer.is_of(opening.origin, opening.vkey):
        raise LogStoppedError(
            f"log.key in SIGNING_DIR is not the key of {opening.origin}. Restore it from your copy of SIGNING_DIR. "
            f"{_OTHERWISE}"
        )
    if known is None:
        if await tx.scalar(select(log_published.c.size).where(log_published.c.log == opening.log)):
            raise LogStoppedError(
                "checkpoint.latest is gone from SIGNING_DIR, so that a restored backup could not be told from the true "
                "database. Nothing was signed, and events wait. Do not put an older copy of it back: begin another "
                "log, `sendsecret log new --despite-damage`"
            )
        return
    note, latest = known
    if note == opening.cites or _is_within(latest, opening, signer):
        return
    if checkpoint_v1.number_of(latest.origin) > opening.log:
        raise LogStoppedError(f"the database does not know the log {latest.origin}, which was let out. {_OTHERWISE}")
    ours = await tx.scalar(
        select(log_checkpoints.c.note)
        .join(log_openings, log_openings.c.log == log_checkpoints.c.log)
        .where(log_openings.c.origin == latest.origin, log_checkpoints.c.size == latest.size)
    )
    if ours is None:
        raise LogStoppedError(
            f"the database does not have the checkpoint of {latest.origin} with {latest.size} entries, which was let "
            f"out: it is older, or another one. {_OTHERWISE}"
        )
    if ours != note:
        raise LogStoppedError(
            f"the database has another root for {latest.size} entries of {latest.origin} than was let out. {_OTHERWISE}"
        )


def _is_within(latest: Checkpoint, opening: Opening, signer: LogSigner) -> bool:
    """
    Whether the log that is written now cites a later checkpoint of the log that `latest` is of.

    So it is on a host that had seen less than the one on which the log was opened.
    """
    if opening.cites is None or not opening.cites.startswith(f"{latest.origin}\n"):
        return False
    try:
        cited = signer.verify(opening.cites)
    except FormatError:
        return False
    return latest.size < cited.size
