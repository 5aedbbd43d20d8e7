"""The policy: what its file may say, and what a workplace where nothing is typed into Slack looks like."""

import json
from pathlib import Path
from typing import Any

import pytest

from bot.policy import Policy, Typed, parse
from bot.settings import BotSettings
from sandbox.fixtures import GENERAL, MAYA, MAYA_DANA, NOOR
from sandbox.running import Sandbox
from store.settings import SettingsError, read_settings
from tests.bot.desk import PASSPHRASE, SECRET, Desk, Json, anyway, found, option_of, working
from tests.bot.sealing_outside import urls_in
from tests.bot.test_settings import read
from tests.stores import Home

OUTSIDE_ONLY = "secrets_typed: outside-slack\n"


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("", Policy()),
        ("# nothing yet\n", Policy()),
        ("secrets_typed: anywhere", Policy()),
        (OUTSIDE_ONLY, Policy(Typed.OUTSIDE_SLACK)),
        ("---\n'secrets_typed': \"outside-slack\"\n...\n", Policy(Typed.OUTSIDE_SLACK)),
    ],
)
def test_what_it_says_holds(text: str, meant: Policy) -> None:
    """And what it does not say is as it was."""
    assert parse(text.encode()) == meant


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("\nsecret_typed: outside-slack", "a rule that I do not know (line 2); I know secrets_typed"),
        ("secrets_typed: canary", "that is not anywhere or outside-slack (line 1)"),
        ("secrets_typed: [outside-slack]", "that is not anywhere or outside-slack (line 1)"),
        ("secrets_typed:", "that is not anywhere or outside-slack (line 1)"),
        (f"{OUTSIDE_ONLY}secrets_typed: anywhere", "secrets_typed twice (line 2)"),
        ("secrets_typed: anywhere\n  canary: 1", "not YAML (line 2)"),
        ("secrets_typed: &a *a", "not YAML"),
        ("---\nsecrets_typed: anywhere\n---\nsecrets_typed: anywhere", "not YAML (line 3)"),
        ("- secrets_typed", "holds no rules"),
        ("canary", "holds no rules"),
        ("? [canary]\n: 1", "a rule that I do not know (line 1)"),
        ("\x00", "not YAML"),
        ("\ufffd\udcff", "not YAML"),
        ("!!python/object/apply:os.system ['echo']", "holds no rules"),
    ],
)
def test_what_is_not_understood_is_refused_with_its_line(text: str, said: str) -> None:
    """A rule that was ignored would be one that everybody believes in; nothing of a value is repeated."""
    with pytest.raises(ValueError, match=r"line|not YAML|no rules") as refused:
        parse(text.encode("utf-8", "surrogateescape"))
    assert said in str(refused.value)
    assert "canary" not in str(refused.value)


def test_a_wrong_policy_stops_the_start_by_name(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """As every setting does, with the others that are wrong."""
    file = tmp_path / "policy.yml"
    for text, said in ((b"a: 1", "(line 1)"), (b"# " + b"x" * 65_536, "longer than 64 KiB"), (None, "cannot be read")):
        file.unlink(missing_ok=True)
        if text is not None:
            file.write_bytes(text)
        with pytest.raises(SettingsError) as wrong:
            read(monkeypatch, POLICY_FILE=str(file), AUDIT_CHANNEL="audit")
        assert [problem.partition(":")[0] for problem in wrong.value.problems] == ["AUDIT_CHANNEL", "POLICY_FILE"]
        assert said in wrong.value.problems[1]
    file.write_text(OUTSIDE_ONLY)
    assert read(monkeypatch, POLICY_FILE=str(file)).policy.outside_only
    monkeypatch.delenv("POLICY_FILE")
    assert read_settings(BotSettings).policy == Policy()


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
