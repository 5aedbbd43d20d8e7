"""
`sendsecret keys`: which keys there are, another one in place of one, and the end of one that leaked.

All of it while the programs run, which see a new key with the next thing that they do.  docs/keys.md says what each key
is for, and what rotating it ends.
"""

import asyncio
import sys
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Final

import click

from sendsecret.audit_log import LogSettings
from sendsecret.operating import operators_settings, refuse, run_program
from store import key_files
from store.errors import EscrowUnreadableError, StoreError
from store.formats import base64url
from store.keys import delivery, event_keys, listing, log_key, master, pepper, retiring
from store.keys.saying import KeyRefusedError
from store.link_opener import NAME as DELIVERY_KEY
from store.log.log_key import NAME as LOG_KEY
from store.opened import Store, opened
from store.record_escrow import masters_of

_ROTATED: Final = (*event_keys.PROGRAMS, "pepper", "log", "delivery")
_ERASED: Final = "The old private bytes were overwritten in place."


@click.group()
def keys() -> None:
    """The keys: which there are, rotating one, retiring one that leaked."""


@keys.command("list")
def list_keys() -> None:
    """Print every key with its public name, since when, and how it stands; nothing secret."""
    _run(_print)


@keys.command("rotate-master")
def rotate_master() -> None:
    """
    Make another master key, and wrap every record's escrow anew, while everything runs; repeat it after a crash.

    The first one, too, where an installation of before has none. An old key is overwritten in place when no record
    needs it any more. Exit code 1: the new key is in use, and a record is left that only an old one can open, or none.
    """
    _run(_rotate_master)


@keys.command()
@click.argument("key", type=click.Choice(_ROTATED))
@click.option("--prepare", is_flag=True, help="Event keys: make the new one, to be carried to other hosts, and wait.")
def rotate(key: str, prepare: bool) -> None:
    """
    Put another key in place of one, while everything runs; repeat it after a crash.

    event-bot, event-web: the old key signs nothing more here and stays believed until `sendsecret keys retire`. pepper:
    links go on opening, and links that show the names on a receipt end: they are refused from now on. log: another log
    opens under the new key and cites the old one. delivery: whoever seals a link seals it to the new key; the old one
    is kept for half an hour, for what is on its way. Receipts and proofs made before keep verifying, whichever it is.
    """
    if prepare and key not in event_keys.PROGRAMS:
        refuse("--prepare goes with event-bot and event-web. Nothing was changed.", 2)
    if key == "pepper":
        _run(_rotate_pepper)
    elif key == "log":
        _run(_rotate_log)
    elif key == "delivery":
        _run(_rotate_delivery)
    else:
        _run(lambda store, settings: _rotate_event_key(store, settings, key, only_prepare=prepare))


# A kid is base64url and may begin with a hyphen, or with `-h`.
@keys.command(context_settings={"ignore_unknown_options": True, "help_option_names": ["--help"]})
@click.argument("kid", type=click.UNPROCESSED)
@click.option("--force", is_flag=True, help="Although it signed something within the last minute.")
def retire(kid: str, force: bool) -> None:
    """Believe nothing more of the event key KID: after it leaked, or when no program has it any more."""
    _run(lambda store, settings: _retire(store, settings, kid, force=force))


Act = Callable[[Store, LogSettings], Awaitable[None]]


def _run(act: Act) -> None:
    settings = operators_settings(LogSettings)

    async def whole() -> None:
        event_key = event_keys.files(settings.keyring_dir, settings.signing_dir)[event_keys.BOT]
        async with opened(settings, program="bot", event_key=event_key) as store:
            try:
                await act(store, settings)
            except EscrowUnreadableError as error:
                said = "so that it was not finished; no key is lost. Look at SIGNING_DIR/master, and repeat it"
                raise KeyRefusedError(f"{error}, {said}") from None
            except OSError as error:
                raise KeyRefusedError(
                    f"the disk did not take it ({error.strerror}), so that it was not finished; no key is lost. Repeat "
                    "it as whoever owns KEYRING_DIR and SIGNING_DIR, or as root; their file system must have hard links"
                ) from None

    run_program(whole(), StoreError)


async def _print(store: Store, settings: LogSettings) -> None:
    files = event_keys.files(settings.keyring_dir, settings.signing_dir)
    found = await listing.known(store, settings.signing_dir, files)
    for one in found:
        click.echo(f"{one.name:<9}  {one.state:<12}  {_day(one.since):<20}  {one.public}".rstrip())
    drops = len(await asyncio.to_thread(store.keyring.ids))
    click.echo(f"{'drops':<9}  {drops} key{'' if drops == 1 else 's'}, one a drop, each erased at its drop's end")
    standing = len(await asyncio.to_thread(store.keyring.records.ids))
    click.echo(
        f"{'records':<9}  {standing} key{'' if standing == 1 else 's'}, one a record, each erased with its key's end"
    )
    others = {"log": settings.signing_dir / LOG_KEY, "delivery": settings.signing_dir / DELIVERY_KEY}
    for name, path in {**files, "pepper": store.keyring.peppers.path, **others}.items():
        if key_files.is_unfinished(path):
            click.echo(
                f"A rotation of {name} is not finished; nothing is lost. Do it again: sendsecret keys rotate {name}"
            )
    if master.is_unfinished(masters_of(store)):
        click.echo("A rotation of master is not finished; nothing is lost. Do it again: sendsecret keys rotate-master")


