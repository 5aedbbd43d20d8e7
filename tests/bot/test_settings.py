"""What the bot refuses at the start, by name."""

import pytest

from bot.settings import BotSettings
from store.settings import SettingsError, read_settings

GOOD = {
    "PUBLIC_URL": "https://drops.example.com",
    "SLACK_BOT_TOKEN": "xoxb-canary-1",
    "SLACK_APP_TOKEN": "xapp-canary-1",
    "AUDIT_CHANNEL": "C0AUDIT01",
}


def read(monkeypatch: pytest.MonkeyPatch, **changed: str) -> BotSettings:
    """The settings of an environment."""
    for name in (*GOOD, "ADMINS", "AUDITORS", "SLACK_API_URL", "EXPIRES_MAX", "EXPIRES_DEFAULT"):
        monkeypatch.delenv(name, raising=False)
    for name, value in {**GOOD, **changed}.items():
        monkeypatch.setenv(name, value)
    return read_settings(BotSettings)


def test_good_settings_have_the_documented_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    """24 hours, at most 14 days, real Slack, no labels."""
    settings = read(monkeypatch, ADMINS="U0SAM01, U0MAYA1 ,")
    assert settings.admins == ("U0SAM01", "U0MAYA1")
    assert settings.auditors == ()
    assert (settings.expires_default_seconds, settings.expires_max_seconds) == (86400, 1209600)
    assert settings.slack_api_url == "https://slack.com/api/"
    assert settings.event_key.as_posix() == "signing/event-bot.key"
    assert not settings.audit_show_labels
    assert settings.has_audit_channel
    assert "canary" not in repr(settings)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("SLACK_BOT_TOKEN", "", "is not set"),
        ("SLACK_APP_TOKEN", "", "is not set"),
        ("SLACK_BOT_TOKEN", "xapp-canary", "begins with xoxb-"),
        ("SLACK_APP_TOKEN", "xoxb-canary", "begins with xapp-"),
        ("AUDIT_CHANNEL", "", "is not set"),
        ("AUDIT_CHANNEL", "#security", "channel's id"),
        ("ADMINS", "S0GROUP1", "user group"),
        ("AUDITORS", "maya", "user ids"),
        ("EXPIRES_MAX", "2 weeks", "like 30m, 24h or 14d"),
        ("SLACK_API_URL", "http://slack.example", "https://"),
        ("PUBLIC_URL", "http://drops.example.com", "https://"),
    ],
)
def test_a_wrong_setting_is_named_and_its_value_is_not_shown(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str
) -> None:
    """One sentence: which, and what was expected."""
    with pytest.raises(SettingsError) as wrong:
        read(monkeypatch, **{name: value})
    [problem] = wrong.value.problems
    assert problem.startswith(f"{name}: ")
    assert said in problem
    assert "canary" not in problem


def test_all_problems_are_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody has to start the program three times to hear three things."""
    with pytest.raises(SettingsError) as wrong:
        read(monkeypatch, SLACK_BOT_TOKEN="", SLACK_APP_TOKEN="", AUDIT_CHANNEL="audit")
    assert len(wrong.value.problems) == 3


def test_an_expiry_beyond_the_longest_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """The default must be one of those that may be chosen."""
    with pytest.raises(SettingsError, match="EXPIRES_DEFAULT must not be longer"):
        read(monkeypatch, EXPIRES_MAX="1h")


def test_oauth_variables_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """With them, slack_bolt would ignore the token without a word."""
    monkeypatch.setenv("SLACK_CLIENT_ID", "1")
    monkeypatch.setenv("SLACK_CLIENT_SECRET", "2")
    with pytest.raises(SettingsError, match="SLACK_CLIENT_ID"):
        read(monkeypatch)


def test_links_that_open_here_only_are_recognised(monkeypatch: pytest.MonkeyPatch) -> None:
    """Real Slack with a PUBLIC_URL on this computer; a pretend Slack is fine."""
    assert read(monkeypatch, PUBLIC_URL="http://localhost:8080").opens_here_only
    local = read(monkeypatch, PUBLIC_URL="http://localhost:8080", SLACK_API_URL="http://localhost:8400/api")
    assert not local.opens_here_only
    assert local.slack_api_url == "http://localhost:8400/api/"
    assert not read(monkeypatch).opens_here_only
