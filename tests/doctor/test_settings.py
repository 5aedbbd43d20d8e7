"""What doctor says of settings: every problem by name, never a value, and the rest is looked at all the same."""

import pytest

from tests.doctor.patient import NOBODY, TOKENS, Patient


async def test_settings_that_are_well(sqlite_patient: Patient) -> None:
    """Said in a line; of localhost with real Slack that nothing would be sent is another matter."""
    said = await sqlite_patient.doctor()
    said.require("settings", "ok", "bot and web program would start with them")
    assert said.about("settings", "bad") == []


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"SLACK_APP_TOKEN": ""}, "SLACK_APP_TOKEN: is not set"),
        ({"SLACK_BOT_TOKEN": "canary-no-token"}, "SLACK_BOT_TOKEN: must be the bot token"),
        ({"PUBLIC_URL": "http://canary.example.com"}, "PUBLIC_URL: must be an https:// address"),
        ({"PUBLIC_URL": ""}, "PUBLIC_URL: is not set"),
        ({"WEB_PORT": "canary"}, "WEB_PORT:"),
        ({"DATABASE_URL": "mysql://u:canary@db/x"}, "DATABASE_URL: must begin with"),
        ({"REDELIVERY_SECONDS": "canary"}, "REDELIVERY_SECONDS:"),
    ],
)
async def test_a_wrong_setting(sqlite_patient: Patient, changed: dict[str, str], words: str) -> None:
    """Named, whichever program it keeps from starting; the keyring is looked at all the same; no value is shown."""
    said = await sqlite_patient.doctor(**changed)
    assert said.code == 2
    said.require("settings", "bad", words)
    said.require("keyring", "ok", "there, with its pepper")
    assert "canary" not in said.out + said.err


async def test_all_of_them_at_once(sqlite_patient: Patient) -> None:
    """Nobody wants to start five times to learn of five."""
    said = await sqlite_patient.doctor(SLACK_BOT_TOKEN="", AUDIT_CHANNEL="#security", WEB_PORT="x", LOG_LEVEL="LOUD")
    names = {line.split(": ")[1] for line in said.about("settings", "bad")}
    assert names == {"SLACK_BOT_TOKEN", "AUDIT_CHANNEL", "WEB_PORT", "LOG_LEVEL"}


async def test_a_database_setting_that_is_wrong_opens_no_other(sqlite_patient: Patient) -> None:
    """The default's file must not be taken for the one that was meant."""
    said = await sqlite_patient.doctor(DATABASE_URL="oracle://x")
    said.require("database", "bad", "not looked at, because DATABASE_URL is wrong")
    assert not (sqlite_patient.home.path / "data" / "sendsecret.db").exists()


@pytest.mark.parametrize(
    ("changed", "words"),
    [({"AUDIT_CHANNEL": "none"}, "AUDIT_CHANNEL is none"), ({"ADMINS": ""}, "ADMINS is not set")],
)
async def test_what_is_allowed_and_unwise(sqlite_patient: Patient, changed: dict[str, str], words: str) -> None:
    """A warning, with what to do."""
    (await sqlite_patient.doctor(**changed)).require("settings", "warn", words)


async def test_links_that_open_here_only(sqlite_patient: Patient, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the real Slack, people would get links to this computer."""
    monkeypatch.setattr("bot.settings.SLACK", f"{NOBODY}/api/")
    (await sqlite_patient.doctor()).require("settings", "warn", "PUBLIC_URL is on localhost")


async def test_a_dotenv_that_others_can_read(sqlite_patient: Patient) -> None:
    """It holds the tokens; its own settings count, as they do for `sendsecret run`."""
    dotenv = sqlite_patient.home.path / ".env"
    dotenv.write_text("LOG_FORMAT=yaml\n")
    dotenv.chmod(0o644)
    said = await sqlite_patient.doctor()
    said.require("settings", "warn", ".env can be read by other users")
    said.require("settings", "bad", "LOG_FORMAT: must be text or json")
    dotenv.chmod(0o600)
    (await sqlite_patient.doctor()).require("settings", "ok", ".env is its owner's alone")


async def test_a_dotenv_that_is_none(sqlite_patient: Patient) -> None:
    """Bytes of anything else are a line, and no traceback."""
    (sqlite_patient.home.path / ".env").write_bytes(b"\xff\xfe\x00")
    said = await sqlite_patient.doctor()
    said.require("settings", "bad", ".env cannot be read")


async def test_nothing_is_set_at_all(sqlite_patient: Patient) -> None:
    """A fresh folder: lines of what is missing, and exit code 2."""
    nothing = dict.fromkeys((*sqlite_patient.home.environment(), *TOKENS, "SLACK_API_URL"), "")
    said = await sqlite_patient.doctor(**nothing)
    assert said.code == 2
    said.require("settings", "bad", "PUBLIC_URL: is not set")
    said.require("front", "bad", "PUBLIC_URL is missing or wrong")
    said.require("slack", "warn", "not asked")
