"""The operator's commands about the log: its public keys, and beginning another one after a backup was restored."""

from pathlib import Path

import click
from sqlalchemy import select

from store import key_files
from store.keys.publishing import publish_believed
from store.log import another, openings
from store.log.latest import Latest
from store.log.log_key import NAME, LogSigner, signer_of
from store.opened import opened
from store.schema import log_openings
from store.settings import StoreSettings
from store.signer import Signer


class LogSettings(StoreSettings):
    """The store's settings, and where the log's key is."""

    signing_dir: Path = Path("signing")


async def begin_another(settings: LogSettings, *, despite_damage: bool, force: bool) -> None:
    """Raises LogStoppedError and StoreMismatchError, with sentences."""
    async with opened(settings, program="bot", event_key=settings.signing_dir / "event-bot.key") as store:
        if despite_damage:
            # Not before the store answers: a key that was replaced for nothing would stop a log that is well.
            _make_new_key(settings.signing_dir / NAME)
        async with store.db.read() as tx:
            present = await openings.newest(tx)
        # The key may be beside `log.key` still, where a rotation of it was cut short.
        where = settings.signing_dir
        signer = signer_of(where, present.origin, present.vkey) if present else LogSigner(where / NAME)
        latest = Latest(settings.signing_dir, signer)
        origin = await another.open_another(store, signer, latest, despite_damage=despite_damage, force=force)
        await publish_believed(store.db, where)
    click.echo(
        f"{origin} is open; the running bot goes on there. Tell whoever checks the log: the record of {origin} begins "
        f"by citing the last checkpoint before it, and its key is\n{signer.key(origin).text}"
    )


def _make_new_key(path: Path) -> None:
    """Without the last checkpoint nobody knows what the old key has signed, so that it signs nothing more."""
    number = 1
    with key_files.alone(path.parent):
        # Those of a rotation that was cut short too: the log may be open under one, and it would sign the next.
        for key in (path, *key_files.unfinished(path)):
            while (aside := path.with_name(f"log.key.old-{number}")).exists():
                number += 1
            if key.exists():
                key.rename(aside)
        Signer.make(path)


async def print_keys(settings: LogSettings) -> None:
    """One line a log, oldest first."""
    event_key = settings.signing_dir / "event-bot.key"
    async with opened(settings, program="bot", event_key=event_key) as store, store.db.read() as tx:
        keys = (await tx.execute(select(log_openings.c.vkey).order_by(log_openings.c.log))).scalars().all()
    click.echo("\n".join(keys) if keys else "There is no log so far; the bot opens it when it runs.")
