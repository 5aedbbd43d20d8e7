"""What the commands have in common: settings, how a program is run, and how a command says no."""

import asyncio
import os
import sys
from collections.abc import Coroutine
from typing import Any, NoReturn

import click

from sendsecret.enough_files import allow_enough_files
from sendsecret.no_core import leave_no_core
from store.errors import StoreMismatchError, StoreUnavailableError
from store.settings import S, SettingsError, read_settings


def operators_settings(kind: type[S], *, code: int = 2) -> S:
    """For commands that an operator types where `sendsecret run` is typed: `.env` counts.  As `settings_of`."""
    from sendsecret import environments

    os.environ.update(environments.for_migration(environments.gathered()))
    return settings_of(kind, code=code)


def settings_of(kind: type[S], *, code: int = 2) -> S:
    """A program's settings out of its environment, or every problem of them and the exit code `code`."""
    try:
        return read_settings(kind)
    except SettingsError as error:
        refuse(settings_sentence(error.problems, where="in the environment (.env is read by `sendsecret run`)"), code)


def settings_sentence(problems: list[str], *, where: str) -> str:
    """All problems at once, by name."""
    listed = "\n".join(f"  {problem}" for problem in problems)
    return (
        f"These settings need your attention; nothing was started:\n{listed}\n"
        f"Set them {where}; README, Settings, says how. `sendsecret demo` needs none."
    )


def run_program(program: Coroutine[Any, Any, None], known: type[Exception]) -> None:
    """Run it to its end; what is `known` to keep it from running is a sentence and exit code 3."""
    leave_no_core()
    allow_enough_files()
    try:
        asyncio.run(program)
    except (known, StoreMismatchError, StoreUnavailableError) as error:
        refuse(str(error), 3)


def refuse(sentence: str, code: int) -> NoReturn:
    """Say why not, and end."""
    click.echo(sentence, err=True)
    sys.exit(code)
