"""The page that tells auditors how to check a receipt: its commands, as they stand there, on a receipt of today."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import select

from store.log.sequencer import Sequencer
from store.opened import opened
from store.program_keys import make_program_keys
from store.schema import log_openings
from tests.store.test_log import drained
from tests.web import wire
from tests.web.conftest import World
from tests.web.test_receipts import viewed

PAGE = (Path(__file__).parents[2] / "docs" / "verifying.md").read_text()
COMMANDS = re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)
SAID = ("attests:", "Signature Verified Successfully", "leaf 4 of 5")


async def evidence(world: World, folder: Path) -> None:
    """The four files, each from where the page says."""
    rid = await viewed(world)
    signing_dir = folder / "signing"
    make_program_keys(world.settings.keyring_dir, signing_dir)
    async with opened(world.settings, program="bot", event_key=signing_dir / "event-bot.key") as bot:
        await drained(Sequencer(bot, signing_dir))
        async with bot.db.read() as tx:
            vkey = str(await tx.scalar(select(log_openings.c.vkey)))
    (folder / "log.vkey").write_text(vkey + "\n")
    for name, path in (
        ("receipt.jws", f"/receipts/{rid}.jws"),
        ("receipt.tlog-proof", f"/receipts/{rid}.tlog-proof"),
        ("jwks.json", "/.well-known/jwks.json"),
    ):
        (folder / name).write_bytes((await world.ask(wire.get(path))).body)


def run(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """As a shell of the auditor's would, in a folder of theirs."""
    names = folder / "bin"
    names.mkdir(exist_ok=True)
    if not (names / "python3").exists():
        (names / "python3").write_text(f'#!/bin/sh\nexec {sys.executable} -P "$@"\n')
        (names / "python3").chmod(0o755)
    environment = {"PATH": f"{names}:{os.environ['PATH']}"}
    return subprocess.run(
        ["sh", "-c", command], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is missing")
async def test_the_commands_say_what_the_page_says(world: World, tmp_path: Path) -> None:
    """Each succeeds on a true receipt with nothing of ours, and fails where a part that it looks at was changed."""
    folder = tmp_path / "auditor"
    folder.mkdir()
    await evidence(world, folder)
    assert len(COMMANDS) == len(SAID)
    assert not re.search(r"import (store|bot|reveal_web|sendsecret)", PAGE)
    for command, said in zip(COMMANDS, SAID, strict=True):
        done = run(command, folder)
        assert done.returncode == 0, done.stderr
        assert said in done.stdout + done.stderr
    for name, at, failing in (
        ("receipt.jws", 200, (0, 1, 2)),
        ("receipt.tlog-proof", 60, (2,)),
        ("receipt.tlog-proof", -20, (2,)),
        ("log.vkey", -8, (2,)),
    ):
        true = (folder / name).read_bytes()
        changed = bytearray(true)
        changed[at] = ord("A") if changed[at] != ord("A") else ord("B")
        (folder / name).write_bytes(bytes(changed))
        for index in failing:
            assert run(COMMANDS[index], folder).returncode != 0, (name, index)
        (folder / name).write_bytes(true)
