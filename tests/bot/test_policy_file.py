"""What the policy's file may say, what is refused, and what contradicts itself."""

import re
from pathlib import Path

import pytest

from bot import policy_file
from bot.policy import OnTheLine, Outside, Policy, Senders, Typed, Verification
from bot.policy_file import parse
from bot.settings import BotSettings
from store.settings import SettingsError, read_settings
from tests.bot.test_settings import read

OUTSIDE_ONLY = "secrets_typed: outside-slack\n"
HOUR, DAY = 3600, 86_400
MANUAL = Path(__file__).parents[2] / "docs" / "policy.md"


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("", Policy()),
        ("# nothing yet\n", Policy()),
        ("secrets_typed: anywhere", Policy()),
        (OUTSIDE_ONLY, Policy(secrets_typed=Typed.OUTSIDE_SLACK)),
        ("---\n'secrets_typed': \"outside-slack\"\n...\n", Policy(secrets_typed=Typed.OUTSIDE_SLACK)),
        ("who_may_send: members-and-guests", Policy(who_may_send=Senders.WITH_GUESTS)),
        ("expires: [3d, 1h]", Policy(expires=(HOUR, 3 * DAY))),
        ("expires:\n  - 24h\n", Policy(expires=(DAY,))),
        ("passphrase_least: 8", Policy(passphrase_least=8)),
        ("outside_recipients: refuse", Policy(outside_recipients=Outside.REFUSE)),
        ("text_on_the_line: accept", Policy(text_on_the_line=OnTheLine.ACCEPT)),
        ("verify: required", Policy(verify=Verification.REQUIRED)),
    ],
)
def test_what_it_says_holds(text: str, meant: Policy) -> None:
    """And what it does not say is as it was."""
    assert parse(text.encode()) == meant


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("\nsecret_typed: outside-slack", "a rule that I do not know (line 2); I know who_may_send, expires"),
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
        ("who_may_send: guests", "who_may_send that is not members or members-and-guests (line 1)"),
        ("\nexpires: 24h", "expires that is not a list of spans like [1h, 24h, 3d]"),
        ("\nexpires: []", "(line 2)"),
        ("expires: [1h, 60m]", "each once"),
        ("expires: [4m]", "5 minutes at least"),
        ("expires: [1h, canary]", "a list of spans"),
        ("passphrase_least: 3", "from 4 to 8"),
        ("passphrase_least: 9", "which is how long those are that I make"),
        ("passphrase_least: 99999999999999999999", "from 4 to 8"),
        ("passphrase_least: canary", "from 4 to 8"),
        ("outside_recipients: no", "that is not accept or refuse"),
        ("text_on_the_line: no", "that is not accept or warn or refuse"),
        ("verify: slack", "that is not as-templates-say or required"),
    ],
)
def test_what_is_not_understood_is_refused_with_its_line(text: str, said: str) -> None:
    """A rule that was ignored would be one that everybody believes in; nothing of a value is repeated."""
    with pytest.raises(ValueError, match=r"line|not YAML|no rules") as refused:
        parse(text.encode("utf-8", "surrogateescape"))
    assert said in str(refused.value)
    assert "canary" not in str(refused.value)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (f"{OUTSIDE_ONLY}text_on_the_line: warn", ("text_on_the_line", "secrets_typed")),
        (f"{OUTSIDE_ONLY}text_on_the_line: accept", ("text_on_the_line", "secrets_typed")),
        (f"{OUTSIDE_ONLY}passphrase_least: 6", ("passphrase_least", "secrets_typed")),
        ("verify: required\noutside_recipients: accept", ("outside_recipients", "verify")),
        ("expires: [1h]", ("expires", "EXPIRES_DEFAULT")),
        ("expires: [24h, 30d]", ("expires", "EXPIRES_MAX")),
    ],
)
def test_rules_that_contradict_each_other_are_refused_by_name(
    text: str, names: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """At the start, and not when somebody waits for a credential."""
    file = tmp_path / "policy.yml"
    file.write_text(text)
    with pytest.raises(SettingsError) as wrong:
        read(monkeypatch, POLICY_FILE=str(file))
    [problem] = wrong.value.problems
    assert all(name in problem for name in ("POLICY_FILE", *names))


@pytest.mark.parametrize(
    "text",
    [
        OUTSIDE_ONLY,
        f"{OUTSIDE_ONLY}text_on_the_line: refuse",
        "verify: required",
        "verify: required\noutside_recipients: refuse",
        "expires: [1h, 24h]",
    ],
)
def test_rules_that_hold_together_are_taken(text: str) -> None:
    """What the file does not name contradicts nothing."""
    assert parse(text.encode()).contradiction(DAY, 14 * DAY) is None


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


def test_the_manual_knows_every_rule_and_its_example_is_a_policy() -> None:
    """Copied as it stands, it is taken; and no rule is missing in it."""
    text = MANUAL.read_text()
    [example] = re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)
    policy = parse(example.encode())
    assert policy.contradiction(DAY, 14 * DAY) is None
    assert set(policy.named) == set(policy_file._RULES)
    assert all(f"| `{name}` |" in text for name in policy_file._RULES)
