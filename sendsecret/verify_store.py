"""`sendsecret verify --store`: the database of this installation, held against what was signed; nothing is changed."""

from collections.abc import Sequence
from pathlib import Path

import click
from sqlalchemy import exc

from sendsecret.verify_anchors import gathered
from sendsecret.verify_files import WronglyCalledError, read_file, report
from store.clock import Clock
from store.database import Database, is_there
from store.errors import StoreMismatchError
from store.schema_version import require_current_schema
from store.settings import StoreSettings, secret
from store.verifying import whole_store


class VerifySettings(StoreSettings):
    """The store's settings, and where the log's key, its last checkpoint and the believed keys are."""

    signing_dir: Path = Path("signing")


async def verify(
    settings: VerifySettings,
    older: Sequence[Path],
    anchors: Sequence[Path] = (),
    log_key: str | None = None,
    *,
    after_restore: bool,
    as_json: bool,
    quiet: bool,
) -> int:
    """
    Check and print; the exit code.  `anchors` are messages of the channel, whose logs' keys are `log_key` or in there.

    Raises WronglyCalledError, StoreMismatchError and StoreUnavailableError.
    """
    channel = gathered(anchors, log_key) if anchors else None
    kept = [*(channel.as_older() if channel is not None else []), *(read_file(path) for path in older)]
    url = settings.database_url.get_secret_value()
    require_database(url)
    db = Database(url, Clock())
    try:
        await require_current_schema(db)
        found = await whole_store.check(
            db,
            settings.signing_dir,
            settings.keyring_dir,
            kept,
            after_restore=after_restore,
            keyring_url=secret(settings.keyring_url),
        )
    except exc.StatementError as error:  # also for a value that a driver does not take
        raise StoreMismatchError(
            f"the database could not be read to its end ({type(error.orig).__name__}). Nothing was changed"
        ) from None
    finally:
        await db.close()
    if channel is not None:
        found = channel.found_in_store(found)
    code = report(found, as_json=as_json, quiet=quiet)
    if not quiet and not as_json:
        click.echo(whole_store.NOT_LOOKED_AT)
    return code


def require_database(url: str) -> None:
    """Raises WronglyCalledError where there is none."""
    if not is_there(url):
        raise WronglyCalledError("there is no database at DATABASE_URL. Nothing was checked")
