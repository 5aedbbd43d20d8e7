"""WEBHOOKS_FILE: what is understood, and what is refused with name and line."""

from pathlib import Path

import pytest

from bot import webhook_file
from bot.webhook_endpoint import Endpoint
from bot.webhook_file import WebhooksError
from store.words import Event
from tests.bot.consumer import new_secret

SECRET, OLDER = new_secret(), new_secret()
CANARY = "canary"


def written(folder: Path, text: str) -> Path:
    """The file, with secrets beside it."""
    (folder / "new.secret").write_text(f"{SECRET}\n")
    (folder / "old.secret").write_text(OLDER)
    (folder / "short.secret").write_text("whsec_Y2FuYXJ5")
    (folder / "bare.secret").write_text(SECRET.removeprefix("whsec_"))
    (folder / "long.secret").write_text(SECRET * 100)
    (folder / "binary.secret").write_bytes(b"\xff\xfe" * 20)
    path = folder / "webhooks.yml"
    path.write_text(text)
    return path


def problems(folder: Path, text: str) -> list[str]:
    """What is wrong with it."""
    with pytest.raises(WebhooksError) as refused:
        webhook_file.read(written(folder, text))
    return refused.value.problems


def test_a_file_with_every_rule(tmp_path: Path) -> None:
    """Two endpoints, one of them in the own network and with a secret that is being replaced."""
    siem, ours = webhook_file.read(
        written(
            tmp_path,
            "siem:\n  url: https://siem.example.com/in?key=canary\n  secret_file: new.secret\n"
            "ours:\n  url: http://127.0.0.1:9000/hook\n  secret_file: [new.secret, old.secret]\n"
            "  events: [drop.claimed, token.]\n  network: private\n",
        )
    )
    assert siem == Endpoint("siem", "https://siem.example.com/in?key=canary", (SECRET,))
    assert siem.host == "siem.example.com"
    assert CANARY not in repr(siem)
    assert SECRET not in repr(siem)
    assert ours.secrets == (SECRET, OLDER)
    assert all(siem.wants(event) for event in Event)
    wanted = {event for event in Event if ours.wants(event)}
    assert wanted == {Event.CLAIMED, Event.TOKEN_CREATED, Event.TOKEN_USED, Event.TOKEN_REVOKED}


def test_an_empty_file_has_no_endpoints(tmp_path: Path) -> None:
    """It is a file all the same."""
    assert webhook_file.read(written(tmp_path, "# none so far\n")) == ()


@pytest.mark.parametrize(
    ("rules", "why"),
    [
        (
            "url: http://canary.example.com/",
            "url must begin with https:// (http:// only with network: private) (line 2)",
        ),
        ("url: ftp://canary.example.com/", "url must begin with https://"),
        ("url: https://", "url is not an address"),
        ("url: https://canary.example.com:0/", "url is not an address"),
        ("url: https://canary.example.com:99999/", "url is not an address"),
        ("url: https://[canary/", "url is not an address"),
        ("url: https://maya:canary@example.com/", "url must hold no user name"),
        ("url: https://@example.com/canary", "url must hold no user name"),
        ("url: https://example.com/#canary", "url must hold no user name"),
        ("url: https://cänary.example/", "url must be in ASCII"),
        ("url: 'https://exa mple.com/canary'", "url must be in ASCII"),
        ("url: 'https://example.com\\canary'", "url must be in ASCII"),
        ("url: https://127.0.0.1/canary", "url is at an address that not everybody can reach"),
        ("url: https://10.1.2.3/canary", "url is at an address that not everybody can reach"),
        ("url: https://169.254.169.254/canary", "url is at an address that not everybody can reach"),
        ("url: 'https://[::1]/canary'", "url is at an address that not everybody can reach"),
        ("url: 'https://[::ffff:10.0.0.1]/canary'", "url is at an address that not everybody can reach"),
        ("url: https://127.1/canary", "url has an address in a form"),
        ("url: https://2130706433/canary", "url has an address in a form"),
        ("url: https://0x7f000001/canary", "url has an address in a form"),
        ("url: https://0x7f.1./canary", "url has an address in a form"),
        ("url: []", "url must be a text"),
        ("network: canary", "network must be private, or not stand there (line 2)"),
        ("events: []", "events must name one at least"),
        ("events: [canary]", "events must be event words"),
        ("events: [drop]", "events must be event words"),
        ("events: [drop.canary]", "events must be event words"),
        ("events: {canary: 1}", "events must be a text"),
        ("secret_file: canary.secret", "secret_file names a file that cannot be read (line 2)"),
        ("secret_file: short.secret", "secret_file names a file that must hold whsec_"),
        ("secret_file: bare.secret", "secret_file names a file that must hold whsec_"),
        ("secret_file: binary.secret", "secret_file names a file that must hold whsec_"),
        ("secret_file: long.secret", "secret_file names a file that is longer"),
        ("secret_file: [new.secret, old.secret, new.secret]", "secret_file must name one file, or two"),
        ("secret_file: []", "secret_file must name one file, or two"),
        ("secret_file: [new.secret, new.secret]", "secret_file names the same secret twice"),
    ],
)
def test_what_a_rule_must_not_say(tmp_path: Path, rules: str, why: str) -> None:
    """Name, rule and line, and nothing of the value."""
    usual = {"url": "https://example.com/hook", "secret_file": "new.secret"}
    usual.pop(rules.split(":", maxsplit=1)[0], None)
    text = f"siem:\n  {rules}\n" + "".join(f"  {name}: {value}\n" for name, value in usual.items())
    [problem] = problems(tmp_path, text)
    assert problem.startswith(f"endpoint siem, {why}")
    assert "(line 2)" in problem
    assert CANARY not in problem


def test_every_problem_is_said_at_once(tmp_path: Path) -> None:
    """Of all endpoints; what is unknown is not repeated."""
    found = problems(
        tmp_path,
        "siem:\n  url: http://example.com\n  secret_file: none\n  canary: 1\n"
        "Canary:\n  url: x\n"
        "siem:\n  url: x\n"
        "empty:\n"
        "twice:\n  url: https://example.com\n  url: https://example.com\n  secret_file: new.secret\n",
    )
    assert [problem.split(" (")[0] for problem in found] == [
        "endpoint siem has a rule that I do not know",
        "endpoint siem, url must begin with https://",
        "endpoint siem, secret_file names a file that cannot be read",
        "an endpoint's name is of small letters, digits and dashes",
        "endpoint siem stands there twice",
        "endpoint empty has no url",
        "endpoint empty has no secret_file",
        "endpoint twice has url twice",
    ]
    assert CANARY not in "".join(found)


def test_what_is_no_file_of_endpoints(tmp_path: Path) -> None:
    """A list, a text, no YAML, too many, too long, none."""
    assert problems(tmp_path, "- canary\n") == ["holds no endpoints, each as `name:` with its rules"]
    assert problems(tmp_path, "a: [\n") == ["is not YAML (line 2)"]
    assert problems(tmp_path, "".join(f"e{n}:\n" for n in range(21))) == ["holds more than 20 endpoints"]
    assert problems(tmp_path, "#" * 70_000) == ["names a file that is longer than 64 KiB"]
    with pytest.raises(WebhooksError, match="cannot be read"):
        webhook_file.read(tmp_path / "none.yml")