async def _rotate_event_key(store: Store, settings: LogSettings, name: str, *, only_prepare: bool) -> None:
    path = event_keys.files(settings.keyring_dir, settings.signing_dir)[name]
    done = await event_keys.rotate(store, settings.signing_dir, name, path, only_prepare=only_prepare)
    public = f"SIGNING_DIR/trusted/{event_keys.PROGRAMS[name]}-{done.new}.jwk"
    if not done.is_in_place:
        click.echo(
            f"{done.new} is prepared and believed here; {done.old} still signs. Copy {public} into the SIGNING_DIR of "
            f"every other bot, then: sendsecret keys rotate {name}"
        )
    elif done.old is None:
        click.echo(f"The rotation that was cut short is finished: {done.new} is in place. {_ERASED}")
    else:
        click.echo(
            f"{done.new} is in place and published. {_ERASED} {done.old} stays believed for what it signed, and for a "
            f"program elsewhere that has it; if it leaked, or nobody has it: sendsecret keys retire {done.old}"
        )
        if name == event_keys.WEB and settings.keyring_url is not None:
            click.echo("Every host has a copy of KEYRING_DIR: copy the file event-web.key to each.")


async def _rotate_pepper(store: Store, settings: LogSettings) -> None:
    number = await pepper.rotate(store, settings.signing_dir)
    said = "The rotation that was cut short is finished." if number is None else "Another pepper is in place."
    click.echo(
        f"{said} Links made before go on opening; the old pepper is kept for them, and for those of ended drops, so "
        "that their holders are told how it ended: it is erased in place when the month of the last drop made under it "
        "is forgotten (RETENTION_MONTHS). Links that show the names on a receipt, given out before, are refused from "
        "now on."
    )
    if settings.keyring_url is not None:
        click.echo(
            "Every host has a copy of KEYRING_DIR: copy the file pepper to each now, with its programs stopped. Until "
            'then it answers "no such link" to whoever holds a link made since.'
        )


async def _rotate_log(store: Store, settings: LogSettings) -> None:
    done = await log_key.rotate(store, settings.signing_dir)
    click.echo(
        f"{done.origin} is open under a new key; the running bot goes on there. {_ERASED} Receipts and proofs of "
        "earlier logs keep verifying under their own keys. Tell whoever checks the log: its record begins by citing "
        f"the last checkpoint before it, and its key is\n{done.vkey}"
    )


async def _rotate_delivery(store: Store, settings: LogSettings) -> None:
    done = await delivery.rotate(store, settings.signing_dir)
    click.echo(
        f"{done.new} is in place and published: whoever seals a link from now on seals it to this one. {done.old} is "
        "kept for what is on its way, and the running bot overwrites it in place in half an hour. On several hosts, "
        "put the new key beside the old one of every other bot, as delivery.key.next, and do the same there."
    )


async def _rotate_master(store: Store, settings: LogSettings) -> None:
    done = await master.rotate(store, settings.signing_dir)
    erased = f" Master key {_listed(done.erased)} was overwritten in place." if done.erased else ""
    whole = done.rewrapped + done.already + len(done.failed)
    counted = [f"{done.rewrapped} of {whole} rewrapped"]
    counted += [f"{done.already} were already"] if done.already else []
    counted += [f"{many} cannot be: {why}" for why, many in sorted(Counter(done.failed.values()).items())]
    said = ", ".join(counted) if whole else "none so far"
    if done.is_new:
        click.echo(f"Master key {done.number} is in use. Records in escrow: {said}.{erased}")
    else:
        click.echo(
            f"What an earlier rotation left is done. Records in escrow: {said}.{erased} Master key {done.number} stays "
            "in use; for another one, do it again."
        )
    for record_id, why in done.failed.items():
        record = base64url.encode(record_id)
        click.echo(
            f"{record}: {why}. It is read as before; give it its value anew: sendsecret record rotate {record} --escrow"
        )
    if done.failed:
        sys.exit(1)


def _listed(numbers: list[int]) -> str:
    return ", ".join(str(number) for number in numbers)


async def _retire(store: Store, settings: LogSettings, kid: str, *, force: bool) -> None:
    files = event_keys.files(settings.keyring_dir, settings.signing_dir)
    await retiring.retire(store, settings.signing_dir, kid, files, force=force)
    click.echo(
        f"{kid} is retired: the log takes nothing more that it signs. What it signed before keeps verifying, and it "
        "stays published. On several hosts, copy its .retired from SIGNING_DIR/trusted to every other bot."
    )


def _day(at: int | None) -> str:
    return "" if at is None else f"{datetime.fromtimestamp(at // 1000, UTC):%Y-%m-%dT%H:%M:%SZ}"
