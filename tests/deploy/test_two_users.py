"""Bot and reveal server as two users, installed as deploy/ says: one keyring, and a wall between the rest."""

import asyncio
import json
import stat
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import psutil
import pytest

from sandbox.fixtures import AUDIT, SAM
from sandbox.running import Sandbox
from store.formats import base64url, derivation_v1, seal_v1
from store.formats.link_v1 import Link
from store.formats.payload_v1 import Text
from tests.bot.desk import SECRET, Desk, present, shown_passphrase
from tests.deploy import units
from tests.deploy.prefix import IS_ROOT, Prefix, started
from tests.programs import Call, Running, free_port, until_answering
from tests.stores import Home

BOT, WEB = "sendsecret-bot", "sendsecret-web"


async def migrated(prefix: Prefix, log: Path) -> None:
    async with started(prefix, "migrate", log) as program:
        assert await program.process.wait() == 0, program.written()


@asynccontextmanager
async def at_work(prefix: Prefix, folder: Path) -> AsyncIterator[tuple[Desk, Running, Running]]:
    """Migration, then both units; a workspace for the bot, and what the desk needs to look on."""
    port = free_port()
    async with Sandbox() as sandbox:
        prefix.write("store", PUBLIC_URL=f"http://localhost:{port}", LOG_LEVEL="DEBUG")
        prefix.write("web", WEB_PORT=port)
        told = {"SLACK_BOT_TOKEN": sandbox.bot_token, "SLACK_APP_TOKEN": sandbox.app_token}
        prefix.write("bot", SLACK_API_URL=sandbox.api_url, AUDIT_CHANNEL=AUDIT, ADMINS=SAM, **told)
        await migrated(prefix, folder / "migrate.log")
        async with (
            started(prefix, "web", folder / "web.log", port=port) as web,
            started(prefix, "bot", folder / "bot.log") as bot,
        ):
            await until_answering(web, "/readyz")
            assert await sandbox.wait_sockets(1, seconds=30), bot.written()
            home = Home(prefix.at("/var/lib/sendsecret"), prefix.environment("web")["DATABASE_URL"])
            async with home.open() as store:
                yield Desk(sandbox, home, store), bot, web


async def read_by(web: Running, link: Link, passphrase: str) -> str:
    """Door, claim and acknowledgement, as a page does them."""
    proof = {"link_proof": base64url.encode(derivation_v1.link_proof(link))}

    async def post(route: str, **body: str) -> dict[str, str]:
        call = Call(web.port, "POST", f"/api/v1/drops/{link.id_text}/{route}", json.dumps(proof | body).encode())
        answer = await call.answer()
        assert answer.status == 200, (route, answer.body, web.written())
        return dict(answer.json())

    header = (await post("door"))["header"]
    presented, keys = present(link, seal_v1.check_header(link, header).form, passphrase)
    claim = base64url.encode(presented.claim)
    claimed = await post("claim", auth_token=base64url.encode(presented.auth_token), claim=claim)
    opened = seal_v1.open_with_keys(link, header, keys, base64url.decode(claimed["envelope"], None))
    await post("acknowledge", claim=claim)
    assert isinstance(opened, Text)
    return opened.text


async def test_a_secret_goes_the_whole_way_between_two_users(prefix: Prefix, tmp_path: Path) -> None:
    """What the bot's user seals the web's user releases and destroys; both end in good order, confined as they are."""
    async with at_work(prefix, tmp_path) as (desk, bot, web):
        view = await desk.send()
        link = await desk.link()
        drops = prefix.at("/var/lib/sendsecret/keyring/drops")
        assert [path.name for path in drops.iterdir()] == [link.id.hex()]
        assert await read_by(web, link, shown_passphrase(view)) == SECRET
        async with asyncio.timeout(10):
            while list(drops.iterdir()):  # noqa: ASYNC110 - another program's act
                await asyncio.sleep(0.05)
        assert (await desk.drop(link)).outcome == "viewed"
        assert await desk.audit_thread("Destroyed: viewed")
        if IS_ROOT:
            uids = {name: psutil.Process(one.process.pid).uids().real for name, one in (("bot", bot), ("web", web))}
            assert uids == {"bot": prefix.ids(BOT)["user"], "web": prefix.ids(WEB)["user"]}
        environment = psutil.Process(web.process.pid).environ()
        assert [name for name in environment if name.startswith("SLACK_") or name == "SIGNING_DIR"] == []
        assert (await bot.stop(), await web.stop()) == (0, 0)
        assert "Traceback" not in bot.written() + web.written()
        assert "Operation not permitted" not in bot.written() + web.written()


KEYS = """
import sys
from pathlib import Path
from store.keyring import Keyring
from store.months import Months
keyring, months = Keyring(Path("keyring")), Months(Path("keyring"))
"""
MAKES = "keyring.create(bytes([{n}]) * 16); keyring.records.create(bytes([{n}]) * 20); months.to_write('{month}')"
ERASES = (
    "id, record = bytes([{n}]) * 16, bytes([{n}]) * 20\n"
    "assert len(keyring.read(id)) == len(keyring.records.read(record)) == len(months.read('{month}')) == 32\n"
    "assert keyring.erase(id) and keyring.records.erase(record)\n"
    "keyring.unlink(id); keyring.records.unlink(record); months.erase('{month}')\n"
    "assert keyring.peppers.current\n"
)


