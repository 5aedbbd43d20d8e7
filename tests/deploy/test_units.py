"""The units: what systemd makes of them, and that every name in them is one of ours."""

import shutil
import subprocess
from pathlib import Path

import click
import pytest

from bot.settings import BotSettings
from reveal_web.settings import WebSettings
from sendsecret.__main__ import main as command_line
from store.settings import StoreSettings
from tests.deploy import units

SYSTEMD_ANALYZE = shutil.which("systemd-analyze")
# As `systemd-analyze security` counts it, from 0 to 10; a service without any of it has 9.6.
MOST_EXPOSED = 2.0
# Directives that are written with care here, for a machine that has no systemd to ask.
KNOWN = {
    "Unit": {"Description", "After", "Wants", "Requires"},
    "Service": {
        *("Type", "RemainAfterExit", "User", "Group", "SupplementaryGroups", "UMask", "WorkingDirectory"),
        *("Environment", "EnvironmentFile", "ExecStart", "TimeoutStartSec", "TimeoutStopSec"),
        *("Restart", "RestartSec", "RestartPreventExitStatus"),
        *("ReadWritePaths", "InaccessiblePaths", "RestrictAddressFamilies", "IPAddressDeny", "IPAddressAllow"),
        *("NoNewPrivileges", "CapabilityBoundingSet", "AmbientCapabilities", "ProtectSystem", "ProtectHome"),
        *("PrivateTmp", "PrivateDevices", "ProtectKernelTunables", "ProtectKernelModules", "ProtectKernelLogs"),
        *("ProtectControlGroups", "ProtectClock", "ProtectHostname", "ProtectProc", "ProcSubset"),
        *("RestrictNamespaces", "RestrictRealtime", "RestrictSUIDSGID", "LockPersonality", "MemoryDenyWriteExecute"),
        *("RemoveIPC", "KeyringMode", "LimitCORE", "MemorySwapMax"),
        *("SystemCallArchitectures", "SystemCallFilter", "SystemCallErrorNumber"),
    },
    "Install": {"WantedBy"},
}
SETTINGS = {"store": StoreSettings, "bot": BotSettings, "web": WebSettings}


def names(kind: type[StoreSettings]) -> set[str]:
    return {name.upper() for name in kind.model_fields}


@pytest.mark.parametrize("program", units.PROGRAMS)
def test_every_directive_is_one(program: str) -> None:
    """systemd passes over what it does not know: a slip in a wall's name is a hole, and no error."""
    read = units.read(program)
    assert read.keys() == KNOWN.keys()
    assert {name: sorted(read[name].keys() - KNOWN[name]) for name in read} == {name: [] for name in read}


@pytest.mark.parametrize("program", units.PROGRAMS)
def test_systemd_takes_it_without_a_word(program: str, tmp_path: Path) -> None:
    """Unknown directives, bad values and missing units are words on its standard error."""
    if SYSTEMD_ANALYZE is None:
        assert units.read(program)["Service"]["ExecStart"]
        return
    for each in units.PROGRAMS:
        text = units.path_of(each).read_text()
        (tmp_path / units.path_of(each).name).write_text(text.replace("/opt/sendsecret/bin/sendsecret", "/bin/true"))
    one = str(tmp_path / units.path_of(program).name)
    said = subprocess.run([SYSTEMD_ANALYZE, "verify", "--man=no", one], capture_output=True, text=True, check=False)
    assert (said.returncode, said.stderr) == (0, "")


@pytest.mark.parametrize("program", units.PROGRAMS)
def test_little_is_left_to_whoever_takes_it_over(program: str) -> None:
    """systemd's own count of what a service may do stays low; each wall of it that we name stands there."""
    said = units.read(program)["Service"]
    assert said["NoNewPrivileges"] == said["MemoryDenyWriteExecute"] == said["RestrictNamespaces"] == ["yes"]
    assert (said["ProtectSystem"], said["CapabilityBoundingSet"], said["LimitCORE"]) == (["strict"], [""], ["0"])
    assert said["SystemCallFilter"] == ["@system-service", "~@privileged"]
    assert units.words(program, "RestrictAddressFamilies") == ["AF_UNIX", "AF_INET", "AF_INET6"]
    if SYSTEMD_ANALYZE is not None:
        command = [SYSTEMD_ANALYZE, "security", "--offline=true", "--no-pager", str(units.path_of(program))]
        counted = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()[-1]
        assert 0 < float(counted.split(": ")[1].split()[0]) <= MOST_EXPOSED


