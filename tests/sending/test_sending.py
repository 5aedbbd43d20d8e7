"""`sendsecret send` through the real programs: what comes out at the other end is what went in, byte for byte."""

import json
import secrets

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from sandbox.fixtures import DANA, NOOR
from store.formats.payload_v1 import File, Text
from tests.opening.seat import seated
from tests.sending.at_work import LABEL, Client

pytestmark = pytest.mark.asyncio(loop_scope="session")

TEXTS = {
    "one byte": b"x",
    "a line break at its end": b"sk_live_canary\n",
    "spaces around": b"  \tkey \n\n",
    "line breaks of Windows": b"A=1\r\nB=2\r\n",
    "emoji and right to left": "🗝️ مفتاح".encode(),
    "an escape sequence": b"\x1b[31mred\x1b[0m",
}


@pytest.mark.parametrize("raw", TEXTS.values(), ids=TEXTS.keys())
async def test_a_text_through_a_pipe_is_the_same_text(client: Client, raw: bytes) -> None:
    """Nothing is trimmed, added or normalised."""
    before = client.now()
    done = await client.send(typed=raw)
    assert done.code == 0, done.err
    said = json.loads(done.out)
    assert (said["state"], said["recipient"], said["recipient_class"], said["label"]) == (
        "delivered", "Dana Okafor", "guest", LABEL
    )  # fmt: skip
    assert await client.read(said["passphrase"], before) == Text(raw.decode())


async def test_a_key_in_one_line(client: Client) -> None:
    """`send @dana < key.pem`: an RSA-4096 key, and the passphrase on standard error, once."""
    key = rsa.generate_private_key(65537, 4096)
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (client.folder / "key.pem").write_bytes(pem)
    before = client.now()
    done = await client.run("send", "@dana", "-y", "-l", LABEL, line="exec %s < key.pem")
    assert (done.code, done.out) == (0, b""), done.err
    [shown] = [line.split(": ")[1] for line in done.err.splitlines() if line.startswith("Passphrase, shown only here")]
    assert len(shown.split()) == 4
    assert done.err.count(shown) == 1
    assert await client.read(shown.upper().replace(" ", "-"), before) == Text(pem.decode())


@pytest.mark.parametrize("size", [1, 10 * 1024 * 1024])
async def test_a_file_is_the_same_file(client: Client, size: int) -> None:
    """Its bytes, and of its path only the name."""
    body = secrets.token_bytes(size)
    (client.folder / "safe").mkdir(exist_ok=True)
    (client.folder / "safe" / "Tresor № 1.p12").write_bytes(body)
    before = client.now()
    done = await client.send("-f", "safe/Tresor № 1.p12")
    assert done.code == 0, done.err
    found = await client.read(json.loads(done.out)["passphrase"], before)
    assert isinstance(found, File)
    assert (found.name, found.body == body) == ("Tresor № 1.p12", True)


async def test_bytes_through_a_pipe_are_a_file(client: Client) -> None:
    """What is no text cannot be shown, and is not called one."""
    before = client.now()
    done = await client.send(typed=b"\xff\x00\xfe")
    found = await client.read(json.loads(done.out)["passphrase"], before)
    assert found == File("stdin", "application/octet-stream", b"\xff\x00\xfe")


async def test_one_byte_too_many_is_refused_kindly(client: Client) -> None:
    """So is nothing at all; neither asks for an order."""
    (client.folder / "big").write_bytes(bytes(10 * 1024 * 1024 + 1))
    (client.folder / "empty").write_bytes(b"")
    asked = await client.orders()
    for words, problem in ((("-f", "big"), "too-large"), (("-f", "empty"), "empty"), (("-f", "gone"), "unreadable")):
        done = await client.send(*words)
        said = json.loads(done.out)
        assert (said["state"], said["problem"], "Nothing was sent." in said["sentence"]) == ("stopped", problem, True)
    piped = await client.send(typed=b"")
    assert (piped.code, json.loads(piped.out)["problem"]) == (2, "empty")
    piped = await client.send(typed=bytes(10 * 1024 * 1024 + 1))
    assert (piped.code, json.loads(piped.out)["problem"]) == (2, "too-large")
    assert await client.orders() <= asked
    assert (await client.send("--no-wait")).code == 0
    assert not await client.orders() <= asked


async def test_an_endless_pipe_is_not_read_to_its_end(client: Client) -> None:
    """Ten MiB and a byte are enough to say no."""
    done = await client.run("send", "@dana", "-l", LABEL, "--json", line="exec %s < /dev/zero")
    assert (done.code, json.loads(done.out)["problem"]) == (2, "too-large")


async def test_somebody_at_a_terminal_is_asked_for_everything(client: Client) -> None:
    """Label, secret, whether the guest is meant; the passphrase is shown, and nothing typed is."""
    before = client.now()
    async with seated(client.folder, "@dana", verb="send") as seat:
        await seat.answers("What it is", LABEL)
        await seat.answers("The secret", "typed canary")
        await seat.answers("Send it anyway? [y/N] ", "y")
        await seat.sees("Passphrase, shown only here: ")
        await seat.sees("Delivered: Dana Okafor has the link.")
        await seat.ends(0)
    assert "typed canary" not in seat.screen
    shown = seat.screen.split("shown only here: ")[1].splitlines()[0]
    assert await client.read(shown, before) == Text("typed canary")


async def test_a_guest_who_was_not_confirmed_gets_nothing(client: Client) -> None:
    """Without --yes nobody has said that a guest is meant; a member needs no word."""
    before = client.now()
    done = await client.run("send", "@dana", "-l", LABEL, "--json", typed="x")
    said = json.loads(done.out)
    assert (done.code, said["problem"], said["why"]) == (5, "refused", "confirm")
    assert said["names"] == ["Dana Okafor (a guest, Contractor, data pipelines)"]
    member = await client.run("send", NOOR, "-l", LABEL, "--json", typed="x")
    assert (member.code, json.loads(member.out)["recipient_class"]) == (0, "member")
    assert not await client.at.sandbox.wait_message(DANA, contains="open_drop", after=before, seconds=0.1)


async def test_a_chosen_passphrase_is_not_shown(client: Client) -> None:
    """From a file, without the line break at its end; what is said of it says its form."""
    (client.folder / "agreed").write_text("47 11-08\n")
    before = client.now()
    done = await client.send("--passphrase-file", "agreed")
    assert (done.code, json.loads(done.out)["passphrase"]) == (0, None)
    assert "4711" not in done.err
    assert await client.read("471108", before) == Text("sk_live_canary")


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("@nobody",), "unknown-person"),
        (("U0NOBODY99",), "unknown-person"),
        (("dana at@example.com",), "no-address"),
        (("U0ROBOT001",), "is-bot"),
        (("U0OLD00001",), "is-gone"),
        (("U0KAI00001",), "is-stranger"),
        (("@noor", "--expires", "99d"), "expires"),
        (("@noor", "--expires", "1m"), "expires"),
        (("@noor", "-l", "x" * 81), "label"),
        (("@noor", "-l", "two\nlines"), "label"),
        (("@noor", "--hint", "x" * 151), "hint"),
    ],
)
async def test_what_the_bot_does_not_order_is_said(client: Client, words: tuple[str, ...], why: str) -> None:
    """A word for programs and a sentence for people; nothing was sealed."""
    done = await client.run("send", "-l", LABEL, "--yes", "--json", *words, typed="x")
    said = json.loads(done.out)
    assert (done.code, said["problem"], said["why"]) == (5, "refused", why), done.err
    assert said["sentence"].endswith("Nothing was sent.")
    assert "{" not in said["sentence"]
