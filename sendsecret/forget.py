"""
`sendsecret forget`: a person's name goes out of every drop that is over.

What was signed stays: events, receipts and proofs hold digests of names only, and still verify.
"""

import asyncio
import sys
from typing import TYPE_CHECKING, Final

import click

from sendsecret.operating import operators_settings, refuse
from sendsecret.person import id_of

if TYPE_CHECKING:
    from sendsecret.audit_log import LogSettings
    from store.forgetting import Found
    from store.opened import Store

_CANNOT: Final = 2


@click.command()
@click.option(
    "--person", required=True, metavar="ID", help="A user id of Slack, like U0123456789, or an e-mail address."
)
@click.option("--yes", is_flag=True, help="Do not ask.")
def forget(person: str, yes: bool) -> None:
    """
    Erase a person out of every drop that is over: name, id, labels, and where they opened it from.

    \b
      sendsecret forget --person U0123456789

    The other person of each drop stays, and so do outcome, times, events, receipts and proofs: all still verify. Each
    drop's record says that somebody was forgotten, not who. It cannot be undone.

    Capitals in an e-mail address are no matter.
    Tokens of theirs end, whatever they are for.
    Records of theirs, and those whose key they were handed, stay and are read as before: a running program must not
    stop. Their names go, and from then on only administrators can do anything with those that they made.
    Pages on which they may still seal something, or somebody may for them, take nothing any more; a message in Slack
    that leads to one stays until somebody deletes it there.

    Backups of the database keep what they have until the key of the month is erased: see RETENTION_MONTHS.

    Exit codes: 0 forgotten in every drop; 1 some are open, or a message about them is owed: run it again; 2 nothing was
    done.
    """
    from sendsecret.audit_log import LogSettings

    sys.exit(asyncio.run(_forget(operators_settings(LogSettings), id_of(person, code=_CANNOT), is_sure=yes)))


async def _forget(settings: "LogSettings", person: str, *, is_sure: bool) -> int:
    from store.errors import StoreMismatchError, StoreUnavailableError
    from store.opened import opened

    try:
        async with opened(settings, program="bot", event_key=settings.signing_dir / "event-bot.key") as store:
            return await _forget_in(store, person, settings.retention_months, is_sure=is_sure)
    except (StoreMismatchError, StoreUnavailableError) as error:
        refuse(f"{error}. Run the same command again: what was forgotten so far stays forgotten.", _CANNOT)


async def _forget_in(store: "Store", person: str, keep: int, *, is_sure: bool) -> int:
    from store import forgetting, forgetting_owners, forgetting_records

    found, owned = await forgetting.find(store, person), await forgetting_owners.find(store, person)
    records = await forgetting_records.find(store, person)
    if not (found.over or found.live or found.orders or owned or records):
        refuse("No drop names that person, or all of them were forgotten. Nothing was changed.", _CANNOT)
    if (found.over or found.orders or owned or records) and not is_sure:
        _ask(found, len(owned), len(records))
    unused = await forgetting.forget_orders(store, person)
    count = 0
    # Read anew: while somebody thought about the question above, programs went on.  Tokens first, because with one of
    # them a record could be made behind its back.
    owned = await forgetting_owners.find(store, person)
    for token, jti in owned:
        await forgetting_owners.forget(store, token, jti)
    records = await forgetting_records.find(store, person)
    for record_id in records:
        await forgetting_records.forget(store, record_id, person)
    for drop_id in found.over:
        count += await forgetting.forget(store, drop_id, person) > 0
    await store.db.let_go_of_old_pages()
    click.echo(f"Forgotten in {_drops(count)}. Events, receipts and proofs are as they were, and still verify.")
    if owned:
        click.echo(f"Nobody's any more, and good for nothing: {_tokens(len(owned))}.")
    if records:
        click.echo(f"Without that name, and read as before: {_records(len(records))}.")
    if unused:
        click.echo(f"Deleted what nobody had sealed so far: {_pages(unused)}.")
    click.echo(_of_backups(keep))
    if not found.live:
        return 0
    waiting = f"Not yet, because open, or because a message about it is still owed: {_listed(found)}"
    click.echo(f"{waiting}. Run it again when they are over.", err=True)
    return 1


def _ask(found: "Found", tokens: int, records: int) -> None:
    where = _where(found, tokens, records)
    if not sys.stdin.isatty():
        refuse(f"It would be forgotten in {where}. Nothing was changed: say --yes.", _CANNOT)
    if not click.confirm(f"Forget this person in {where}? It cannot be undone.", err=True):
        refuse("Nothing was changed.", _CANNOT)


def _of_backups(keep: int) -> str:
    if not keep:
        return "Backups of the database that were made before keep the names: RETENTION_MONTHS is 0."
    return f"Backups that were made before keep the names until the key of their month is erased, after {keep} months."


def _listed(found: "Found") -> str:
    from store.formats import base64url

    named = ", ".join(base64url.encode(drop_id) for drop_id in found.live[:10])
    return f"{named} and {len(found.live) - 10} more" if len(found.live) > 10 else named


def _where(found: "Found", tokens: int, records: int) -> str:
    parts = [_drops(len(found.over))]
    if found.orders:
        parts.append(f"{_pages(found.orders)} to seal on")
    if tokens:
        parts.append(_tokens(tokens))
    if records:
        parts.append(_records(records))
    return " and ".join(parts)


def _tokens(count: int) -> str:
    return "1 token" if count == 1 else f"{count} tokens"


def _records(count: int) -> str:
    return "1 record" if count == 1 else f"{count} records"


def _pages(count: int) -> str:
    return "1 page" if count == 1 else f"{count} pages"


def _drops(count: int) -> str:
    return "1 drop" if count == 1 else f"{count} drops"
