"""`sendsecret record` with escrow: what is said of it, whose credential is kept, and what is refused in words."""

import asyncio
import errno
import os
import pty
import subprocess
import sys

import pytest
from click.testing import Result

from store.key_files import write_in_place_of
from store.keys import master
from store.record_keys import KeyName
from tests.evidence.packs import command
from tests.records.test_command import read
from tests.records.typing_it import LABEL, VALUE, run
from tests.store.escrowing import masters
from tests.store.recording import said
from tests.stores import Home, key_path

KEPT = "The credential is the one of before; its escrow opened it."
PLAINLY = "Whoever holds the database, the keyring and the master key reads it without its key"


async def keys(home: Home, *words: str) -> Result:
    """`sendsecret keys`, in a thread of its own: it has a loop of its own."""
    return await asyncio.to_thread(command, home, "keys", *words)


async def test_a_record_in_escrow_is_rotated_without_its_credential(home: Home) -> None:
    """Said plainly when it is made, listed, and kept at a rotation; what comes through a pipe replaces it."""
    old = await run(home, "make", "-l", LABEL, "--escrow")
    assert (old.code, "our keyring can open this" in old.err, PLAINLY in old.err) == (0, True, True)
    bare = await run(home, "make", "-l", LABEL)
    assert "escrow" not in bare.err
    listed = (await run(home, "list")).out.splitlines()
    assert [f"  escrow  {LABEL}" in line for line in listed] == [True, False]
    kept = await run(home, "rotate", old.key.id_text, "--keep", typed=b"not read")
    assert (kept.code, KEPT in kept.err, PLAINLY in kept.err) == (0, True, True)
    assert await read(home, kept.key) == VALUE.decode()
    given = await run(home, "rotate", old.key.id_text, typed=b"another")
    assert (given.code, KEPT in given.err, PLAINLY in given.err) == (0, False, True)
    assert await read(home, given.key) == "another"
    left = await run(home, "rotate", old.key.id_text, "--keep", "--no-escrow")
    assert (left.code, "not in escrow any more" in left.err, PLAINLY in left.err) == (0, True, False)
    assert await read(home, left.key) == "another"
    assert "escrow" not in (await run(home, "list")).out
    back = await run(home, "rotate", old.key.id_text, "--escrow", typed=b"third")
    assert PLAINLY in back.err
    for done in (old, kept, given, left, back):
        assert "sk_live" not in done.out + done.err
    async with home.open("bot") as bot:
        assert [one.get("escrow") for one in await said(bot) if one["evt"] == "record.created"] == [True, None]


def test_without_a_pipe_nothing_is_asked_for(sqlite_home: Home) -> None:
    """At a terminal a record in escrow keeps its credential; nobody is asked to type one."""
    made = typed_alone(sqlite_home, "make", "-l", LABEL, "--escrow", typed=VALUE)
    [record] = [line.split("/r/")[1] for line in made.splitlines() if "/r/" in line]
    keyboard, terminal = pty.openpty()
    try:
        done = typed_alone(sqlite_home, "rotate", record, stdin=terminal)
    finally:
        os.close(keyboard)
        os.close(terminal)
    assert KEPT in done
    assert "SENDSECRET_KEY=ssk_" in done


def typed_alone(home: Home, *words: str, typed: bytes | None = None, stdin: int | None = None) -> str:
    """In a process of its own; what it wrote."""
    done = subprocess.run(
        [sys.executable, "-m", "sendsecret", "record", *words],
        env={**os.environ, **home.environment()},
        input=typed,
        stdin=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=60,
        check=True,
    )
    return done.stdout.decode()


async def test_an_empty_pipe_keeps_nothing_by_itself(sqlite_home: Home) -> None:
    """A variable that is not set is no wish to keep what is there; it is said how that is done."""
    old = (await run(sqlite_home, "make", "-l", LABEL, "--escrow")).key
    done = await run(sqlite_home, "rotate", old.id_text, typed=b"")
    assert (done.code, done.out, done.err.rstrip().endswith("To keep the one that is there: --keep")) == (2, "", True)
    assert await read(sqlite_home, old) == VALUE.decode()


