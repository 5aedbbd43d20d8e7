"""`sendsecret doctor`: what is wrong here, one line a thing, and what to do; it changes nothing unless told to."""

import asyncio
import sys

import click

from sendsecret.no_core import leave_no_core
from sendsecret.operating import refuse


@click.command()
@click.option("--check-store", is_flag=True, help="Hold database and keyring against the six invariants instead.")
@click.option("--mark-lost", is_flag=True, help="End as lost what is open and has no key any more.")
@click.option("--yes", is_flag=True, help="With --mark-lost: do not ask.")
@click.option(
    "--post", is_flag=True, help="Also write a line into the audit channel: the only way to know that one can."
)
@click.option("--limits", is_flag=True, help="Also present wrong links until the front's 429 is seen, some forty.")
def doctor(check_store: bool, mark_lost: bool, yes: bool, post: bool, limits: bool) -> None:
    """
    Look at settings, database, keyring, keys, disks, Slack and the way in, while the programs run or do not.

    Type it where `sendsecret run` is typed (.env counts), as the user of the programs. Every line begins with ok, warn
    or bad, and says what to do. No value of a setting is shown, and nothing is used up: no drop, no guess.

    --check-store says whether what must hold after every crash does hold: one claim a drop; nothing left of what has
    ended; each transition one entry of the log and one notice; rows, events and receipts that say the same. It names
    what breaks it by its id. A step of the log that is unfinished just then, as after a crash, breaks nothing: warn.

    --mark-lost is for a keyring that lost keys for good. It counts open drops and records without a key and, once you
    have confirmed that the true keyring is mounted, ends them; people send again.

    Exit codes: 0 all is well, 1 warnings only, 2 something is bad. With --check-store 0 or 2; with --mark-lost 0, or 2
    where nothing was changed.
    """
    leave_no_core()
    if sum((check_store, mark_lost, post or limits)) > 1 or (yes and not mark_lost):
        refuse("--check-store, --mark-lost (with --yes) and --post or --limits go each alone. Nothing was done.", 2)
    if check_store:
        from sendsecret.doctoring import stored

        sys.exit(stored.check())
    if mark_lost:
        from sendsecret.doctoring import losing

        sys.exit(losing.mark_lost(is_sure=yes))
    sys.exit(asyncio.run(_round(post=post, limits=limits)))


async def _round(*, post: bool, limits: bool) -> int:
    from sendsecret.doctoring.known import known
    from sendsecret.doctoring.line import exit_code
    from sendsecret.doctoring.looking import look

    lines = []
    async for line in look(known(), post=post, limits=limits):
        click.echo(str(line))
        lines.append(line)
    return exit_code(lines)
