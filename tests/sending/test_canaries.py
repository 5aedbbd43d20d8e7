"""Where secret, passphrase, link key and token must never be: searched for as they are and in every encoding."""

import asyncio
import json
import os
import sys
from pathlib import Path

import psutil
import pytest

from sandbox.fixtures import DANA
from store.formats.payload_v1 import Text
from tests.canaries import is_in
from tests.opening.seat import seated
from tests.programs import ROOT
from tests.sending.at_work import LABEL, Client
from tests.sending.between import between

pytestmark = pytest.mark.asyncio(loop_scope="session")

SECRET = "canary-sk_live_7f3e9d"
TYPED = "canary passphrase five"


async def test_nothing_secret_stands_where_others_look(client: Client) -> None:
    """Not in what is sent, a log, the database, the list of processes, or a file; the token goes to one route."""
    before = client.now()
    async with between(client.at.web.port) as wire:
        (client.folder / "token").write_text(client.token)
        async with seated(
            client.folder,
            "@dana",
            "-y",
            "-l",
            LABEL,
            "--ask-passphrase",
            verb="send",
            SENDSECRET_URL=wire.url,
            SENDSECRET_TOKEN_FILE=str(client.folder / "token"),
        ) as seat:
            await seat.answers("The secret", SECRET)
            await seat.answers("Passphrase", TYPED)
            await seat.sees("once more")
            process = psutil.Process(seat.process.pid)
            seen = " ".join(process.cmdline()).encode() + str(process.environ()).encode()
            seat.types(TYPED)
            await seat.sees("Delivered: ")
            await seat.ends(0)
        sent = wire.sent()
    link = await client.newest(before)
    assert await client.read(TYPED, before) == Text(SECRET)
    (client.folder / "token").unlink()
    at = client.at
    kept = b"".join(path.read_bytes() for path in at.home.path.glob("store.db*"))
    files = b"".join(
        path.read_bytes() for path in client.folder.rglob("*") if path.is_file() and path.name[:5] != "login"
    )
    everywhere = seen + sent + at.logs() + kept + files + seat.screen.encode()
    for canary in (SECRET.encode(), TYPED.encode(), link.key, link.fragment().encode()):
        assert not is_in(canary, everywhere), canary
    assert not is_in(client.token.encode(), seen + at.logs() + kept + files + seat.screen.encode())
    with_token = [request.split(b" ")[1] for request in wire.requests if client.token.encode() in request]
    assert set(with_token) == {b"/api/v1/orders"}


async def test_stopped_before_it_was_handed_in_nothing_is_left(client: Client) -> None:
    """Ctrl-C while the secret is asked for: no order, no drop, no file."""
    before, logged = client.now(), await client.orders()
    files = sorted(client.folder.rglob("*"))
    async with seated(client.folder, "@dana", "-y", "-l", "Stopped early", verb="send") as seat:
        await seat.sees("The secret")
        await seat.presses("\x03")
        await seat.sees("Stopped. Nothing was sent.")
        await seat.ends(130)
    assert sorted(client.folder.rglob("*")) == files
    assert await client.orders() <= logged
    # By its label: what another test sent may still come.
    assert not await client.at.sandbox.wait_message(DANA, contains="Stopped early", after=before, seconds=0.1)


async def test_a_lost_answer_is_asked_for_again_with_the_same_bytes(client: Client) -> None:
    """The server took it and the answer was lost: one drop, delivered once."""
    before = client.now()
    async with between(client.at.web.port) as wire:
        wire.losing = b"/drop "
        settings = {"SENDSECRET_URL": wire.url, "SENDSECRET_TOKEN": client.token}
        done = await client.send(typed="twice sent", **settings)
        drops = [
            request.split(b"\r\n\r\n", 1)[1] for request in wire.requests if b"/drop " in request.split(b"\r\n")[0]
        ]
    assert done.code == 0, done.err
    assert (len(drops), drops[0] == drops[1]) == (2, True)
    assert "Trying again" in done.err
    assert await client.read(json.loads(done.out)["passphrase"], before) == Text("twice sent")


async def test_whoever_sends_is_told_of_a_bot_that_is_away(client: Client) -> None:
    """The question waits, that is said, and Ctrl-C ends it with nothing sent."""
    # Not a stopped bot: it could hold the database's lock in that very moment.
    client.at.sandbox.fault("users.info", "http_500", times=None)
    try:
        async with seated(client.folder, "@dana", "-y", "-l", LABEL, verb="send") as seat:
            await seat.answers("The secret", "x")
            await seat.sees("its bot has not answered so far")
            await seat.presses("\x03")
            await seat.sees("Stopped. Nothing was sent.")
            await seat.ends(130)
    finally:
        client.at.sandbox.clear_faults()


async def test_the_way_loads_nothing_of_an_installation() -> None:
    """No database, no settings, nothing of the bot or the server is even imported."""
    heavy = ("sqlalchemy", "pydantic", "slack_sdk", "bot", "reveal_web", "sandbox", "store.settings", "store.keyring")
    way = "sendsecret.sending.from_secret_to_delivery, sendsecret.sending.logging_in, sys"
    script = f"import {way}; print([m for m in {heavy} if m in sys.modules])"
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", script, cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    out, _ = await process.communicate()
    assert out.decode().strip() == "[]"


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
async def test_options_complete_in_the_shell(shell: str) -> None:
    """As docs/sending.md says, in each of the three."""
    program = Path(sys.executable).parent / "sendsecret"
    said = []
    for asked in ("source", "complete"):
        process = await asyncio.create_subprocess_exec(
            program,
            env={
                "PATH": os.environ["PATH"],
                "_SENDSECRET_COMPLETE": f"{shell}_{asked}",
                "COMP_WORDS": "sendsecret send --la",
                "COMP_CWORD": "--la" if shell == "fish" else "2",
            },
            stdout=asyncio.subprocess.PIPE,
        )
        said.append((await process.communicate())[0].decode())
    assert f"_SENDSECRET_COMPLETE={shell}_complete" in said[0]
    assert "--label" in said[1]
