"""The page that tells auditors how to check a receipt: its commands, as they stand there, on a receipt of today."""

import asyncio
import json
import re
import shutil
import subprocess
from base64 import b64encode
from pathlib import Path

import pytest
from sqlalchemy import select

from store import receipt_names
from store.formats import base64url, checkpoint_v1, event_v1, merkle_v1, tiles_v1
from store.formats.checkpoint_v1 import Checkpoint
from store.log.log_key import LogSigner
from store.log.sequencer import Sequencer
from store.opened import opened
from store.program_keys import make_program_keys
from store.schema import log_openings
from tests import golang
from tests.auditor.machine import ROOT
from tests.auditor.shell import changed, commands, needs_auditor, run
from tests.store.living import created
from tests.store.test_log import drained
from tests.web import wire
from tests.web.conftest import World
from tests.web.test_receipts import viewed

PAGE = ROOT / "docs" / "verifying.md"
SIGNED, OPENSSL, INCLUDED, NOTE, FETCH, CONSISTENT, NAMES, GO, ANCHOR = range(9)
SAID = {
    SIGNED: "does not attest:",
    OPENSSL: "Signature Verified Successfully",
    INCLUDED: "leaf 4 of 5",
    NOTE: "Signature Verified Successfully",
    FETCH: "",
    CONSISTENT: "the log of 267 begins with the one of 5",
    NAMES: "recipient_name Dana",
    GO: "leaf 4 of 5\nthe log of 267 begins with the one of 5",
    ANCHOR: "Signature Verified Successfully",
}

pytestmark = [
    needs_auditor,
    pytest.mark.skipif(not golang.is_there(), reason="Go or golang.org/x/mod is missing; see tests.golang"),
]


class Auditor:
    """A folder with what the page says that one needs, and a shell in it."""

    def __init__(self, folder: Path, go_cache: Path, port: int) -> None:
        self.folder = folder
        self._go_cache = str(go_cache)
        self._address = f"http://127.0.0.1:{port}"

    async def follow(self, number: int) -> subprocess.CompletedProcess[str]:
        """One command of the page, with this installation's address in it."""
        command = commands(PAGE)[number].replace("https://drops.example.com", self._address)
        # In a thread: the server that curl asks runs in this loop.
        return await asyncio.to_thread(run, command, self.folder, GOCACHE=self._go_cache)

    async def succeed(self, *numbers: int) -> None:
        """Each succeeds and says what the page says."""
        for number in numbers:
            done = await self.follow(number)
            assert done.returncode == 0, done.stderr
            assert SAID[number] in done.stdout + done.stderr, done

    async def fail(self, number: int) -> str:
        """It fails; what it says."""
        done = await self.follow(number)
        assert done.returncode != 0, (number, done.stdout)
        return done.stdout + done.stderr


@pytest.fixture
async def auditor(world: World, tmp_path: Path, go_cache: Path) -> Auditor:
    """The files, each from where the page says; after them the log has grown beyond its first full tile."""
    folder = tmp_path / "auditor"
    folder.mkdir()
    rid = await viewed(world)
    signing_dir = world.settings.keyring_dir.parent / "signing"
    make_program_keys(world.settings.keyring_dir, signing_dir)
    async with opened(world.settings, program="bot", event_key=signing_dir / "event-bot.key") as bot:
        sequencer = Sequencer(bot, signing_dir)
        await drained(sequencer)
        for name, path in (
            ("receipt.jws", f"/receipts/{rid}.jws"),
            ("receipt.tlog-proof", f"/receipts/{rid}.tlog-proof"),
            ("jwks.json", "/.well-known/jwks.json"),
            ("older-checkpoint", "/log/checkpoint"),
        ):
            (folder / name).write_bytes((await world.ask(wire.get(path))).body)
        copied = [f"    {line}" for line in (folder / "older-checkpoint").read_text().splitlines() if line]
        (folder / "copied").write_text("\r\n".join([*copied, ""]))
        for number in range(262):
            await created(bot, sender_id=f"U{number}")  # one person alone sends no more than so many
        await drained(sequencer)
        async with bot.db.read() as tx:
            vkey = str(await tx.scalar(select(log_openings.c.vkey)))
    (folder / "log.vkey").write_text(vkey + "\n")
    token = receipt_names.token(world.store, rid, with_label=True)
    given = (await receipt_names.names(world.store, rid, token)).disclosures
    [name] = [text for text in given if json.loads(base64url.decode(text))[1] == "recipient_name"]
    (folder / "disclosure").write_text(name + "\n")
    shutil.copy(golang.PROGRAM, folder)
    return Auditor(folder, go_cache, world.port)


