"""
The command line: composition only.

Exit codes: 0 well, 1 something that was to be verified does not hold, 2 the settings or the command are wrong, 3 a
program cannot run.
"""

import asyncio
import resource
import sys
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, NoReturn

import click

from sendsecret import evidence
from store.errors import LogStoppedError, StoreMismatchError, StoreUnavailableError
from store.settings import S, SettingsError, StoreSettings, read_settings


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="sendsecret")
def main() -> None:
    """Hand a credential to somebody outside the vault: a one-view, passphrase-gated link from Slack."""


@main.command()
def run() -> None:
    """Run everything on this machine: the bot and the reveal server."""
    from sendsecret import environments, installation

    everything = environments.gathered()
    _require_settings(everything)
    sys.exit(asyncio.run(installation.run(everything)))


@main.command()
@click.option("--sandbox-port", default=8400, show_default=True, help="Where the pretend workspace is shown.")
@click.option("--web-port", default=8080, show_default=True, help="Where links open.")
@click.option("--data", type=click.Path(path_type=Path), default=None, help="Emptied at the start; data/demo.")
def demo(sandbox_port: int, web_port: int, data: Path | None) -> None:
    """Try it without Slack: a pretend workspace in the browser, on this computer only."""
    from sendsecret import demo, environments, installation

    for port, option in ((sandbox_port, "--sandbox-port"), (web_port, "--web-port")):
        if sentence := demo.require_free(port, option):
            _refuse(sentence, 3)
    folder = data or demo.DATA
    if sentence := demo.require_own(folder):
        _refuse(sentence, 3)
    everything = demo.environment(environments.gathered(), folder, sandbox_port=sandbox_port, web_port=web_port)
    demo.start_empty(folder)

    async def programs() -> int:
        announcing = asyncio.create_task(announce())
        try:
            return await installation.run(everything, demo.sandbox(everything, port=sandbox_port))
        finally:
            announcing.cancel()

    async def announce() -> None:
        if await demo.when_ready(sandbox_port=sandbox_port, web_port=web_port):
            click.echo(demo.welcome(sandbox_port=sandbox_port, web_port=web_port))

    sys.exit(asyncio.run(programs()))


@main.command()
def bot() -> None:
    """Run the bot alone; it reads its environment, not .env."""
    from bot.program import ProgramError, run
    from bot.settings import BotSettings

    _run(run(_settings(BotSettings)), ProgramError)


@main.command()
@click.option("--only", type=click.Choice(["reader"]), default=None, help="Serve one part alone.")
def web(only: str | None) -> None:
    """Run the reveal server alone; it reads its environment, not .env."""
    from reveal_web.program import ProgramError, run
    from reveal_web.settings import WebSettings

    _run(run(_settings(WebSettings), only_reader=only == "reader"), ProgramError)


@main.command()
def migrate() -> None:
    """Make the database and the keys, or bring them up to date; reads its environment, not .env."""
    from store.migrating import migrate
    from store.program_keys import make_program_keys

    class MigrationSettings(StoreSettings):
        signing_dir: Path = Path("signing")

    settings = _settings(MigrationSettings)

    async def everything() -> None:
        await migrate(settings.database_url.get_secret_value(), settings.keyring_dir)
        make_program_keys(settings.keyring_dir, settings.signing_dir)

    _run(everything(), StoreMismatchError)


@main.group()
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

    settings = _operators_settings(audit_log.LogSettings)
    _run(audit_log.begin_another(settings, despite_damage=despite_damage, force=force), LogStoppedError)


@log.command()
def key() -> None:
    """Print the public key of each log, for whoever checks them: keep it where we cannot change it."""
    from sendsecret import audit_log

    _run(audit_log.print_keys(_operators_settings(audit_log.LogSettings)), LogStoppedError)


