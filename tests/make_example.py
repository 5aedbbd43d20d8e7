"""
The worked example of docs/verifying.md, made by the real programs: `python -m tests.make_example`.

A bot against the pretend workspace, a reveal server, people who send, read, revoke and guess; then everything that an
auditor needs is fetched as an auditor would, and the installation with its private keys is thrown away.  When the form
of a receipt changes, this is run again and the folder is committed as it comes out.
"""

import asyncio
import json
import shutil
import tempfile
from collections.abc import Mapping
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any, Final

from sandbox.fixtures import AUDIT, SAM
from sandbox.running import Sandbox
from store import receipt_names
from store.formats import base64url, event_v1, tiles_v1
from store.formats.link_v1 import Link
from store.log.edge import open_tiles
from store.opened import Store, opened
from store.settings import StoreSettings
from tests.bot.desk import Desk, present, shown_passphrase
from tests.programs import ROOT, Call, Running, free_port, running, until_answering
from tests.stores import Home

FOLDER: Final = ROOT / "docs" / "examples" / "receipt"
_PUBLIC_URL: Final = "https://drops.example.com"
_DISCLOSED: Final = "recipient_name"
_ENOUGH_SECONDS: Final = 60


async def make(folder: Path) -> None:
    """Write the files of the example into `folder`; what else stands there stays, but for an older log."""
    with tempfile.TemporaryDirectory(prefix="example") as scratch:
        home = Home(Path(scratch), f"sqlite+aiosqlite:///{scratch}/store.db")
        async with AsyncExitStack() as stack:
            sandbox = await stack.enter_async_context(Sandbox())
            environment = _environment(home, sandbox, free_port())
            await _command(["migrate"], environment, home)
            web = await stack.enter_async_context(
                running(["sendsecret", "web"], environment, home.path / "web.log", port=int(environment["WEB_PORT"]))
            )
            await until_answering(web, "/readyz")
            await stack.enter_async_context(running(["sendsecret", "bot"], environment, home.path / "bot.log"))
            assert await sandbox.wait_sockets(1, seconds=30)
            settings = StoreSettings(public_url=_PUBLIC_URL, database_url=home.database_url, keyring_dir=home.keyring)
            key = home.keyring / "event-web.key"
            store = await stack.enter_async_context(opened(settings, program="web", event_key=key))
            files = await _fetched(Desk(sandbox, home, store), web)
            files["log.vkey"] = await _command(["log", "key"], environment, home)
    shutil.rmtree(folder / "log", ignore_errors=True)
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)


async def _fetched(desk: Desk, web: Running) -> dict[str, bytes]:
    """A day of an installation, and what an auditor keeps of it."""
    for _ in range(3):
        await _sent(desk, web, acknowledge=True)
    older = await _get(web, "/log/checkpoint")
    rid = await _sent(desk, web, wrong_guesses=1, acknowledge=True)
    for _ in range(3):
        await _sent(desk, web, acknowledge=True)
    proof = await _get(web, f"/receipts/{rid}.tlog-proof")
    await _sent(desk, web, acknowledge=False)
    checkpoint = await _get(web, "/log/checkpoint")
    tiles = {tile.path: await _get(web, f"/log/{tile.path}") for tile in open_tiles(_size(checkpoint))}
    assert _size(checkpoint) < tiles_v1.FULL  # else full tiles would belong here too
    return {
        "receipt.jws": await _get(web, f"/receipts/{rid}.jws"),
        "receipt.tlog-proof": proof,
        "jwks.json": await _get(web, "/.well-known/jwks.json"),
        "disclosure": (await _disclosure(desk.store, rid)).encode() + b"\n",
        "older-checkpoint": older,
        "log/checkpoint": checkpoint,
        **{f"log/{path}": tile for path, tile in tiles.items()},
    }


async def _sent(desk: Desk, web: Running, *, wrong_guesses: int = 0, acknowledge: bool) -> str:
    """Maya sends a drop; Dana guesses wrong, opens it, and says so or not.  The receipt's id, once it is in the log."""
    form = await desk.send(label="Stripe restricted key")
    link = await desk.link()
    passphrase = shown_passphrase(form)
    for number in range(wrong_guesses):
        refused = await _claim(web, link, f"{number:08}")
        assert refused[0] == 403, refused
    status, claimed = await _claim(web, link, passphrase)
    assert status == 200, claimed
    if not acknowledge:
        return ""
    presented, _ = present(link, "digits", passphrase)
    body = {"link_proof": presented.link_proof, "claim": presented.claim}
    status, said = await _post(web, link, "acknowledge", body)
    assert status == 200, said
    rid = str(said["receipt"]).rsplit("/", 1)[1]
    await _get(web, f"/receipts/{rid}.tlog-proof")
    return rid


async def _claim(web: Running, link: Link, passphrase: str) -> tuple[int, Any]:
    presented, _ = present(link, "digits", passphrase)
    body = {"link_proof": presented.link_proof, "auth_token": presented.auth_token, "claim": presented.claim}
    return await _post(web, link, "claim", body)


async def _post(web: Running, link: Link, verb: str, body: Mapping[str, bytes]) -> tuple[int, Any]:
    raw = json.dumps({name: base64url.encode(value) for name, value in body.items()}).encode()
    answer = await Call(web.port, "POST", f"/api/v1/drops/{link.id_text}/{verb}", raw).answer()
    return answer.status, answer.json() if answer.headers["content-type"].endswith("json") else answer.body


async def _get(web: Running, path: str) -> bytes:
    """Asked until it is there: the log follows within half a second."""
    async with asyncio.timeout(_ENOUGH_SECONDS):
        while (answer := await Call(web.port, "GET", path).answer()).status != 200:  # noqa: ASYNC110 - another program
            await asyncio.sleep(0.1)
    return answer.body


async def _disclosure(store: Store, rid: str) -> str:
    given = await receipt_names.names(store, rid, receipt_names.token(store, rid, with_label=False))
    [found] = [text for text in given.disclosures if json.loads(base64url.decode(text))[1] == _DISCLOSED]
    return found


async def _command(words: list[str], environment: Mapping[str, str], home: Home) -> bytes:
    """What a command of the command line prints."""
    log = home.path / f"{words[0]}.log"
    async with running(["sendsecret", *words], environment, log) as program:
        assert await program.process.wait() == 0, program.written()
    return log.read_bytes()


def _size(checkpoint: bytes) -> int:
    return int(checkpoint.split(b"\n")[1])


def _environment(home: Home, sandbox: Sandbox, port: int) -> dict[str, str]:
    environment = home.environment() | {
        "PUBLIC_URL": _PUBLIC_URL,
        "WEB_PORT": str(port),
        "SLACK_API_URL": sandbox.api_url,
        "SLACK_BOT_TOKEN": sandbox.bot_token,
        "SLACK_APP_TOKEN": sandbox.app_token,
        "AUDIT_CHANNEL": AUDIT,
        "ADMINS": SAM,
    }
    del environment["TEST_CLOCK_FILE"]  # its time is the present
    return environment


def main() -> None:
    """Make it, and say what it is a receipt of."""
    asyncio.run(make(FOLDER))
    said = event_v1.unverified((FOLDER / "receipt.jws").read_bytes())
    print(f"{FOLDER.relative_to(ROOT)}: {said['outcome']} at {said['destroyed_at']}")


if __name__ == "__main__":
    main()
