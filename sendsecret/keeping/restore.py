"""
`sendsecret restore`: a backup put back, and what was destroyed since stays destroyed.

On SQLite everything is settled in a copy, which then takes the place of the database: no link of the backup is open
for a moment.  PostgreSQL is settled in place, so that the programs must be stopped.
"""

import asyncio
import tempfile
from pathlib import Path
from typing import Final

import click
from pydantic import SecretStr
from sqlalchemy import inspect

from sendsecret import audit_log
from sendsecret.audit_log import LogSettings
from sendsecret.keeping import engines, folder
from store import after_restore
from store.after_restore import Settled
from store.clock import Clock
from store.database import Database, is_there
from store.errors import LogStoppedError, StoreMismatchError
from store.keyring import id_and_peppers
from store.keys.publishing import publish_believed
from store.log import guard, openings
from store.log.latest import Latest
from store.log.log_key import NAME, LogSigner, signer_of
from store.migrating import migrate
from store.opened import Store, opened
from store.schema import drops
from store.schema_version import CURRENT
from store.settings import secret

_FORGOTTEN: Final = (
    "What the backup does not know: people who were forgotten since (sendsecret forget, once more), tokens that were "
    "revoked since (sendsecret token list), guesses and reads that were counted since, and what Slack was told, which "
    "it may be told again."
)


def put_back(settings: LogSettings, source: Path, *, over: bool, keep_open: bool) -> bool:
    """Whether the log can go on.  Raises FolderError, ToolError and StoreError, each with a sentence."""
    url = settings.database_url.get_secret_value()
    manifest = folder.read(source)
    if manifest.get("engine") != engines.engine_of(url):
        raise folder.FolderError("it is of another engine than DATABASE_URL is")
    if manifest.get("keyring_id") != id_and_peppers(settings.keyring_dir)[0]:
        raise StoreMismatchError(
            "the backup belongs to another keyring than the one in KEYRING_DIR. Nothing was changed. Mount the keyring "
            "that belongs to it"
        )
    if not over and is_there(url) and asyncio.run(_has_tables(url)):
        raise folder.FolderError(
            "there is a database at DATABASE_URL. Nothing was changed. To lose what is in it: --over, with the "
            "programs stopped"
        )
    if engines.engine_of(url) == engines.POSTGRESQL:
        if over and manifest.get("schema") != CURRENT:
            # What is newer than the backup would be left standing beside what comes back.
            raise folder.FolderError(
                "the backup is of an older release's schema. Nothing was changed. Name a new, empty database in "
                "DATABASE_URL and restore without --over"
            )
        engines.put_back(url, source, over=over)
        return asyncio.run(_settle(settings, keep_open=keep_open))
    target = engines.database_path(url)
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".restoring-") as place:
        copy = Path(place) / target.name
        engines.copy_sqlite(source / engines.FILES[engines.SQLITE], copy)
        is_well = asyncio.run(_settle(_at(settings, copy), keep_open=keep_open))
        engines.copy_sqlite(copy, target)
    target.chmod(0o600)
    return is_well


def _at(settings: LogSettings, copy: Path) -> LogSettings:
    return settings.model_copy(update={"database_url": SecretStr(f"sqlite+aiosqlite:///{copy}")})


async def _has_tables(url: str) -> bool:
    db = Database(url, Clock())
    try:
        async with db.read() as tx:
            return bool(await tx.run_sync(lambda connection: inspect(connection).has_table(drops.name)))
    finally:
        await db.close()


async def _settle(settings: LogSettings, *, keep_open: bool) -> bool:
    """Whether the log can go on."""
    await migrate(settings.database_url.get_secret_value(), settings.keyring_dir, secret(settings.keyring_url))
    async with opened(settings, program="bot", event_key=settings.signing_dir / "event-bot.key") as store:
        await publish_believed(store.db, settings.signing_dir)
        _tell(await after_restore.settle(store, keep_open=keep_open))
        why = await _broken(store, settings.signing_dir)
    if why is None:
        is_well = True
        click.echo("The log goes on: everything that was let out of it is in the backup.")
    else:
        click.echo(f"The log cannot go on as it is: {why}.")
        is_well = await _begin_another(settings)
    click.echo(_FORGOTTEN)
    return is_well


async def _begin_another(settings: LogSettings) -> bool:
    try:
        await audit_log.begin_another(settings, despite_damage=False, force=False)
    except LogStoppedError as error:
        # The database goes into its place all the same: what was just ended in it must not come back.
        click.echo(f"No other log was begun: {error}. Until then the log stands still; all else works.", err=True)
        return False
    return True


async def _broken(store: Store, signing_dir: Path) -> str | None:
    """Why the restored log must not be written on; None where it may."""
    try:
        latest = await asyncio.to_thread(lambda: Latest(signing_dir, LogSigner(signing_dir / NAME)).read())
        async with store.db.read() as tx:
            present = await openings.newest(tx)
            signer = LogSigner(signing_dir / NAME)
            if present is not None:
                signer = signer_of(signing_dir, present.origin, present.vkey)
            await guard.require_unbroken(tx, signer, present, latest)
    except LogStoppedError as error:
        return str(error)
    return None


def _tell(settled: Settled) -> None:
    click.echo(
        f"Restored. Ended as lost, because their keys were erased since: {settled.lost}. Endings finished that had "
        f"begun: {settled.finished}."
    )
    if settled.kept:
        click.echo(
            f"Left open, as you asked: {settled.kept}. One that was claimed just before has a second reader now."
        )
    elif settled.revoked:
        click.echo(
            f"Revoked, because nobody can say whether somebody had claimed them since: {settled.revoked}. Their "
            "senders are told, and send again."
        )
