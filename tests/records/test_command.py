"""`sendsecret record`: made, listed, rotated and revoked by whoever runs it, and what each of them is told."""

import re

import pytest
from click.testing import CliRunner
from sqlalchemy import select, update

from sendsecret.__main__ import main
from sendsecret.records import value_in
from store import record_reads, records
from store.door import Visitor
from store.errors import UnknownRecordError
from store.formats import base64url
from store.formats.record_key_v1 import RecordKey
from store.record_keys import KeyName
from store.schema_of_records import records as table
from store.words import RecordState
from tests.records.typing_it import LABEL, VALUE, run
from tests.stores import PUBLIC_URL, Home

URL = "https://dashboard.stripe.example/apikeys"
PROVIDER = "This does not change the key at its provider; rotate it there"


async def read(home: Home, key: RecordKey) -> str:
    """What a program gets."""
    async with home.open() as store:
        return (await record_reads.read(store, key.id, key, Visitor())).value


async def test_standard_output_has_the_key_and_its_line_alone(home: Home) -> None:
    """Twice nothing else, so that a pipe takes it whole; what a person must know stands on standard error."""
    done = await run(home, "make", "-l", LABEL, "--reads", "3", "--rotate-url", URL)
    key = done.key
    assert done.code == 0
    assert done.out == (
        f'SENDSECRET_KEY={key.text}\ncurl -H "X-API-Key: $SENDSECRET_KEY" {PUBLIC_URL}/r/{key.id_text}\n'
    )
    assert key.text not in done.err
    assert "sk_live" not in done.out + done.err
    assert f"Record {key.id_text} made: {LABEL}." in done.err
    assert "3 times at most" in done.err
    assert "ends with a line break, which is kept" in done.err
    assert "shown this once" in done.err
    assert await read(home, key) == VALUE.decode()


async def test_the_list_says_how_each_stands(home: Home) -> None:
    """Oldest first, with what people ask for, and nothing that reads one."""
    first = (await run(home, "make", "-l", LABEL, "--reads", "2")).key
    second = (await run(home, "make", "-l", "Deploy key")).key
    await read(home, first)
    await run(home, "revoke", second.id_text)
    listed = await run(home, "list")
    one, two = listed.out.splitlines()
    assert re.fullmatch(f"{first.id_text}  until [-0-9]{{10}}  read 1 times, last [-0-9]{{10}}, 1 left  {LABEL}", one)
    assert re.fullmatch(f"{second.id_text}  revoked [-0-9]{{10}}  never read  Deploy key", two)
    assert "ssk_" not in listed.out


async def test_nothing_to_list(home: Home) -> None:
    """Said where a program that reads the list does not take it for a record."""
    done = await run(home, "list")
    assert (done.code, done.out) == (0, "")
    assert "There is no record." in done.err


async def test_a_rotation_says_what_it_does_not_change(home: Home) -> None:
    """The old key is dead, the new one shown once, and the last sentence says where to rotate the rest."""
    old = (await run(home, "make", "-l", LABEL, "--rotate-url", URL)).key
    done = await run(home, "rotate", f"{PUBLIC_URL}/r/{old.id_text}", typed=b"another")
    assert done.code == 0
    assert done.key.id == old.id
    assert done.err.rstrip().endswith(f"{PROVIDER}: {URL}")
    assert await read(home, done.key) == "another"
    with pytest.raises(UnknownRecordError):
        await read(home, old)
    bare = (await run(home, "make", "-l", LABEL)).key
    assert (await run(home, "rotate", bare.id_text)).err.rstrip().endswith(f"{PROVIDER}.")


