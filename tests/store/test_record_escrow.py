"""Records in escrow: rotated without their value, opened by two keys together, and ended for good."""

import os
import stat
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from store import record_endings, record_escrow, record_pages, record_rotating, records, sweeper
from store.errors import (
    EscrowAbsentError,
    EscrowUnreadableError,
    KeyUnreadableError,
    RecordChangedError,
    StoreError,
    UnknownRecordError,
)
from store.keys import master
from store.opened import Store
from store.program_keys import make_program_keys
from store.record_keys import KeyName
from store.words import RecordState
from tests.canaries import is_in
from tests.store.escrowing import escrowed, files, masters, opened, put, row_of
from tests.store.looking import PASSPHRASE, made_page
from tests.store.recording import VALUE, key_files, made, read, said
from tests.stores import Home, key_path


@pytest.fixture
async def bot(home: Home) -> AsyncIterator[Store]:
    """The store as the operators' command line holds it."""
    async with home.open("bot") as bot:
        yield bot


async def test_a_rotation_keeps_a_value_that_nobody_types(bot: Store, store: Store) -> None:
    """The same value under another key; the old one is dead, and the record stays in escrow."""
    old = await escrowed(bot)
    new, is_erased = await record_rotating.rotate(bot, old.id, None)
    assert (await read(store, new), is_erased) == (VALUE, True)
    with pytest.raises(UnknownRecordError):
        await read(store, old)
    again, _ = await record_rotating.rotate(bot, old.id, None)
    assert await read(store, again) == VALUE
    other, _ = await record_rotating.rotate(bot, old.id, "another")
    assert (await read(store, other), await opened(bot, other)) == ("another", "another")
    assert set(key_files(bot)) == {KeyName(old.id, 4)}
    told = [one for one in await said(bot) if one["evt"] in ("record.created", "record.rotated")]
    assert [(one.get("escrow"), one.get("kept")) for one in told] == [
        (True, None),
        (True, True),
        (True, True),
        (True, None),
    ]


async def test_it_is_in_escrow_for_as_long_as_nobody_says_otherwise(bot: Store, store: Store) -> None:
    """Told so at a rotation it leaves, with its value or with another one, or comes."""
    key = await escrowed(bot)
    key, _ = await record_rotating.rotate(bot, key.id, None, escrow=False)
    row = await row_of(bot, key)
    assert (await read(store, key), row["escrow"], row["master"]) == (VALUE, None, None)
    with pytest.raises(EscrowAbsentError):
        await record_rotating.rotate(bot, key.id, None)
    assert await read(store, key) == VALUE
    assert set(key_files(bot)) == {KeyName(key.id, 2)}
    key, _ = await record_rotating.rotate(bot, key.id, "other", escrow=True)
    key, _ = await record_rotating.rotate(bot, key.id, None)
    assert await read(store, key) == "other"
    assert (await records.find(bot, key.id)).master == 1


@pytest.mark.parametrize(
    ("is_escrowed", "escrow", "why"),
    [
        (False, b"\x01" + bytes(88), "does not open with its keys"),
        (False, None, "nothing is kept"),
        (True, b"\x01" + bytes(88), "does not open with its keys"),
    ],
)
async def test_a_row_alone_puts_nothing_in_escrow(
    bot: Store, store: Store, is_escrowed: bool, escrow: bytes | None, why: str
) -> None:
    """Whoever writes the database has the next rotation make none: its caller is asked what it is to be."""
    key = await made(bot, escrow=is_escrowed)
    await put(bot, key, master=1, escrow=escrow)
    with pytest.raises(EscrowUnreadableError, match=why):
        await record_rotating.rotate(bot, key.id, "typed anew")
    assert (await read(store, key), set(key_files(bot))) == (VALUE, {KeyName(key.id, 1)})
    bare, _ = await record_rotating.rotate(bot, key.id, "typed anew", escrow=False)
    row = await row_of(bot, key)
    assert (await read(store, bare), row["escrow"], row["master"]) == ("typed anew", None, None)
    await put(bot, key, master=1, escrow=escrow)
    real, _ = await record_rotating.rotate(bot, key.id, "typed anew", escrow=True)
    assert (await opened(bot, real), (await row_of(bot, key))["master"]) == ("typed anew", 1)


