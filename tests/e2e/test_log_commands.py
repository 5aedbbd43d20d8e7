"""The operator's commands about the log, as the command line answers them."""

import asyncio
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from sendsecret.__main__ import main
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
    opened = command("new")
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
    assert (installation.signing / "checkpoint.latest").read_text().startswith("localhost:8080/audit-2\n1\n")
