"""The keys that programs sign and open with, brought into being by the process that migrates, never by a program."""

from pathlib import Path

from sqlalchemy import select

from store.clock import Clock
from store.database import Database
from store.key_files import alone
from store.keys.publishing import publish_believed
from store.link_opener import NAME, DeliveryKey
from store.log.who_may_say import trust
from store.master_keys import MasterKeys
from store.schema import signers
from store.signer import EventKey, Signer


def make_program_keys(keyring_dir: Path, signing_dir: Path, *, is_new: bool = False) -> None:
    """
    Make the event keys of both programs, the log's key and the delivery key where there are none, and let the log
    believe the first two.

    The log's key is never made again beside a checkpoint that it signed: a new one would begin another history.  And
    the first master key only where `is_new`, before any bot key of the installation is known: later, one that is
    missing may be needed, and whoever makes another types `sendsecret keys rotate-master`.
    """
    for program, path in (("web", keyring_dir / "event-web.key"), ("bot", signing_dir / "event-bot.key")):
        Signer.make(path)
        trust(signing_dir, EventKey.read(program, path))
    if not (signing_dir / "checkpoint.latest").exists():
        Signer.make(signing_dir / "log.key")
    DeliveryKey.make(signing_dir / NAME)
    masters = MasterKeys(signing_dir)
    if is_new and not masters.numbers():
        with alone(signing_dir):
            masters.make(1)


async def has_bot(database_url: str) -> bool:
    """Whether a bot's event key was ever published there: the first that is written once all keys are made."""
    db = Database(database_url, Clock())
    try:
        async with db.read() as tx:
            return await tx.scalar(select(signers.c.kid).where(signers.c.program == "bot").limit(1)) is not None
    finally:
        await db.close()


async def publish_program_keys(database_url: str, test_clock_file: Path | None, signing_dir: Path) -> None:
    """Let everybody know the event keys that are believed, also those of before."""
    db = Database(database_url, Clock(test_clock_file))
    try:
        await publish_believed(db, signing_dir)
    finally:
        await db.close()
