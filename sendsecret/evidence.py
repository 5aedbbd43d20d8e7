"""
`sendsecret evidence`: everything about the drops of a period, in a folder for whoever checks us.

Nothing in the database is changed, and the programs may run meanwhile.
"""

import asyncio
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sendsecret.operating import operators_settings, refuse

if TYPE_CHECKING:
    from sendsecret.verify_store import VerifySettings
    from store.evidence.request import Request


@click.command()
@click.option("--from", "first", type=click.DateTime(["%Y-%m-%d"]), required=True, help="First day, UTC.")
@click.option("--to", "last", type=click.DateTime(["%Y-%m-%d"]), required=True, help="Last day, UTC; included.")
@click.option("--recipients", default="", help="Only these classes: member,guest,external,email. All by default.")
@click.option(
    "--names", is_flag=True, help="With the names of senders and recipients, and with references; without by default."
)
@click.option("--log", type=click.IntRange(min=1), default=None, help="Which log, where there are several.")
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True, help="A folder for it.")
def evidence(first: datetime, last: datetime, recipients: str, names: bool, log: int | None, output: Path) -> None:
    """
    Make the evidence pack of a period: population, receipts, events, proofs, and a summary to print.

    \b
      sendsecret evidence --from 2026-07-01 --to 2026-09-30 -o evidence-2026-q3

    Reads this installation's settings (the environment and .env) and changes nothing in its database. If it is
    interrupted, the same command goes on in the same folder. `sendsecret verify --pack FOLDER` checks the result,
    and so does an auditor without us: the folder's README.md says how.

    Exit codes: 0 made; 1 made, and the database is not what was signed; 2 not made, and why.
    """
    from sendsecret.verify_store import VerifySettings
    from store.evidence.request import CLASSES, Request
    from store.pacing import give_way

    chosen = tuple(sorted({one.strip() for one in recipients.split(",") if one.strip()}))
    if unknown := sorted(set(chosen) - set(CLASSES)):
        refuse(f"--recipients: there is no class {', '.join(unknown)}; {', '.join(CLASSES)} are known.", 2)
    if last < first:
        refuse("--to is before --from. Nothing was made.", 2)
    request = Request(first.date(), last.date(), chosen, with_names=names)
    settings = operators_settings(VerifySettings)
    give_way()
    sys.exit(asyncio.run(_make(settings, request, log, output)))


async def _make(settings: "VerifySettings", request: "Request", log: int | None, output: Path) -> int:
    from sqlalchemy import exc

    from sendsecret.verify_files import WronglyCalledError
    from sendsecret.verify_store import require_database
    from store.clock import Clock
    from store.database import Database
    from store.errors import StoreMismatchError, StoreUnavailableError
    from store.evidence import making
    from store.keyring_kinds import months_at
    from store.schema_version import require_current_schema
    from store.settings import secret

    url = settings.database_url.get_secret_value()
    try:
        require_database(url)
    except WronglyCalledError:
        refuse("there is no database at DATABASE_URL. Nothing was made.", 2)
    db = Database(url, Clock())
    try:
        await require_current_schema(db)
        with months_at(settings.keyring_dir, secret(settings.keyring_url)) as months:
            made = await making.make(db, settings.public_url, request, log, output, _Progress().at, months)
    except (StoreMismatchError, StoreUnavailableError) as error:
        refuse(str(error), 2)
    except exc.DBAPIError as error:
        refuse(f"the database could not be read to its end ({type(error.orig).__name__}). The same command goes on.", 2)
    except OSError as error:
        refuse(f"{output} cannot be written ({error.strerror}). The same command goes on where this one ended.", 2)
    finally:
        await db.close()
    return _told(made, output)


def _told(made: Any, output: Path) -> int:
    standing = made.pack.standing
    if made.was_there:
        click.echo(
            f"{output} holds this pack already, whole, against a checkpoint of {standing.size} entries. Nothing was "
            "changed. For a newer checkpoint name another folder."
        )
        return 0
    drops = "1 drop" if made.drops == 1 else f"{made.drops} drops"
    under = f"a checkpoint of {standing.size} entries of {standing.origin}"
    click.echo(f"{drops} of {made.pack.request.period} in {output}, against {under}.")
    if standing.waiting or standing.refused:
        click.echo(f"Not in it: {standing.waiting} later events, and {standing.refused} events that no log took.")
    for fault in made.faults:
        click.echo(f"WARNING: {fault}. `sendsecret verify --store` looks closer.", err=True)
    click.echo("Open summary.html first; `sendsecret verify --pack` checks it; README.md says how others do.")
    return 1 if made.faults else 0


class _Progress:
    """On standard error: at a terminal one line that changes, elsewhere a line for every tenth."""

    def __init__(self) -> None:
        self._tenth = -1

    def at(self, done: int, of: int) -> None:
        """So many leaves of so many."""
        percent = 100 * done // of if of else 100
        if sys.stderr.isatty():
            click.echo(f"\r{done} of {of} entries ({percent} %)", err=True, nl=done >= of)
        elif percent // 10 > self._tenth:
            self._tenth = percent // 10
            click.echo(f"{done} of {of} entries ({percent} %)", err=True)
