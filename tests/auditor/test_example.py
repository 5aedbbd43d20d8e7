"""The worked example as it is committed, checked where nothing of ours is installed."""

import shutil
from pathlib import Path

import pytest

from store import endings
from tests.auditor import shell
from tests.auditor.machine import ROOT
from tests.auditor.shell import changed, commands, needs_auditor, run
from tests.store.living import created
from tests.store.reading import claims_of, events_of
from tests.stores import Home

EXAMPLE = ROOT / "docs" / "examples" / "receipt"
THREE = commands(EXAMPLE / "README.md")
SAID = ("the envelope was released to at most one claim, 1 time", "Signature Verified Successfully", "leaf ")

pytestmark = needs_auditor


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the folder, as somebody would download it."""
    return Path(shutil.copytree(EXAMPLE, tmp_path / "example"))


def test_an_auditor_has_nothing_of_ours(tmp_path: Path) -> None:
    """The Python of these tests has the packages that the page names, and none of the product's."""
    assert run('python3 -c "import jwt, dnsid.c2sp_tlog, tlog_scales"', tmp_path).returncode == 0
    for name in shell.OURS:
        done = run(f'python3 -c "import {name}"', tmp_path)
        assert "No module named" in done.stderr


def test_the_three_commands(folder: Path) -> None:
    """Each says what it checked, and nothing else is needed than the folder."""
    assert len(THREE) == len(SAID)
    for command, said in zip(THREE, SAID, strict=True):
        done = run(command, folder)
        assert done.returncode == 0, done.stderr
        assert said in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("name", "at", "failing"),
    [
        ("receipt.jws", 20, (0, 1, 2)),
        ("receipt.jws", 200, (0, 1, 2)),
        ("receipt.jws", 2000, (0, 1, 2)),
        ("receipt.jws", -20, (0, 1, 2)),
        ("receipt.tlog-proof", 60, (2,)),
        ("receipt.tlog-proof", -20, (2,)),
        ("log.vkey", -8, (2,)),
    ],
)
def test_a_damaged_copy_fails(folder: Path, name: str, at: int, failing: tuple[int, ...]) -> None:
    """One character of the receipt, its proof or the key, and whichever command looks at it fails."""
    (folder / name).write_bytes(changed((folder / name).read_bytes(), at))
    for index in failing:
        assert run(THREE[index], folder).returncode != 0, index


def test_another_key_fails(folder: Path) -> None:
    """With the key of the other program neither signature is right."""
    text = (folder / "jwks.json").read_text()
    first, second = (part.split('"', 1)[0] for part in text.split('"x": "')[1:])
    (folder / "jwks.json").write_text(text.replace(first, "?").replace(second, first).replace("?", second))
    for command in THREE[:2]:
        assert run(command, folder).returncode != 0


def test_no_private_key_is_in_it() -> None:
    """What was thrown away is not in the folder: no JWK has its private half."""
    for path in EXAMPLE.rglob("*"):
        assert not path.is_file() or b'"d"' not in path.read_bytes()


async def test_it_is_of_the_present_form(sqlite_home: Home) -> None:
    """It says what receipts say by now; where not, `python -m tests.make_example` makes it anew."""
    async with sqlite_home.open() as store:
        drop = await created(store)
        await endings.revoke(store, drop.new.id)
        today = (await events_of(store, drop.new.id))[-1]
    shown = claims_of((EXAMPLE / "receipt.jws").read_bytes())
    assert shown.keys() == today.keys()
    for name in ("access", "object", "software"):
        assert shown[name].keys() == today[name].keys()
    assert shown["does_not_attest"] == today["does_not_attest"]
    assert [part["what"] for part in shown["destruction"]] == [part["what"] for part in today["destruction"]]
