"""
An installation as deploy/ makes it, in a folder in place of `/`: users, folders, wheel and settings.

Where the tests run as root the users are other users, and what they may not read they cannot; elsewhere everything is
the user's own, and only that it works is shown.
"""

import asyncio
import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from deploy.supply import wheel
from tests.deploy import units
from tests.programs import Running

IS_ROOT = os.geteuid() == 0
CONFINED = Path(__file__).with_name("confined.py")


@dataclass(frozen=True)
class Prefix:
    """The folder, and by which numbers its users are known."""

    root: Path

    def at(self, path: str) -> Path:
        """Where an absolute path of an installation is."""
        return self.root / path.lstrip("/")

    def moved(self, text: str) -> str:
        """A setting's paths, as they are here."""
        return re.sub(r"/(var/lib|etc|opt)/sendsecret", rf"{self.root}/\1/sendsecret", text)

    def ids(self, user: str) -> dict[str, Any]:
        """What makes a process somebody's: user, group and the groups beside; nothing where nobody can be another."""
        if not IS_ROOT:
            return {}
        people = [line.split(":") for line in self.at("/etc/passwd").read_text().splitlines()]
        groups = [line.split(":") for line in self.at("/etc/group").read_text().splitlines()]
        [(uid, gid)] = [(int(line[2]), int(line[3])) for line in people if line[0] == user]
        return {
            "user": uid,
            "group": gid,
            "extra_groups": [int(line[2]) for line in groups if user in line[3].split(",")],
        }

    def environment(self, program: str) -> dict[str, str]:
        """Everything that systemd would give a program."""
        user = units.one(program, "User")
        # Without HOME some library asks the host's list of users, which does not know ours.
        found = {"HOME": "/var/lib/sendsecret", "USER": user, "LOGNAME": user} | units.environment(program)
        for file in units.words(program, "EnvironmentFile"):
            found |= {name: value for name, value in units.settings_in(self.at(file)).items() if value}
        return {name: self.moved(value) for name, value in found.items()}

    def command(self, program: str) -> list[str]:
        """What the unit starts, confined to the system calls that it allows where systemd's lists of them are."""
        started = [self.moved(word) for word in units.command(program)]
        if shutil.which("systemd-analyze") is None:
            return started
        return [str(self.at("/opt/sendsecret/bin/python")), str(self.at("/confined.py")), allowed(program), *started]

    def run(self, user: str, code: str) -> subprocess.CompletedProcess[str]:
        """A piece of Python as one of the users, to its end."""
        python = str(self.at("/opt/sendsecret/bin/python"))
        folder = self.at("/var/lib/sendsecret")
        return subprocess.run(
            [python, "-c", code], cwd=folder, env={}, capture_output=True, text=True, check=False, **self.ids(user)
        )

    def operate(self, user: str, *words: str) -> subprocess.CompletedProcess[str]:
        """A command of an operator, as one of the users or as root, with what every program is told."""
        command = [str(self.at("/opt/sendsecret/bin/sendsecret")), *words]
        told, folder = self.environment("migrate"), self.at("/var/lib/sendsecret")
        who = {} if user == "root" else self.ids(user)
        return subprocess.run(
            command, cwd=folder, env=told, capture_output=True, text=True, check=False, umask=0o022, **who
        )

    def write(self, name: str, **settings: object) -> None:
        """One of the files in /etc/sendsecret, from its example and these."""
        told = units.settings_in(units.SYSTEMD / f"{name}.env.example") | {
            key: str(one) for key, one in settings.items()
        }
        path = self.at(f"/etc/sendsecret/{name}.env")
        path.write_text("".join(f"{key}={value}\n" for key, value in told.items()))
        path.chmod(0o600)