async def test_what_is_not_in_escrow_cannot_be_kept(sqlite_home: Home) -> None:
    """Said in words, and nothing was changed."""
    old = (await run(sqlite_home, "make", "-l", LABEL)).key
    for words in (("--keep",), ("--keep", "--escrow")):
        done = await run(sqlite_home, "rotate", old.id_text, *words)
        assert (done.code, done.out, "This record is not in escrow" in done.err) == (2, "", True)
    assert await read(sqlite_home, old) == VALUE.decode()


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (None, "its master key 1 is absent"),
        (b"", "its master key 1 has a wrong length"),
        (bytes(32), "its master key 1 was overwritten with zeros"),
        (b"x" * 32, "its escrow does not open with its keys"),
    ],
)
async def test_a_master_key_that_does_not_open_it(sqlite_home: Home, content: bytes | None, why: str) -> None:
    """The value cannot be kept, which is said with what to do; the record is read as before, and can take a value."""
    home = sqlite_home
    old = (await run(home, "make", "-l", LABEL, "--escrow")).key
    async with home.open("bot") as bot:
        path = masters(bot).folder / "1.key"
    path.unlink()
    if content is not None:
        path.write_bytes(content)
    done = await run(home, "rotate", old.id_text, "--keep")
    assert (done.code, done.out) == (3, "")
    assert f"The credential cannot be kept: {why}. The record is read as before." in done.err
    assert await read(home, old) == VALUE.decode()
    if content == b"x" * 32:
        return
    done = await run(home, "rotate", old.id_text, typed=b"anew")
    assert (done.code, done.out) == (3, "")
    assert f"It cannot stay in escrow as it is: {why}." in done.err
    assert "choose: --escrow puts" in done.err
    for words in (("make", "-l", LABEL, "--escrow"), ("rotate", old.id_text, "--escrow")):
        done = await run(home, *words)
        assert (done.code, done.out, "It cannot be put in escrow: " in done.err) == (3, "", True)
    assert ("damaged" in (await keys(home, "list")).output) is (content is not None)
    done = await run(home, "rotate", old.id_text, "--no-escrow")
    assert done.code == 0
    async with home.open("bot") as bot:
        assert [KeyName.of(key_id).version for key_id, _ in bot.keyring.records.ids()] == [2]


async def test_the_master_key_is_rotated_and_counted(home: Home) -> None:
    """What was done, what could not be and why, in numbers and by the records' ids; and what is left of the old key."""
    first, second, _ = [(await run(home, "make", "-l", LABEL, "--escrow")).key for _ in range(3)]
    done = await keys(home, "rotate-master")
    assert (done.exit_code, done.output) == (
        0,
        "Master key 2 is in use. Records in escrow: 3 of 3 rewrapped. Master key 1 was overwritten in place.\n",
    )
    async with home.open("bot") as bot:
        ring = key_path(bot.keyring.records, KeyName(first.id, 1).encoded)
    aside = ring.rename(ring.with_suffix(".aside"))
    done = await keys(home, "rotate-master")
    why, anew = "its key in the keyring cannot be read", f"sendsecret record rotate {first.id_text} --escrow"
    assert (done.exit_code, done.output.splitlines()) == (
        1,
        [
            f"Master key 3 is in use. Records in escrow: 2 of 3 rewrapped, 1 cannot be: {why}.",
            f"{first.id_text}: {why}. It is read as before; give it its value anew: {anew}",
        ],
    )
    aside.rename(ring)
    assert [line.split()[1:] for line in (await keys(home, "list")).output.splitlines() if "master" in line] == [
        ["kept", "2"],
        ["current", "3"],
    ]
    await run(home, "revoke", first.id_text)
    done = await keys(home, "rotate-master")
    assert done.output == (
        "What an earlier rotation left is done. Records in escrow: 0 of 2 rewrapped, 2 were already. Master key 2 was "
        "overwritten in place. Master key 3 stays in use; for another one, do it again.\n"
    )
    async with home.open("bot") as bot:
        write_in_place_of(home.signing / "master.rotation", b"4 " + b"0" * 32)
        assert master.is_unfinished(masters(bot))
    assert "A rotation of master is not finished" in (await keys(home, "list")).output
    kept = await run(home, "rotate", second.id_text, "--keep")
    assert await read(home, kept.key) == VALUE.decode()


async def test_a_disk_that_does_not_take_a_master_key(sqlite_home: Home) -> None:
    """Said in words; the old one goes on, and it can be repeated."""
    old = (await run(sqlite_home, "make", "-l", LABEL, "--escrow")).key

    def refuse(*_: object) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "link", refuse)
        done = await keys(sqlite_home, "rotate-master")
    assert (done.exit_code, "the disk did not take it (Operation not permitted)" in done.output) == (3, True)
    assert [path.name for path in (sqlite_home.signing / "master").iterdir()] == ["1.key"]
    assert (await keys(sqlite_home, "rotate-master")).exit_code == 0
    assert (await run(sqlite_home, "rotate", old.id_text, "--keep")).code == 0


async def test_a_master_key_that_a_record_names_and_nobody_has(sqlite_home: Home) -> None:
    """Listed as missing, and counted; it is not made again."""
    record = (await run(sqlite_home, "make", "-l", LABEL, "--escrow")).key.id_text
    (sqlite_home.signing / "master" / "1.key").unlink()
    assert "master     missing       " in (await keys(sqlite_home, "list")).output
    done = await keys(sqlite_home, "rotate-master")
    assert (done.exit_code, done.output.splitlines()[0]) == (
        1,
        "Master key 2 is in use. Records in escrow: 0 of 1 rewrapped, 1 cannot be: its master key 1 is absent.",
    )
    assert record in done.output
    assert [path.name for path in (sqlite_home.signing / "master").iterdir()] == ["2.key"]
