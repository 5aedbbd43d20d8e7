"""The two manifests: one for each mode, and what they have in common stays in common."""

from typing import Any

import pytest
from click.testing import CliRunner

from bot import app, http_mode
from sendsecret import __main__
from sendsecret import manifest as printed
from tests.bot import manifest

URL = f"https://drops.example.com{http_mode.PATH}"


def read(*words: str) -> dict[str, Any]:
    """What `sendsecret manifest` prints, as JSON has it."""
    done = CliRunner().invoke(__main__.main, ["manifest", *words])
    assert done.exit_code == 0, done.output
    return manifest.read(done.output)


def test_without_an_address_it_is_the_file() -> None:
    """Byte for byte, so that whoever reads the file has read what is printed."""
    assert CliRunner().invoke(__main__.main, ["manifest"]).output == manifest.MANIFEST.read_text()


def test_both_manifests_are_the_same_app() -> None:
    """They differ in the addresses and in the mode, and in nothing else."""
    socket, http = read(), read("--http", "https://drops.example.com")
    [command] = http["features"]["slash_commands"]
    assert command["command"] == app.COMMAND
    assert command.pop("url") == URL
    assert http["settings"]["interactivity"].pop("request_url") == URL
    assert http["settings"]["event_subscriptions"].pop("request_url") == URL
    assert (socket["settings"].pop("socket_mode_enabled"), http["settings"].pop("socket_mode_enabled")) == (True, False)
    assert http == socket
    assert "Socket Mode" not in printed.for_http("https://drops.example.com")


@pytest.mark.parametrize("given", ["https://drops.example.com/", URL, "https://Drops.example.com:8443"])
def test_an_address_is_taken_as_people_write_it(given: str) -> None:
    """With or without the path that Slack posts to."""
    [command] = read("--http", given)["features"]["slash_commands"]
    assert command["url"] == given.removesuffix("/").removesuffix(http_mode.PATH) + http_mode.PATH


@pytest.mark.parametrize(
    "given",
    ["", "drops.example.com", "http://drops.example.com", "https://", "https://a b", "https://a\n  evil: true",
     "https://a/b", "https://u:p@a", "https://a?b", "https://a#b", "https://a:port", "https://-a"],
)  # fmt: skip
def test_an_address_that_slack_would_refuse_is_refused_here(given: str) -> None:
    """In words, with nothing printed that could be pasted."""
    done = CliRunner().invoke(__main__.main, ["manifest", "--http", given])
    assert done.exit_code == 2
    assert done.stdout == ""
    assert "like https://drops.example.com" in done.stderr


def test_a_manifest_that_was_rearranged_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Half a change would make an app that Slack cannot reach."""
    monkeypatch.setattr(printed, "for_socket_mode", lambda: manifest.MANIFEST.read_text().replace("is_enabled", "on"))
    with pytest.raises(AssertionError, match="not as this program knows it"):
        printed.for_http("https://drops.example.com")
