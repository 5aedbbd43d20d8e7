"""A record's key on its way to a person, as a drop, and what the security team reads of it."""

import asyncio
import os
import sys
from collections.abc import Mapping

import pytest

from sandbox.fixtures import AUDIT, DANA, SAM
from store import records
from store.formats.payload_v1 import Text
from store.words import RecordState
from tests.bot.desk import found
from tests.canaries import is_in
from tests.e2e.workplace import environment
from tests.opening.seat import Done
from tests.sending.at_work import Client

pytestmark = pytest.mark.asyncio(loop_scope="session")

VALUE = "sk_live_canary-of-a-record"


def settings(client: Client) -> Mapping[str, str]:
    """Those of an operator, who is logged in as a client, too."""
    return environment(client.at.home, client.at.sandbox, client.at.web.port)


async def record(client: Client, *words: str, typed: str = VALUE, line: str = "exec %s") -> Done:
    """`sendsecret record` on the operator's computer."""
    return await client.run("record", *words, typed=typed, line=line, **settings(client))


async def handed(client: Client, done: Done, before: str) -> str:
    """What Dana reads, with the passphrase that was shown."""
    [words] = [line.partition(": ")[2] for line in done.err.splitlines() if line.startswith("Passphrase, shown only")]
    opened = await client.read(words.replace(" ", "-"), before)
    assert isinstance(opened, Text)
    return opened.text


async def curl(script: str) -> bytes:
    """What somebody gets who pastes it into a shell."""
    process = await asyncio.create_subprocess_exec(
        "sh",
        "-c",
        script.replace("curl ", "curl -q -sS "),
        env={"PATH": os.environ["PATH"]},
        stdout=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(30):
        return (await process.communicate())[0]


async def test_the_key_through_a_pipe_is_a_drop(client: Client) -> None:
    """As the page about records says: nobody but the recipient sees it, and what they get can be pasted and works."""
    before = client.now()
    line = '%s | "$PYTHON" -m sendsecret send @dana --yes -l "Stripe key"'
    python = {"PYTHON": sys.executable}
    done = await client.run("record", "make", "-l", "Stripe key", typed=VALUE, line=line, **settings(client), **python)
    assert (done.code, done.out) == (0, b""), done.err
    script = await handed(client, done, before)
    assert "ssk_" not in done.err
    assert await curl(script) == b'{"data":"sk_live_canary-of-a-record"}'


async def test_hand_this_key_to_dana(client: Client) -> None:
    """With one option; and the security team reads of the record and of its first read, never the key or the value."""
    before = client.now()
    done = await record(client, "make", "-l", "Deploy credential", "--hand-to", "@dana", "--yes")
    assert (done.code, done.out) == (0, b""), done.err
    assert "The key went to @dana" in done.err
    script = await handed(client, done, before)
    assert "ssk_" not in done.err
    record_id = script.split("/r/")[1].strip()
    assert await curl(script) == b'{"data":"sk_live_canary-of-a-record"}'
    for told in ("made by whoever runs Sendsecret", "read for the first time"):
        entry = found(await client.at.sandbox.wait_message(SAM, AUDIT, contains=f"Record `{record_id}` {told}"))
        assert "Deploy credential" not in entry["text"]
    rotated = await record(client, "rotate", record_id, "--hand-to", "@dana", "--yes", typed="another")
    assert rotated.code == 0, rotated.err
    assert rotated.err.rstrip().endswith("This does not change the key at its provider; rotate it there.")
    assert b"Authentication required" in await curl(script)
    for told in ("given another key", "was asked for with a wrong key"):
        assert await client.at.sandbox.wait_message(SAM, AUDIT, contains=f"Record `{record_id}` {told}")
    await record(client, "revoke", record_id)
    assert await client.at.sandbox.wait_message(SAM, AUDIT, contains=f"Record `{record_id}` revoked")
    everywhere = str(client.at.sandbox.messages(SAM, AUDIT)).encode() + client.at.logs()
    for canary in (VALUE, script.split("\n")[0].removeprefix("SENDSECRET_KEY=")):
        assert not is_in(canary.encode(), everywhere)


async def test_a_key_that_went_to_nobody_opens_nothing(client: Client) -> None:
    """There is no such person: the record is revoked again, and that is said."""
    known = {one.id for one in await records.everything(client.at.desk.store)}
    done = await record(client, "make", "-l", "For nobody", "--hand-to", "@nobody-of-this-name")
    assert (done.code, done.out) == (1, b"")
    assert "handed to nobody, so the record was revoked again" in done.err
    assert "ssk_" not in done.err
    [new] = [one for one in await records.everything(client.at.desk.store) if one.id not in known]
    assert new.state is RecordState.REVOKED
    assert not await client.at.sandbox.wait_message(DANA, contains="For nobody", seconds=0.1)


@pytest.mark.parametrize("to", ["> /dev/full", ">&-"])
async def test_a_key_that_nobody_could_read_opens_nothing(client: Client, to: str) -> None:
    """Standard output takes nothing: the record is revoked again, and that is said."""
    label = f"On a full disk {to}"
    done = await record(client, "make", "-l", label, line=f"exec %s {to}")
    assert done.code == 1
    assert "Standard output takes nothing" in done.err
    assert "ssk_" not in done.err
    [new] = [
        one
        for one in await records.everything(client.at.desk.store)
        if one.named is not None and one.named.label == label
    ]
    assert new.state is RecordState.REVOKED


@pytest.mark.parametrize(("source", "said"), [("<&-", "There is no credential"), ("0> /dev/null", "cannot be read")])
async def test_a_credential_that_cannot_be_read_makes_no_record(client: Client, source: str, said: str) -> None:
    """A sentence, and no traceback."""
    before = len(await records.everything(client.at.desk.store))
    done = await record(client, "make", "-l", "Nothing to read", line=f"exec %s {source}")
    assert (done.code, done.out) == (2, b"")
    assert said in done.err
    assert "Traceback" not in done.err
    assert len(await records.everything(client.at.desk.store)) == before