@pytest.mark.parametrize("door", ["api", "page"])
async def test_an_escrow_whose_key_in_the_keyring_is_gone(bot: Store, door: str) -> None:
    """It cannot be told from one that somebody put there; told what it is to be, the record takes its value anew."""
    make = made(bot, escrow=True) if door == "api" else made_page(bot, escrow=True)
    record_id = (await make).id
    (key_path(bot.keyring.records, KeyName(record_id, 1).encoded)).unlink()

    async def rotate(*, escrow: bool | None) -> None:
        if door == "api":
            await record_rotating.rotate(bot, record_id, "anew", escrow=escrow)
        else:
            await record_pages.rotate(bot, record_id, "anew", PASSPHRASE, escrow=escrow)

    with pytest.raises(EscrowUnreadableError, match="its key in the keyring cannot be read"):
        await rotate(escrow=None)
    await rotate(escrow=True)
    assert await record_escrow.value_of(bot, record_id, 2) == "anew"


async def test_without_being_told_nothing_is_in_escrow(bot: Store) -> None:
    """What nobody asked for is not kept."""
    key = await made(bot)
    row = await row_of(bot, key)
    assert (row["escrow"], row["master"]) == (None, None)
    with pytest.raises(EscrowAbsentError):
        await record_rotating.rotate(bot, key.id, None)


async def test_it_takes_the_keyrings_key_and_the_master_key(bot: Store) -> None:
    """Either alone, or another one in its place, opens nothing; and no value has moved."""
    key = await escrowed(bot)
    path = masters(bot).folder / "1.key"
    whole = path.read_bytes()
    for content, why in ((bytes(31), "wrong length"), (bytes(32), "zeros"), (os.urandom(32), "does not open")):
        path.write_bytes(content)
        with pytest.raises(EscrowUnreadableError, match=why):
            await record_rotating.rotate(bot, key.id, None)
    path.write_bytes(whole)
    ring = key_path(bot.keyring.records, KeyName(key.id, 1).encoded)
    aside = ring.rename(ring.with_suffix(".aside"))
    with pytest.raises(KeyUnreadableError):
        await record_rotating.rotate(bot, key.id, None)
    ring.write_bytes(os.urandom(32))
    with pytest.raises(EscrowUnreadableError, match="does not open"):
        await record_rotating.rotate(bot, key.id, None)
    aside.rename(ring)
    assert await opened(bot, key) == VALUE


@pytest.mark.parametrize("how", ["rotated", "revoked", "expired"])
async def test_an_old_copy_of_the_row_opens_nothing_any_more(bot: Store, home: Home, how: str) -> None:
    """The row forgets its escrow, and with the keyring's key every copy of it is dead, beside the master key, too."""
    key = await escrowed(bot)
    before = await row_of(bot, key)
    if how == "rotated":
        await record_rotating.rotate(bot, key.id, None, escrow=False)
    elif how == "revoked":
        await record_endings.revoke(bot, key.id)
    else:
        home.hold_clock()
        home.advance_clock(3601)
        await sweeper.sweep(bot)
    after = await row_of(bot, key)
    assert (after["escrow"], after["master"]) == (None, None)
    await put(bot, key, **before)
    assert files(bot).keys() == {"1.key"}
    with pytest.raises(KeyUnreadableError):
        await opened(bot, key)
    with pytest.raises(StoreError):
        await record_rotating.rotate(bot, key.id, None)


async def test_what_ended_is_not_opened(bot: Store) -> None:
    """Nor what was rotated by somebody else in the meantime."""
    key, ended = await escrowed(bot), await escrowed(bot)
    await record_endings.revoke(bot, ended.id)
    with pytest.raises(UnknownRecordError):
        await record_rotating.rotate(bot, ended.id, None)
    with pytest.raises(RecordChangedError):
        await record_escrow.value_of(bot, key.id, 2)
    assert (await records.find(bot, ended.id)).state is RecordState.REVOKED


