"""
`sendsecret templates`: whether a file of templates is understood, and which templates there are.

Exit codes: 0 well, 2 the file or the settings are wrong.  Nothing of a value is repeated.
"""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from sendsecret.operating import refuse

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.templates import Templates

_FILE = click.argument("file", required=False, type=click.Path(path_type=Path))


@click.group()
def templates() -> None:
    """How each kind of credential is handed over: docs/templates.md explains the file."""


@templates.command("check")
@_FILE
def check(file: Path | None) -> None:
    """
    Read FILE, or what TEMPLATES_FILE names, as the bot would when it starts.

    Exit codes: 0 understood, 2 not: each problem stands on a line with template, rule and line. A running bot is not
    changed; it reads the file when it starts.
    """
    path = file or _named()
    if path is None:
        refuse("No file to check: name one, or set TEMPLATES_FILE.", 2)
    found = _read(path, _spans())
    own = _read_own(path)
    click.echo(f"{path}: understood. {len(own)} in it: {', '.join(own)}; with the shipped ones {len(found)}.")


@templates.command("list")
@_FILE
@click.option("--tag", help="Only those that have this tag.")
def list_(file: Path | None, tag: str | None) -> None:
    """The templates that there are, with FILE or what TEMPLATES_FILE names over the shipped ones."""
    for one in _read(file or _named(), _spans()).values():
        if tag is None or tag in one.tags:
            tags = f", tags {', '.join(one.tags)}" if one.tags else ""
            click.echo(f"{one.name:<20} {one.label or '-':<40} passphrase {one.passphrase}, verify {one.verify}{tags}")


def named() -> "Templates":
    """Those that the settings name, with the shipped ones; what is not understood ends the program."""
    return _read(_named(), None)


def _read(path: Path | None, spans: "Sequence[int] | None") -> "Templates":
    from bot import templates as reading
    from bot.template_file import TemplatesError

    try:
        return reading.read(path, _longest(), spans)
    except TemplatesError as error:
        listed = "\n".join(f"  {problem}" for problem in error.problems)
        refuse(f"{path or 'The shipped templates'}: not understood; the bot would not start with it.\n{listed}", 2)


def _read_own(path: Path) -> "Templates":
    from bot import template_file
    from bot import templates as reading

    return reading.parse(template_file.read(path), _longest())


def _named() -> Path | None:
    from sendsecret.environments import gathered

    named = gathered().get("TEMPLATES_FILE")
    return None if named is None else Path(named)


def _longest() -> int:
    """EXPIRES_MAX in seconds, also where the rest of the settings is not at hand."""
    from bot import durations
    from bot.settings import BotSettings
    from sendsecret.environments import gathered

    usual = str(BotSettings.model_fields["expires_max"].default)
    try:
        return durations.seconds(gathered().get("EXPIRES_MAX", usual))
    except ValueError as error:
        refuse(f"EXPIRES_MAX: {error}", 2)


def _spans() -> "Sequence[int] | None":
    """The only spans that POLICY_FILE allows, as the bot would hold them; None where it names none."""
    from bot import policy_file
    from sendsecret.environments import gathered

    named = gathered().get("POLICY_FILE")
    try:
        return policy_file.spans(None if named is None else Path(named))
    except ValueError as error:
        refuse(f"POLICY_FILE: {error}", 2)