@pytest.mark.parametrize(("maker", "eraser", "n"), [(BOT, WEB, 1), (WEB, BOT, 2)])
async def test_what_either_makes_the_other_erases(
    prefix: Prefix, tmp_path: Path, maker: str, eraser: str, n: int
) -> None:
    """Keys of drops, records and months, whichever program was there first."""
    prefix.write("store", PUBLIC_URL="http://localhost:8080")
    await migrated(prefix, tmp_path / "migrate.log")
    month = f"2031-0{n}"
    for user, act in ((maker, MAKES), (eraser, ERASES)):
        done = prefix.run(user, KEYS + act.format(n=n, month=month))
        assert done.returncode == 0, done.stderr
    assert (prefix.at("/var/lib/sendsecret/keyring/months") / month).read_bytes() == bytes(32)


@pytest.mark.parametrize(
    ("user", "name"), [(BOT, "pepper"), (BOT, "event-web"), ("root", "pepper"), ("root", "event-web")]
)
async def test_a_rotated_key_is_still_for_both(prefix: Prefix, tmp_path: Path, user: str, name: str) -> None:
    """By the bot's user, or by root: the new one is as readable as the old one was, and no more."""
    prefix.write("store", PUBLIC_URL="http://localhost:8080")
    await migrated(prefix, tmp_path / "migrate.log")
    path = prefix.at("/var/lib/sendsecret/keyring") / {"event-web": "event-web.key"}.get(name, name)
    before = path.read_bytes()
    done = prefix.operate(user, "keys", "rotate", name)
    assert done.returncode == 0, done.stdout + done.stderr
    assert path.read_bytes() != before
    assert stat.S_IMODE(path.stat().st_mode) == 0o660
    assert prefix.run(WEB, tries(path)).stdout == "read\n"
    keyring = prefix.at("/var/lib/sendsecret/keyring")
    assert {one.name for one in keyring.rglob("*") if one.stat().st_gid != keyring.stat().st_gid} == set()


def tries(path: Path) -> str:
    """Python that tries to read a file or to list a folder, and prints how it went."""
    return (
        "import pathlib\n"
        f"path = pathlib.Path({str(path)!r})\n"
        "try:\n    list(path.iterdir()) if path.is_dir() else path.read_bytes()\n    print('read')\n"
        "except PermissionError:\n    print('refused')\n"
    )


async def test_the_webs_user_reads_nothing_of_the_bots(prefix: Prefix, tmp_path: Path) -> None:
    """Signing keys and settings are out of reach; the keyring is not, nor is its own event key."""
    prefix.write("store", PUBLIC_URL="http://localhost:8080")
    prefix.write("bot", SLACK_BOT_TOKEN="xoxb-canary")
    prefix.write("web")
    await migrated(prefix, tmp_path / "migrate.log")
    state, etc = prefix.at("/var/lib/sendsecret"), prefix.at("/etc/sendsecret")
    signing = [state / "signing", *(path for path in (state / "signing").rglob("*"))]
    assert {"log.key", "event-bot.key", "delivery.key"} <= {path.name for path in signing}
    settings = sorted(etc.iterdir())
    assert [path.name for path in settings] == ["bot.env", "store.env", "web.env"]
    shared = [state / "keyring", state / "keyring" / "event-web.key", state / "keyring" / "pepper", state / "data"]
    if not IS_ROOT:
        assert {path.stat().st_mode & 0o077 for path in (*signing, *settings)} == {0}
        return
    for user, readable, refused in (
        (WEB, shared, [*signing, *settings]),
        (BOT, [*shared, *signing], settings),
    ):
        assert {path.name: prefix.run(user, tries(path)).stdout for path in readable} == {
            path.name: "read\n" for path in readable
        }
        assert {path.name: prefix.run(user, tries(path)).stdout for path in refused} == {
            path.name: "refused\n" for path in refused
        }


async def test_anybody_else_reads_nothing_at_all(prefix: Prefix, tmp_path: Path) -> None:
    """Another account of the host sees neither keys nor names of drops, nor the database."""
    prefix.write("store", PUBLIC_URL="http://localhost:8080")
    await migrated(prefix, tmp_path / "migrate.log")
    state = prefix.at("/var/lib/sendsecret")
    everything = [path for path in state.rglob("*") if not path.is_symlink()]
    assert len(everything) > 10
    assert {str(path): path.stat().st_mode & 0o007 for path in everything if path.stat().st_mode & 0o007} == {}
    assert state.stat().st_mode & 0o007 == 0


def test_the_units_say_who_may_write_where() -> None:
    """Each program writes to the folders that it needs, and the web program sees no other."""
    assert {program: sorted(units.words(program, "ReadWritePaths")) for program in units.PROGRAMS} == {
        "migrate": [f"/var/lib/sendsecret/{name}" for name in ("data", "keyring", "signing")],
        "bot": [f"/var/lib/sendsecret/{name}" for name in ("data", "keyring", "signing")],
        "web": [f"/var/lib/sendsecret/{name}" for name in ("data", "keyring")],
    }
    assert {"/var/lib/sendsecret/signing", "/etc/sendsecret"} <= set(units.words("web", "InaccessiblePaths"))
