"""`sendsecret backup` and `sendsecret restore`: what may stand on their lines, and how they end."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import click

from sendsecret.audit_log import LogSettings
from sendsecret.keeping.engines import ToolError
from sendsecret.keeping.folder import FolderError
from sendsecret.no_core import leave_no_core
from sendsecret.operating import operators_settings, refuse
from store.errors import StoreError

T = TypeVar("T")


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
def backup(folder: Path) -> None:
    """
    Copy the database, the public halves of keys and the settings that are no secret into FOLDER, which must not exist.

    The programs may run meanwhile. FOLDER is whole or not there; its manifest has the SHA-256 of every file. On
    PostgreSQL pg_dump is called, which must be there. The keyring is never in a backup, nor is a private key:
    event-bot.key, log.key and log.before of SIGNING_DIR are to be kept elsewhere, KEYRING_DIR and checkpoint.latest
    nowhere.
    """
    from sendsecret.keeping import backup as making

    _carry_out(lambda settings: making.make(settings, folder))


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--over", is_flag=True, help="Although there is a database: what is in it is lost.")
@click.option("--keep-open", is_flag=True, help="Leave open what is open in the backup and has its key.")
def restore(folder: Path, over: bool, keep_open: bool) -> None:
    """
    Put the backup in FOLDER back, beside the same keyring. Stop the programs before, and start them afterwards.

    What was destroyed since the backup stays destroyed: its key is gone, and its row ends as lost. What is open in the
    backup and has its key is revoked, because somebody may have claimed it since, and would otherwise not be the only
    reader; --keep-open is for whoever knows that nobody opened anything since. The log that was let out since is cited
    by another one, which is opened at once.

    Exit codes: 0 done; 1 done, and the log stands still until an operator has looked; 2 refused, and nothing was
    changed; 3 it could not be done to its end: mend what it says, and type it again.
    """
    from sendsecret.keeping import restore as putting_back

    is_well = _carry_out(lambda settings: putting_back.put_back(settings, folder, over=over, keep_open=keep_open))
    sys.exit(0 if is_well else 1)


def _carry_out(act: Callable[[LogSettings], T]) -> T:
    settings = operators_settings(LogSettings)
    leave_no_core()
    try:
        return act(settings)
    except FolderError as error:
        refuse(f"{error}.", 2)
    except (ToolError, StoreError) as error:
        refuse(f"{error}.", 3)
    except OSError as error:
        refuse(f"The disk did not do it ({error.strerror}). What was there before is there.", 3)
