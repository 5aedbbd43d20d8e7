"""
The evidence pack of docs/auditors.md, made by the real programs: `python -m tests.make_example_pack`.

Ten drops of one installation, most of them as they should go and some that an auditor would ask about; then the command
makes the pack, and the installation with its private keys is thrown away.  When the form of a pack changes, this is run
again and the folder is committed as it comes out.
"""

import asyncio
import calendar
import secrets
import shutil
import tempfile
from contextlib import AsyncExitStack
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

from sqlalchemy import func, select

from sandbox.running import Sandbox
from store import endings, pausing
from store.opened import Store, opened
from store.schema import drops, log_pending
from store.settings import StoreSettings
from store.words import State
from tests import make_example
from tests.bot.desk import Desk, present, shown_passphrase
from tests.programs import ROOT, Running, free_port, running, until_answering
from tests.store.living import created
from tests.stores import Home

FOLDER: Final = ROOT / "docs" / "examples" / "evidence"
_OPEN: Final = 2
_ENOUGH_SECONDS: Final = 60


async def make(folder: Path) -> None:
    """Make the pack anew in `folder`."""
    with tempfile.TemporaryDirectory(prefix="example") as scratch:
        home = Home(Path(scratch), f"sqlite+aiosqlite:///{scratch}/store.db")
        async with AsyncExitStack() as stack:
            sandbox = await stack.enter_async_context(Sandbox())
            environment = make_example._environment(home, sandbox, free_port()) | {"REDELIVERY_SECONDS": "3"}
            await make_example._command(["migrate"], environment, home)
            web = await stack.enter_async_context(
                running(["sendsecret", "web"], environment, home.path / "web.log", port=int(environment["WEB_PORT"]))
            )
            await until_answering(web, "/readyz")
            await stack.enter_async_context(running(["sendsecret", "bot"], environment, home.path / "bot.log"))
            assert await sandbox.wait_sockets(1, seconds=30)
            settings = StoreSettings(
                public_url=environment["PUBLIC_URL"], database_url=home.database_url, keyring_dir=home.keyring
            )
            key = home.signing / "event-bot.key"
            store = await stack.enter_async_context(opened(settings, program="bot", event_key=key))
            await _live(Desk(sandbox, home, store), web)
            first, last = _quarter(datetime.now(UTC).date())
            words = ["evidence", "--from", str(first), "--to", str(last), "-o", str(home.path / "pack")]
            await make_example._command(words, environment, home)
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(home.path / "pack", folder)


async def _live(desk: Desk, web: Running) -> None:
    """Ten drops: three viewed, two unconfirmed, one each revoked, expired and undelivered, one paused, one open."""
    for wrong_guesses in (0, 1, 0):
        await make_example._sent(desk, web, wrong_guesses=wrong_guesses, acknowledge=True)
    await make_example._sent(desk, web, acknowledge=False)
    form = await desk.send(label="Deploy token")
    link, passphrase = await desk.link(), shown_passphrase(form)
    assert (await make_example._claim(web, link, passphrase))[0] == 200
    # Somebody else who knows both, while the first claim stands.
    presented, _ = present(link, "digits", passphrase)
    another_page = {"claim": secrets.token_bytes(32)}
    body = another_page | {"link_proof": presented.link_proof, "auth_token": presented.auth_token}
    status, said = await make_example._post(web, link, "claim", body)
    assert status == 410, (status, said)
    await endings.revoke(desk.store, await _another(desk))
    await endings.give_up_delivery(desk.store, (await created(desk.store)).new.id, only_if_lease_is_over=False)
    await created(desk.store, lives_seconds=2)
    await pausing.pause(desk.store, await _another(desk))
    await _another(desk)
    await _until_quiet(desk.store)


async def _another(desk: Desk) -> bytes:
    await desk.send(label="Stripe restricted key")
    return (await desk.link()).id


async def _until_quiet(store: Store) -> None:
    """What is to end has ended, and everything is in the log."""
    ended = select(func.count()).select_from(drops).where(drops.c.state != State.DESTROYED)
    waiting = select(func.count()).select_from(log_pending)
    async with asyncio.timeout(_ENOUGH_SECONDS):
        while True:
            async with store.db.read() as tx:
                if (await tx.scalar(ended), await tx.scalar(waiting)) == (_OPEN, 0):
                    break
            await asyncio.sleep(0.2)
    await asyncio.sleep(1)  # published once the sequencer has written its file


def _quarter(today: date) -> tuple[date, date]:
    begins = today.month - (today.month - 1) % 3
    last = calendar.monthrange(today.year, begins + 2)[1]
    return date(today.year, begins, 1), date(today.year, begins + 2, last)


def main() -> None:
    """Make it, and say what is in it."""
    asyncio.run(make(FOLDER))
    rows = (FOLDER / "population.csv").read_bytes().count(b"\r\n") - 1
    print(f"{FOLDER.relative_to(ROOT)}: {rows} drops")


if __name__ == "__main__":
    main()
