"""`sendsecret doctor --check-store`: the six invariants over this installation's database and keyring."""

import asyncio
from typing import Final

import click
from sqlalchemy import exc

from sendsecret.audit_log import LogSettings
from sendsecret.operating import operators_settings, refuse
from store.clock import Clock
from store.database import Database, is_there
from store.errors import StoreMismatchError, StoreUnavailableError
from store.schema_version import require_current_schema
from store.settings import secret
from store.verifying import invariants
from store.verifying.invariants import Violation

_HOLD: Final = {
    "I1": "no drop was ever claimed twice",
    "I2": "what has ended has no envelope, no verifier, no link and no key here",
    "I3": "each transition is one entry of the log and one notice",
    "I6": "events and receipts verify, and say what the rows say",
}
_NOT_LOOKED_AT: Final = (
    "not looked at: whether counters went back since an earlier look (I4), and whether a text that nobody may keep is "
    "anywhere (I5); tests of faults look at both"
)


def check() -> int:
    """Print each invariant, and what breaks it; the exit code.  Nothing is changed."""
    settings = operators_settings(LogSettings)
    url = settings.database_url.get_secret_value()
    if not is_there(url):
        refuse("there is no database at DATABASE_URL. Nothing was checked", 2)

    async def looked() -> list[Violation]:
        db = Database(url, Clock(settings.test_clock_file))
        try:
            await require_current_schema(db)
            of_keys = secret(settings.keyring_url)
            return await invariants.check(db, settings.signing_dir, settings.keyring_dir, keyring_url=of_keys)
        finally:
            await db.close()

    try:
        found = asyncio.run(looked())
    except (StoreMismatchError, StoreUnavailableError) as error:
        refuse(f"{error}. Nothing was changed", 2)
    except exc.StatementError as error:  # also for a value that a driver does not take
        refuse(f"the database could not be read to its end ({type(error.orig).__name__}). Nothing was changed", 2)
    for name, holds in _HOLD.items():
        broken = [one for one in found if one.invariant == name]
        for one in broken:
            click.echo(f"bad   {name}: {one.says}")
        if not broken:
            click.echo(f"ok    {name}: {holds}")
    click.echo(_NOT_LOOKED_AT)
    return 2 if found else 0
