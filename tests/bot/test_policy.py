"""What a workplace where nothing is typed into Slack looks like."""

import json
from pathlib import Path
from typing import Any

import pytest

from sandbox.fixtures import GENERAL, MAYA, MAYA_DANA, NOOR
from sandbox.running import Sandbox
from tests.bot.desk import PASSPHRASE, SECRET, Desk, Json, anyway, found, option_of, working
from tests.bot.sealing_outside import urls_in
from tests.stores import Home

OUTSIDE_ONLY = "secrets_typed: outside-slack\n"


@pytest.fixture
async def strict(sandbox: Sandbox, sqlite_home: Home, tmp_path: Path) -> Any:
    """A workplace where no secret is typed into Slack."""
    file = tmp_path / "policy.yml"
    file.write_text(OUTSIDE_ONLY)
    async with working(sandbox, sqlite_home, policy_file=file) as desk:
        yield desk


def _blocks(view: Json) -> set[str]:
    return {block["block_id"] for block in view["blocks"] if block["type"] == "input"}


async def test_the_form_has_no_place_for_a_secret(strict: Desk) -> None:
    """And leads to the page, also past the question about guests."""
    view = await strict.open_form("/sendsecret @dana")
    assert _blocks(view) == {"recipients", "label", "hint", "expires", "delivery"}
    [way] = [block["element"] for block in view["blocks"] if block.get("block_id") == "delivery"]
    assert [option["value"] for option in way["options"]] == ["outside"]
    await strict.sandbox.fill(view["id"], {"label": "key"})
    assert (await strict.sandbox.submit(view["id"]))["outcome"] == "update"
    asked = strict.view()
    assert asked is not None
    assert {"secret", "passphrase"}.isdisjoint(_blocks(asked))
    box = found({"id": anyway(asked)})["id"]
    await strict.sandbox.fill(view["id"], {box: [option_of(asked, box)]})
    assert (await strict.sandbox.submit(view["id"]))["outcome"] == "update"
    assert urls_in(found(await strict.sandbox.wait_view(MAYA, "composers")))


@pytest.mark.parametrize("typed", [SECRET, f"{SECRET} <https://x.example>", f"{SECRET} " * 200])
async def test_a_secret_on_the_line_is_not_taken(strict: Desk, typed: str) -> None:
    """The form opens without it and says why."""
    view = await strict.open_form(f"/sendsecret @noor {typed}")
    assert SECRET not in json.dumps(view)
    assert "It has been through Slack: rotate it" in json.dumps(view)
    assert "secret" not in _blocks(view)


async def test_a_link_for_a_conversation_is_refused(strict: Desk) -> None:
    """It would need a secret in the form."""
    await strict.sandbox.type(MAYA, MAYA_DANA, "/sendsecret here @dana")
    assert await strict.told(MAYA, "a link for a conversation needs that")
    assert strict.view() is None


async def test_a_form_that_was_opened_before_is_refused(sandbox: Sandbox, sqlite_home: Home, tmp_path: Path) -> None:
    """With a secret in it, and without; nothing is sent."""
    file = tmp_path / "policy.yml"
    file.write_text(OUTSIDE_ONLY)
    async with working(sandbox, sqlite_home) as desk:
        view = await desk.open_form("/sendsecret @noor")
    async with working(sandbox, sqlite_home, policy_file=file) as desk:
        for values in (
            {"secret": SECRET},
            {"secret": SECRET, "delivery": "outside"},
            {"secret": "", "delivery": "outside", "passphrase": PASSPHRASE},
        ):
            await desk.sandbox.fill(view["id"], {"label": "key", "passphrase": "", **values})
            answer = await desk.sandbox.submit(view["id"])
            assert "not to be typed into Slack here" in answer["errors"]["recipients"]
        assert not await sandbox.wait_message(NOOR, contains="open_drop", seconds=0.1)
        await desk.sandbox.fill(view["id"], {"secret": "", "passphrase": ""})
        assert (await desk.sandbox.submit(view["id"]))["outcome"] == "update"


async def test_requests_are_as_they_are_everywhere(strict: Desk) -> None:
    """They never had a secret in Slack."""
    await strict.sandbox.type(MAYA, GENERAL, "/sendsecret request @noor key")
    assert await strict.sandbox.wait_message(NOOR, contains="open_composer")
