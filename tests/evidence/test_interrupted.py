"""A pack whose making was cut short: each file is whole or not there, and the same command gives the same bytes."""

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from store import endings
from store.log.sequencer import Sequencer
from tests.evidence.packs import FIRST, LAST, TODAY, contents, make, require_failure, verify
from tests.programs import ROOT
from tests.store.living import created
from tests.store.test_log import drained
from tests.stores import Home
from tests.verifying.attacked import Lived
from tests.verifying.lived import either

DYING = """
import os, signal, sys
from pathlib import Path
left, replace, write = int(sys.argv.pop(1)), Path.replace, Path.write_bytes
def die_before(act):
    def counted(*words):
        global left
        left -= 1
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return act(*words)
    return counted
Path.replace = die_before(replace)
Path.write_bytes = die_before(write)
from sendsecret.__main__ main
main()
""".replace("__main__ main", "__main__ import main")


def killed(home: Home, folder: Path, after: int) -> None:
    """Make a pack, in a process that is killed before one of its writes or renames."""
    words = ["evidence", "--from", FIRST, "--to", LAST, "-o", str(folder)]
    done = subprocess.run(
        [sys.executable, "-c", DYING, str(after), *words],
        cwd=ROOT,
        env=os.environ | home.environment(),
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == -signal.SIGKILL, done.stderr


@pytest.mark.parametrize("after", [0, 1, 2, 3, 7, 40, 41, 250, 600])
def test_killed_and_made_again(lived: Lived, pack: Path, tmp_path: Path, after: int) -> None:
    """Killed before any write, the half pack says that it is none; then it becomes the very same pack."""
    folder = tmp_path / "pack"
    killed(lived.home, folder, after)
    assert not (folder / "manifest.txt").exists()
    if (folder / "pack.json").exists():
        require_failure(folder, "the pack was not finished")
    for name, content in contents(folder).items():
        assert name.endswith(".part") or content == (pack / name).read_bytes()
    done = make(lived.home, folder)
    assert done.exit_code == 0, done.output
    assert contents(folder) == contents(pack)
    assert verify(folder).exit_code == 0


def test_what_is_whole_is_kept(lived: Lived, tmp_path: Path) -> None:
    """Files that are there with the right bytes are not written again; what is half is."""
    folder = tmp_path / "pack"
    killed(lived.home, folder, 100)
    there = sorted(folder.glob("events/*/*.jws"))
    before = [path.stat().st_ino for path in there[1:]]
    whole = there[0].read_bytes()
    there[0].write_bytes(whole[:100])
    assert make(lived.home, folder).exit_code == 0
    assert [path.stat().st_ino for path in there[1:]] == before
    assert there[0].read_bytes() == whole


async def test_it_goes_on_against_its_own_checkpoint(sqlite_home: Home, tmp_path: Path) -> None:
    """What happens in between is not in it; a new folder has it."""
    folder = tmp_path / "pack"
    async with either(sqlite_home) as store:
        await endings.revoke(store, (await created(store)).new.id)
        await drained(Sequencer(store, sqlite_home.signing))
        await asyncio.to_thread(killed, sqlite_home, folder, 12)
        size = (folder / "pack.json").read_bytes()
        await endings.revoke(store, (await created(store)).new.id)
        await drained(Sequencer(store, sqlite_home.signing))
    done = await asyncio.to_thread(make, sqlite_home, folder)
    assert (done.exit_code, (folder / "pack.json").read_bytes()) == (0, size)
    assert "1 drop of" in done.output
    assert (await asyncio.to_thread(verify, folder)).exit_code == 0
    assert "2 drops of" in (await asyncio.to_thread(make, sqlite_home, tmp_path / "new")).output


def test_a_whole_pack_is_left_alone(lived: Lived, tmp_path: Path) -> None:
    """The same command once more says that it is there."""
    assert make(lived.home, tmp_path / "pack").exit_code == 0
    before = contents(tmp_path / "pack")
    done = make(lived.home, tmp_path / "pack")
    assert (done.exit_code, contents(tmp_path / "pack")) == (0, before)
    assert "holds this pack already" in done.output


@pytest.mark.parametrize("words", [{"last": str(TODAY)}, {"first": "2020-01-01"}])
def test_another_period_is_refused(lived: Lived, tmp_path: Path, words: dict[str, str]) -> None:
    """A folder is for one period, in one form; anything else is refused in words, and nothing is changed."""
    killed(lived.home, tmp_path / "pack", 30)
    before = contents(tmp_path / "pack")
    for refused in (
        make(lived.home, tmp_path / "pack", **words),
        make(lived.home, tmp_path / "pack", "--names"),
        make(lived.home, tmp_path / "pack", "--recipients", "guest"),
    ):
        assert (refused.exit_code, "name another folder" in refused.output) == (2, True), refused.output
    assert contents(tmp_path / "pack") == before


def test_another_checkpoint_is_refused(lived: Lived, tmp_path: Path) -> None:
    """A pack that was begun against a checkpoint which the database does not have is not gone on with."""
    killed(lived.home, tmp_path / "pack", 30)
    path = tmp_path / "pack" / "pack.json"
    path.write_text(path.read_text().replace("audit\\n2", "audit\\n1"))
    done = make(lived.home, tmp_path / "pack")
    assert (done.exit_code, "which this database does not have" in done.output) == (2, True), done.output


def test_a_folder_with_other_things_is_refused(lived: Lived, tmp_path: Path) -> None:
    """Nothing is written among what somebody else keeps there."""
    (tmp_path / "mine.txt").write_text("mine")
    before = sorted(path.name for path in tmp_path.iterdir())
    done = make(lived.home, tmp_path)
    assert (done.exit_code, "Name another folder" in done.output) == (2, True)
    assert sorted(path.name for path in tmp_path.iterdir()) == before
    done = make(lived.home, tmp_path / "mine.txt")
    assert (done.exit_code, done.output.count("\n")) == (2, 1)
