"""What deploy/systemd says, read: units, the folders they need, and the users they run as."""

import re
import shlex
from pathlib import Path

from deploy.supply.pins import ROOT

SYSTEMD = ROOT / "deploy" / "systemd"
PROGRAMS = ("migrate", "bot", "web")
SYSUSERS = SYSTEMD / "sendsecret.sysusers.conf"
TMPFILES = SYSTEMD / "sendsecret.tmpfiles.conf"

Unit = dict[str, dict[str, list[str]]]


def path_of(program: str) -> Path:
    return SYSTEMD / f"sendsecret-{program}.service"


def read(program: str) -> Unit:
    """Sections of a unit; each directive with its values, in their order.  Raises ValueError for any other line."""
    sections: Unit = {}
    current: dict[str, list[str]] = {}
    for line in path_of(program).read_text().splitlines():
        if not line or line.startswith(("#", ";")):
            continue
        if found := re.fullmatch(r"\[(\w+)\]", line):
            current = sections.setdefault(found[1], {})
        elif found := re.fullmatch(r"(\w+)=(.*)", line):
            current.setdefault(found[1], []).append(found[2])
        else:
            raise ValueError(f"{program}: {line}")
    return sections


def one(program: str, directive: str) -> str:
    """The value of a directive of [Service] that stands there once."""
    [value] = read(program)["Service"][directive]
    return value


def words(program: str, directive: str) -> list[str]:
    """All words of a directive of [Service] that may stand there more than once."""
    return [word for value in read(program)["Service"].get(directive, []) for word in value.split()]


def command(program: str) -> list[str]:
    """What is started."""
    return shlex.split(one(program, "ExecStart"))


def environment(program: str) -> dict[str, str]:
    """What the unit itself sets."""
    return dict(setting.split("=", 1) for setting in read(program)["Service"]["Environment"])


def settings_in(path: Path, *, commented: bool = False) -> dict[str, str]:
    """A file of settings as systemd reads it; `commented` counts those that are only proposed."""
    pattern = re.compile(r"^#?([A-Z][A-Z_]*)=(.*)$" if commented else r"^([A-Z][A-Z_]*)=(.*)$", re.MULTILINE)
    return dict(pattern.findall(path.read_text()))


def made() -> dict[str, tuple[str, str, str, str]]:
    """Every path of tmpfiles.d: kind, mode, user, group."""
    lines = [line.split() for line in TMPFILES.read_text().splitlines() if line and not line.startswith("#")]
    return {path: (kind, mode, user, group) for kind, path, mode, user, group in lines}
