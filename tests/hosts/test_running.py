"""Before anything is broken: on no machine's own network, nothing in vain, and so that it can be done again."""

import shutil
from pathlib import Path

import pytest

from tests import debian
from tests.hosts import __main__ as running
from tests.hosts.network import outside, why_not, why_not_alone

ASKED = running.Asked(rounds=1, seed=4711, only="", most=1, keyring="folder")


@pytest.mark.parametrize("outside_was", [outside(), "1", "", "net:[]"])
def test_no_bridge_is_made_on_the_machine_itself(outside_was: str) -> None:
    """Whatever somebody's environment says: only another network than the parent's will do."""
    assert why_not_alone(outside_was) == "this is no network of its own"


def test_a_fault_that_raises_says_by_which_seed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """First of all, for a run that is killed, and with the error."""

    async def fail(*_: object) -> None:
        assert "--seed 4711" in capsys.readouterr().err
        raise AssertionError("a fault")

    monkeypatch.setattr(running, "_live", fail)
    with pytest.raises(AssertionError, match="a fault") as caught:
        running.broken(tmp_path, ASKED)
    assert caught.value.__notes__ == ["It was --seed 4711 --keyring folder"]


def test_breaking_nothing_and_reading_nothing_is_no_success() -> None:
    """A fault that is not there, and a run in which nothing came to its reader."""

    async def fault() -> dict[str, float]:
        return {}

    faults = {"a bot is killed": fault}
    assert running.named(faults, "killed") == faults
    with pytest.raises(LookupError, match="a bot is killed"):
        running.named(faults, "a typo")
    assert running.too_little(ASKED, 0) == ["nothing was read"]
    assert running.too_little(ASKED, 1) == []


def test_what_makes_networks_is_installed_where_it_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    """A fresh machine has no `ip`; where it cannot be had, a sentence says what is missing."""
    wanted: list[str] = []
    monkeypatch.setattr(shutil, "which", lambda name: None if name == "ip" else f"/bin/{name}")
    monkeypatch.setattr(debian, "install", wanted.append)
    assert why_not() == "ip (iproute2) or unshare (util-linux) is missing"
    assert wanted == ["iproute2"]