@pytest.mark.parametrize("door", ["api", "page"])
async def test_what_was_typed_slowly_does_not_take_the_place_of_something_newer(
    sqlite_home: Home, monkeypatch: pytest.MonkeyPatch, door: str
) -> None:
    """Somebody else rotates while this one looks for the credential: theirs stays, and this one is told to look."""
    await run(sqlite_home, "make", "-l", LABEL, "--door", door)
    async with sqlite_home.open("bot") as store:
        [before] = await records.everything(store)
    name, newer = base64url.encode(before.id), ["newer"]
    reading = value_in.read

    def slowly(*said: str) -> str:
        if newer:
            typed = CliRunner(env=sqlite_home.environment()).invoke(main, ["record", "rotate", name], newer.pop())
            assert typed.exit_code == 0
        return reading(*said)

    monkeypatch.setattr(value_in, "read", slowly)
    done = await run(sqlite_home, "rotate", name, typed=b"older")
    assert (done.code, done.out) == (2, "")
    assert "Somebody else has rotated or ended this record just now. Nothing was changed." in done.err
    async with sqlite_home.open("bot") as store:
        [held] = await records.everything(store)
        assert held.version == before.version + 1
        assert len(store.keyring.records.ids()) == 1


async def test_a_revocation_says_what_it_does_not_change(home: Home) -> None:
    """It is over at once; again there is nothing to revoke or rotate, and that is said."""
    key = (await run(home, "make", "-l", LABEL, "--rotate-url", URL)).key
    done = await run(home, "revoke", key.id_text)
    assert done.code == 0
    assert done.out.rstrip().endswith(f"{PROVIDER}: {URL}")
    with pytest.raises(UnknownRecordError):
        await read(home, key)
    for words in (("revoke", key.id_text), ("rotate", key.id_text), ("revoke", "A" * 22)):
        again = await run(home, *words)
        assert (again.code, again.out) == (2, "")
        assert again.err == "There is no such record, or it has ended already. Nothing was changed.\n"


@pytest.mark.parametrize("verb", ["rotate", "revoke", "unlock"])
@pytest.mark.parametrize("name", ["-" + "y" * 20 + "A", "--" + "y" * 19 + "A", "-h" + "-" * 19 + "A"])
async def test_an_id_may_look_like_options(sqlite_home: Home, verb: str, name: str) -> None:
    """One in 64 begins with a hyphen; none of its letters is taken for `-y`."""
    done = await run(sqlite_home, verb, name, *(["-y"] if verb == "rotate" else []))
    assert (done.code, done.err) == (2, "There is no such record, or it has ended already. Nothing was changed.\n")


@pytest.mark.parametrize(
    ("words", "typed", "said"),
    [
        (("make", "-l", LABEL), b"", "There is no credential"),
        (("make", "-l", LABEL), b" \n", "There is no credential"),
        (("make", "-l", LABEL), b"\xff\xfe", "no UTF-8 text"),
        (("make", "-l", LABEL), b"x" * 65_537, "longer than 64 KiB"),
        (("make", "-l", ""), VALUE, "--label takes"),
        (("make", "-l", "a\x1b[2J"), VALUE, "--label takes"),
        (("make", "-l", "x" * 101), VALUE, "--label takes"),
        (("make", "-l", "Key sk_live_canary"), VALUE, "The label holds the credential"),
        (("make", "-l", LABEL, "--rotate-url", "http://x.example"), VALUE, "--rotate-url takes"),
        (("make", "-l", LABEL, "--rotate-url", "https://a@b.example"), VALUE, "--rotate-url takes"),
        (("make", "-l", LABEL, "--rotate-url", "https://[x"), VALUE, "--rotate-url takes"),
        (("make", "-l", LABEL, "--expires", "4000d"), VALUE, "3650d at most"),
        (("make", "--with-login", "-l", LABEL, "--expires", "366d"), VALUE, "365d at most with --with-login"),
        (("make", "--with-login", "-l", LABEL, "--door", "page", "--escrow"), VALUE, "--escrow is for whoever runs"),
        (("make", "-l", LABEL, "--passphrase-file", "x"), VALUE, "are for --door page alone"),
        (("make", "-l", LABEL, "--door", "page", "--ask-passphrase", "--hand-to", "@d"), VALUE, "go without --hand-to"),
        (("make", "-l", LABEL, "--door", "page", "--passphrase-file", "/no"), VALUE, "cannot be read"),
        (("make", "-l", LABEL, "--expires", "soon"), VALUE, "like 30m, 24h or 14d"),
        (("make", "-l", LABEL, "--reads", "0"), VALUE, "--reads"),
        (("make",), VALUE, "--label"),
        (("rotate", "nonsense"), VALUE, "no record's id"),
        (("revoke", "-h"), VALUE, "no record's id"),
    ],
)
async def test_what_cannot_be_is_refused_kindly(
    sqlite_home: Home, words: tuple[str, ...], typed: bytes, said: str
) -> None:
    """One sentence and exit code 2; nothing was made, and nothing that was typed is repeated."""
    done = await run(sqlite_home, *words, typed=typed)
    assert done.code == 2
    assert said in done.err
    assert "sk_live_canary" not in done.out + done.err
    async with sqlite_home.open("bot") as store:
        assert await records.everything(store) == []
        assert store.keyring.records.ids() == []


