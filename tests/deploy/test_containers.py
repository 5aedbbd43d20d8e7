"""The images and how they are put together, read: no engine is needed to see who reaches what, and as whom."""

import json
import re
from typing import Any

import pytest
import yaml

from bot.settings import BotSettings
from deploy.supply.pins import ROOT
from reveal_web.settings import WebSettings
from store.settings import StoreSettings
from tests.deploy import units

CONTAINER = ROOT / "deploy" / "container"
STEPS = {"ARG", "FROM", "WORKDIR", "COPY", "RUN", "ENV", "USER", "ENTRYPOINT", "CMD", "EXPOSE", "HEALTHCHECK"}
# Of compose's words those that are used: another is a slip, or to be added here by whoever has read what it does.
OF_A_PROGRAM = {
    *("restart", "init", "read_only", "cap_drop", "security_opt", "tmpfs", "ulimits", "mem_limit", "memswap_limit"),
    *("pids_limit", "build", "image", "command", "networks", "environment", "secrets", "volumes", "depends_on"),
    *("stop_grace_period", "healthcheck", "ports", "cap_add"),
}
OURS = {"migrate": StoreSettings, "bot": BotSettings, "web": WebSettings}
UIDS = {"bot": "10001:10000", "web": "10002:10000"}

Stage = list[tuple[str, str]]


def stages() -> dict[str, Stage]:
    """Each stage's steps, long lines joined; what stands before the first FROM under ''."""
    text = re.sub(r"\\\n\s*", "", re.sub(r"(?m)^#.*\n", "", (CONTAINER / "Containerfile").read_text()))
    found: dict[str, Stage] = {"": []}
    for line in filter(None, text.splitlines()):
        word, _, rest = line.partition(" ")
        if word == "FROM":
            found[rest.split(" AS ")[1]] = []
        found[list(found)[-1]].append((word, rest))
    return found


def compose() -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load((CONTAINER / "compose.yml").read_text())
    return read


def services() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = compose()["services"]
    return found


def networks_of(name: str) -> set[str]:
    return set(services()[name]["networks"])


def test_every_step_is_a_known_one_and_needs_no_shell() -> None:
    """What is run is a list of words: nothing is parsed by a shell, at build or at start."""
    for name, steps in stages().items():
        assert {word for word, _ in steps} <= STEPS, name
        for word, rest in steps:
            if word in {"RUN", "CMD", "ENTRYPOINT"}:
                assert all(isinstance(one, str) for one in json.loads(rest))
            if word == "HEALTHCHECK":
                assert json.loads(rest.partition(" CMD ")[2])


def test_everything_that_is_installed_is_installed_by_its_hash() -> None:
    """Each pip asks for hashes, or is given what was just built and no network."""
    installs = [
        json.loads(rest) for steps in stages().values() for word, rest in steps if word == "RUN" and "pip" in rest
    ]
    bound = [one for one in installs if "install" in one]
    assert len(bound) == 3
    assert [one for one in bound if "--require-hashes" not in one and "--no-index" not in one] == []
    named = {word for one in bound for word in one if word.startswith("deploy/locks/")}
    assert named == {"deploy/locks/build.txt", "deploy/locks/product.txt"}


def test_every_file_that_is_copied_is_there_and_let_in() -> None:
    """From the sources or from an earlier stage; .dockerignore lets in what is copied, and no key and no history."""
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    assert "*" in ignored
    let_in = {line[1:] for line in ignored if line.startswith("!")}
    assert not {".env", ".git", "data", "keyring", "signing", "tests"} & let_in
    known = list(stages())
    copied = 0
    for name, steps in stages().items():
        for word, rest in steps:
            if word != "COPY":
                continue
            *sources, _ = rest.split()
            if sources[0].startswith("--from="):
                assert known.index(sources.pop(0).removeprefix("--from=")) < known.index(name)
                continue
            copied += 1
            assert [one for one in sources if not (ROOT / one).exists()] == []
            assert {one.split("/")[0] for one in sources} <= let_in
    assert copied > 5


@pytest.mark.parametrize("program", UIDS)
def test_each_program_is_a_user_of_its_own(program: str) -> None:
    """Not root, not the other's, and both in the keyring's group."""
    steps = dict(stages()[program])
    assert steps["USER"] == UIDS[program]
    assert json.loads(steps["CMD"]) == [program]
    made = [rest for word, rest in stages()["program"] if word == "RUN" and "useradd" in rest]
    uid, gid = UIDS[program].split(":")
    assert any(f'"{uid}", "--gid", "{gid}"' in rest and f"sendsecret-{program}" in rest for rest in made)
    assert stages()["program"][0][1].startswith("${PYTHON_IMAGE}")


