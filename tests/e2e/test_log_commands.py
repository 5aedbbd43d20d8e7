"""The operator's commands about the log, as the command line answers them."""

import asyncio
import os
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from sendsecret.__main__ import main
from store.keys import log_key
from store.log.log_key import LogSigner
from store.log.sequencer import Sequencer
from tests.store.test_log import drained
from tests.stores import Home


@pytest.fixture
def installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """An installation whose settings stand in the environment."""
    home = Home(tmp_path, f"sqlite+aiosqlite:///{tmp_path}/store.db")
    asyncio.run(home.prepare())
    for name, value in home.environment().items():
        monkeypatch.setenv(name, value)
    return home


def sequence(home: Home) -> None:
    async def steps() -> None:
        async with home.open("bot") as bot:
            await drained(Sequencer(bot, home.signing))

    asyncio.run(steps())


def command(*words: str) -> Result:
    return CliRunner().invoke(main, ["log", *words])


def test_keys_are_printed_one_a_log(installation: Home) -> None:
    """Before the first log a sentence; then the key of each, oldest first."""
    assert "no log so far" in command("key").output
    sequence(installation)
    assert "nothing is wrong with the present log" in command("new").stderr
    opened = command("new", "--force")
    assert "localhost:8080/audit-2 is open" in opened.output
    keys = command("key").output.splitlines()
    assert [key.split("+")[0] for key in keys] == ["localhost:8080/audit", "localhost:8080/audit-2"]
    assert keys[1] in opened.output


def test_damage_is_said_and_can_be_overruled(installation: Home) -> None:
    """Without the log's key another log is refused, exit code 3, in words that name the way out."""
    sequence(installation)
    (installation.signing / "log.key").unlink()
    refused = command("new")
    assert refused.exit_code == 3
    assert "sendsecret log new --despite-damage" in refused.stderr
    assert command("new", "--despite-damage").exit_code == 0
    sequence(installation)
    origin, size, *_ = (installation.signing / "checkpoint.latest").read_text().split("\n")
    # A name of its own minute: nobody knows any more which were used.
    assert int(origin.removeprefix("localhost:8080/audit-")) > 29_000_000
    assert size == "1"


@pytest.mark.parametrize("damage", ["gone", "empty", "a checkpoint that is gone"])
def test_what_the_words_recommend_works_at_once(installation: Home, damage: str) -> None:
    """Whatever is damaged, the command that is named opens a log, with a key that has signed nothing before."""
    sequence(installation)
    before = command("key").output.splitlines()
    key = installation.signing / "log.key"
    if damage == "gone":
        key.unlink()
    elif damage == "empty":
        key.write_text("")
    else:
        (installation.signing / "checkpoint.latest").unlink()
    assert "`sendsecret log new --despite-damage`" in command("new").stderr
    assert command("new", "--despite-damage").exit_code == 0
    sequence(installation)
    keys = command("key").output.splitlines()
    assert keys[:-1] == before
    assert keys[-1].split("+")[2] != keys[0].split("+")[2]


def test_what_an_operator_types_reads_the_same_file_as_run(
    installation: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`make run` takes its settings from .env, and so do the commands that its messages name."""
    sequence(installation)
    settings = installation.environment()
    for name in settings:
        monkeypatch.delenv(name)
    folder = tmp_path / "where-it-runs"
    folder.mkdir()
    (folder / ".env").write_text("".join(f"{name}={value}\n" for name, value in settings.items()))
    monkeypatch.chdir(folder)
    monkeypatch.setattr("os.environ", dict(os.environ))
    assert command("key").output.startswith("localhost:8080/audit+")


def test_no_key_is_replaced_while_the_store_does_not_answer(
    installation: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A command that fails leaves a log that is well as it was."""
    sequence(installation)
    before = {path.name: path.read_bytes() for path in installation.signing.glob("log.key*")}
    monkeypatch.setenv("DATABASE_URL", "postgresql+asyncpg://nobody@127.0.0.1:1/none")
    assert command("new", "--despite-damage").exit_code == 3
    assert {path.name: path.read_bytes() for path in installation.signing.glob("log.key*")} == before


def test_no_key_of_a_rotation_that_was_cut_short_signs_the_next_log(
    installation: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever lies beside the damaged key is set aside with it; the new log is under a key that nobody had before."""

    async def rotate() -> None:
        async with installation.open("bot") as bot:
            await log_key.rotate(bot, installation.signing)

    sequence(installation)
    with monkeypatch.context() as patch:
        patch.setattr("store.key_files.put_in_place", lambda path: None)
        asyncio.run(rotate())
    sequence(installation)
    os.link(installation.signing / "log.key", installation.signing / "log.key.old")
    before = {path.read_bytes() for path in installation.signing.glob("log.key*")}
    assert command("new", "--despite-damage").exit_code == 0
    sequence(installation)
    present = LogSigner(installation.signing / "log.key")
    newest = command("key").output.splitlines()[-1]
    assert present.is_of(newest.split("+")[0], newest)
    assert (installation.signing / "log.key").read_bytes() not in before
    assert {path.name for path in installation.signing.glob("log.key*")} == {
        "log.key",
        *(f"log.key.old-{number}" for number in (1, 2, 3)),
    }
