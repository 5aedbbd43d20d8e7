"""
`sendsecret incident`: a laptop is gone; everything that its owner was ever handed, and an end to what is outstanding.

For whoever runs the installation, who has the keyring: it shows all names and labels that are still kept.
"""

import asyncio
import json
import os
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from sendsecret.operating import operators_settings, refuse
from sendsecret.person import id_of

if TYPE_CHECKING:
    from sendsecret.audit_log import LogSettings
    from store.incident.sheet import Record, RotateUrl, Row, Sheet, Token
    from store.opened import Store

_UNFINISHED, _CANNOT = 1, 2
_MOST_SECONDS: Final = 3600.0
_WHAT_TOKENS_DO: Final = (
    "Whoever has one can do what it is for: send in this person's name; read what this person sent, to whom and what "
    "became of it, and no secret; revoke what nobody has opened."
)

_WHAT_RECORDS_DO: Final = (
    "With the key of one a program reads a credential over and over. To end one: sendsecret record revoke ID; that "
    "does not change the key at its provider."
)


@click.command()
@click.option(
    "--person", required=True, metavar="ID", help="A user id of Slack, like U0123456789, or an e-mail address."
)
@click.option("--csv", type=click.Path(path_type=Path), default=None, help="A new file for a table.")
@click.option("--page", type=click.Path(path_type=Path), default=None, help="A new file for a page to print.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object in place of lines.")
@click.option("--revoke", is_flag=True, help="First revoke whatever they could still open.")
@click.option("--end-tokens", is_flag=True, help="First end the tokens with which programs act in their name.")
@click.option("--yes", is_flag=True, help="Do not ask before revoking, or ending tokens.")
def incident(
    person: str, csv: Path | None, page: Path | None, as_json: bool, revoke: bool, end_tokens: bool, yes: bool
) -> None:
    """
    Say what one person was ever handed, what of it must be rotated, and what they can still open.

    \b
      sendsecret incident --person U0123456789 --revoke --end-tokens
      sendsecret incident --person dana@example.com --csv dana.csv --page dana.html

    Reads this installation's settings (the environment and .env), and changes nothing without --revoke or
    --end-tokens. Somebody who was sent things in Slack and by e-mail has two names here: ask for both.

    Exit codes: 0 done; 1 not all was revoked: run it again; 2 nothing was done, or a file was not written, and why.
    """
    from sendsecret.audit_log import LogSettings

    known = id_of(person, code=_CANNOT)
    for path in (csv, page):
        if path is not None and path.exists():
            refuse(f"{path} is there already. Nothing was changed; name a new file.", _CANNOT)
    settings = operators_settings(LogSettings)
    code, sheet = asyncio.run(_look(settings, known, revoke=revoke, end=end_tokens, is_sure=yes))
    click.echo(_as_json(sheet) if as_json else "\n".join(_lines(sheet)))
    if not sheet.rows and not sheet.tokens and not sheet.records:
        click.echo(f"Nobody who was handed anything is known here as {_shown(known)}: is it really theirs?", err=True)
    _write(sheet, csv, page)
    sys.exit(code)


async def _look(settings: "LogSettings", person: str, *, revoke: bool, end: bool, is_sure: bool) -> "tuple[int, Sheet]":
    from store.database import is_there
    from store.errors import StoreMismatchError, StoreUnavailableError
    from store.incident import sheet
    from store.opened import opened

    if not is_there(settings.database_url.get_secret_value()):
        refuse("There is no database at DATABASE_URL. Nothing was changed.", _CANNOT)
    rotate_url = _rotate_url()  # before anything is done: it may find a file that is not in order
    try:
        async with opened(settings, program="bot", event_key=settings.signing_dir / "event-bot.key") as store:
            if end:  # first: with one of them, what is revoked next could be sent anew
                await _end_tokens(store, person, is_sure=is_sure)
            code = await _revoke(store, person, is_sure=is_sure) if revoke else 0
            return code, await sheet.of(store, person, rotate_url)
    except (StoreMismatchError, StoreUnavailableError) as error:
        refuse(f"{error}. Run the same command again: what was revoked or ended so far stays so.", _CANNOT)


def _rotate_url() -> "RotateUrl":
    from functools import partial

    from bot.templates import page_of_provider
    from sendsecret.templates import named

    return partial(page_of_provider, named())


async def _end_tokens(store: "Store", person: str, *, is_sure: bool) -> None:
    from store import tokens, tokens_of_a_person
    from store.words import Actor

    count = len(await tokens.of_person(store, person))
    if count and not is_sure:
        what = "1 token" if count == 1 else f"{count} tokens"
        _sure(f"end {what} with which programs act in their name")
    ended = await tokens_of_a_person.end(store, person, None, by=Actor.ADMIN, why=tokens.WhyEnded.INCIDENT)
    said = f"Tokens ended: {ended}." if ended else "No token of theirs serves: there was none to end."
    click.echo(said, err=True)


