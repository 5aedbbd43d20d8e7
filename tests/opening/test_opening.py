"""`sendsecret open` through the real reveal server: byte for byte, at a terminal, into files and into pipes."""

import asyncio
import json
import os
import stat
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from store.formats.payload_v1 import File, Text
from tests.opening.links import CORRECT, PIPED, both, url
from tests.opening.seat import LINK, PASSPHRASE, WHERE, alone, seated
from tests.web.conftest import World


def pem() -> str:
    key = rsa.generate_private_key(public_exponent=65537, key_size=4096)
    kind = serialization.PrivateFormat.PKCS8
    return key.private_bytes(serialization.Encoding.PEM, kind, serialization.NoEncryption()).decode()


@pytest.mark.parametrize(
    "text",
    [
        "x",
        "ends with a break\n",
        "a\r\nb\r\n",
        "👩🏽‍💻 \u200d",
        "سر \u202eعكس",
        "\x1b]0;x\x07\x00",
        "",
        "z" * 3000,
        pem(),
    ],
    ids=["one", "break", "crlf", "emoji", "rtl", "controls", "empty", "3000", "rsa-4096"],
)
async def test_a_text_comes_out_byte_for_byte(world: World, tmp_path: Path, text: str) -> None:
    """Into a pipe and into a file: what was sealed, no byte more."""
    first, second = await world.make(Text(text), passphrase=CORRECT), await world.make(Text(text), passphrase=CORRECT)
    piped = await alone(tmp_path, *PIPED, typed=both(world, first))
    filed = await alone(tmp_path, *PIPED, "-o", "out", typed=both(world, second))
    assert (piped.code, piped.out) == (0, text.encode()), piped.err
    assert (filed.code, filed.out, (tmp_path / "out").read_bytes()) == (0, b"", text.encode()), filed.err


async def test_a_file_comes_out_byte_for_byte(world: World, tmp_path: Path) -> None:
    """100 KiB of anything, which travel as bytes and not as JSON; the drop is then viewed and destroyed."""
    body = os.urandom(100 * 1024)
    holder = await world.make(File("a.p12", "application/x-pkcs12", body), passphrase=CORRECT)
    done = await alone(tmp_path, *PIPED, typed=both(world, holder))
    assert (done.code, done.out == body) == (0, True), done.err
    assert (await world.door(holder)).json()["state"] == "viewed"
    assert not world.key_file(holder).exists()


async def test_a_person_is_told_who_sent_what_before_anything_is_asked(world: World, tmp_path: Path) -> None:
    """Link and passphrase are typed unseen; the text is shown on Enter, and is in no file."""
    holder = await world.make(Text("sk_live_shown"), passphrase="4711 0815", form="digits", label="Stripe key")
    async with seated(tmp_path) as seat:
        await seat.answers(LINK, url(world, holder))
        for line in (
            f"Asking 127.0.0.1:{world.port}…",
            "From:       Maya\n",
            "What it is: Stripe key\n",
            "Until:      ",
            "UTC\n",
            "Hint:       the usual one\n",
            "Nothing is used up until the right passphrase is entered.",
            "5 tries left.",
        ):
            await seat.sees(line)
        await seat.answers(f"{PASSPHRASE}, in digits", "47-11 / 08.15")
        await seat.sees("Opened: 13 characters.")
        await seat.answers(WHERE, "")
        await seat.sees("sk_live_shown\n")
        await seat.ends(0)
    assert holder.link.fragment() not in seat.screen
    assert "08" not in seat.screen.split("Checking")[0].split(PASSPHRASE)[1]
    assert list(tmp_path.glob("**/*.txt")) == []
    assert (await world.events(holder))[-4:] == ["drop.claimed", "drop.acknowledged", "drop.destroyed", "drop.receipt"]


async def test_a_person_may_name_a_file_instead(world: World, tmp_path: Path) -> None:
    """What exists is not touched and nothing is lost: another name is asked for; the file is its owner's alone."""
    (tmp_path / "taken").write_text("mine")
    holder = await world.make(Text("sk_live_filed"), passphrase=CORRECT)
    async with seated(tmp_path) as seat:
        await seat.answers(LINK, url(world, holder))
        await seat.answers(PASSPHRASE, CORRECT)
        for wrong in ("taken", "no/such/folder", "."):
            await seat.answers(WHERE, wrong)
            await seat.sees("Nothing is lost: name another file.")
        await seat.answers(WHERE, "new.txt")
        await seat.ends(0)
    assert "sk_live_filed" not in seat.screen
    assert (tmp_path / "new.txt").read_text() == "sk_live_filed"
    assert stat.S_IMODE((tmp_path / "new.txt").stat().st_mode) == 0o600
    assert (tmp_path / "taken").read_text() == "mine"


async def test_prompts_stand_on_the_terminal_when_output_is_a_pipe(world: World, tmp_path: Path) -> None:
    """`sendsecret open > key.pem`: the questions are seen, and the pipe gets the secret alone."""
    holder = await world.make(Text("a\r\nb"), passphrase=CORRECT)
    async with seated(tmp_path, piped=True) as seat:
        await seat.answers(LINK, url(world, holder))
        await seat.answers(PASSPHRASE, CORRECT)
        assert await seat.ends(0) == b"a\r\nb"
    assert WHERE not in seat.screen


