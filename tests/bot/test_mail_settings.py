"""What the bot refuses of its settings for e-mail, by name and without a value; and what the good ones mean."""

from pathlib import Path

import pytest

from bot.mail_server import Security
from bot.mail_settings import MailSettings
from store.settings import SettingsError, read_settings
from tests.browser.tls_front import certificate

NAMES = ("PUBLIC_URL", "SMTP_URL", "SMTP_URL_FILE", "SMTP_FROM", "SMTP_CA_FILE")


def read(monkeypatch: pytest.MonkeyPatch, **given: str) -> MailSettings:
    """The settings of an environment."""
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    for name, value in {"PUBLIC_URL": "https://drops.example.com", **given}.items():
        monkeypatch.setenv(name, value)
    return read_settings(MailSettings)


@pytest.mark.parametrize(
    ("address", "security", "port", "login"),
    [
        ("smtps://drops:pa%2Fss@mail.example.com", Security.TLS, 465, ("drops", "pa/ss")),
        ("smtps://mail.example.com:4650/", Security.TLS, 4650, ("", "")),
        ("smtp://drops%40example.com:x@mail.example.com", Security.STARTTLS, 587, ("drops@example.com", "x")),
        ("smtp://mail.example.com:25", Security.STARTTLS, 25, ("", "")),
        ("smtp://localhost", Security.NONE, 25, ("", "")),
        ("smtp://[::1]:2525", Security.NONE, 2525, ("", "")),
        ("smtp://drops:x@localhost", Security.STARTTLS, 587, ("drops", "x")),
        ("smtps://localhost", Security.TLS, 465, ("", "")),
        ("smtp://localhost.example.com", Security.STARTTLS, 587, ("", "")),
    ],
)
def test_an_address_says_how_the_server_is_spoken_to(
    monkeypatch: pytest.MonkeyPatch, address: str, security: Security, port: int, login: tuple[str, str]
) -> None:
    """Without TLS only to this computer, and only where nobody logs in."""
    settings = read(monkeypatch, SMTP_URL=address, SMTP_FROM="Drops@EXAMPLE.com")
    server = settings.mail_server()
    assert server is not None
    assert (server.security, server.port, (server.user, server.password)) == (security, port, login)
    assert server.own_name == "drops.example.com"
    assert settings.smtp_from == "Drops@example.com"
    assert server.trusted.check_hostname
    assert address not in repr(settings)


def test_without_an_address_there_is_no_mail(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing else is needed, and nothing else is refused."""
    assert read(monkeypatch).mail_server() is None


def test_it_may_stand_in_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """As every secret may."""
    (tmp_path / "smtp").write_text("smtps://drops:x@mail.example.com\n")
    settings = read(monkeypatch, SMTP_URL_FILE=str(tmp_path / "smtp"), SMTP_FROM="drops@example.com")
    server = settings.mail_server()
    assert server is not None
    assert server.host == "mail.example.com"


@pytest.mark.parametrize(("url", "name"), [("https://127.0.0.1", "[127.0.0.1]"), ("https://[::1]", "[IPv6:::1]")])
def test_an_ip_address_greets_in_brackets(monkeypatch: pytest.MonkeyPatch, url: str, name: str) -> None:
    """As RFC 5321 wants it."""
    given = {"PUBLIC_URL": url, "SMTP_URL": "smtps://mail.example.com", "SMTP_FROM": "drops@example.com"}
    server = read(monkeypatch, **given).mail_server()
    assert server is not None
    assert server.own_name == name


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"SMTP_URL": "canary"}, "SMTP_URL: must be smtps://"),
        ({"SMTP_URL": "https://canary.example.com"}, "SMTP_URL: must be smtps://"),
        ({"SMTP_URL": "smtps://"}, "SMTP_URL: must be smtps://"),
        ({"SMTP_URL": "smtps://canary:99999"}, "SMTP_URL: is not an address"),
        ({"SMTP_URL": "smtps://[canary"}, "SMTP_URL: is not an address"),
        ({"SMTP_URL": "smtps://canary@mail.example.com"}, "SMTP_URL: must have user name and password"),
        ({"SMTP_URL": "smtps://u:canary?x@mail.example.com"}, "SMTP_URL: "),
        ({"SMTP_URL": "smtps://u:p@mail.example.com/canary"}, "SMTP_URL: must end after the port"),
        ({"SMTP_URL": "smtps://u:canary%0d%0a@mail.example.com"}, "SMTP_URL: has a control character"),
        ({"SMTP_URL": "smtps://mail.example.com"}, "SMTP_FROM is not set"),
        ({"SMTP_URL": "smtps://mail.example.com", "SMTP_FROM": "canary"}, "SMTP_FROM: must be an e-mail address"),
        ({"SMTP_URL": "smtps://m.example.com", "SMTP_FROM": "Canary <d@example.com>"}, "SMTP_FROM: must be an e-mail"),
        ({"SMTP_FROM": "canary@example.com"}, "SMTP_FROM is of use beside SMTP_URL only"),
        ({"SMTP_CA_FILE": "/canary.pem"}, "SMTP_CA_FILE: names a file that cannot be read"),
    ],
)
def test_what_is_wrong_is_named_and_not_shown(
    monkeypatch: pytest.MonkeyPatch, given: dict[str, str], said: str
) -> None:
    """At the start, not when somebody waits for a credential."""
    with pytest.raises(SettingsError) as error:
        read(monkeypatch, **given)
    assert said in str(error.value)
    assert "canary" not in str(error.value)


def test_an_authority_of_ones_own_is_believed_beside_the_usual_ones(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """For a mail server inside a company; a file that holds none, or alone, is refused."""
    usual = read(monkeypatch, SMTP_URL="smtps://m.example.com", SMTP_FROM="d@example.com").mail_server()
    ca = certificate(tmp_path)
    with pytest.raises(SettingsError, match="SMTP_CA_FILE is of use beside SMTP_URL only"):
        read(monkeypatch, SMTP_CA_FILE=str(ca))
    given = {"SMTP_URL": "smtps://m.example.com", "SMTP_FROM": "d@example.com", "SMTP_CA_FILE": str(ca)}
    server = read(monkeypatch, **given).mail_server()
    assert server is not None
    assert usual is not None
    assert len(server.trusted.get_ca_certs()) == len(usual.trusted.get_ca_certs()) + 1
    ca.write_text("no certificate")
    with pytest.raises(SettingsError, match="SMTP_CA_FILE: names a file"):
        read(monkeypatch, **given)