@pytest.mark.parametrize(("program", "port"), [("web", "WEB_PORT"), ("bot", "BOT_METRICS_PORT")])
def test_the_health_of_each_is_asked_of_itself(program: str, port: str) -> None:
    """By its own interpreter, at the address at which it says whether it can serve."""
    steps = dict(stages()[program])
    asked = json.loads(steps["HEALTHCHECK"].partition(" CMD ")[2])
    assert asked[0] == "/opt/sendsecret/bin/python"
    environment = dict(one.split("=") for one in steps["ENV"].split())
    assert f"http://127.0.0.1:{environment[port]}/readyz" in asked[-1]
    compile(asked[-1], "healthcheck", "exec")


def test_every_word_of_the_compose_file_is_known() -> None:
    """And whatever is named in it is defined in it, or in the Containerfile."""
    read = compose()
    assert read.keys() == {"name", "x-hard", "x-settings", "services", "networks", "secrets"}
    for name, service in services().items():
        assert service.keys() <= OF_A_PROGRAM, name
        assert networks_of(name) <= read["networks"].keys()
        assert set(service.get("secrets", [])) <= read["secrets"].keys()
        assert service.get("depends_on", {}).keys() <= services().keys()
        if "build" in service:
            assert service["build"]["target"] in stages()
            assert (CONTAINER / service["build"]["context"] / service["build"]["dockerfile"]).resolve().is_file()
        for volume in service.get("volumes", []):
            source = volume.split(":/")[0]
            assert source.startswith("${STATE:-/srv/sendsecret}") or (CONTAINER / source).exists(), volume


@pytest.mark.parametrize("program", OURS)
def test_every_setting_is_one_of_its_program(program: str) -> None:
    """A secret only by a file, which is one of the service's own."""
    names = {name.upper(): str(field.annotation) for name, field in OURS[program].model_fields.items()}
    service = services()[program]
    for name, value in service["environment"].items():
        plain = name.removesuffix("_FILE") if name.removesuffix("_FILE") in names and name not in names else name
        assert plain in names, name
        is_secret = "SecretStr" in names[plain]
        assert is_secret == (plain != name), f"{name}: a secret comes by a file, anything else does not"
        if is_secret:
            assert value.removeprefix("/run/secrets/") in service["secrets"]


def test_the_reveal_server_cannot_reach_slack() -> None:
    """Its networks have no way out, no token is mounted into it, and no signing key."""
    inside = {name for name, one in compose()["networks"].items() if (one or {}).get("internal")}
    assert inside == {"store", "edge"}
    assert networks_of("web") <= inside
    assert networks_of("postgres") == networks_of("migrate") == {"store"}
    assert networks_of("bot") == {"store", "outside"}
    assert networks_of("front") == {"edge", "outside"}
    assert services()["web"]["secrets"] == ["database_url"]
    assert [volume.split(":/")[1] for volume in services()["web"]["volumes"]] == ["keyring"]
    assert sorted(volume.split(":/")[1] for volume in services()["bot"]["volumes"]) == ["keyring", "signing"]
    assert [name for name, one in services().items() if "ports" in one] == ["front"]


@pytest.mark.parametrize("program", OURS)
def test_each_program_is_held_as_a_unit_is(program: str) -> None:
    """No rights, no root file system to write to, no core, no swap; and as much time to end."""
    service = services()[program]
    assert (service["read_only"], service["cap_drop"]) == (True, ["ALL"])
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["ulimits"] == {"core": 0}
    assert service["mem_limit"] == service["memswap_limit"]
    if program != "migrate":
        assert service["stop_grace_period"] == f"{units.one(program, 'TimeoutStopSec')}s"


def test_the_front_is_the_only_one_who_is_believed() -> None:
    """TRUSTED_PROXIES names its address and no network."""
    front = services()["front"]["networks"]["edge"]["ipv4_address"]
    assert services()["web"]["environment"]["TRUSTED_PROXIES"] == f"{front}/32"


def test_programs_wait_for_the_migration() -> None:
    """Which ends; and for a database that answers."""
    for program in ("bot", "web"):
        assert services()[program]["depends_on"] == {"migrate": {"condition": "service_completed_successfully"}}
    assert services()["migrate"]["restart"] == "no"
    assert services()["migrate"]["depends_on"] == {"postgres": {"condition": "service_healthy"}}
