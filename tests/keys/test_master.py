"""The master key rotated under records: each escrow opens under the new key, and no key goes that one still needs."""

import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from store import record_endings, record_rotating
from store.errors import EscrowUnreadableError
from store.keys import master
from store.keys.master import Rotated
from store.log.sequencer import Sequencer
from store.opened import Store
from store.record_keys import KeyName
from tests.canaries import is_in
from tests.keys.rotating import faults, said
from tests.store.escrowing import escrowed, files, masters, opened, put, row_of
from tests.store.recording import VALUE, made, read
from tests.store.test_log import drained
from tests.stores import Home, key_path


@pytest.fixture
async def bot(home: Home) -> AsyncIterator[Store]:
    """The store as the operators' command line holds it."""
    async with home.open("bot") as bot:
        yield bot


async def test_every_escrow_comes_under_the_new_key(bot: Store, home: Home) -> None:
    """Several batches of them; keys go on reading, and the old master key's bytes are gone, overwritten in place."""
    keys = [await escrowed(bot, f"value {number}") for number in range(5)]
    bare, ended = await made(bot), await escrowed(bot)
    await record_endings.revoke(bot, ended.id)
    old, before = files(bot)["1.key"], await row_of(bot, keys[0])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(master, "_BATCH", 2)
        overwritten = watched(patch)
        done = await master.rotate(bot, home.signing)
    assert done == Rotated(2, rewrapped=5, erased=[1])
    assert overwritten == [("1.key", bytes(32))]
    assert files(bot).keys() == {"2.key"}
    assert files(bot)["2.key"] != old
    for number, key in enumerate(keys):
        assert await opened(bot, key) == await read(bot, key) == f"value {number}"
        assert (await row_of(bot, key))["master"] == 2
    assert (await row_of(bot, bare))["master"] is None
    assert await read(bot, (await record_rotating.rotate(bot, keys[0].id, None))[0]) == "value 0"
    await put(bot, keys[1], escrow=before["escrow"], master=1)
    with pytest.raises(EscrowUnreadableError):
        await opened(bot, keys[1])
    assert not master.is_unfinished(masters(bot))


def watched(patch: pytest.MonkeyPatch) -> list[tuple[str, bytes]]:
    """Each key file that is taken away, and what stood in it last."""
    found: list[tuple[str, bytes]] = []
    real = Path.unlink

    def unlink(path: Path, *words: Any, **named: Any) -> None:
        if path.suffix == ".key":
            found.append((path.name, path.read_bytes()))
        real(path, *words, **named)

    patch.setattr(Path, "unlink", unlink)
    return found


async def test_it_is_said_once_and_the_log_takes_it(bot: Store, home: Home) -> None:
    """`key.rotated` with the number and a random name; nothing of a key in any event or row."""
    key, before = await escrowed(bot), set(files(bot).values())
    for _ in range(2):
        await master.rotate(bot, home.signing)
    told = [(one["key"], one["number"], one["by"]) for one in await said(bot)]
    assert told == [("master", 2, "operator"), ("master", 3, "operator")]
    assert await drained(Sequencer(bot, home.signing)) == []
    assert await faults(home) == []
    row = b"".join(value for value in (await row_of(bot, key)).values() if isinstance(value, bytes))
    for canary in {*before, *files(bot).values(), VALUE.encode()}:
        assert not is_in(canary, row + str(await said(bot)).encode())


async def test_the_first_one_of_an_installation_of_before(bot: Store, home: Home) -> None:
    """Where there is none a person makes it; then records come into escrow."""
    (masters(bot).folder / "1.key").unlink()
    masters(bot).folder.rmdir()
    assert await master.rotate(bot, home.signing) == Rotated(1)
    assert await opened(bot, await escrowed(bot)) == VALUE


