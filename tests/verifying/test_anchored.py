"""`sendsecret verify --anchors`: each way to tell history otherwise, and to call the command wrongly."""

import asyncio
import shutil
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from store.formats import checkpoint_v1
from store.formats.checkpoint_v1 import Checkpoint
from store.log import another, published
from store.log.latest import Latest
from store.log.log_key import LogSigner
from store.log.sequencer import Sequencer
from tests.auditor.shell import changed
from tests.store.test_log import drained
from tests.stores import Home
from tests.verifying.channel import (
    BEGAN,
    NOTES,
    Anchored,
    exported,
    failures,
    history,
    lived_at,
    messages,
    verify,
    window,
)
from tests.verifying.lived import either, write_tiles
from tests.verifying.test_whole_store import rewritten


def test_a_day_without_an_anchor_is_a_warning(anchored: Anchored) -> None:
    """It is said even when only failures are, and changes no exit code; a day and no more is none."""
    shown = [dict(message) for message in anchored.posted.messages]
    shown[-2]["ts"] = f"{BEGAN + 90_000}.0"
    shown[-1]["ts"] = f"{BEGAN + 90_000 + 86_400}.0"
    done = anchored.held_to(exported(shown), "-q")
    assert (done.exit_code, len(done.output.splitlines())) == (0, 0)
    shown[-1]["ts"] = f"{BEGAN + 90_000 + 90_001}.0"
    done = anchored.held_to(exported(shown), "-q")
    [line] = done.output.splitlines()
    assert line == (
        "warning the channel: no anchor between 2026-09-22 15:13:20 UTC and 2026-09-23 16:13:21 UTC, "
        "and one is posted every day"
    )
    assert done.exit_code == 0
    assert '"holds": true, "says": "no anchor between' in anchored.held_to(exported(shown), "--json").output


def test_without_a_checkpoint_or_a_key_nothing_is_checked(anchored: Anchored, tmp_path: Path) -> None:
    """Exit code 2, and a sentence that says what to do."""
    text = window(anchored.posted.messages)
    later = window(anchored.posted.messages[1:])
    for done, says in (
        (anchored.held_to("nothing"), "there is no checkpoint in"),
        (anchored.held_to(""), "there is no checkpoint in"),
        (anchored.held_to("[]"), "there is no checkpoint in"),
        (anchored.held_to(b"\xff"), "is no text in UTF-8"),
        (anchored.held_to(later), "there is no key of the log in"),
        (anchored.held_to(text, "--older", "x"), "--anchors takes only"),
        (anchored.held_to(text, "--log-key", "no.vkey"), "no.vkey cannot be read"),
        (verify("--anchors", tmp_path, "--tiles", anchored.tiles), "there is no export"),
        (verify("--anchors", tmp_path / "none", "--tiles", anchored.tiles), "cannot be read"),
        (verify("--anchors", anchored.home.path / "copied"), "--anchors needs the log as it is today"),
        (verify("--tiles", anchored.tiles, "--tiles", anchored.tiles), "--tiles is named once"),
    ):
        said = done.output + done.stderr
        assert (done.exit_code, says in said, "Nothing was checked" in said) == (2, True, True), said
    assert anchored.held_to(later, "--log-key", anchored.posted.vkey).exit_code == 0


def test_keys_that_were_kept_and_keys_in_the_channel_agree(anchored: Anchored) -> None:
    """Another key in the channel, or a damaged one, is a failure; the one that was given stays the believed one."""
    text = window(anchored.posted.messages)
    done = anchored.held_to(text, "--log-key", anchored.posted.vkey)
    assert (done.exit_code, "the same as before" in done.output) == (0, True)
    stranger = Ed25519PrivateKey.generate()
    foreign = checkpoint_v1.LogKey("localhost:8080/audit", stranger.public_key().public_bytes_raw()).text
    done = anchored.held_to(text, "--log-key", foreign)
    assert done.exit_code == 1
    assert "another key of localhost:8080/audit than in --log-key" in failures(done)[0]
    assert "not signed, once, by the log's key" in done.output
    done = anchored.held_to(f"{text}\n{foreign}\n")
    assert done.exit_code == 1
    [line] = failures(done)
    assert "another key of localhost:8080/audit than in" in line
    done = anchored.held_to(
        text.replace(anchored.posted.vkey, anchored.posted.vkey[:-4] + "AAAA"), "--log-key", anchored.posted.vkey
    )
    assert ["damaged in copying" in line for line in failures(done)] == [True]


def test_two_roots_of_one_size(anchored: Anchored) -> None:
    """Signed by the true key: whichever of them is the present one, history was rewritten."""
    signer = LogSigner(anchored.home.signing / "log.key")
    size = anchored.sizes[1]
    other = signer.sign(Checkpoint("localhost:8080/audit", size, bytes(32)))
    for notes in ([*anchored.posted.notes, other], [other, *anchored.posted.notes]):
        done = anchored.held_to(window(messages(notes, anchored.posted.vkey)))
        assert done.exit_code == 1
        assert any("another root for the same size than" in line for line in failures(done))
        assert "not proven" in history(done)