async def test_a_master_key_that_is_absent_is_never_made_again(bot: Store, home: Home) -> None:
    """It is named, the record is read as before, and takes its value anew; a start makes no other in its place."""
    key = await escrowed(bot)
    path = masters(bot).folder / "1.key"
    aside = path.rename(home.path / "aside")
    assert await record_escrow.missing(bot) == [1]
    with pytest.raises(EscrowUnreadableError, match="its master key 1 is absent"):
        await record_rotating.rotate(bot, key.id, None)
    with pytest.raises(EscrowUnreadableError, match="no master key"):
        await escrowed(bot)
    make_program_keys(home.keyring, home.signing)
    assert files(bot) == {}
    assert len(key_files(bot)) == 1
    assert await read(bot, key) == VALUE
    done = await master.rotate(bot, home.signing)
    assert (done.number, done.failed) == (2, {key.id: "its master key 1 is absent"})
    with pytest.raises(EscrowUnreadableError, match="its master key 1 is absent"):
        await record_rotating.rotate(bot, key.id, "anew")
    assert await read(bot, key) == VALUE
    new, _ = await record_rotating.rotate(bot, key.id, "anew", escrow=True)
    assert (await opened(bot, new), await record_escrow.missing(bot)) == ("anew", [])
    aside.rename(path)


async def test_the_web_program_has_no_part_in_it(bot: Store, store: Store, home: Home) -> None:
    """It reads such a record where SIGNING_DIR is not there at all, and can neither make nor open an escrow."""
    key = await escrowed(bot)
    home.signing.rename(home.path / "elsewhere")
    assert store.masters is None
    assert await read(store, key) == VALUE
    with pytest.raises(EscrowUnreadableError):
        await opened(store, key)
    with pytest.raises(EscrowUnreadableError):
        await escrowed(store)
    with pytest.raises(EscrowUnreadableError):
        await record_rotating.rotate(store, key.id, None)
    assert len(key_files(bot)) == 1


async def test_nothing_secret_is_in_the_row_or_the_folder(bot: Store, home: Home) -> None:
    """Neither value nor key; the folder is its owner's alone."""
    key = await escrowed(bot)
    row = await row_of(bot, key)
    held = {*files(bot).values(), *key_files(bot).values(), VALUE.encode(), key.secret}
    kept = b"".join(value for value in row.values() if isinstance(value, bytes)) + str(await said(bot)).encode()
    assert len(held) == 4
    for canary in held:
        assert not is_in(canary, kept)
    modes = [stat.S_IMODE(path.stat().st_mode) for path in (masters(bot).folder, masters(bot).folder / "1.key")]
    assert modes == [0o700, 0o600]


def test_an_installation_of_before_gets_none_by_itself(tmp_path: Path) -> None:
    """The first master key comes with the keyring, once; a start later makes none."""
    make_program_keys(tmp_path, tmp_path / "signing")
    assert not (tmp_path / "signing" / "master").exists()
    make_program_keys(tmp_path, tmp_path / "signing", is_new=True)
    first = (tmp_path / "signing" / "master" / "1.key").read_bytes()
    make_program_keys(tmp_path, tmp_path / "signing", is_new=True)
    assert (tmp_path / "signing" / "master" / "1.key").read_bytes() == first
    assert (len(first), any(first)) == (32, True)


async def test_a_row_that_names_no_number_is_no_path(sqlite_home: Home) -> None:
    """On SQLite a column holds whatever somebody puts there."""
    async with sqlite_home.open("bot") as bot:
        key = await escrowed(bot)
        await put(bot, key, master="../event-bot")
        with pytest.raises(EscrowUnreadableError, match="no number"):
            await record_rotating.rotate(bot, key.id, None)
        assert [str(one) for one in await record_escrow.missing(bot)] == ["../event-bot"]
