"""`sendsecret templates`: what it says of a file, and how it ends."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from sendsecret.templates import templates
from tests.bot.test_templates import EXAMPLE


def run(*words: str, **settings: str) -> Result:
    """The command, with these settings alone."""
    return CliRunner(env={"TEMPLATES_FILE": None, "EXPIRES_MAX": None, "POLICY_FILE": None, **settings}).invoke(
        templates, words
    )


def test_a_file_that_is_understood(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Named, or by its setting."""
    monkeypatch.chdir(tmp_path)
    for told in (run("check", str(EXAMPLE)), run("check", TEMPLATES_FILE=str(EXAMPLE))):
        assert told.exit_code == 0
        assert "understood. 2 in it: datadog, twilio; with the shipped ones 7." in told.output
    listed = run("list", str(EXAMPLE))
    assert listed.exit_code == 0
    assert [line.split()[0] for line in listed.output.splitlines()] == [
        "stripe",
        "aws",
        "github",
        "datadog",
        "database",
        "anything",
        "twilio",
    ]
    assert len(run("list").output.splitlines()) == 6
    [found] = run("list", str(EXAMPLE), "--tag", "telephony").output.splitlines()
    assert found.startswith("twilio ")
    assert found.endswith(", tags telephony")
    assert run("list", "--tag", "canary").output == ""


def test_a_file_that_is_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every problem with template, rule and line, nothing of a value, and exit code 2."""
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "templates.yml"
    file.write_text("a:\n  expires: canary\n  verify: canary\n")
    for command in ("check", "list"):
        told = run(command, str(file))
        assert told.exit_code == 2
        assert told.output.count("\n  template a, ") == 2
        assert "(line 3)" in told.output
        assert "canary" not in told.output
    assert run("check").exit_code == run("check", str(tmp_path / "none.yml")).exit_code == 2
    assert "EXPIRES_MAX" in run("check", str(EXAMPLE), EXPIRES_MAX="1h").output
    assert run("check", str(EXAMPLE), EXPIRES_MAX="soon").exit_code == 2


def test_a_policy_has_its_say(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As when the bot starts; a policy that is not understood is said."""
    monkeypatch.chdir(tmp_path)
    policy = tmp_path / "policy.yml"
    policy.write_text("expires: [24h]")
    for command in ("check", "list"):
        told = run(command, str(EXAMPLE), POLICY_FILE=str(policy))
        assert told.exit_code == 2
        assert "template twilio, expires (line " in told.output
        assert "POLICY_FILE" in told.output
    policy.write_text("canary: 1")
    told = run("check", str(EXAMPLE), POLICY_FILE=str(policy))
    assert (told.exit_code, "canary" in told.output) == (2, False)
