"""Where secret, passphrase and link key must never be: searched for as they are and in every encoding."""

import asyncio
import sys
from pathlib import Path

import psutil
import pytest

from store.formats import base64url
from store.formats.payload_v1 import Text
from tests.browser.pretend_reader import Answer
from tests.canaries import is_in
from tests.opening.links import CORRECT, url
from tests.opening.pretend_server import pretending
from tests.opening.seat import LINK, PASSPHRASE, seated
from tests.programs import ROOT
from tests.stores import Home
from tests.web.conftest import World

SECRET = "canary-sk_live_7f3e9d"
TYPED = "canary passphrase 5b1c"


async def test_nothing_secret_stands_where_others_look(world: World, tmp_path: Path) -> None:
    """Not in the list of processes, the environment, a child, the screen, a file, or what is sent to the server."""
    holder = await world.make(Text(SECRET), passphrase=TYPED)
    async with pretending() as between:

        async def passed_on(name: str, said: dict[str, str]) -> Answer:
            reply = await world.post(f"{holder.path}/{name}", said)
            return Answer(reply.status, reply.json())

        between.pass_on = passed_on
        link = url(world, holder).replace(f"http://127.0.0.1:{world.port}", between.base)
        seen = bytearray()
        async with seated(tmp_path, piped=True) as seat:
            await seat.answers(LINK, link)
            await seat.answers(PASSPHRASE, "wrong canary")
            await seat.sees("That is not the passphrase.")
            process = psutil.Process(seat.process.pid)
            seen += " ".join(process.cmdline()).encode() + str(process.environ()).encode()
            assert process.children() == []
            await seat.answers(PASSPHRASE, TYPED)
            assert await seat.ends(0) == SECRET.encode()
        seen += seat.screen.encode() + b"".join(between.raw)
        seen += b"".join(path.read_bytes() for path in tmp_path.rglob("*.log"))
    for canary in (SECRET.encode(), TYPED.encode(), b"wrong canary", holder.link.key, holder.link.fragment().encode()):
        assert not is_in(canary, bytes(seen))
    assert [path for path in tmp_path.iterdir() if path.is_file() and SECRET.encode() in path.read_bytes()] == []


async def test_the_server_is_sent_the_protocol_and_no_more(tmp_path: Path) -> None:
    """Exactly the members of each route, no cookie, no credentials, no name of this computer."""
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login canary password canary\n")
    (tmp_path / ".netrc").chmod(0o600)
    async with pretending() as pretend:
        pretend.say("door", Answer(200, pretend.door().members, headers={"Set-Cookie": "who=you; Path=/"}))
        async with seated(tmp_path, piped=True, NETRC=str(tmp_path / ".netrc")) as seat:
            await seat.answers(LINK, pretend.url)
            await seat.answers(PASSPHRASE, "4711")
            assert await seat.ends(0) == b"sk_live_51"
        members = [(name, set(said)) for name, said in pretend.asked]
    assert members == [
        ("door", {"link_proof"}),
        ("claim", {"link_proof", "auth_token", "claim"}),
        ("acknowledge", {"link_proof", "claim"}),
    ]
    fields = {
        line.split(b":")[0].lower() for raw in pretend.raw for line in raw.split(b"\r\n\r\n")[0].split(b"\r\n")[1:]
    }
    usual = {b"host", b"content-type", b"content-length", b"accept", b"accept-encoding", b"user-agent", b"connection"}
    assert fields <= usual
    assert pretend.asked[1][1]["auth_token"] == base64url.encode(pretend.sealed.auth_token)


@pytest.mark.parametrize("setting", ["DATABASE_URL", "PUBLIC_URL"])
async def test_nothing_needs_to_be_configured(world: World, tmp_path: Path, setting: str) -> None:
    """A damaged setting, in the environment or in .env, is nobody's business here."""
    (tmp_path / ".env").write_text(f"{setting}=damaged\nSLACK_BOT_TOKEN=damaged\n")
    holder = await world.make(Text("x"), passphrase=CORRECT)
    async with seated(tmp_path, piped=True, **{setting: "damaged"}) as seat:
        await seat.answers(LINK, url(world, holder))
        await seat.answers(PASSPHRASE, CORRECT)
        assert await seat.ends(0) == b"x"


async def test_the_way_loads_nothing_of_an_installation() -> None:
    """No database, no settings, nothing of the bot or the server is even imported."""
    heavy = ("sqlalchemy", "pydantic", "slack_sdk", "bot", "reveal_web", "sandbox", "store.settings", "store.keyring")
    script = f"import sendsecret.opening.from_link_to_secret, sys; print([m for m in {heavy} if m in sys.modules])"
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", script, cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    out, _ = await process.communicate()
    assert out.decode().strip() == "[]"


async def test_the_servers_log_holds_none_of_it(sqlite_home: Home, tmp_path: Path) -> None:
    """The real web program at DEBUG, asked by the real command."""
    from store import creation, deliveries
    from tests.programs import web
    from tests.stores import seal

    sealed = seal(secret=SECRET)
    async with sqlite_home.open("bot") as store:
        await creation.create(store, sealed.new)
        await deliveries.record_delivered(store, sealed.link.id, deliveries.Place("D1", "1.000"))
    async with web(sqlite_home) as program:
        async with seated(tmp_path, piped=True) as seat:
            await seat.answers(LINK, sealed.link.url(f"http://127.0.0.1:{program.port}"))
            await seat.answers("Type open", "open")
            assert await seat.ends(0) == SECRET.encode()
        written = program.written().encode()
    for canary in (SECRET.encode(), sealed.link.key, sealed.link.fragment().encode()):
        assert not is_in(canary, written)
