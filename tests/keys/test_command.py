"""`sendsecret keys`: what it prints, what it refuses, and that nothing secret comes out of it."""

import asyncio
import errno
import json
import os
import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from store.log import published
from store.log.sequencer import Sequencer
from store.opened import Store
from tests.canaries import is_in
from tests.evidence.packs import command, make
from tests.evidence.packs import verify as verify_pack
from tests.keys.rotating import ROTATIONS, lives, said
from tests.store.test_log import drained
from tests.stores import Home
from tests.verifying.channel import messages, window
from tests.verifying.lived import write_evidence, write_tiles
from tests.verifying.test_whole_store import verify


def keys(home: Home, *words: str) -> Result:
    return command(home, "keys", *words)


def listed(home: Home) -> list[tuple[str, str, str]]:
    """Name, state and public name of each key."""
    rows = [line.split() for line in keys(home, "list").output.splitlines()]
    return [(row[0], row[1], row[-1]) for row in rows if row[0] not in ("drops", "records", "A")]


def secrets(home: Home) -> set[bytes]:
    """The private parts of every key file, as they are now."""
    found = {(home.keyring / "pepper").read_bytes()[:32]}
    for name in ("event-bot", "event-web", "log"):
        text = json.loads(ROTATIONS[name][1](home).read_text())["d"]
        found |= {text.encode()}
    return found


async def grown(home: Home) -> None:
    async with home.open("bot") as bot, home.open("web") as web:
        await lives(home, bot, web)


async def note_and_key(store: Store) -> tuple[str, str]:
    note = await published.checkpoint(store)
    assert note is not None
    return note, await published.log_key(store, note)


async def test_every_rotation_and_everything_that_was_proven_before(sqlite_home: Home, tmp_path: Path) -> None:
    """Files, packs, anchors and the store, of both logs, with the keys that are published at the end."""
    home, run = sqlite_home, asyncio.to_thread
    await grown(home)
    async with home.open("bot") as bot:
        before = await write_evidence(bot, tmp_path / "before")
        await write_tiles(bot, tmp_path / "tiles")
        anchored = [messages([note], key) for note, key in [await note_and_key(bot)]]
    for name in (*ROTATIONS, *ROTATIONS):
        if name == "log":
            await grown(home)
        done = await run(keys, home, "rotate", name)
        assert done.exit_code == 0, done.output
    await grown(home)
    async with home.open("bot") as bot:
        after = await write_evidence(bot, tmp_path / "after")
        await write_tiles(bot, tmp_path / "tiles-3")
        anchored += [messages([note], key) for note, key in [await note_and_key(bot)]]
    published_keys = ("--keys", tmp_path / "after" / "jwks.json", "--log-key", tmp_path / "after" / "log.vkey")
    for one in (before, after):
        assert (await run(verify, home, *one, *published_keys)).exit_code == 0
    (tmp_path / "copied").write_text("".join(window(one) for one in anchored))
    tiles = ("--tiles", tmp_path / "tiles", "--tiles", tmp_path / "tiles-3")
    for words in (("--store",), ("--anchors", tmp_path / "copied", *tiles)):
        done = await run(verify, home, *words)
        assert (done.exit_code, "FAILED" in done.output) == (0, False), done.output
    for number in (1, 2, 3):
        pack = tmp_path / f"pack-{number}"
        done = await run(make, home, pack, "--log", str(number))
        assert done.exit_code == 0, done.output
        assert (await run(verify_pack, pack)).exit_code == 0