async def test_a_keyring_that_is_away_is_said(sqlite_home: Home) -> None:
    """Nothing is made; a revocation counts all the same, and says what is left to do."""
    key = (await run(sqlite_home, "make", "-l", LABEL)).key
    folder = sqlite_home.keyring / "records"
    aside = folder.rename(sqlite_home.keyring / "aside")
    done = await run(sqlite_home, "make", "-l", LABEL)
    assert (done.code, done.out) == (3, "")
    assert "is KEYRING_DIR mounted? Nothing was changed." in done.err
    revoked = await run(sqlite_home, "revoke", key.id_text)
    assert revoked.code == 0
    assert "could not be overwritten just now" in revoked.out
    aside.rename(folder)
    assert (folder / KeyName(key.id, 1).encoded.hex()).exists()
    async with sqlite_home.open("bot") as store:
        assert [one.state for one in await records.everything(store)] == [RecordState.REVOKED]


@pytest.mark.parametrize("away", ["row", "month"])
async def test_a_name_that_cannot_be_read_keeps_nobody_from_ending_it(home: Home, away: str) -> None:
    """A leaked key dies whatever became of the record's name: what says so says that, and the list has the others."""
    leaked, turned = [(await run(home, "make", "-l", LABEL, "--rotate-url", URL)).key for _ in range(2)]
    await damage(home, away, leaked, turned)
    other = await run(home, "make", "-l", "Deploy key") if away == "row" else None
    listed = await run(home, "list")
    assert listed.code == 0
    assert listed.out.count("  (name unreadable)\n") == 2
    assert other is None or f"{other.key.id_text}  until" in listed.out
    rotated = await run(home, "rotate", turned.id_text, typed=b"another")
    assert rotated.code == 0
    assert f"Record {turned.id_text} has another key: (name unreadable)." in rotated.err
    assert await read(home, rotated.key) == "another"
    revoked = await run(home, "revoke", leaked.id_text)
    assert revoked.code == 0
    assert f"Record {leaked.id_text} revoked: (name unreadable)." in revoked.out
    assert revoked.out.rstrip().endswith(f"{PROVIDER}.")
    for key in (leaked, turned):
        with pytest.raises(UnknownRecordError):
            await read(home, key)


async def damage(home: Home, away: str, *keys: RecordKey) -> None:
    """One byte of what is kept of each name, or the key of their month."""
    if away == "month":
        [month] = (home.keyring / "months").iterdir()
        month.rename(home.keyring / "aside")
        return
    async with home.open("bot") as store, store.db.write() as tx:
        for key in keys:
            is_it = table.c.id == key.id
            kept: bytes = (await tx.execute(select(table.c.personal).where(is_it))).scalar_one()
            await tx.execute(update(table).where(is_it).values(personal=kept[:-1] + bytes([kept[-1] ^ 1])))


async def test_a_rotation_says_that_the_old_key_is_left(sqlite_home: Home) -> None:
    """As a revocation does: its file is away just then, and may come back."""
    key = (await run(sqlite_home, "make", "-l", LABEL)).key
    path = sqlite_home.keyring / "records" / KeyName(key.id, 1).encoded.hex()
    path.rename(sqlite_home.keyring / "aside")
    done = await run(sqlite_home, "rotate", key.id_text)
    assert done.code == 0
    assert "could not be overwritten just now" in done.err
    assert "could not be overwritten" not in (await run(sqlite_home, "rotate", key.id_text)).err