async def test_the_commands_say_what_the_page_says(auditor: Auditor) -> None:
    """In their order, on a receipt of today, with nothing of ours on the page or installed."""
    assert len(commands(PAGE)) == len(SAID)
    assert not re.search(r"import (store|bot|reveal_web|sendsecret)", PAGE.read_text())
    kept = (auditor.folder / "older-checkpoint").read_bytes()
    await auditor.succeed(*SAID)
    assert (auditor.folder / "older-checkpoint").read_bytes() == kept


async def test_damaged_copies_fail(auditor: Auditor) -> None:
    """One changed byte of any file, and every command that looks at it fails."""
    await auditor.succeed(FETCH, CONSISTENT)
    for name, at, failing in (
        ("receipt.jws", 200, (SIGNED, OPENSSL, INCLUDED, GO)),
        ("receipt.jws", -20, (SIGNED, OPENSSL, INCLUDED, GO)),
        ("receipt.tlog-proof", 60, (INCLUDED, GO)),
        ("receipt.tlog-proof", -20, (INCLUDED, NOTE, GO)),
        ("log.vkey", -8, (INCLUDED, NOTE, CONSISTENT, GO)),
        ("older-checkpoint", 30, (CONSISTENT, GO)),
        ("older-checkpoint", -20, (CONSISTENT, GO)),
        ("log/checkpoint", 30, (CONSISTENT,)),
        ("log/checkpoint", -20, (CONSISTENT,)),
        ("log/tile/0/000", 100, (CONSISTENT,)),
        ("log/tile/0/000", 8000, (CONSISTENT,)),
        ("log/tile/0/001.p/11", 100, (CONSISTENT,)),
        ("log/tile/1/000.p/1", 7, (CONSISTENT,)),
        ("consistency", 10, (GO,)),
        ("consistency", -20, (GO,)),
        ("disclosure", 20, (NAMES,)),
        ("copied", 40, (ANCHOR,)),
        ("copied", -20, (ANCHOR,)),
    ):
        true = (auditor.folder / name).read_bytes()
        (auditor.folder / name).write_bytes(changed(true, at))
        for number in failing:
            await auditor.fail(number)
        (auditor.folder / name).write_bytes(true)
    await auditor.succeed(ANCHOR)
    await auditor.succeed(*SAID)


async def test_a_receipt_means_no_other_name(auditor: Auditor) -> None:
    """The true salt with another name, and any other disclosure however well made, is not what was signed."""
    salt, name, _ = json.loads(base64url.decode((auditor.folder / "disclosure").read_text().strip()))
    for other in (
        event_v1.disclose(name, "Mallory", base64url.decode(salt)),
        event_v1.disclose(name, "Dana", bytes(16)),
    ):
        (auditor.folder / "disclosure").write_text(other.text + "\n")
        assert "does not mean this" in await auditor.fail(NAMES)


async def test_a_history_rewritten_with_the_true_keys_is_noticed(world: World, auditor: Auditor) -> None:
    """Every hash recomputed and the checkpoint signed again by the log's own key: it does not extend the one kept."""
    await auditor.succeed(FETCH)
    log = auditor.folder / "log"
    hashes = tiles_v1.split((log / "tile/0/000").read_bytes()) + tiles_v1.split((log / "tile/0/001.p/11").read_bytes())
    hashes[2] = merkle_v1.leaf_hash(b"something else")
    complete = merkle_v1.over(hashes)
    (log / "tile/0/000").write_bytes(b"".join(hashes[:256]))
    (log / "tile/1/000.p/1").write_bytes(complete(8, 0))
    signer = LogSigner(world.settings.keyring_dir.parent / "signing" / "log.key")
    checkpoint = Checkpoint("localhost:8080/audit", len(hashes), merkle_v1.root(len(hashes), complete))
    note = signer.sign(checkpoint)
    assert checkpoint_v1.verify(note, signer.key(checkpoint.origin)) == checkpoint
    (log / "checkpoint").write_text(note)
    assert "ConsistencyProofInvalid" in await auditor.fail(CONSISTENT)
    ranges = merkle_v1.consistency_ranges(5, len(hashes))
    lines = [b64encode(merkle_v1.range_hash(one, complete)).decode() for one in ranges]
    (auditor.folder / "consistency").write_text("\n".join([*lines, "", note]))
    assert "leaf 4 of 5" in await auditor.fail(GO)


async def test_a_missing_tile_is_not_passed_over(auditor: Auditor) -> None:
    """Where the log is not there to be fetched, or only a part of it, the page's commands fail."""
    await auditor.succeed(FETCH)
    (auditor.folder / "log/tile/0/001.p/11").unlink()
    await auditor.fail(CONSISTENT)
    (auditor.folder / "log/checkpoint").unlink()
    auditor._address += "/nowhere"
    await auditor.fail(FETCH)
