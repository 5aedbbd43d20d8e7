"""
Hosts in network namespaces, joined by a bridge, within a namespace that has no way to the machine's own network.

Whoever uses this has been started by `alone`: the namespaces' names, their processes and all their files in /dev/shm
are in namespaces of that process too, so that the kernel takes everything away with it, however it ends.

On every host but the one that has it, 127.0.0.1 lies across the bridge: the pretend Slack takes callers from loopback
only, as does the setting that names it, and a connection to it must break like any other.
"""

import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests import debian

ROOT: Final = Path(__file__).parent.parent.parent
_BRIDGE: Final = "br0"
_NET: Final = "10.77.0"
_OWN: Final = f"{_NET}.1"
_PRIVATE: Final = ("unshare", "--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc")


@dataclass(frozen=True)
class Host:
    """One of them; what is started with `within` in front of it runs there."""

    name: str
    address: str

    @property
    def within(self) -> tuple[str, ...]:
        """The words that put a command onto this host."""
        return "ip", "netns", "exec", self.name


class Network:
    """The bridge, seen from where readers are: on 10.77.0.1."""

    def __init__(self) -> None:
        """Make it; once a process."""
        self.hosts: dict[str, Host] = {}
        _ip("link", "add", _BRIDGE, "type", "bridge")
        _ip("addr", "add", f"{_OWN}/24", "dev", _BRIDGE)
        _ip("link", "set", _BRIDGE, "up")
        Path("/proc/sys/net/ipv4/conf/all/route_localnet").write_text("1")
        _ip("route", "add", "127.0.0.1/32", "dev", _BRIDGE, "src", _OWN)

    def add(self, name: str, *, has_loopback: bool = False) -> Host:
        """A host that everybody reaches; `has_loopback` is for the one on which 127.0.0.1 is."""
        host = self.hosts[name] = Host(name, f"{_NET}.{10 + len(self.hosts)}")
        on = ("-n", name)
        _ip("netns", "add", name)
        _ip("link", "add", name, "type", "veth", "peer", "name", "eth0", "netns", name)
        _ip("link", "set", name, "master", _BRIDGE, "up")
        _ip(*on, "addr", "add", f"{host.address}/24", "dev", "eth0")
        _ip(*on, "link", "set", "eth0", "up")
        _run(*host.within, "sh", "-c", "echo 1 > /proc/sys/net/ipv4/conf/all/route_localnet")
        _ip(*on, "link", "set", "lo", "up")
        if not has_loopback:
            _ip(*on, "addr", "del", "127.0.0.1/8", "dev", "lo")
            _ip(*on, "route", "add", "127.0.0.1/32", "dev", "eth0", "src", host.address)
        return host

    def cut_off(self, host: Host) -> None:
        """Pull its cable: no packet comes or goes, and nobody is told."""
        _ip("link", "set", host.name, "down")

    def bring_back(self, host: Host) -> None:
        """Plug it in again."""
        _ip("link", "set", host.name, "up")


def alone(words: Sequence[str]) -> list[str]:
    """The command that runs `python -m words…` where a Network can be made, with a /dev/shm that nobody else sees."""
    script = 'mkdir -p /run/netns && mount -t tmpfs none /run/netns && mount -t tmpfs none /dev/shm && exec "$@"'
    return [*_PRIVATE, "sh", "-c", script, "sh", sys.executable, "-m", *words]


def outside() -> str:
    """Which network this process is in, for `why_not_alone` of the one that `alone` starts."""
    return str(Path("/proc/self/ns/net").readlink())


def why_not_alone(outside_was: str) -> str | None:
    """
    Why this is not the process that `alone` started, in a sentence; None where it is.

    A bridge and its routes would otherwise be made on the machine itself.  `outside_was` is what the parent saw, and
    nothing else that somebody may have in their environment.
    """
    if not re.fullmatch(r"net:\[\d+\]", outside_was) or outside_was == outside():
        return "this is no network of its own"
    others = [name for _, name in socket.if_nameindex() if name != "lo"]
    return f"this network has {', '.join(others)} already" if others else None


def why_not() -> str | None:
    """Why no network can be made here, in a sentence; None where it can."""
    if shutil.which("ip") is None:
        debian.install("iproute2")
    if shutil.which("ip") is None or shutil.which("unshare") is None:
        return "ip (iproute2) or unshare (util-linux) is missing"
    tried = subprocess.run([*_PRIVATE, "true"], capture_output=True, text=True, check=False)
    return None if tried.returncode == 0 else f"no namespaces can be made here: {tried.stderr.strip()}"


def _ip(*words: str) -> None:
    _run("ip", *words)


def _run(*words: str) -> None:
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL)
