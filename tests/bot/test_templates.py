"""The file of templates: what it may say, what is refused and how, and what comes with the program."""

from datetime import UTC, date, timedelta, timezone
from pathlib import Path

import pytest

from bot import drop_rules, templates
from bot.settings import BotSettings
from bot.template import AS_USUAL, Scheme
from bot.template_checks import doubts
from bot.template_file import TemplatesError
from bot.templates import parse, read
from store.settings import SettingsError, read_settings
from store.words import Verify
from tests.bot.test_settings import read as settings

MOST = 14 * 86400
SHIPPED = read(None, MOST)
RK = "rk_live_51Nx8Zq0TBpwUX3d5f6g7h8j"
ACCESS, ACCESS_SECRET = "aws_access_key_id", "aws_secret_access_key"
EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "templates.yml"


def test_every_rule_is_read() -> None:
    """From the example of the documentation, which has each of them."""
    twilio = read(EXAMPLE, MOST)["twilio"]
    assert (twilio.label, twilio.expires, twilio.hint) == ("Twilio API key", 4 * 3600, "The word on your badge")
    assert (twilio.rotate_after, twilio.until_engagement_ends) == (30 * 86400, False)
    assert twilio.rotate_url.startswith("https://")
    assert (twilio.passphrase, twilio.verify, twilio.on_lock) == (Scheme.OWN, Verify.SLACK, "destroy")
    assert (twilio.unviewed_after, twilio.variable, twilio.tags) == (8 * 3600, "TWILIO_API_KEY", ("telephony",))
    assert twilio.format is not None
    assert twilio.format.fits("SK" + "0" * 32)
    assert [broad.says for broad in twilio.too_broad] == ["This is the token of the whole account."]


def test_a_file_replaces_as_a_whole_and_adds() -> None:
    """Nothing of the shipped template stays where a file has one of its name; the others do."""
    both = read(EXAMPLE, MOST)
    assert SHIPPED.keys() < both.keys()
    assert (both["datadog"].label, both["datadog"].variable, both["datadog"].format) == ("Datadog key, EU", None, None)
    assert both["stripe"] == SHIPPED["stripe"]


def test_the_shipped_ones_are_these() -> None:
    """None says how long a link lives, so that EXPIRES_DEFAULT keeps its say; what has a provider asks for its end."""
    assert list(SHIPPED) == ["stripe", "aws", "github", "datadog", "database", "anything"]
    assert {one.expires for one in SHIPPED.values()} == {None}
    for name, one in SHIPPED.items():
        assert one.until_engagement_ends == (name != "anything")
    assert SHIPPED["anything"].format is None
    assert (SHIPPED["anything"].unviewed_after, SHIPPED["anything"].label) == (86400, AS_USUAL.label)


@pytest.mark.parametrize(
    ("name", "right", "broad"),
    [
        ("stripe", "rk_live_51Nx8Zq0TBpwUX3d5f6g7h8j", "sk_live_51Nx8Zq0TBpwUX3d5f6g7h8j"),
        ("aws", "AKIAIOSFODNN7EXAMPLE\nwJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", None),
        ("aws", f"AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE\nAWS_SECRET_ACCESS_KEY={'w' * 40}", None),
        ("github", f"github_pat_{'1' * 22}_{'a' * 59}", f"ghp_{'a' * 36}"),
        ("datadog", "0123456789abcdef" * 2, "0123456789" * 4),
        ("database", "postgres://app:pw@db.example.com:5432/prod?sslmode=require", "postgresql://postgres:pw@db/prod"),
        ("database", "mysql+pymysql://app:p%40w@db/prod", "mysql://root:pw@db/prod"),
        ("database", "redis://:pw@cache:6379/0", None),
        ("stripe", f"STRIPE_API_KEY={RK}", "STRIPE_SECRET_KEY=sk_live_51Nx8Zq0TBpwUX3d5f6g7h8j"),
        ("stripe", f"export STRIPE_API_KEY='{RK}'", 'STRIPE_API_KEY = "sk_live_51Nx8Zq0TBpwUX3d5f6g7h8j"'),
        ("stripe", f'"{RK}"', "'sk_live_51Nx8Zq0TBpwUX3d5f6g7h8j'"),
        ("database", "DATABASE_URL=postgres://app:pw@db/prod", "DATABASE_URL='postgres://root:pw@db/prod'"),
        ("aws", f"AWS_ACCESS_KEY_ID='AKIAIOSFODNN7EXAMPLE'\nAWS_SECRET_ACCESS_KEY=\"{'w' * 40}\"", None),
        ("aws", f"[default]\n{ACCESS} = AKIAIOSFODNN7EXAMPLE\n{ACCESS_SECRET} = {'w' * 40}", None),
        ("aws", f"{ACCESS}=AKIAIOSFODNN7EXAMPLE\n{ACCESS_SECRET}={'w' * 40}", None),
    ],
)
def test_what_is_right_passes_and_what_is_broader_is_said(name: str, right: str, broad: str | None) -> None:
    """Also as it is pasted, as a line of a file too; something else is doubted, and nothing of it repeated."""
    template = SHIPPED[name]
    assert doubts(template, right) == doubts(template, f" {right}\n") == []
    [other] = doubts(template, "canary")
    assert template.label in other
    assert "canary" not in other
    if broad is not None:
        [told] = doubts(template, broad)
        assert told != other
        assert broad not in told