@contextmanager
def installed(scratch: Path) -> Iterator[Prefix]:
    """A wheel of this state, installed as docs/deploying.md says; `scratch` is the test's own folder."""
    # Not in the test's folder, which other users may not enter.
    root = Path(mkdtemp(prefix="sendsecret-"))
    root.chmod(0o755)
    try:
        prefix = Prefix(root)
        (root / "etc").mkdir()
        _folders(prefix)
        _programs(prefix, wheel.build(scratch))
        shutil.copy(CONFINED, root)
        yield prefix
    finally:
        shutil.rmtree(root)


def _folders(prefix: Prefix) -> None:
    if IS_ROOT:
        for tool, *words in (("systemd-sysusers", units.SYSUSERS), ("systemd-tmpfiles", "--create", units.TMPFILES)):
            command = [tool, f"--root={prefix.root}", *map(str, words)]
            subprocess.run(command, check=True, capture_output=True)
        return
    for path, (kind, mode, *_) in units.made().items():
        if kind == "d":
            prefix.at(path).mkdir(parents=True)
        elif kind == "f":
            prefix.at(path).touch()
        if kind in "df":
            prefix.at(path).chmod(int(mode, 8))


def _programs(prefix: Prefix, built: Path) -> None:
    folder = prefix.at("/opt/sendsecret")
    subprocess.run([_python(), "-m", "venv", "--without-pip", folder], check=True)
    pip = [sys.executable, "-m", "pip", "--python", str(folder), "--disable-pip-version-check", "install", "--quiet"]
    subprocess.run([*pip, "--no-index", "--no-deps", "--no-compile", str(built)], check=True)
    # What is pinned is in the environment of the tests already; the network is nobody's business here.
    [packages] = folder.glob("lib/python*/site-packages")
    (packages / "pinned.pth").write_text(f"{sysconfig.get_path('purelib')}\n")


@cache
def _python() -> str:
    """An interpreter of this version that other users may run."""
    wanted = f"import sys; assert sys.version_info[:2] == {sys.version_info[:2]}"
    for one in (sys.executable, shutil.which(f"python3.{sys.version_info[1]}", path="/usr/bin:/usr/local/bin")):
        someone: dict[str, Any] = {"user": 12_345, "group": 12_345, "extra_groups": []} if IS_ROOT else {}
        try:
            if one and subprocess.run([one, "-c", wanted], check=False, cwd="/", **someone).returncode == 0:
                return one
        except PermissionError:
            continue
    raise AssertionError("no Python of this version can be run by another user; put one where everybody may read it")


@cache
def allowed(program: str) -> str:
    """The names of the system calls that a unit allows, as JSON: its lists, what they name, and less what it takes."""
    names: set[str] = set()
    for value in units.read(program)["Service"]["SystemCallFilter"]:
        listed = {name for word in value.removeprefix("~").split() for name in _group(word)}
        names = names - listed if value.startswith("~") else names | listed
    return json.dumps(sorted(names))


@cache
def _group(word: str) -> frozenset[str]:
    if not word.startswith("@"):
        return frozenset({word})
    said = subprocess.run(
        ["systemd-analyze", "syscall-filter", word], check=True, capture_output=True, text=True
    ).stdout
    inside = [line.strip() for line in said.splitlines()[1:] if not line.strip().startswith("#")]
    return frozenset(name for one in inside if one for name in _group(one))


@asynccontextmanager
async def started(prefix: Prefix, program: str, log: Path, *, port: int = 0) -> AsyncIterator[Running]:
    """A unit's program: its command, its environment, its user, its umask and its folder; killed at the end."""
    with log.open("wb") as output:
        process = await asyncio.create_subprocess_exec(
            *prefix.command(program),
            env=prefix.environment(program),
            cwd=prefix.moved(units.one(program, "WorkingDirectory")),
            stdout=output,
            stderr=output,
            start_new_session=True,
            umask=int(units.one(program, "UMask"), 8),
            **prefix.ids(units.one(program, "User")),
        )
    one = Running(process, log, port)
    try:
        yield one
    finally:
        if process.returncode is None:
            await one.kill()
