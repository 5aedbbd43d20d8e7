"""A pack in whose period records were made, read and ended: their events are leaves like any other."""

import asyncio
from pathlib import Path

import pytest

from store import endings, record_endings, record_refusals, record_rotating
from store.formats import event_v1
from store.log.sequencer import Sequencer
from tests.evidence.packs import made as made_pack
from tests.evidence.packs import verify
from tests.store.living import created
from tests.store.recording import VALUE, VISITOR, made, read
from tests.store.test_log import drained
from tests.stores import Home
from tests.verifying.lived import either


@pytest.mark.parametrize("words", [(), ("--names",)])
async def test_a_pack_holds_with_events_of_records(home: Home, tmp_path: Path, words: tuple[str, ...]) -> None:
    """Its own check passes, and neither value nor key is in any of its files."""
    async with either(home) as store:
        await endings.revoke(store, (await created(store)).new.id)
        key, other = await made(store, reads=2), await made(store)
        await record_refusals.note(store, key.id, VISITOR)
        async with home.open() as web:
            await read(web, key)
            await read(web, key)
        new, _ = await record_rotating.rotate(store, other.id, VALUE)
        await record_endings.revoke(store, other.id)
        await drained(Sequencer(store, home.signing))
    folder = await asyncio.to_thread(made_pack, home, tmp_path / "pack", *words)
    done = await asyncio.to_thread(verify, folder)
    assert done.exit_code == 0, done.output
    everything = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    leaves = (folder / "leaves.txt").read_text().split()
    told = [event_v1.unverified(leaf.encode())["evt"] for leaf in leaves if leaf.count(".") == 2]
    assert [one for one in told if one.startswith("record.")] == [
        "record.created",
        "record.created",
        "record.refused",
        "record.read",
        "record.read",
        "record.expired",
        "record.rotated",
        "record.revoked",
    ]
    for canary in (VALUE.strip(), key.text, new.text):
        assert canary.encode() not in everything