@pytest.mark.parametrize(
    ("rule", "asks", "after"),
    [
        ("", True, None),
        ("rotate_by: '{engagement_end}'", True, None),
        ("rotate_by: {engagement_end}", True, None),
        ("rotate_by: 30d", False, 30 * 86400),
        ("rotate_by: none", False, None),
    ],
)
def test_the_form_asks_until_when_unless_a_template_says_otherwise(rule: str, asks: bool, after: int | None) -> None:
    """A key for ever is one that somebody has asked for in so many words."""
    for name in ("a", "anything"):
        one = parse(f"{name}:\n  label: x\n  {rule}\n".encode(), MOST)[name]
        assert (one.until_engagement_ends, one.rotate_after) == (asks, after)


REFUSED = [
    ("- stripe", "holds no templates"),
    ("Stripe:", "a template's name is of small letters, digits and dashes (line 1)"),
    ("canary key:", "a template's name is of small letters, digits and dashes (line 1)"),
    ("a: {}\na: {}", "template a stands there twice (line 2)"),
    ("a: [canary]", "template a has no rules, each on a line as `name: value` (line 1)"),
    ("help: {}", "template help, its name (line 1): is a word that the command has another meaning for"),
    ("a:\n  canary: 1", "template a has a rule that I do not know (line 2)"),
    ("a:\n  label: x\n  label: canary", "template a has label twice (line 3)"),
    ("a:\n  label:", "template a, label (line 2): must be a text, and not an empty one"),
    (f"a:\n  label: {'canary' * 20}", "template a, label (line 2): must be one line of at most 80 characters"),
    ("a:\n  expires: canary", "template a, expires (line 2): must be a number and m, h or d, like 30m, 24h or 14d"),
    ("a:\n  expires: 15d", "template a, expires (line 2): is longer than EXPIRES_MAX"),
    ("a:\n  rotate_by: canary", "template a, rotate_by (line 2): must be {engagement_end}, none, or a number"),
    ("a:\n  rotate_by: {canary}", "template a, rotate_by (line 2): must be"),
    ("a:\n  rotate_url: http://canary.example", "template a, rotate_url (line 2): must be the address of a page"),
    ("a:\n  rotate_url: https://x|canary", "template a, rotate_url (line 2): must be"),
    ("a:\n  rotate_url: https://canary@x", "template a, rotate_url (line 2): must be"),
    ("a:\n  passphrase: canary", "(line 2): must be made-digits, made-words, own, none"),
    ("a:\n  passphrase: none", "template a, passphrase (line 2): may be none only where verify is slack"),
    ("a:\n  verify: canary", "template a, verify (line 2): must be none, slack"),
    ("a:\n  on_lock: canary", "template a, on_lock (line 2): must be lock, destroy"),
    ("a:\n  unviewed_after: 0h", "template a, unviewed_after (line 2): must be a number"),
    ("a:\n  variable: canary", "template a, variable (line 2): must be of capital letters"),
    *(
        (f"a:\n  variable: {name}", "template a, variable (line 2): must not be a name that changes how programs run")
        for name in ("PATH", "LD_PRELOAD", "PYTHONPATH", "NODE_OPTIONS", "GIT_SSH_COMMAND", "HTTPS_PROXY", "BASH_ENV")
    ),
    ("a:\n  tags: canary", "template a, tags (line 2): must be a list"),
    ("a:\n  tags: [CANARY]", "template a, tags (line 2): must be a list"),
    ("a:\n  format: '(canary'", "template a, format (line 2): is a pattern with a ( that is not closed"),
    ("a:\n  too_broad: canary", "template a, too_broad (line 2): must be a list"),
    ("a:\n  too_broad:\n    - pattern: x\n", "template a, too_broad (line 3): each must have just"),
    ("a:\n  too_broad:\n    - {pattern: '(x', says: canary}", "is a pattern with a ( that is not closed (line 3)"),
    ("a: &a\n  label: *a", "template a, label"),
    ("\x00", "is not YAML"),
    ("a: !!python/object/apply:os.system ['echo']", "template a has no rules"),
]


