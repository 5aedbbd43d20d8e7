"""Everything that the bot shows is what Slack's own types and limits allow."""

import copy
from pathlib import Path

import pytest

from bot import app, home_presses, presses, record_window, token_window
from tests.bot import manifest
from tests.bot.shapes import Shape, shapes
from tests.bot.slack_types import length_errors, type_errors
from tests.bot.view_shapes import TEMPLATES

ALL = list(shapes())


def shape(name: str) -> Shape:
    """A copy of one shape, to be broken."""
    return copy.deepcopy(next(one for one in ALL if one[0] == name))


def test_every_shape_fits_slacks_types(tmp_path: Path) -> None:
    """tsc finds no error in any view, any message or the manifest."""
    assert {kind for _, kind, _ in ALL} == {"view", "home", "message", "manifest"}
    assert type_errors(ALL, tmp_path) == []


def test_every_shape_fits_slacks_limits() -> None:
    """No text, list or view is longer than Slack takes, with the longest names and labels."""
    assert length_errors(ALL) == []


def test_the_type_checker_can_fail(tmp_path: Path) -> None:
    """A misspelt element, markup in a title, a misspelt scope and an unknown member are each reported."""
    misspelt, titled, unknown = shape("form"), shape("form"), shape("arrived in a DM, waiting")
    misspelt[2]["blocks"][0]["element"]["type"] = "multi_user_select"
    titled[2]["title"]["type"] = "mrkdwn"
    unknown[2]["blocks"][1]["texts"] = []
    scoped = shape("manifest")
    scoped[2]["oauth_config"]["scopes"]["bot"][1] = "chat:wrote"
    broken = [
        (name, kind, body)
        for name, (_, kind, body) in zip(
            ("misspelt", "titled", "unknown", "scoped"), (misspelt, titled, unknown, scoped), strict=True
        )
    ]
    errors = type_errors(broken, tmp_path)
    assert {error.partition(":")[0] for error in errors} == {"misspelt", "titled", "unknown", "scoped"}


@pytest.mark.parametrize(
    ("name", "path", "length"),
    [
        ("form", ("blocks", 1, "label", "text"), 2001),
        ("form", ("title", "text"), 25),
        ("form", ("private_metadata",), 3001),
        ("form", ("blocks", 5, "element", "options", 0, "text", "text"), 76),
        ("arrived in a DM, waiting", ("blocks", 1, "text", "text"), 3001),
        ("arrived in a DM, waiting", ("blocks", 2, "elements", 0, "text", "text"), 76),
        ("arrived in a DM, waiting", ("blocks", 2, "elements", 0, "url"), 3001),
    ],
)
def test_the_length_checker_can_fail(name: str, path: tuple[str | int, ...], length: int) -> None:
    """One character more than Slack takes is reported."""
    broken = shape(name)
    place = broken[2]
    for step in path[:-1]:
        place = place[step]  # type: ignore[index]
    place[path[-1]] = "x" * length  # type: ignore[index]
    assert length_errors([broken])


def test_manifest_and_listeners_agree() -> None:
    """Each command has a listener, Socket Mode needs no address, and nothing is asked for that is not used."""
    slack = manifest.read(manifest.MANIFEST.read_text())
    [command] = slack["features"]["slash_commands"]
    assert command["command"] == app.COMMAND
    assert command["should_escape"] is True
    assert sorted(slack["oauth_config"]["scopes"]["bot"]) == ["chat:write", "commands", "im:write", "users:read"]
    settings = slack["settings"]
    assert settings["socket_mode_enabled"] is True
    assert settings["interactivity"] == {"is_enabled": True}
    assert settings["event_subscriptions"] == {"bot_events": ["app_home_opened"]}
    assert "url" not in str(slack)
    home = slack["features"]["app_home"]
    assert home["messages_tab_enabled"] is True
    assert home["messages_tab_read_only_enabled"] is True
    assert home["home_tab_enabled"] is True


def test_every_button_and_view_has_a_listener() -> None:
    """Whatever the bot shows that can be pressed or submitted, something listens for it."""
    pressed, submitted = set(), set()
    for _, kind, body in ALL:
        if kind == "view" and "submit" in body:
            submitted.add(body["callback_id"])
        for block in body.get("blocks", []):
            elements = [*block.get("elements", []), *([block["accessory"]] if "accessory" in block else [])]
            pressed |= {element["action_id"] for element in elements if "action_id" in element}
    assert pressed == {*presses.ACTIONS, *home_presses.ACTIONS, *token_window.ACTIONS, *record_window.ACTIONS}
    assert submitted == set(app.VIEWS)


def test_the_form_tells_us_of_no_change() -> None:
    """No element beside the secret makes Slack send the fields before they are submitted."""
    for name, kind, body in ALL:
        if kind == "view" and name.startswith("form"):
            assert "dispatch_action" not in str(body)
            assert {block["type"] for block in body["blocks"]} <= {"input", "context", "section"}
            assert not [block for block in body["blocks"] if "accessory" in block]
            # Of what is remembered it has a template's name at most.
            assert body.get("private_metadata", "stripe") in TEMPLATES
            for block in body["blocks"]:
                if block["type"] == "input":
                    assert block["block_id"] == block["element"]["action_id"]
