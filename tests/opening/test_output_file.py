"""The file for a secret: found writable before the claim, never over another; a failure after it loses nothing."""

import errno
import json
import os
import shutil
import stat
from pathlib import Path

import pytest

from sendsecret.opening.output_file import OutputFile, UnwritableError
from store.formats.payload_v1 import Text
from tests.opening.links import CORRECT, PIPED, both, url
from tests.opening.seat import LINK, PASSPHRASE, WHERE, alone, seated
from tests.web.conftest import World


@pytest.mark.parametrize(
    ("where", "words"),
    [
        ("taken", ()),
        ("folder", ("--force",)),
        ("link", ("--force",)),
        ("/dev/null", ("--force",)),
        ("none/out", ()),
        ("taken/out", ()),
        ("/proc/out", ()),
        ("n" * 300, ()),
    ],
)
async def test_where_it_cannot_be_written(world: World, tmp_path: Path, where: str, words: tuple[str, ...]) -> None:
    """Exit code 3 before anything is sent; what is there stays as it is."""
    (tmp_path / "taken").write_text("mine")
    (tmp_path / "folder").mkdir()
    (tmp_path / "link").symlink_to("taken")
    before = sorted(tmp_path.iterdir())
    holder = await world.make(passphrase=CORRECT)
    done = await alone(tmp_path, *PIPED, "--json", "-o", where, *words, typed=both(world, holder))
    assert (done.code, json.loads(done.out)["problem"], "Nothing was sent" in done.err) == (3, "unwritable", True)
    assert (sorted(tmp_path.iterdir()), (tmp_path / "taken").read_text()) == (before, "mine")
    assert "drop.door_opened" not in await world.events(holder)


async def test_force_replaces_a_plain_file(world: World, tmp_path: Path) -> None:
    """Old content and old mode are gone; no temporary file is left."""
    (tmp_path / "out").write_text("old")
    (tmp_path / "out").chmod(0o644)
    holder = await world.make(Text("new"), passphrase=CORRECT)
    done = await alone(tmp_path, *PIPED, "-o", "out", "--force", typed=both(world, holder))
    assert done.code == 0, done.err
    assert ((tmp_path / "out").read_text(), stat.S_IMODE((tmp_path / "out").stat().st_mode)) == ("new", 0o600)
    assert [path for path in tmp_path.iterdir() if path.name.startswith(".sendsecret")] == []


async def test_a_wrong_passphrase_leaves_nothing_behind(world: World, tmp_path: Path) -> None:
    """Neither the file nor the place that was kept for it."""
    holder = await world.make(passphrase=CORRECT)
    before = sorted(tmp_path.iterdir())
    done = await alone(tmp_path, *PIPED, "-o", "out", typed=both(world, holder, "wrong"))
    assert (done.code, sorted(tmp_path.iterdir())) == (4, before)


@pytest.mark.parametrize("trouble", ["folder gone", "file there"])
async def test_a_file_that_fails_after_the_claim(world: World, tmp_path: Path, trouble: str) -> None:
    """The person is asked where it should go instead; what came to be there meanwhile is not replaced."""
    folder = tmp_path / "folder"
    folder.mkdir()
    holder = await world.make(Text("saved"), passphrase=CORRECT)
    async with seated(tmp_path, "-o", "folder/out") as seat:
        await seat.answers(LINK, url(world, holder))
        await seat.sees(PASSPHRASE)
        if trouble == "folder gone":
            shutil.rmtree(folder)
        else:
            (folder / "out").write_text("mine")
        seat.types(CORRECT)
        await seat.sees("The secret is still here.")
        await seat.answers(WHERE, "elsewhere")
        await seat.ends(0)
    assert (tmp_path / "elsewhere").read_text() == "saved"
    if trouble == "file there":
        assert [path.read_text() for path in folder.iterdir()] == ["mine"]


async def test_a_pipe_that_breaks_after_the_claim(world: World, tmp_path: Path) -> None:
    """Whoever was to read is gone: the person is asked, and sees it on the terminal."""
    holder = await world.make(Text("saved"), passphrase=CORRECT)
    async with seated(tmp_path, piped=True) as seat:
        await seat.answers(LINK, url(world, holder))
        await seat.sees(PASSPHRASE)
        assert seat.process.stdout is not None
        seat.process.stdout._transport.close()  # type: ignore[attr-defined]
        seat.types(CORRECT)
        await seat.sees("Standard output cannot be written (Broken pipe). The secret is still here.")
        await seat.answers(WHERE, "")
        await seat.sees("saved\n")
        await seat.ends(0)


async def test_without_a_terminal_the_object_holds_what_no_file_took(world: World, tmp_path: Path) -> None:
    """A full disk: with --json the secret stands in the object, exit code 3; without, it is said to be lost."""
    first, second = await world.make(Text("saved"), passphrase=CORRECT), await world.make(passphrase=CORRECT)
    words = (*PIPED, "-o", "out")
    held = await alone(tmp_path, *words, "--json", typed=both(world, first), disk_is_full=True)
    lost = await alone(tmp_path, *words, typed=both(world, second), disk_is_full=True)
    said = json.loads(held.out)
    assert (held.code, said["text"], said["output"], said["problem"]) == (3, "saved", None, "not-written")
    assert (lost.code, lost.out, "is nowhere now" in lost.err) == (3, b"", True)
    assert not (tmp_path / "out").exists()
    # Nobody has it, and so nobody says that it was viewed.
    assert (await world.door(second)).json()["state"] == "released"


async def test_nobody_reads_standard_error(world: World, tmp_path: Path) -> None:
    """Its reader is gone: the file is written all the same."""
    holder = await world.make(Text("saved"), passphrase=CORRECT)
    done = await alone(tmp_path, *PIPED, "-o", "out", typed=both(world, holder), line="{ sleep 0.3; %s; } 2>&1 | true")
    assert (done.out, (tmp_path / "out").read_text()) == (b"", "saved")


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-"])
async def test_a_closed_stream_is_refused(world: World, tmp_path: Path, closed: str) -> None:
    """Its number would be given to the next file or connection, and the secret written into that; nothing is sent."""
    holder = await world.make(Text("x"), passphrase=CORRECT)
    done = await alone(tmp_path, *PIPED, typed=both(world, holder), line=f"%s {closed}")
    assert (done.code, done.out, "Traceback" in done.err) == (2, b"", False)
    assert "drop.door_opened" not in await world.events(holder)


@pytest.mark.parametrize("is_there", [False, True])
def test_a_file_system_without_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_there: bool) -> None:
    """The file still comes whole, and still not over another."""

    def no_link(*_: object) -> None:
        if is_there:
            (tmp_path / "out").write_text("mine")
        raise OSError(errno.EPERM, "no links here")

    monkeypatch.setattr(os, "link", no_link)
    with OutputFile(tmp_path / "out", replace=False) as output:
        if is_there:
            with pytest.raises(UnwritableError, match="is there already"):
                output.write(b"new")
        else:
            output.write(b"new")
    assert [path.read_text() for path in tmp_path.iterdir()] == ["mine" if is_there else "new"]


def test_a_short_write_is_finished(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The system may take fewer bytes than it is given."""
    real = os.write
    monkeypatch.setattr(os, "write", lambda descriptor, content: real(descriptor, bytes(content[:2])))
    with OutputFile(tmp_path / "out", replace=False) as output:
        output.write(b"seven b")
    assert (tmp_path / "out").read_bytes() == b"seven b"