async def test_what_cannot_be_wrapped_anew_keeps_its_key(bot: Store, home: Home) -> None:
    """Each with its reason, and none keeps the others; once nothing needs the old key it goes, and no other is made."""
    good, away, damaged, lost = [await escrowed(bot) for _ in range(4)]
    ring = key_path(bot.keyring.records, KeyName(away.id, 1).encoded)
    aside = ring.rename(ring.with_suffix(".aside"))
    await put(bot, damaged, escrow=b"\x01" + bytes(88))
    bot.keyring.records.erase(KeyName(lost.id, 1).encoded)
    await put(bot, lost, master=3)
    done = await master.rotate(bot, home.signing)
    assert done == Rotated(
        4,
        rewrapped=1,
        failed={
            away.id: "its key in the keyring cannot be read",
            damaged.id: "its escrow does not open with its keys",
            lost.id: "its master key 3 is absent",
        },
    )
    assert files(bot).keys() == {"1.key", "4.key"}
    aside.rename(ring)
    assert (await opened(bot, away), await opened(bot, good)) == (VALUE, VALUE)
    await record_rotating.rotate(bot, damaged.id, "anew", escrow=True)
    await record_rotating.rotate(bot, away.id, None)
    await record_endings.revoke(bot, lost.id)
    assert await master.rotate(bot, home.signing) == Rotated(4, is_new=False, already=3, erased=[1])
    assert len(await said(bot)) == 1
    assert await master.rotate(bot, home.signing) == Rotated(5, rewrapped=3, erased=[4])


async def test_another_host_takes_over_the_key(bot: Store, home: Home) -> None:
    """It has the new key as a copy: what it made under the old one comes under that, and no third key is made."""
    copied = os.urandom(32)
    key = await escrowed(bot)
    (masters(bot).folder / "2.key").write_bytes(copied)
    late = await escrowed(bot)
    assert await master.rotate(bot, home.signing) == Rotated(2, is_new=False, rewrapped=1, already=1, erased=[1])
    assert files(bot) == {"2.key": copied}
    assert (await opened(bot, key), await opened(bot, late), await said(bot)) == (VALUE, VALUE, [])


async def test_a_number_that_is_far_ahead_is_not_believed(bot: Store, home: Home) -> None:
    """Whoever writes the database could name the last one that there is."""
    key, other = await escrowed(bot), await escrowed(bot)
    await put(bot, other, master=2**31 - 1)
    assert await master.rotate(bot, home.signing) == Rotated(2, rewrapped=1, erased=[1])
    assert await opened(bot, key) == VALUE


async def test_what_was_written_down_goes_where_another_key_came(bot: Store, home: Home) -> None:
    """Of a rotation that a later key has overtaken nothing is left to be told of."""
    await escrowed(bot)
    (masters(bot).folder.parent / "master.rotation").write_text("2 " + "0" * 32)
    (masters(bot).folder / "3.key").write_bytes(os.urandom(32))
    assert await master.rotate(bot, home.signing) == Rotated(3, is_new=False, rewrapped=1, erased=[1])
    assert not master.is_unfinished(masters(bot))


async def test_a_damaged_key_in_use_is_replaced(bot: Store, home: Home) -> None:
    """It makes no escrow, and is neither erased nor made again: what stands there may be mended from a copy."""
    key = await escrowed(bot)
    path = masters(bot).folder / "1.key"
    whole = path.read_bytes()
    path.write_bytes(whole[:31])
    with pytest.raises(EscrowUnreadableError, match="wrong length"):
        await escrowed(bot)
    done = await master.rotate(bot, home.signing)
    assert (done.number, done.failed) == (2, {key.id: "its master key 1 has a wrong length"})
    path.write_bytes(whole)
    assert await opened(bot, key) == VALUE
    assert await master.rotate(bot, home.signing) == Rotated(2, is_new=False, rewrapped=1, erased=[1])


@pytest.mark.parametrize("content", [b"", b"2", b"2 " + b"x" * 32, b"2 " + b"0" * 32])
async def test_a_rotation_that_cannot_be_gone_on_with_is_begun_anew(bot: Store, home: Home, content: bytes) -> None:
    """What was written down of it is damaged, or its key is: another number, and nothing waits for ever."""
    key = await escrowed(bot)
    (masters(bot).folder.parent / "master.rotation").write_bytes(content)
    if content.endswith(b"0"):
        (masters(bot).folder / "2.key").write_bytes(bytes(32))
    done = await master.rotate(bot, home.signing)
    assert (done.rewrapped, done.number) == (1, 3 if content.endswith(b"0") else 2)
    assert await opened(bot, key) == VALUE
    assert not master.is_unfinished(masters(bot))


async def test_what_a_kill_left_beside_a_key_takes_nothing_with_it(bot: Store, home: Home) -> None:
    """The second name of the key in use is taken away, and not overwritten; half of one is."""
    key = await escrowed(bot)
    folder = masters(bot).folder
    os.link(folder / "1.key", folder / "1.key.new")
    (folder / "2.key.new").write_bytes(b"half")
    masters(bot).make(1)
    assert files(bot).keys() == {"1.key"}
    assert await opened(bot, key) == VALUE