def test_a_log_that_shrank(anchored: Anchored) -> None:
    """In the order of time, whatever the order in the file; by hand no order is known, and none is judged."""
    notes = anchored.posted.notes
    shown = messages([*notes[:3], notes[1]], anchored.posted.vkey)
    for order in (shown, shown[::-1]):
        done = anchored.held_to(exported(order))
        assert done.exit_code == 1
        assert "fewer entries than the one before it" in failures(done)[0]
        assert "history was rewritten" in failures(done)[0]
    assert anchored.held_to(window(shown)).exit_code == 0
    assert anchored.held_to(exported(anchored.posted.messages[::-1])).exit_code == 0
    assert anchored.held_to(exported(messages([*notes, notes[-1]], anchored.posted.vkey))).exit_code == 0


def test_a_log_that_was_not_given(anchored: Anchored) -> None:
    """Anchors of another log are no success because of this one."""
    stranger = Ed25519PrivateKey.generate()
    note = checkpoint_v1.sign(Checkpoint("localhost:8080/audit-2", 3, bytes(32)), stranger)
    key = checkpoint_v1.LogKey("localhost:8080/audit-2", stranger.public_key().public_bytes_raw()).text
    done = anchored.held_to(window(anchored.posted.messages) + window(messages([note], key)))
    assert done.exit_code == 1
    assert "the present localhost:8080/audit-2 was not given" in failures(done)[0]
    done = anchored.held_to(window(messages([note], key)), "--log-key", anchored.posted.vkey)
    assert (done.exit_code, len(failures(done))) == (1, 2)


def test_a_present_log_that_does_not_hold(anchored: Anchored, tmp_path: Path) -> None:
    """Tiles or a checkpoint that were changed prove nothing, though the newest anchor is the present checkpoint."""
    text = window(messages(anchored.posted.notes[-1:], anchored.posted.vkey))
    (tmp_path / "copied").write_text(text)
    tiles = Path(shutil.copytree(anchored.tiles, tmp_path / "tiles"))
    assert verify("--anchors", tmp_path / "copied", "--tiles", tiles).exit_code == 0
    [tile] = (tiles / "tile" / "0" / "000.p").iterdir()
    for file, says in (
        (tile, "the tiles do not give the root"),
        (tiles / "checkpoint", "the signature of the checkpoint is wrong"),
    ):
        true = file.read_bytes()
        file.write_bytes(changed(true, 40))
        done = verify("--anchors", tmp_path / "copied", "--tiles", tiles)
        assert done.exit_code == 1
        assert says in failures(done)[0]
        assert "not proven: 0 of 1" in history(done)
        file.write_bytes(true)


async def _another_log(home: Home) -> str:
    """The window of the channel once the second log has its first message too; that log's tiles are in `tiles-2`."""
    signer = LogSigner(home.signing / "log.key")
    async with either(home) as store:
        await another.open_another(store, signer, Latest(home.signing, signer), force=True)
        await drained(Sequencer(store, home.signing))
        await write_tiles(store, home.path / "tiles-2")
        note = await published.checkpoint(store)
        assert note is not None
        return window(messages([note], await published.log_key(store, note)))


def test_a_log_after_a_restored_backup(tmp_path: Path) -> None:
    """Each log has its own key in its first message, its own tiles, and its own history."""
    anchored = asyncio.run(lived_at(tmp_path))
    text = window(anchored.posted.messages) + asyncio.run(_another_log(anchored.home))
    both = anchored.held_to(text, "--tiles", tmp_path / "tiles-2")
    for done in (both, verify("--anchors", tmp_path / "copied", "--store", home=anchored.home)):
        assert (done.exit_code, failures(done)) == (0, [])
        assert f"history of localhost:8080/audit: proven from size {anchored.sizes[0]}" in done.output
        assert "history of localhost:8080/audit-2: proven from size 1 to size 1: 1 of 1" in done.output


async def _tiles(home: Home, name: str) -> Path:
    async with either(home) as store:
        return await write_tiles(store, home.path / name)


def test_history_written_anew_with_every_key(tmp_path: Path) -> None:
    """An older anchor gives it away, to files and to the store, though nothing in the database does."""
    anchored = asyncio.run(lived_at(tmp_path))
    file = tmp_path / "copied"
    file.write_text(exported(anchored.posted.messages))
    done = verify("--anchors", file, "--store", home=anchored.home)
    assert (done.exit_code, failures(done)) == (0, [])
    assert f"{NOTES} of {NOTES} checkpoints are extended" in history(done)
    assert done.output.count("the present log begins with it") == NOTES
    asyncio.run(rewritten(anchored.home))
    assert verify("--store", home=anchored.home).exit_code == 0
    tiles = asyncio.run(_tiles(anchored.home, "anew"))
    for words, says in (
        (("--store",), "entries in the database have another root: history was rewritten"),
        (("--tiles", tiles), "history was rewritten"),
    ):
        done = verify("--anchors", file, *words, home=anchored.home)
        assert done.exit_code == 1
        # Of the first one only the event that opened the log is a leaf, and that was left alone.
        assert [says in line for line in failures(done)] == [True] * (NOTES - 1) + [False]
        assert f"not proven: 1 of {NOTES} checkpoints" in history(done)