async def _revoke(store: "Store", person: str, *, is_sure: bool) -> int:
    from store import handed, revoking
    from store.drops import Drop
    from store.words import Actor

    count = await handed.count_stoppable(store, person, None)
    if not count:
        click.echo("Nothing is outstanding: there was nothing to revoke.", err=True)
        return 0
    if not is_sure:
        what = "1 drop that they" if count == 1 else f"{count} drops that they"
        _sure(f"revoke {what} could still open")

    async def by(_drop: Drop) -> Actor:
        return Actor.ADMIN

    tally = await revoking.revoke_all(store, person, None, by, seconds=_MOST_SECONDS)
    click.echo(f"Revoked and destroyed unopened: {tally.revoked}.", err=True)
    if tally.opened:
        click.echo(f"Opened before it was their turn, to be rotated: {tally.opened}.", err=True)
    if tally.over:
        click.echo(f"Over meanwhile by themselves: {tally.over}.", err=True)
    if tally.is_cut:
        click.echo("Not finished: the store was away, and how many are left is not known. Run it again.", err=True)
    elif tally.unfinished:
        click.echo(f"Not finished: {tally.unfinished}. Run the same command again.", err=True)
    return _UNFINISHED if tally.unfinished or tally.is_cut else 0


def _sure(act: str) -> None:
    if not sys.stdin.isatty():
        refuse(f"It would {act}. Nothing more was changed: say --yes.", _CANNOT)
    if not click.confirm(f"{act.capitalize()}? It cannot be undone.", err=True):
        refuse("Nothing more was changed.", _CANNOT)


def _write(sheet: "Sheet", csv: Path | None, page: Path | None) -> None:
    from store.incident import page as pages
    from store.incident import table

    made = [(csv, table.of(sheet))] if csv else []
    made += [(page, pages.of(sheet).encode())] if page else []
    for path, content in made:
        try:
            # Nobody else on this machine is to read who was handed what.
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
        except OSError as error:
            refuse(f"{path} cannot be written ({error.strerror}). What was revoked stays revoked.", _CANNOT)
        click.echo(f"Written: {path}", err=True)


def _as_json(sheet: "Sheet") -> str:
    return json.dumps(asdict(sheet))


def _lines(sheet: "Sheet") -> list[str]:
    from store.handed import Need

    counted = ", ".join(
        f"{sheet.count(need)} {words}"
        for need, words in (
            (Need.ROTATE, "opened and not rotated"),
            (Need.REVOKE, "outstanding"),
            (Need.NOTHING, "with nothing to do"),
        )
    )
    lines = [f"Handed to {_shown(sheet.name)} ({_shown(sheet.person)}): {len(sheet.rows)}; {counted}."]
    lines += [_line(row) for row in sheet.rows]
    if sheet.tokens:
        lines.append(f"Tokens for programs that still work: {len(sheet.tokens)}. {_WHAT_TOKENS_DO}")
        lines += [_token(one) for one in sheet.tokens]
    if sheet.records:
        lines.append(f"Records that they were handed or made: {len(sheet.records)}. {_WHAT_RECORDS_DO}")
        lines += [_record(one) for one in sheet.records]
    if sheet.erased.months:
        months = ", ".join(sheet.erased.months)
        lines.append(f"Names of these months are erased, and nobody is found by them any more: {months}.")
    if sheet.erased.forgotten:
        lines.append(
            f"Drops that name no recipient, because somebody was forgotten: {sheet.erased.forgotten}. Some may have "
            "been for this person."
        )
    return lines


def _line(row: "Row") -> str:
    first = f"{row.to_do.upper() or '-':<6}  {row.drop[:6]}  {row.handed_at}  {_shown(row.label)} ({row.template})"
    rest = [f"from {_shown(row.sender)}", row.standing]
    if row.opened_at:
        rest.append(f"opened {row.opened_at}")
    if row.rotate_by:
        rest.append(f"rotate by {row.rotate_by}")
    if row.rotate_at:
        rest.append(row.rotate_at)
    return f"{first}, {', '.join(rest)}"


def _token(one: "Token") -> str:
    scopes = ", ".join(one.scopes)
    return f"TOKEN   {one.name}  for {scopes}, until {one.until}. To end it: sendsecret token revoke {one.name}"


def _record(one: "Record") -> str:
    read = f"read {one.reads} times, last {one.read_at}" if one.read_at else "not read with its present key"
    parts = [f"{one.standing} {'until' if one.standing == 'can be read' else 'since'} {one.until}", read]
    parts.append(f"rotated {one.renewed_at}" if one.renewed_at else "nobody has said that it was rotated")
    if one.rotate_at:
        parts.append(one.rotate_at)
    return f"{one.to_do.upper() or '-':<6}  {one.record}  {_shown(one.label)}, {', '.join(parts)}"


def _shown(text: str) -> str:
    """Somebody's own words, which must not move the cursor of whoever reads them."""
    return "".join(letter if letter.isprintable() else " " for letter in text)
