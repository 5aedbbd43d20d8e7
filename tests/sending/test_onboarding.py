"""docs/examples/onboarding.py through the real programs: five drops, or a stop that says what stands."""

import asyncio
import shlex
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from sandbox.fixtures import DANA, MAYA
from store import endings
from store.drops import find
from store.schema import drops
from store.words import Delivery, State
from tests.opening.seat import Done, environment
from tests.programs import ROOT
from tests.sending.at_work import Client

pytestmark = pytest.mark.asyncio(loop_scope="session")

SCRIPT = ROOT / "docs" / "examples" / "onboarding.py"
ITEMS = {
    "stripe": "stripe-restricted-key",
    "aws": "aws-access-key",
    "github": "github-token",
    "datadog": "datadog-api-key",
    "database": "database-url",
}
CANARY = "canary-of-"


def vault(folder: Path) -> Path:
    """A folder with a secret for each item, and a command that reads one."""
    (folder / "vault").mkdir(exist_ok=True)
    for item in ITEMS.values():
        (folder / "vault" / item).write_text(f"{CANARY}{item}\n")
    return folder / "vault"


async def onboard(client: Client, day: str, **settings: str) -> Done:
    """The script, as somebody runs it who has logged in."""
    ends = (datetime.now(UTC).date() + timedelta(days=60)).isoformat()
    settings = {
        "VAULT_COMMAND": f"sh -c {shlex.quote('exec cat vault/$0')}",
        "SENDSECRET": shlex.join([sys.executable, "-W", "error", "-m", "sendsecret"]),
    } | settings
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-W", "error", str(SCRIPT), DANA, "--engagement-ends", ends, "--day", day,
        cwd=client.folder, env=environment(client.folder, settings), start_new_session=True,
        stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    async with asyncio.timeout(120):
        out, err = await process.communicate()
    assert process.returncode is not None
    assert CANARY.encode() not in out + err
    return Done(process.returncode, out, err.decode())


async def ids(client: Client) -> set[bytes]:
    """Every drop that there is."""
    async with client.at.desk.store.db.read() as tx:
        return set((await tx.scalars(select(drops.c.id))).all())


async def templates(client: Client, some: set[bytes]) -> list[str]:
    """Which templates these are of, all for Dana, delivered, and with a day to rotate."""
    found = [await find(client.at.desk.store, drop_id) for drop_id in some]
    assert all(one and one.recipient_id == DANA and one.sender_id == MAYA for one in found)
    assert all(one and one.delivery is Delivery.DELIVERED and one.rotate_by for one in found)
    return sorted(one.template for one in found if one)


async def test_five_from_templates_and_again_nothing(client: Client) -> None:
    """Each with its template's label and a passphrase of its own; a second run sends none of them."""
    vault(client.folder)
    before, since = await ids(client), client.now()
    done = await onboard(client, "2026-11-01")
    assert done.code == 0, done.err
    out = done.out.decode()
    made = await ids(client) - before
    assert await templates(client, made) == sorted(ITEMS)
    assert out.endswith("All five were sent.\n")
    assert out.count(": passphrase ") == 5
    assert await client.at.sandbox.wait_message(DANA, contains="AWS access key of an IAM user", after=since)
    again = await onboard(client, "2026-11-01")
    assert (again.code, again.out.decode().count("sent before as drop")) == (0, 5), again.err
    assert "passphrase" not in again.out.decode()
    assert await ids(client) - before == made


async def test_the_first_that_fails_stops_it_and_it_goes_on_later(client: Client) -> None:
    """Two were sent, the third was refused: it says so, and the next run sends the other three alone."""
    vault(client.folder)
    before = await ids(client)
    # A client that has another word for one template: the server knows none of that name.
    broken = client.folder / "broken"
    real = shlex.join([sys.executable, "-m", "sendsecret"])
    broken.write_text(f'#!/bin/sh\nfor word; do [ "$word" = github ] && exec {real} send {DANA} -t gone --json; done\n'
                      f'exec {real} "$@"\n')  # fmt: skip
    broken.chmod(0o700)
    done = await onboard(client, "2026-11-02", SENDSECRET=str(broken))
    assert done.code == 1, done.err
    made = await ids(client) - before
    assert await templates(client, made) == ["aws", "stripe"]
    for line in ("Stopped at github: This server has no template", "Sent: stripe, aws.", "Run it again, with --day"):
        assert line in done.err
    assert "Not sent: github, datadog, database." in done.err
    assert done.out.decode().count(": passphrase ") == 2
    again = await onboard(client, "2026-11-02")
    assert again.code == 0, again.err
    assert again.out.decode().count("sent before as drop") == 2
    assert await templates(client, await ids(client) - before) == sorted(ITEMS)


async def test_what_the_vault_lacks_stops_it_before_anything_is_sent(client: Client) -> None:
    """The last of the five as well; nothing is asked for."""
    folder = vault(client.folder)
    before, asked = await ids(client), await client.orders()
    last = folder / "database-url"
    last.write_text("\n")
    for spoil in (last.exists, last.unlink):
        spoil()
        done = await onboard(client, "2026-11-03")
        assert (done.code, done.out) == (1, b""), done.err
        assert "the vault gave no database-url" in done.err
        assert "Sent: nothing." in done.err
    assert await ids(client) == before
    assert await client.orders() <= asked


async def test_what_was_taken_back_since_is_not_called_sent(client: Client) -> None:
    """Its key still names it: whoever runs it again reads what became of it."""
    vault(client.folder)
    before = await ids(client)
    assert (await onboard(client, "2026-11-04")).code == 0
    made = await ids(client) - before
    [stripe] = [one for one in made if await templates(client, {one}) == ["stripe"]]
    await endings.revoke(client.at.desk.store, stripe)
    done = await onboard(client, "2026-11-04")
    assert (done.code, done.out, "which is now revoked" in done.err) == (1, b"", True), done.err
    assert "Over, and opens nothing any more: stripe." in done.err
    assert "Choose another --day than 2026-11-04" in done.err
    assert "Run it again" not in done.err


async def test_what_is_not_delivered_so_far_is_not_called_sent(client: Client) -> None:
    """The run before said so and stopped; this one stops there too, until the link has arrived."""
    vault(client.folder)
    before = await ids(client)
    assert (await onboard(client, "2026-11-05")).code == 0
    made = await ids(client) - before
    [aws] = [one for one in made if await templates(client, {one}) == ["aws"]]

    async def now_is(**changed: str) -> Done:
        async with client.at.desk.store.db.write() as tx:
            await tx.execute(update(drops).where(drops.c.id == aws).values(**changed))
        return await onboard(client, "2026-11-05")

    done = await now_is(delivery=Delivery.PENDING)
    assert (done.code, b"All five" in done.out) == (1, False), done.err
    for line in ("Stopped at aws: ", "not delivered so far", "May have arrived, look into Slack: aws.", "Run it again"):
        assert line in done.err
    assert (await now_is(delivery=Delivery.DELIVERED)).code == 0
    done = await now_is(state=State.LOCKED)
    assert (done.code, "which is locked: allow more tries in Slack" in done.err) == (1, True), done.err
    assert await ids(client) - before == made
