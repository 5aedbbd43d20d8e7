"""What the web program is told, and how it complains."""

from ipaddress import ip_network
from pathlib import Path

import pytest

from reveal_web.settings import WebSettings
from store.settings import SettingsError, read_settings


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """An environment with nothing but PUBLIC_URL."""
    for name in ("WEB_HOST", "WEB_PORT", "TRUSTED_PROXIES", "DEMO", "KEYRING_DIR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PUBLIC_URL", "https://drops.example")


def test_by_default_only_this_computer_is_served() -> None:
    """Loopback, port 8080, no proxy trusted, not a demonstration."""
    found = read_settings(WebSettings)
    assert (found.web_host, found.web_port, found.trusted_proxies, found.demo) == ("127.0.0.1", 8080, (), False)
    assert found.event_key == Path("keyring/event-web.key")


def test_proxies_are_networks_separated_by_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    """CIDRs and single addresses, with spaces or without."""
    monkeypatch.setenv("TRUSTED_PROXIES", "10.0.0.0/8, 2001:db8::/32,192.0.2.1")
    expected = tuple(map(ip_network, ("10.0.0.0/8", "2001:db8::/32", "192.0.2.1")))
    assert read_settings(WebSettings).trusted_proxies == expected


def test_every_problem_is_told_at_once_without_its_value(monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings are named, never shown."""
    monkeypatch.setenv("TRUSTED_PROXIES", "10.0.0.0/8, kanarienvogel")
    monkeypatch.setenv("WEB_PORT", "70000")
    with pytest.raises(SettingsError) as caught:
        read_settings(WebSettings)
    assert sorted(problem.split(":")[0] for problem in caught.value.problems) == ["TRUSTED_PROXIES", "WEB_PORT"]
    assert "kanarienvogel" not in str(caught.value)
    assert "70000" not in str(caught.value)


@pytest.mark.parametrize(
    ("public_url", "origin", "secure"),
    [
        ("https://Drops.Example/", "https://drops.example", True),
        ("https://drops.example:443", "https://drops.example", True),
        ("https://drops.example:8443", "https://drops.example:8443", True),
        ("http://localhost:8080", "http://localhost:8080", False),
        ("http://localhost:80", "http://localhost", False),
        ("http://[::1]:8080", "http://[::1]:8080", False),
    ],
)
def test_the_origin_is_spelt_as_browsers_spell_it(public_url: str, origin: str, secure: bool) -> None:
    """Lower case, no default port, no slash: it is compared as text."""
    settings = WebSettings(public_url=public_url)
    assert (settings.origin, settings.is_secure) == (origin, secure)
