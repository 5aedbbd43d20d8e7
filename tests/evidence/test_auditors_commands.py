"""Every command of the pack's README, in a shell of an auditor's with other people's packages only."""

import asyncio
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.auditor.shell import changed, commands, needs_auditor, run
from tests.evidence.lives import lived_with, two_logs
from tests.evidence.packs import command, copied, made
from tests.keys.rotating import ROTATIONS
from tests.stores import Home

SAID = (
    "every file is as it was made",
    "the whole log: ",
    "Signature Verified Successfully",
    "entries, each signed",
    "receipts and events, each in the log",
    "43 drops created in the period, 38 receipts, 5 still open",
    "begins with the one of 1",
)

pytestmark = needs_auditor


def _changed(pattern: str, at: int) -> Callable[[Path], None]:
    def damage(folder: Path) -> None:
        found = sorted(folder.glob(pattern))
        path = found[len(found) // 2]
        path.write_bytes(changed(path.read_bytes(), at))

    return damage


def _without_line(name: str, number: int) -> Callable[[Path], None]:
    def damage(folder: Path) -> None:
        lines = (folder / name).read_bytes().splitlines(keepends=True)
        del lines[number]
        (folder / name).write_bytes(b"".join(lines))

    return damage


def _replaced(name: str, pattern: str, new: str) -> Callable[[Path], None]:
    def damage(folder: Path) -> None:
        text = (folder / name).read_bytes().decode()
        other = re.sub(pattern, new, text, count=1)
        assert other != text
        (folder / name).write_bytes(other.encode())

    return damage


def _doubled_row(folder: Path) -> None:
    path = folder / "population.csv"
    path.write_bytes(path.read_bytes() + path.read_bytes().splitlines(keepends=True)[-1])


DAMAGES: dict[str, tuple[Callable[[Path], None], tuple[int, ...]]] = {
    "an entry changed": (_changed("leaves.txt", 900), (1, 2, 4)),
    "an entry removed": (_without_line("leaves.txt", 20), (1, 2, 5, 6)),
    "the last entry removed": (_without_line("leaves.txt", -1), (1, 2)),
    "another checkpoint": (_changed("checkpoint", 40), (1, 2, 3, 7)),
    "another key of the log": (_changed("log.vkey", -8), (1, 3, 5, 7)),
    "another event": (_changed("events/*/*.jws", -20), (1, 5)),
    "another receipt": (_changed("receipts/*.jws", 200), (1, 5)),
    "another proof": (_changed("receipts/*.tlog-proof", 60), (1, 5)),
    "a row removed": (_without_line("population.csv", 7), (1, 6)),
    "a row twice": (_doubled_row, (1, 6)),
    "another outcome": (_replaced("population.csv", "released,released", "viewed,viewed"), (1, 6)),
    "another receipt's id": (_replaced("population.csv", "rc_[0-9a-f]{4}", "rc_0000"), (1, 6)),
    "a shorter period": (_replaced("pack.json", r'"to": "[0-9-]+"', '"to": "2001-01-01"'), (1, 6)),
    "another hash": (_changed("tile/0/000.p/*", 4000), (1, 7)),
    "an older checkpoint changed": (_replaced("checkpoints/first", "audit\n1\n", "audit\n2\n"), (1, 7)),
    "a summary changed": (_replaced("summary.html", "Lost", "Won"), (1,)),
}


def test_every_command_passes(pack: Path, tmp_path: Path) -> None:
    """Each says what it checked, and nothing else is needed than the folder."""
    folder = copied(pack, tmp_path / "pack")
    given = commands(folder / "README.md")
    assert len(given) == len(SAID)
    for one, said in zip(given, SAID, strict=True):
        done = run(one, folder)
        assert done.returncode == 0, done.stderr
        assert said in done.stdout + done.stderr


def test_every_command_fails_on_something() -> None:
    """None of them is there for show."""
    assert {number for _, failing in DAMAGES.values() for number in failing} == {1, 2, 3, 4, 5, 6, 7}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_copy_fails(whole: Path, tmp_path: Path, damage: str) -> None:
    """Whatever is changed in a copy, each command that looks at it fails."""
    folder = copied(whole, tmp_path / "pack")
    given = commands(folder / "README.md")
    act, failing = DAMAGES[damage]
    act(folder)
    for number in failing:
        done = run(given[number - 1], folder)
        assert done.returncode != 0, (number, done.stdout)


async def test_the_pack_of_a_second_log(sqlite_home: Home, tmp_path: Path) -> None:
    """What began in the log before is no gap: every command passes on either log."""
    await two_logs(sqlite_home)
    for number in ("1", "2"):
        folder = await asyncio.to_thread(made, sqlite_home, tmp_path / number, "--log", number)
        for one in commands(folder / "README.md"):
            done = await asyncio.to_thread(run, one, folder)
            assert done.returncode == 0, done.stderr


async def test_the_pack_of_an_installation_whose_every_key_was_rotated(sqlite_home: Home, tmp_path: Path) -> None:
    """Each log under its own key, each entry under the event key of its time: every command passes on either log."""
    await lived_with(sqlite_home, {}, {})
    for key in ROTATIONS:
        done = await asyncio.to_thread(command, sqlite_home, "keys", "rotate", key)
        assert done.exit_code == 0, done.output
    await lived_with(sqlite_home, {}, {})
    for number in ("1", "2"):
        folder = await asyncio.to_thread(made, sqlite_home, tmp_path / number, "--log", number)
        for one in commands(folder / "README.md"):
            checked = await asyncio.to_thread(run, one, folder)
            assert checked.returncode == 0, checked.stderr


async def test_the_pack_of_some_recipients(sqlite_home: Home, tmp_path: Path) -> None:
    """The population is counted among the recipients that were asked for."""
    await lived_with(sqlite_home, *({"recipient_class": one} for one in ("member", "guest", "email")))
    folder = await asyncio.to_thread(made, sqlite_home, tmp_path / "pack", "--recipients", "guest,email")
    done = run(commands(folder / "README.md")[5], folder)
    assert "2 drops created in the period, 2 receipts" in done.stdout, done.stderr