async def test_the_list_says_how_each_key_stands(sqlite_home: Home) -> None:
    """Current, believed, retired, kept, erased, prepared; and a pepper has no public name."""
    home, run = sqlite_home, asyncio.to_thread
    await grown(home)
    assert [row[:2] for row in await run(listed, home)] == [
        ("event-bot", "current"),
        ("event-web", "current"),
        ("pepper", "current"),
        ("month", "current"),
        ("log", "current"),
        ("delivery", "current"),
        ("master", "current"),
    ]
    old = (await run(listed, home))[0][2]
    for name in ROTATIONS:
        await run(keys, home, "rotate", name)
    prepared = await run(keys, home, "rotate", "event-web", "--prepare")
    assert "is prepared and believed here" in prepared.output
    assert (await run(keys, home, "retire", old, "--force")).exit_code == 0
    assert (await run(keys, home, "rotate", "delivery")).exit_code == 0
    rows = await run(listed, home)
    assert sorted(row[:2] for row in rows) == [
        ("delivery", "current"),
        ("delivery", "kept"),
        ("event-bot", "current"),
        ("event-bot", "retired"),
        ("event-web", "believed"),
        ("event-web", "current"),
        ("event-web", "prepared"),
        ("log", "current"),
        ("log", "erased"),
        ("master", "current"),
        ("month", "current"),
        ("pepper", "current"),
        ("pepper", "kept"),
    ]
    assert ("event-bot", "retired", old) in rows
    for _ in range(2):
        assert (await run(keys, home, "rotate", "event-web")).exit_code == 0
    assert (await run(command, home, "log", "new", "--force")).exit_code == 0
    async with home.open("bot") as bot:
        assert await drained(Sequencer(bot, home.signing)) == []


async def test_nothing_secret_comes_out(sqlite_home: Home, tmp_path: Path) -> None:
    """Not of the old keys and not of the new ones: neither in what is printed, nor in the database."""
    home, run = sqlite_home, asyncio.to_thread
    await grown(home)
    canaries, said = secrets(home), b""
    for name in ROTATIONS:
        done = await run(keys, home, "rotate", name)
        said += done.output.encode() + (done.stderr.encode() if done.stderr_bytes else b"")
        canaries |= secrets(home)
    await grown(home)
    said += (await run(keys, home, "list")).output.encode()
    database = b"".join(path.read_bytes() for path in sorted(tmp_path.glob("store.db*")))
    public = b"".join(path.read_bytes() for path in (home.signing / "trusted").iterdir())
    public += (home.signing / "log.before").read_bytes()
    assert len(canaries) == 8
    for canary in canaries:
        for place in (said, database, public):
            assert not is_in(canary, place)


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("rotate", "master"), 2, "'master' is not one of"),
        (("rotate",), 2, "Missing argument"),
        (("rotate", "pepper", "--prepare"), 2, "--prepare goes with event-bot and event-web"),
        (("rotate", "log"), 3, "the log has no checkpoint so far"),
        (("retire", "nobody"), 3, "no event key that is believed here; nothing was changed"),
        (("retire", "-hqb7_leading-hyphen"), 3, "-hqb7_leading-hyphen is no event key that is believed here"),
        (("retire", "--0f"), 3, "--0f is no event key"),
    ],
)
async def test_what_is_refused_is_said_in_words(
    sqlite_home: Home, words: tuple[str, ...], code: int, says: str
) -> None:
    """No traceback, and nothing was changed."""
    before = secrets(sqlite_home)
    done = await asyncio.to_thread(keys, sqlite_home, *words)
    assert (done.exit_code, says in re.sub(r"\s+", " ", done.output)) == (code, True), done.output
    assert secrets(sqlite_home) == before


async def test_a_disk_that_does_not_take_it(sqlite_home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """No hard links, or no right to write: said in words, the old key goes on, and it can be repeated."""
    before = secrets(sqlite_home)

    def refuse(*_: Any) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    with monkeypatch.context() as patch:
        patch.setattr(os, "link", refuse)
        for name in ROTATIONS:
            done = await asyncio.to_thread(keys, sqlite_home, "rotate", name)
            assert done.exit_code == 3
            assert "the disk did not take it (Operation not permitted)" in done.output
    assert secrets(sqlite_home) == before
    async with sqlite_home.open("bot") as bot:
        assert await said(bot) == []
    assert (await asyncio.to_thread(keys, sqlite_home, "rotate", "pepper")).exit_code == 0
    assert "not finished" not in (await asyncio.to_thread(keys, sqlite_home, "list")).output


async def test_damaged_keys_are_named(sqlite_home: Home) -> None:
    """A key file that is none, or gone: a sentence that names it, whatever is asked."""
    for name in ("event-bot", "event-web", "log"):
        path = ROTATIONS[name][1](sqlite_home)
        whole = path.read_bytes()
        path.write_bytes(bytes(len(whole)))
        for words in (("list",), ("rotate", name)):
            done = await asyncio.to_thread(keys, sqlite_home, *words)
            assert (done.exit_code, path.name in done.output) == (3, True), done.output
        path.write_bytes(whole)
