"""`sendsecret webhook`: the file, how it stands, a signed test, and Replay; what is said and how it ends."""

import asyncio
from pathlib import Path

import pytest
from aiohttp import web
from click.testing import CliRunner, Result

from sendsecret.webhook import webhook
from store import webhooks, webhooks_standing
from tests.bot.consumer import consuming, file_of, new_secret
from tests.store.webhooks import SIEM, enrolled, leased, published, told
from tests.stores import Home


def run(*words: str, **settings: str) -> Result:
    """The command, with these settings alone."""
    return CliRunner(env={"WEBHOOKS_FILE": None, **settings}).invoke(webhook, words)


async def typed(home: Home, path: Path, *words: str) -> Result:
    """The command in an installation, in a thread of its own: it has a loop of its own."""
    settings = home.environment() | {"WEBHOOKS_FILE": str(path)}
    return await asyncio.to_thread(run, *words, **settings)


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no `.env` is."""
    monkeypatch.chdir(tmp_path)


def test_a_file_is_checked(tmp_path: Path) -> None:
    """Named, or by its setting; what is wrong stands on a line of its own, without its value."""
    (tmp_path / "s").write_text(new_secret())
    file = tmp_path / "webhooks.yml"
    file.write_text("siem:\n  url: https://example.com/hook\n  secret_file: s\n")
    for done in (run("check", str(file)), run("check", WEBHOOKS_FILE=str(file))):
        assert (done.exit_code, "understood. 1 in it: siem." in done.output) == (0, True)
    file.write_text("siem:\n  url: http://canary.example\n  secret_file: canary\n")
    for words in (("check",), ("test",), ("list",), ("replay", "siem")):
        done = run(*words, WEBHOOKS_FILE=str(file))
        assert done.exit_code == 2
        assert done.output.count("\n  endpoint siem, ") == 2
        assert "canary" not in done.output.replace(str(file), "")
        assert run(*words).exit_code == 2
        assert "WEBHOOKS_FILE is not set" in run(*words).output
    file.write_text("")
    assert run("test", WEBHOOKS_FILE=str(file)).exit_code == run("test", "x", WEBHOOKS_FILE=str(file)).exit_code == 2


async def test_a_test_is_sent(tmp_path: Path) -> None:
    """Each endpoint gets one that verifies, and a line says what became of it."""
    async with consuming() as siem, consuming(verdict=lambda _told: web.Response(status=302)) as other:
        path = file_of(tmp_path, siem=siem, other=other)
        done = await asyncio.to_thread(run, "test", "siem", WEBHOOKS_FILE=str(path))
        assert done.exit_code == 0
        assert done.output.split() == ["siem", "127.0.0.1", "taken"]
        [told_of] = siem.told
        assert (told_of["type"], told_of["data"]) == ("webhook.test", {"endpoint": "siem"})
        assert other.seen == []
        done = await asyncio.to_thread(run, "test", WEBHOOKS_FILE=str(path))
        assert done.exit_code == 1
        assert done.output.splitlines()[1].endswith("not taken: It answered 302, and redirects are not followed")
        assert len(set(siem.ids)) == 2
        path.write_text(path.read_text().replace("127.0.0.1", "localhost").replace("network: private", ""))
        path.write_text(path.read_text().replace("http://", "https://"))
        seen = len(siem.seen)
        done = await asyncio.to_thread(run, "test", "siem", WEBHOOKS_FILE=str(path))
        assert done.exit_code == 1
        assert "not taken: It is at an address that not everybody can reach" in done.output
        assert len(siem.seen) == seen


async def test_how_it_stands_and_replay(home: Home, tmp_path: Path) -> None:
    """What waits, what was given up and why; Replay makes it due."""
    async with home.open("bot") as store, consuming() as siem, consuming() as fresh:
        path = file_of(tmp_path, siem=siem, fresh=fresh)
        sequencer = await enrolled(store, home, SIEM, "gone")
        await published(store, sequencer, drops=2)
        await told(store)
        await webhooks.give_up(store, await leased(store), "answered_410")
        listed = await typed(home, path, "list")
        assert listed.exit_code == 0, listed.output
        gone, known, new = listed.output.splitlines()
        assert "not in the file: nothing is sent" in gone
        assert "0 waiting  0 failed  2 of the log ahead" in gone
        assert "1 waiting  1 failed  0 of the log ahead  It answered 410" in known
        assert known.startswith("siem ")
        assert new.startswith("fresh ")
        done = await typed(home, path, "replay", "siem")
        assert (done.exit_code, "siem: 1 are due again" in done.output) == (0, True)
        assert await webhooks_standing.failed(store, [SIEM]) == []
        assert (await typed(home, path, "replay", "gone")).exit_code == 2
