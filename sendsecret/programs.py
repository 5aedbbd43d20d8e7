"""The commands that make an installation and run its programs."""

import sys
from pathlib import Path
from typing import Final

import click

from sendsecret.operating import refuse, run_program, settings_of, settings_sentence
from sendsecret.without_orm import run_without_orm
from store.errors import StoreMismatchError
from store.settings import SettingsError, StoreSettings, read_settings, secret


@click.command()
def run() -> None:
    """Run everything on this machine: the bot and the reveal server."""
    from sendsecret import environments, installation

    everything = environments.gathered()
    _require_settings(everything)
    sys.exit(installation.run(everything))


@click.command()
@click.option("--sandbox-port", default=8400, show_default=True, help="Where the pretend workspace is shown.")
@click.option("--web-port", default=8080, show_default=True, help="Where links open.")
@click.option("--data", type=click.Path(path_type=Path), default=None, help="Emptied at the start; data/demo.")
def demo(sandbox_port: int, web_port: int, data: Path | None) -> None:
    """Try it without Slack: a pretend workspace in the browser, on this computer only."""
    from sendsecret import demo, environments, installation

    for port, option in ((sandbox_port, "--sandbox-port"), (web_port, "--web-port")):
        if sentence := demo.require_free(port, option):
            refuse(sentence, 3)
    folder = data or demo.DATA
    if sentence := demo.require_own(folder):
        refuse(sentence, 3)
    everything = demo.environment(environments.gathered(), folder, sandbox_port=sandbox_port, web_port=web_port)
    demo.start_empty(folder)

    def announce() -> None:
        if demo.when_ready(sandbox_port=sandbox_port, web_port=web_port):
            click.echo(demo.welcome(sandbox_port=sandbox_port, web_port=web_port))

    sys.exit(installation.run_beside(everything, demo.sandbox(everything, port=sandbox_port), announce))


@click.command()
def bot() -> None:
    """Run the bot alone; it reads its environment, not .env."""
    run_without_orm()
    from bot.program import ProgramError, run
    from bot.settings import BotSettings

    run_program(run(settings_of(BotSettings)), ProgramError)


@click.command()
@click.option("--only", type=click.Choice(["reader"]), default=None, help="Serve one part alone.")
def web(only: str | None) -> None:
    """Run the reveal server alone; it reads its environment, not .env."""
    run_without_orm()
    from reveal_web.program import ProgramError, run
    from reveal_web.settings import WebSettings

    run_program(run(settings_of(WebSettings), only_reader=only == "reader"), ProgramError)


_NO_BOT_HERE: Final = (
    "This installation has a bot elsewhere, and SIGNING_DIR has no key of it; none was made. On a host that runs the "
    "reveal server alone this is as it should be. For a bot here copy SIGNING_DIR to it; if all copies are gone for "
    "good: sendsecret migrate --new-bot-keys"
)


@click.command()
@click.option("--new-bot-keys", is_flag=True, help="With KEYRING_URL, where SIGNING_DIR is gone on every host.")
def migrate(*, new_bot_keys: bool) -> None:
    """Make the database and the keys, or bring them up to date; reads its environment, not .env."""
    run_without_orm()
    from store.migrating import migrate
    from store.program_keys import has_bot, make_program_keys, publish_program_keys

    class MigrationSettings(StoreSettings):
        signing_dir: Path = Path("signing")

    settings = settings_of(MigrationSettings)

    async def everything() -> None:
        url, keyring_url = settings.database_url.get_secret_value(), secret(settings.keyring_url)
        await migrate(url, settings.keyring_dir, keyring_url)
        is_new = not await has_bot(url)
        # A host of several: whoever takes over what faces the internet there must not find a bot's keys.
        is_elsewhere = keyring_url and not is_new and not (settings.signing_dir / "event-bot.key").exists()
        if is_elsewhere and not new_bot_keys:
            click.echo(_NO_BOT_HERE)
            return
        make_program_keys(settings.keyring_dir, settings.signing_dir, is_new=is_new)
        await publish_program_keys(url, settings.test_clock_file, settings.signing_dir)

    run_program(everything(), StoreMismatchError)


@click.command()
@click.option("--http", "address", metavar="URL", default=None, help="For HTTP mode: where Slack reaches the bot.")
def manifest(address: str | None) -> None:
    """Print the manifest from which the app is made in Slack: for Socket Mode, unless --http."""
    from sendsecret import manifest

    try:
        text = manifest.for_http(address) if address is not None else manifest.for_socket_mode()
    except ValueError as error:
        refuse(f"--http: {error}. Nothing was printed.", 2)
    click.echo(text, nl=False)


def _require_settings(everything: dict[str, str]) -> None:
    """Every problem of both programs at once, before either is started."""
    from sendsecret.environments import PROGRAMS, for_program, told

    problems: list[str] = []
    for program, kind in PROGRAMS.items():
        with told(for_program(program, everything)):
            try:
                read_settings(kind)
            except SettingsError as error:
                problems += [problem for problem in error.problems if problem not in problems]
    if problems:
        refuse(settings_sentence(problems, where="in the environment or in .env"), 2)
