"""The keys that programs sign and open with, brought into being by the process that migrates, never by a program."""

from pathlib import Path

from store.link_opener import NAME, DeliveryKey
from store.log.who_may_say import trust
from store.signer import EventKey, Signer


def make_program_keys(keyring_dir: Path, signing_dir: Path) -> None:
    """
    Make the event keys of both programs, the log's key and the delivery key where there are none, and let the log
    believe the first two.

    The log's key is never made again beside a checkpoint that it signed: a new one would begin another history.
    """
    for program, path in (("web", keyring_dir / "event-web.key"), ("bot", signing_dir / "event-bot.key")):
        Signer.make(path)
        trust(signing_dir, EventKey.read(program, path))
    if not (signing_dir / "checkpoint.latest").exists():
        Signer.make(signing_dir / "log.key")
    DeliveryKey.make(signing_dir / NAME)
