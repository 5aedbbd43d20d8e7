"""What the bot refuses at the start, by name."""

from pathlib import Path

import pytest

from bot.settings import BotSettings
from store.settings import SettingsError, read_settings

GOOD = {
    "PUBLIC_URL": "https://drops.example.com",
    "SLACK_BOT_TOKEN": "xoxb-canary-1",
    "SLACK_APP_TOKEN": "xapp-canary-1",
    "AUDIT_CHANNEL": "C0AUDIT01",
}

SIGNING = {
    "SLACK_SIGNING_SECRET": "canary-8f742231b10e8888",
    "SLACK_SIGNING_SECRET_PREVIOUS": "canary-0000aaaa1111bbbb",
}


def read(monkeypatch: pytest.MonkeyPatch, **changed: str) -> BotSettings:
    """The settings of an environment."""
    for name in (*GOOD, *SIGNING, "ADMINS", "AUDITORS", "SLACK_API_URL", "EXPIRES_MAX", "EXPIRES_DEFAULT"):
        monkeypatch.delenv(name, raising=False)
    for name, value in {**GOOD, **changed}.items():
        monkeypatch.setenv(name, value)
    return read_settings(BotSettings)


def test_good_settings_have_the_documented_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    """24 hours, at most 14 days, real Slack, no labels."""
    settings = read(monkeypatch, ADMINS="U0SAM01, U0MAYA1 ,")
    assert settings.admins == ("U0SAM01", "U0MAYA1")
    assert settings.auditors == ()
    assert settings.may_have_evidence == ("U0SAM01", "U0MAYA1")
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
        ("SLACK_APP_TOKEN", "", "for HTTP mode set SLACK_SIGNING_SECRET in its place"),
        ("SLACK_SIGNING_SECRET", "canary-15-chars", "too short"),
        ("SLACK_SIGNING_SECRET_PREVIOUS", "canary", "too short"),
        ("BOT_PORT", "canary", "valid integer"),
        ("BOT_PORT", "65536", "less than or equal to 65535"),
        ("AUDIT_CHANNEL", "", "is not set"),
        ("AUDIT_CHANNEL", "#security", "channel's id"),
        ("ADMINS", "S0GROUP1", "user group"),
        ("AUDITORS", "maya", "user ids"),
        ("AUDITORS", "U0SAM01,S0GROUP1", "user group"),
        ("EXPIRES_MAX", "2 weeks", "like 30m, 24h or 14d"),
        ("SLACK_API_URL", "http://slack.example", "https://"),
        ("PUBLIC_URL", "http://drops.example.com", "https://"),
        ("PUBLIC_URL", "https://drops.exämple.com", "xn--"),
        ("PUBLIC_URL", "https://drops+x.example.com", "ASCII"),
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


def test_a_signing_secret_in_place_of_the_app_token_is_http_mode(monkeypatch: pytest.MonkeyPatch) -> None:
    """It listens on this computer only unless told otherwise, and both secrets count while one is replaced."""
    settings = read(monkeypatch, SLACK_APP_TOKEN="", **SIGNING)
    assert settings.slack_app_token is None
    assert (settings.bot_host, settings.bot_port) == ("127.0.0.1", 3000)
    assert settings.signing_secrets == tuple(SIGNING.values())
    assert "canary" not in repr(settings)


def test_a_secret_can_stand_in_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """As each secret can; the line's end is not part of it."""
    (tmp_path / "secret").write_text(SIGNING["SLACK_SIGNING_SECRET"] + "\n")
    monkeypatch.setenv("SLACK_SIGNING_SECRET_FILE", str(tmp_path / "secret"))
    assert read(monkeypatch, SLACK_APP_TOKEN="").signing_secrets == (SIGNING["SLACK_SIGNING_SECRET"],)


def test_a_short_secret_is_one_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    """The app token that it replaces is not asked for on top of it."""
    with pytest.raises(SettingsError) as wrong:
        read(monkeypatch, SLACK_APP_TOKEN="", SLACK_SIGNING_SECRET="canary")
    assert [problem.partition(":")[0] for problem in wrong.value.problems] == ["SLACK_SIGNING_SECRET"]


def test_a_previous_secret_alone_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A rotation that stopped half-way is not silently Socket Mode."""
    with pytest.raises(SettingsError, match="SLACK_SIGNING_SECRET_PREVIOUS is of use beside"):
        read(monkeypatch, SLACK_SIGNING_SECRET_PREVIOUS=SIGNING["SLACK_SIGNING_SECRET_PREVIOUS"])
