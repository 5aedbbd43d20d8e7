"""`sendsecret login`: a token is checked before it is kept, kept for its owner alone, and never used from elsewhere."""

import json
from pathlib import Path

import pytest

from store.formats import api_token_v1
from store.formats.api_token_v1 import ApiToken
from tests.opening.seat import alone, seated
from tests.sending.at_work import TOKEN, Client, new_token, slack_says

pytestmark = pytest.mark.asyncio(loop_scope="session")

WRONG = ApiToken(bytes(12), bytes(32)).text


@pytest.fixture
def computer(client: Client, tmp_path: Path) -> Client:
    """Another computer, on which nobody has logged in."""
    return Client(client.at, tmp_path, client.token)


async def test_it_is_kept_for_its_owner_alone(computer: Client) -> None:
    """At a terminal, where the token is not shown; the file is readable by nobody else, and gone after logout."""
    async with seated(computer.folder, verb="login") as seat:
        await seat.answers("Address of your Sendsecret server", computer.server)
        await seat.answers("Token", computer.token)
        await seat.sees("Logged in to localhost:")
        await seat.ends(0)
    assert computer.token not in seat.screen
    [kept] = list((computer.folder / ".config" / "sendsecret").iterdir())
    assert (kept.name, kept.stat().st_mode & 0o777, kept.parent.stat().st_mode & 0o777) == ("login.json", 0o600, 0o700)
    assert json.loads(kept.read_text()) == {"url": computer.server, "token": computer.token}
    assert (await computer.run("logout")).code == 0
    assert not kept.exists()
    again = await computer.run("logout")
    assert (again.code, "You are not logged in here" in again.err) == (4, True)


async def test_a_file_that_others_can_read_is_not_used(computer: Client) -> None:
    """The token in it may be anybody's by now; that is said, with what to do."""
    assert (await computer.run("login", computer.server, typed=computer.token)).code == 0
    kept = computer.folder / ".config" / "sendsecret" / "login.json"
    for mode in (0o640, 0o604):
        kept.chmod(mode)
        done = await computer.send()
        said = json.loads(done.out)
        assert (done.code, said["problem"], "revoke" in said["sentence"]) == (4, "unsafe-login", True)
        assert computer.token not in done.err


@pytest.mark.parametrize(
    ("server", "typed", "code"),
    [
        ("", WRONG, 4),
        ("", WRONG[:-1], 4),
        ("", "", 2),
        ("http://drops.example.com", WRONG, 2),
        ("https://drops.example.com@evil.example", WRONG, 2),
        ("ftp://localhost", WRONG, 2),
        ("http://localhost:1", WRONG, 6),
    ],
)
async def test_what_does_not_serve_is_not_kept(computer: Client, server: str, typed: str, code: int) -> None:
    """A wrong or cut token, a server without https, and one that is not there: a sentence, and no file."""
    done = await computer.run("login", server or computer.server, typed=typed)
    assert (done.code, done.out) == (code, b""), done.err
    assert "Nothing was sent" in done.err or "No secret was sent" in done.err or code == 2
    assert not (computer.folder / ".config").exists()
    assert not typed or typed not in done.err


async def test_a_token_in_the_environment_goes_to_its_own_server(computer: Client) -> None:
    """With SENDSECRET_URL, from a file or as it is; without, it goes nowhere, whatever is kept here."""
    (computer.folder / "token").write_text(computer.token + "\n")
    whole = {"SENDSECRET_URL": computer.server, "SENDSECRET_TOKEN_FILE": str(computer.folder / "token")}
    for settings in (whole, {"SENDSECRET_URL": computer.server, "SENDSECRET_TOKEN": computer.token}):
        done = await computer.send("--no-wait", **settings)
        assert (done.code, json.loads(done.out)["state"]) == (0, "sealed"), done.err
    half = await computer.send(SENDSECRET_TOKEN=computer.token)
    both = await computer.send(**whole, SENDSECRET_TOKEN=computer.token)
    none = await computer.send()
    assert [json.loads(done.out)["problem"] for done in (half, both, none)] == ["not-logged-in"] * 3


async def test_a_revoked_token_sends_nothing(computer: Client) -> None:
    """At once, and the command says what to do."""
    token = await new_token(computer.at)
    assert (await computer.run("login", computer.server, typed=token)).code == 0
    await slack_says(computer.at, "U0MAYA0001", f"token revoke {api_token_v1.parse(token).id_text}")
    done = await computer.send()
    assert (done.code, json.loads(done.out)["problem"]) == (4, "no-token")
    assert "sendsecret login" in done.err


async def test_a_token_for_something_else_sends_nothing(computer: Client) -> None:
    """It is not kept, and where it is in the environment the command says what to do."""
    [token] = TOKEN.findall(await slack_says(computer.at, "U0MAYA0001", "token read"))
    done = await computer.run("login", computer.server, typed=token)
    assert (done.code, "is not for sending" in done.err) == (4, True)
    assert not list(computer.folder.rglob("login.json"))
    done = await computer.send(SENDSECRET_URL=computer.server, SENDSECRET_TOKEN=token)
    assert (done.code, json.loads(done.out)["problem"]) == (4, "wrong-scope")


async def test_a_disk_that_is_full_keeps_the_old_login(computer: Client) -> None:
    """Written in one step: the old one is whole, and nothing is left beside it."""
    assert (await computer.run("login", computer.server, typed=computer.token)).code == 0
    [kept] = list((computer.folder / ".config" / "sendsecret").iterdir())
    before = kept.read_bytes()
    other = await new_token(computer.at)
    done = await alone(computer.folder, computer.server, typed=other, verb="login", disk_is_full=True)
    assert (done.code, "cannot be kept" in done.err, "Traceback" in done.err) == (3, True, False)
    assert [(one, one.read_bytes()) for one in kept.parent.iterdir()] == [(kept, before)]
