"""The commands about the audit log."""

import click

from sendsecret.operating import operators_settings, run_program
from store.errors import LogStoppedError


@click.group()
def log() -> None:
    """The audit log: its key, and another one after a restored backup."""


@log.command()
@click.option(
    "--despite-damage", is_flag=True, help="Although checkpoint.latest or log.key is gone or damaged: with a new key."
)
@click.option("--force", is_flag=True, help="Although nothing seems to be wrong with the present log.")
def new(despite_damage: bool, force: bool) -> None:
    """Begin another log that cites the last checkpoint; the running bot goes on there."""
    from sendsecret import audit_log

    settings = operators_settings(audit_log.LogSettings)
    run_program(audit_log.begin_another(settings, despite_damage=despite_damage, force=force), LogStoppedError)


@log.command()
def key() -> None:
    """Print the public key of each log, for whoever checks them: keep it where we cannot change it."""
    from sendsecret import audit_log

    run_program(audit_log.print_keys(operators_settings(audit_log.LogSettings)), LogStoppedError)
