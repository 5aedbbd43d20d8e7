"""
The command line: composition only.

Exit codes: 0 well, 1 something that was to be verified does not hold, 2 the settings or the command are wrong, 3 a
program cannot run. `open` and `send` have more: opening/stopping.py, sending/stopping.py. `bounced` has those that mail
systems understand.
"""

from importlib import import_module
from typing import Final

import click

_COMMANDS: Final = {
    "backup": "sendsecret.keeping.command:backup",
    "bot": "sendsecret.programs:bot",
    "bounced": "sendsecret.bounced:bounced",
    "demo": "sendsecret.programs:demo",
    "doctor": "sendsecret.doctoring.command:doctor",
    "evidence": "sendsecret.evidence:evidence",
    "forget": "sendsecret.forget:forget",
    "incident": "sendsecret.incident:incident",
    "keys": "sendsecret.keys:keys",
    "log": "sendsecret.log_commands:log",
    "login": "sendsecret.sending.command:login",
    "logout": "sendsecret.sending.command:logout",
    "manifest": "sendsecret.programs:manifest",
    "migrate": "sendsecret.programs:migrate",
    "open": "sendsecret.opening.command:open_",
    "record": "sendsecret.records.command:record",
    "restore": "sendsecret.keeping.command:restore",
    "run": "sendsecret.programs:run",
    "send": "sendsecret.sending.command:send",
    "templates": "sendsecret.templates:templates",
    "token": "sendsecret.token:token",
    "verify": "sendsecret.verify:verify",
    "web": "sendsecret.programs:web",
    "webhook": "sendsecret.webhook:webhook",
}
"""Where each command stands."""


class _Commands(click.Group):
    """
    A command is imported when it is called for.

    Whoever opens a link waits for a second less where what only an installation needs is not read from disk.
    """

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        module, _, name = _COMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(import_module(module), name)
        return command


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="sendsecret")
def main() -> None:
    """Hand a credential to somebody outside the vault: a one-view, passphrase-gated link from Slack."""


if __name__ == "__main__":
    main()
