"""`sendsecret bounced` as a mail system calls it: exit codes that it understands, and one line."""

import asyncio
import io
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from sendsecret import bounced as command
from sendsecret.__main__ import main
from tests.bot import bounces
from tests.bot.bounces import block, report
from tests.bot.test_mail_bounced import letter_of, mailed
from tests.bot.test_mail_reports import NASTY
from tests.canaries import is_in
from tests.stores import Home, Sealed


@pytest.fixture
def installation(tmp_path: Path) -> Home:
    """A prepared installation on SQLite."""
    home = Home(tmp_path, f"sqlite+aiosqlite:///{tmp_path}/store.db")
    asyncio.run(home.prepare())
    return home


def bounced(home: Home, raw: bytes, *words: str, **changed: str | None) -> Result:
    """The command, with an e-mail on its standard input."""
    done = CliRunner(env=home.environment() | changed).invoke(main, ["bounced", *words], input=raw)
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done


def one_mailed(home: Home) -> Sealed:
    async def made() -> Sealed:
        async with home.open("bot") as store:
            return await mailed(store)

    return asyncio.run(made())


def test_what_it_says_is_one_line_about_a_drop(installation: Home) -> None:
    """Of the letter that came back, with its link, and of whom it was for, nothing is said or kept."""
    sealed = one_mailed(installation)
    letter = letter_of(sealed)
    others = [
        bounces.answer(letter),
        report(letter, block("home@example.net")),
        report(letter, block(action="delayed")),
    ]
    runs = [bounced(installation, raw) for raw in (*others, bounces.gmail(letter), bounces.gmail(letter))]
    assert [run.exit_code for run in runs] == [0] * 5
    said = [run.output for run in runs]
    assert [line.count("\n") for line in said] == [1] * 5
    assert "No report" in said[0]
    assert "another address" in said[1]
    assert "No report" in said[2]
    assert "undelivered and destroyed" in said[3]
    assert "over, or a passphrase was tried" in said[4]
    files = b"".join(path.read_bytes() for path in installation.path.rglob("*") if path.is_file())
    for canary in (sealed.link.key, b"example.com", b"Key", b"example.net"):
        assert not is_in(canary, "".join(said).encode())
    assert not is_in(sealed.link.key, files)


def test_any_bytes_are_read_and_nothing_is_said_of_them(installation: Home) -> None:
    """No traceback, exit code 0: what is not for us must not come back to whoever sent it."""
    for raw in (b"", b"\0", NASTY[3], NASTY[-2], bytes(range(256)) * 40):
        done = bounced(installation, raw)
        assert done.exit_code == 0
        said = "No report that a letter of ours failed, or its drop is over for weeks. Nothing was changed.\n"
        assert done.output == said


def test_a_huge_e_mail_is_cut_and_read_to_its_end(installation: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """The report stands at the start; a pipe that breaks would be a failure to a mail system."""
    sealed = one_mailed(installation)
    source = io.BytesIO(bounces.sendmail(letter_of(sealed)) + b"x" * 3_000_000)
    raw = command._read(source)
    assert len(raw) == command._MOST_BYTES
    assert source.read() == b""
    assert "undelivered and destroyed" in bounced(installation, raw).output


def test_a_store_that_is_away_is_tried_again(installation: Home) -> None:
    """No database, no keyring, no key of the bot's, or none that this user may read: exit code 75."""
    raw = bounces.postfix(letter_of(one_mailed(installation)))
    away = {
        "DATABASE_URL": f"sqlite+aiosqlite:///{installation.path}/not-there.db",
        "KEYRING_DIR": str(installation.path / "not-there"),
        "SIGNING_DIR": str(installation.path / "not-there"),
    }
    for name, value in away.items():
        done = bounced(installation, raw, **{name: value})
        assert done.exit_code == 75, name
        assert "Nothing of it is lost" in done.stderr
        assert "Traceback" not in done.stderr
    assert not (installation.path / "not-there.db").exists()
    assert "undelivered and destroyed" in bounced(installation, raw).output


def test_what_nobody_foresaw_is_tried_again(installation: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its type and place are said, and none of its text, which may be a part of the e-mail."""

    async def broken(*_: object) -> None:
        raise RuntimeError("canary")

    monkeypatch.setattr("bot.mail_bounced.take_back", broken)
    done = bounced(installation, b"")
    assert done.exit_code == 75
    assert "RuntimeError at test_mail_bounced_command.py" in done.stderr
    assert "canary" not in done.output + done.stderr


def test_wrong_use_is_refused_and_a_wrong_setting_keeps_the_mail(
    installation: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Mended, it reads what was kept.  At a terminal it would wait for ever."""
    assert bounced(installation, b"", "dana@example.com").exit_code == 64
    assert bounced(installation, b"", "--force").exit_code == 64
    done = bounced(installation, b"", PUBLIC_URL=None)
    assert (done.exit_code, "PUBLIC_URL" in done.stderr) == (75, True)
    assert "sendsecret bounced" in bounced(installation, b"", "--help").output.replace("main", "sendsecret")

    class Terminal(io.BytesIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(Terminal()))
    with pytest.raises(SystemExit) as ended:
        command.bounced.main([], standalone_mode=False)
    assert ended.value.code == 64
