"""The workflow of other people's machines: it runs what we run, with nothing that could be changed under it."""

import re
from typing import Any

import yaml

from deploy.supply.pins import ROOT

PATH = ROOT / ".github" / "workflows" / "ci.yml"


def workflow() -> dict[Any, Any]:
    read: dict[Any, Any] = yaml.safe_load(PATH.read_text())
    return read


def steps() -> list[dict[str, Any]]:
    return [step for job in workflow()["jobs"].values() for step in job["steps"]]


def test_it_runs_what_must_be_green_and_the_audit() -> None:
    """The same command as on a developer's machine; and the audit, which needs the network."""
    runs = [step["run"] for step in steps() if "run" in step]
    assert {".ci/run", "make audit", "make wheel sbom"} <= set(runs)
    assert (ROOT / ".ci" / "run").stat().st_mode & 0o111
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert {word for run in runs if run.startswith("make ") for word in run.split()[1:]} <= targets
    # YAML reads the word `on` as true.
    assert workflow()[True].keys() == {"push", "pull_request", "schedule"}


def test_every_action_is_named_by_its_commit() -> None:
    """A tag or a branch is whatever its owner, or who took their account over, says that it is today."""
    used = [step["uses"] for step in steps() if "uses" in step]
    assert used
    assert [one for one in used if not re.fullmatch(r"actions/[a-z-]+@[0-9a-f]{40}", one)] == []


def test_nothing_may_be_done_but_reading() -> None:
    """No job may write, none sees a secret, and the checkout leaves no token behind for the tests of a pull request."""
    assert workflow()["permissions"] == {}
    assert [job["permissions"] for job in workflow()["jobs"].values()] == [{"contents": "read"}] * len(
        workflow()["jobs"]
    )
    assert "secrets." not in PATH.read_text()
    assert "pull_request_target" not in PATH.read_text()
    checkouts = [step for step in steps() if step.get("uses", "").startswith("actions/checkout@")]
    assert [step["with"] for step in checkouts] == [{"persist-credentials": False}] * len(workflow()["jobs"])


def test_nothing_that_a_stranger_wrote_is_put_into_a_command() -> None:
    """A branch's name or a pull request's title, pasted into a shell, would be a command."""
    assert [step["run"] for step in steps() if "${{" in step.get("run", "")] == []