@pytest.mark.parametrize(("text", "said"), REFUSED)
def test_what_is_not_understood_is_refused_with_name_rule_and_line(text: str, said: str) -> None:
    """A rule that was ignored would be one that everybody believes in; nothing of a value is repeated."""
    with pytest.raises(TemplatesError) as refused:
        parse(text.encode(), MOST)
    assert said in str(refused.value)
    assert "canary" not in str(refused.value).lower()


def test_all_problems_are_said_at_once() -> None:
    """Whoever writes a file mends it in one go."""
    with pytest.raises(TemplatesError) as refused:
        parse(b"a:\n  expires: x\n  verify: x\nb:\n  tags: x\n", MOST)
    assert [problem.partition(":")[0] for problem in refused.value.problems] == [
        "template a, expires (line 2)",
        "template a, verify (line 3)",
        "template b, tags (line 5)",
    ]


def test_a_wrong_file_stops_the_start_by_name(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """As every setting does; a longest life is held against EXPIRES_MAX, and the shipped ones serve without a file."""
    file = tmp_path / "templates.yml"
    file.write_text("a:\n  expires: 3d\n")
    assert settings(monkeypatch, TEMPLATES_FILE=str(file)).templates["a"].expires == 3 * 86400
    with pytest.raises(SettingsError) as wrong:
        settings(monkeypatch, TEMPLATES_FILE=str(file), EXPIRES_MAX="2d")
    [problem] = wrong.value.problems
    assert problem.startswith("TEMPLATES_FILE: ")
    assert "template a, expires (line 2): is longer than EXPIRES_MAX" in problem
    monkeypatch.delenv("TEMPLATES_FILE")
    assert read_settings(BotSettings).templates.keys() == SHIPPED.keys()
    for setting in ("EXPIRES_MAX", "EXPIRES_DEFAULT"):
        monkeypatch.setenv(setting, "30m")
    assert read_settings(BotSettings).templates.keys() == templates.read(None, 60).keys()


def test_a_policy_has_its_say_when_the_file_is_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A span that it does not allow is refused by template and line, not put right in silence."""
    policy, file = tmp_path / "policy.yml", tmp_path / "templates.yml"
    policy.write_text("expires: [24h, 3d]")
    file.write_text("a:\n  expires: 3d\nb:\n  label: b\n  expires: 1h\n")
    with pytest.raises(SettingsError) as wrong:
        settings(monkeypatch, TEMPLATES_FILE=str(file), POLICY_FILE=str(policy))
    [problem] = wrong.value.problems
    assert problem == ("TEMPLATES_FILE: template b, expires (line 5): is not among the spans of expires in POLICY_FILE")
    policy.write_text("expires: [1h, 24h, 3d]")
    assert settings(monkeypatch, TEMPLATES_FILE=str(file), POLICY_FILE=str(policy)).templates["b"].expires == 3600
    policy.write_text("expires: canary")
    with pytest.raises(SettingsError) as wrong:
        settings(monkeypatch, TEMPLATES_FILE=str(file), POLICY_FILE=str(policy))
    [problem] = wrong.value.problems
    assert problem.startswith("POLICY_FILE: ")


def test_a_day_ends_where_the_sender_is() -> None:
    """At 23:59 by their clock, and a span is counted to the end of the day on which it is over."""
    ends, now = date(2026, 3, 31), 1_774_000_000
    for tz_offset in (-18000, 0, 3600):
        zone = timezone(timedelta(seconds=tz_offset))
        told = drop_rules.of_template(SHIPPED["stripe"], engagement_ends=ends, now=now, zone=zone)
        assert told.rotate_by == 1_774_915_200 + 86_340 - tz_offset
    later = drop_rules.of_template(
        read(EXAMPLE, MOST)["twilio"], engagement_ends=None, now=now, zone=timezone(timedelta(hours=1))
    )
    assert later.rotate_by is not None
    assert 30 * 86400 <= later.rotate_by - now <= 31 * 86400
    assert (later.rotate_by + 3600 + 60) % 86400 == 0
    assert drop_rules.of_template(AS_USUAL, engagement_ends=None, now=now, zone=UTC) == drop_rules.AS_USUAL