async def test_a_file_is_never_shown_and_its_name_is_no_path(world: World, tmp_path: Path) -> None:
    """Enter writes it here under what is left of its name."""
    body = b"\x1b[2J\x00binary"
    holder = await world.make(File("../../.ssh/\x1b[2Jid\u202ersa", "x/y", body), passphrase=CORRECT)
    async with seated(tmp_path) as seat:
        await seat.answers(LINK, url(world, holder))
        await seat.sees("What it is: A key (a file)")
        await seat.answers(PASSPHRASE, CORRECT)
        await seat.answers("write it into ./", "")
        await seat.ends(0)
    assert ("\x1b" in seat.screen, "binary" in seat.screen) == (False, False)
    (written,) = [path for path in tmp_path.iterdir() if path.is_file() and path.read_bytes() == body]
    assert written.name == "_.._.ssh__[2Jid_rsa"


async def test_a_text_that_a_terminal_would_carry_out_goes_into_a_file(world: World, tmp_path: Path) -> None:
    """An escape sequence in a secret reaches no screen, and the file has it byte for byte."""
    holder = await world.make(Text("\x1b]52;c;cm0=\x07"), passphrase=CORRECT)
    async with seated(tmp_path) as seat:
        await seat.answers(LINK, url(world, holder))
        await seat.answers(PASSPHRASE, CORRECT)
        await seat.answers("write it into ./secret.txt", "")
        await seat.ends(0)
    assert "\x1b" not in seat.screen
    assert (tmp_path / "secret.txt").read_bytes() == b"\x1b]52;c;cm0=\x07"


async def test_without_a_passphrase_a_deliberate_act_is_asked_for(world: World, tmp_path: Path) -> None:
    """Only the word opens it, at a terminal and for a script."""
    holder, other = await world.make(Text("first")), await world.make(Text("second"))
    async with seated(tmp_path, piped=True) as seat:
        await seat.answers(LINK, url(world, holder))
        await seat.answers("Type open to open it now: ", "")
        await seat.sees("It opens only for the word open. Nothing is used up.")
        await seat.answers("Type open to open it now: ", " Open ")
        assert await seat.ends(0) == b"first"
    refused = await alone(tmp_path, *PIPED, typed=both(world, other, "y"))
    assert (refused.code, refused.out) == (4, b"")
    assert (await world.door(other)).json()["state"] == "sealed"
    done = await alone(tmp_path, *PIPED, typed=both(world, other, "open"))
    assert (done.code, done.out) == (0, b"second"), done.err


async def test_a_link_on_the_line_is_taken_with_a_warning(world: World, tmp_path: Path) -> None:
    """It opens, and the person learns who else may have seen it."""
    holder = await world.make(Text("x"), passphrase=CORRECT)
    async with seated(tmp_path, url(world, holder), piped=True) as seat:
        await seat.sees("the link can be seen by others of this computer")
        await seat.answers(PASSPHRASE, CORRECT)
        assert await seat.ends(0) == b"x"


async def test_json_holds_the_secret_or_says_where_it_is(world: World, tmp_path: Path) -> None:
    """One object on standard output, for a text, a file, and a file on disk."""
    made = [
        await world.make(content, passphrase=CORRECT)
        for content in (Text("é\n"), File("a.bin", "x/y", b"\x00\xff"), Text("on disk"))
    ]
    words = [*PIPED, "--json"]
    runs = (
        await alone(tmp_path, *words, typed=both(world, made[0])),
        await alone(tmp_path, *words, typed=both(world, made[1])),
        await alone(tmp_path, *words, "-o", "out", typed=both(world, made[2])),
    )
    said = [json.loads(run.out) for run in runs]
    assert [run.code for run in runs] == [0, 0, 0]
    usual = {"state": "opened", "sender": "Maya", "label": "A key", "acknowledged": True, "receipt": None}
    assert said == [
        usual | {"kind": "text", "output": None, "text": "é\n"},
        usual | {"kind": "file", "output": None, "name": "a.bin", "type": "x/y", "base64": "AP8="},
        usual | {"kind": "text", "output": "out"},
    ]
    assert (tmp_path / "out").read_text() == "on disk"


async def test_two_at_once_and_one_gets_it(world: World, tmp_path: Path) -> None:
    """The secret comes out of one of them; the other is told so, as things stand when it comes to the server."""
    holder = await world.make(Text("once"), passphrase=CORRECT)
    runs = await asyncio.gather(*(alone(tmp_path, *PIPED, typed=both(world, holder)) for _ in range(2)))
    assert sorted((run.code, run.out) for run in runs) == [(0, b"once"), (1, b"")]
    [late] = [run.err for run in runs if run.code]
    before_it, at_the_door, when_all_was_over = "It is given out only once.", "was given out on", "was opened and shown"
    assert any(sentence in late for sentence in (before_it, at_the_door, when_all_was_over)), late