def test_the_reveal_server_has_no_way_out_of_the_host() -> None:
    """Whoever owns it can send what it holds nowhere; the bot must reach Slack."""
    assert (units.one("web", "IPAddressDeny"), units.one("web", "IPAddressAllow")) == ("any", "localhost")
    assert units.words("bot", "IPAddressDeny") == []


@pytest.mark.parametrize("program", units.PROGRAMS)
def test_what_it_starts_is_a_command_of_ours(program: str) -> None:
    """From the environment that docs/deploying.md makes."""
    path, word = units.command(program)
    assert path == "/opt/sendsecret/bin/sendsecret"
    assert word == program
    assert word in command_line.list_commands(click.Context(command_line))


def test_every_path_is_made_for_the_user_who_needs_it() -> None:
    """A unit whose folder nobody made does not start; one whose folder is another's cannot write."""
    made = units.made()
    users = {line.split()[1] for line in units.SYSUSERS.read_text().splitlines() if line.startswith("u ")}
    groups = users | {line.split()[1] for line in units.SYSUSERS.read_text().splitlines() if line.startswith("g ")}
    assert {user for _, _, user, _ in made.values()} <= users | {"root"}
    assert {group for _, _, _, group in made.values()} <= groups | {"root"}
    for program in units.PROGRAMS:
        user = units.one(program, "User")
        assert user in users
        assert units.words(program, "SupplementaryGroups") == ["sendsecret"]
        assert units.one(program, "UMask") == "0007"
        assert units.one(program, "WorkingDirectory") in made
        for file in units.words(program, "EnvironmentFile"):
            assert made[file] == ("z", "0600", "root", "root")
        for path in units.words(program, "ReadWritePaths"):
            _, mode, owner, group = made[path]
            assert (owner, mode) == (user, "0700") or (group, mode) == ("sendsecret", "2770"), (program, path)
    assert made["/var/lib/sendsecret/signing"] == ("d", "0700", "sendsecret-bot", "sendsecret-bot")


@pytest.mark.parametrize("program", units.PROGRAMS)
def test_every_setting_is_one_of_the_program(program: str) -> None:
    """In its unit; what systemd is told and the program does not read would be believed to hold."""
    kind = {"migrate": StoreSettings}.get(program) or SETTINGS[program]
    extra = {"SIGNING_DIR"} if program == "migrate" else set()
    assert units.environment(program).keys() <= names(kind) | extra
    assert units.words(program, "EnvironmentFile") == [
        f"/etc/sendsecret/{name}.env" for name in ("store", program) if name != "migrate"
    ]


@pytest.mark.parametrize("name", SETTINGS)
def test_every_setting_of_an_example_is_one_of_its_program(name: str) -> None:
    """Also those that are only proposed; nothing secret stands where both programs read."""
    path = units.SYSTEMD / f"{name}.env.example"
    proposed = units.settings_in(path, commented=True)
    assert proposed
    # The driver's own, for ?ssl=verify-full.
    assert proposed.keys() - {"PGSSLROOTCERT"} <= names(SETTINGS[name])
    assert name == "store" or not proposed.keys() & names(StoreSettings)


def test_a_program_waits_for_the_migration() -> None:
    """Neither starts on a schema that it does not know."""
    for program in ("bot", "web"):
        unit = units.read(program)["Unit"]
        assert "sendsecret-migrate.service" in unit["Requires"][0].split()
        assert "sendsecret-migrate.service" in unit["After"][0].split()
    assert (units.one("migrate", "Type"), units.one("migrate", "RemainAfterExit")) == ("oneshot", "yes")
