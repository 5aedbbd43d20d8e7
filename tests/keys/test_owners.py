"""Rotating as root, for programs that run as somebody else: everything that is made stays theirs."""

import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from store.errors import LogStoppedError
from store.key_files import alone
from store.keys import master
from store.log.latest import Latest
from store.log.log_key import LogSigner, signer_of
from store.log.sequencer import Sequencer
from store.opened import Store
from store.watched import whole
from tests.keys.rotating import ROTATIONS, lives, log
from tests.store.faults import Crash
from tests.store.living import created
from tests.stores import Home

OWNER = 12_345 if os.geteuid() == 0 else os.geteuid()


def give_away(home: Home) -> None:
    """Keyring and SIGNING_DIR to the programs' user."""
    for folder in (home.keyring, home.signing):
        for path in (folder, *folder.rglob("*")):
            os.chown(path, OWNER, -1)


def of_others(home: Home) -> list[str]:
    """What is not that user's; what web and bot of this test made themselves is no matter of the rotation."""
    found = [path for folder in (home.keyring, home.signing) for path in folder.rglob("*")]
    return sorted(path.name for path in found if path.stat().st_uid != OWNER)


@pytest.mark.parametrize("name", ROTATIONS)
async def test_what_root_makes_belongs_to_the_program_also_half_way(
    sqlite_home: Home, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before the new key is in place too: the bot reads it from beside the old one where a log was opened under it."""
    home, (rotate, _) = sqlite_home, ROTATIONS[name]
    async with home.open("bot") as bot, home.open("web") as web:
        await lives(home, bot, web)
        await created(bot)
        await put_in_and_not_let_out(bot, home, monkeypatch)
        give_away(home)
        with monkeypatch.context() as patch:
            patch.setattr("store.key_files.put_in_place", lambda path: None)
            await rotate(bot, home)
        assert of_others(home) == []
        await rotate(bot, home)
        assert of_others(home) == []


async def put_in_and_not_let_out(bot: Store, home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever rotates the log's key then lets it out, and writes `checkpoint.latest`."""
    with monkeypatch.context() as patch:
        patch.setattr(Latest, "advance", _stop)
        with pytest.raises(LogStoppedError, match="cut"):
            await Sequencer(bot, home.signing).step()


def _stop(*_: Any) -> None:
    raise LogStoppedError("cut")


async def test_a_file_of_somebody_else_is_not_called_damaged(
    sqlite_home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever began another log for a wrong owner would throw a good key away."""
    home = sqlite_home
    async with home.open("bot") as bot, home.open("web") as web:
        await lives(home, bot, web)
        await log(bot, home)
    signer = LogSigner(home.signing / "log.key")

    def refuse(path: Path, *_: Any, **__: Any) -> Any:
        raise PermissionError(13, "Permission denied", str(path))

    with monkeypatch.context() as patch:
        patch.setattr(Path, "read_text", refuse)
        _is_of_another(lambda: Latest(home.signing, signer).read())
    monkeypatch.setattr("store.log.log_key.whole", lambda path: refuse(path) if path.suffix == ".next" else whole(path))
    _is_of_another(lambda: signer_of(home.signing, "localhost:8080/audit-9", ""))
    monkeypatch.setattr("store.log.log_key.whole", refuse)
    _is_of_another(lambda: LogSigner(home.signing / "log.key"))


def _is_of_another(act: Any) -> None:
    with pytest.raises(LogStoppedError, match="may not be read by this program") as caught:
        act()
    assert "despite-damage" not in str(caught.value)


def test_a_lock_is_a_file_that_is_opened_for_writing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """NFS refuses to lock what is open for reading only."""
    modes, real = [], os.open

    def opened(path: Any, flags: int, *rest: Any, **named: Any) -> int:
        modes.append(flags & os.O_ACCMODE)
        return real(path, flags, *rest, **named)

    monkeypatch.setattr(os, "open", opened)
    with alone(tmp_path, tmp_path / "."):
        assert [path.name for path in tmp_path.iterdir()] == ["keys.lock"]
    assert modes == [os.O_WRONLY]


@pytest.mark.parametrize("is_first", [False, True])
async def test_a_master_key_that_root_makes_belongs_to_the_program(
    sqlite_home: Home, monkeypatch: pytest.MonkeyPatch, is_first: bool
) -> None:
    """The first one and its folder, too, and what is written down while a rotation is underway."""
    async with sqlite_home.open("bot") as bot:
        if is_first:
            shutil.rmtree(sqlite_home.signing / "master")
        give_away(sqlite_home)
        with monkeypatch.context() as patch:
            patch.setattr(master, "_rewrap", _dies_under_a_new_key)
            with pytest.raises(Crash):
                await master.rotate(bot, sqlite_home.signing)
        assert (sqlite_home.signing / "master.rotation").exists()
        assert of_others(sqlite_home) == []
        await master.rotate(bot, sqlite_home.signing)
        assert of_others(sqlite_home) == []


async def _dies_under_a_new_key(store: Store, key: bytes, done: master.Rotated) -> None:
    if done.is_new:
        raise Crash