@main.command()
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@click.option("--keys", type=click.Path(path_type=Path), help="The keys that sign events; jwks.json beside the file.")
@click.option("--log-key", metavar="FILE|KEY", help="The log's key, or a file with one a line; log.vkey beside it.")
@click.option("--older", multiple=True, type=click.Path(path_type=Path), help="A checkpoint that you kept, any number.")
@click.option("--tiles", type=click.Path(path_type=Path), help="A folder with the present log: checkpoint, tile/…")
@click.option("--store", "whole_store", is_flag=True, help="Check this installation's database instead of files.")
@click.option("--pack", type=click.Path(path_type=Path), help="Check an evidence pack, the folder with pack.json.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.option("-q", "--quiet", is_flag=True, help="Say only what failed.")
def verify(
    files: tuple[Path, ...],
    keys: Path | None,
    log_key: str | None,
    older: tuple[Path, ...],
    tiles: Path | None,
    whole_store: bool,
    pack: Path | None,
    as_json: bool,
    quiet: bool,
) -> None:
    """
    Check receipts, events and checkpoints from FILES alone, an evidence pack, or the whole database with --store.

    FILES are X.jws (an event or a receipt; its proof X.tlog-proof is taken from beside it), X.sd-jwt (the same with
    names) and checkpoints. What you must hold yourself, and not take from whoever shows you a receipt, are jwks.json
    and log.vkey. No setting is read and nothing is asked of any server.

    \b
      sendsecret verify receipt.jws
      sendsecret verify receipt.jws event-*.jws --keys my/jwks.json --log-key my/log.vkey
      sendsecret verify --older kept-in-may --older kept-in-june --tiles log/
      sendsecret verify --pack evidence-2026-q3 --log-key my/log.vkey --keys my/jwks.json

    --older with --tiles (the files under PUBLIC_URL/log/) proves that nothing was rewritten since a checkpoint that you
    kept. Keep one now and then: without it, whoever has every key could have rewritten everything.

    --store reads this installation's settings (the environment and .env), changes nothing, and holds every row against
    what was signed. A disclosure that is missing counts as a failure: nothing here erases one so far.

    One line a thing, and a last one about all. Exit codes: 0 everything holds; 1 something failed, or its proof is
    missing; 2 nothing was checked, because a file, a key or the database cannot be read.
    """
    from sendsecret import verify_files

    if whole_store:
        from sendsecret import verify_store

        if files or tiles is not None or keys is not None or log_key is not None or pack is not None:
            _refuse(
                "--store takes no files, no keys and no tiles: it reads them where they are. Nothing was checked.", 2
            )
        settings = _operators_settings(verify_store.VerifySettings)
        _leave_no_core()
        try:
            code = asyncio.run(verify_store.verify(settings, older, as_json=as_json, quiet=quiet))
        except (verify_files.WronglyCalledError, StoreMismatchError, StoreUnavailableError) as error:
            _refuse(str(error), 2)
        sys.exit(code)
    try:
        if pack is not None:
            from sendsecret import verify_pack

            if files or older or tiles is not None:
                _refuse("--pack takes --keys and --log-key and nothing else. Nothing was checked.", 2)
            sys.exit(verify_pack.verify(pack, keys=keys, log_key=log_key, as_json=as_json, quiet=quiet))
        given = verify_files.gathered(files, keys=keys, log_key=log_key, older=older, tiles=tiles)
    except verify_files.WronglyCalledError as error:
        _refuse(str(error), 2)
    sys.exit(verify_files.verify(given, as_json=as_json, quiet=quiet))


@main.command()
@click.option("--http", "address", metavar="URL", default=None, help="For HTTP mode: where Slack reaches the bot.")
def manifest(address: str | None) -> None:
    """Print the manifest from which the app is made in Slack: for Socket Mode, unless --http."""
    from sendsecret import manifest

    try:
        text = manifest.for_http(address) if address is not None else manifest.for_socket_mode()
    except ValueError as error:
        _refuse(f"--http: {error}. Nothing was printed.", 2)
    click.echo(text, nl=False)


def _require_settings(everything: dict[str, str]) -> None:
    """Every problem of both programs at once, before either is started."""
    import os

    from sendsecret.environments import PROGRAMS, for_program

    problems: list[str] = []
    kept = dict(os.environ)
    for program, kind in PROGRAMS.items():
        os.environ.clear()
        os.environ.update(for_program(program, everything))
        try:
            read_settings(kind)
        except SettingsError as error:
            problems += [problem for problem in error.problems if problem not in problems]
    os.environ.clear()
    os.environ.update(kept)
    if problems:
        _refuse(_settings_sentence(problems, where="in the environment or in .env"), 2)


def _operators_settings(kind: type[S]) -> S:
    """For commands that an operator types where `sendsecret run` is typed: `.env` counts."""
    import os

    from sendsecret import environments

    os.environ.update(environments.for_migration(environments.gathered()))
    return _settings(kind)


def _settings(kind: type[S]) -> S:
    try:
        return read_settings(kind)
    except SettingsError as error:
        _refuse(_settings_sentence(error.problems, where="in the environment (.env is read by `sendsecret run`)"), 2)


def _settings_sentence(problems: list[str], *, where: str) -> str:
    listed = "\n".join(f"  {problem}" for problem in problems)
    return (
        f"These settings need your attention; nothing was started:\n{listed}\n"
        f"Set them {where}; README, Settings, says how. `sendsecret demo` needs none."
    )


def _run(program: Coroutine[Any, Any, None], known: type[Exception]) -> None:
    _leave_no_core()
    try:
        asyncio.run(program)
    except (known, StoreMismatchError, StoreUnavailableError) as error:
        _refuse(str(error), 3)


def _leave_no_core() -> None:
    # A core file would hold what the program held: links, secrets on their way, keys.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _refuse(sentence: str, code: int) -> NoReturn:
    click.echo(sentence, err=True)
    sys.exit(code)


main.add_command(evidence.command(_operators_settings, _refuse))


if __name__ == "__main__":
    main()
