"""`sendsecret record` for people: a link and a passphrase, shown once, and nothing that an operator could use later."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import delete, update

from store import record_pages, record_views, records
from store.door import Visitor
from store.errors import UnknownRecordError
from store.formats import derivation_v1, header_v1, link_v1, passphrase_v1, record_page_v1
from store.formats.link_v1 import Link
from store.passphrase_form import form_of
from store.record_doors import RecordDoor
from store.schema_of_records import record_pages as pages_table
from store.schema_of_records import records as records_table
from tests.records.typing_it import LABEL, VALUE, Done, run
from tests.store.looking import Holder, guess
from tests.stores import PUBLIC_URL, Home


def given(done: Done) -> tuple[Link, str]:
    """Link and passphrase on standard output, and nothing else."""
    address, passphrase = done.out.splitlines()
    before, _, fragment = address.partition("#")
    link = link_v1.parse(before.removeprefix(f"{PUBLIC_URL}/v/"), fragment, link_v1.RECORD)
    assert re.fullmatch(r"Passphrase: [a-z]+ [a-z]+ [a-z]+ [a-z]+", passphrase)
    return link, passphrase.removeprefix("Passphrase: ")


async def seen(home: Home, done: Done, chosen: bytes | None = None) -> tuple[header_v1.Header, str]:
    """The header and the value, as its page shows them for the printed passphrase, or a canonical one."""
    link, passphrase = given(done)
    keys = record_page_v1.derive(link, chosen or passphrase_v1.canon("words", passphrase))
    proof = derivation_v1.link_proof(link)
    async with home.open() as store:
        header = (await record_views.look(store, link.id, proof)).header
        presented = record_views.Presented(link.id, proof, keys.auth_token, bytes(32))
        got = await record_views.view(store, presented, Visitor())
    return header_v1.parse(header), record_page_v1.open_(link, keys, header, got.version, got.sealed)


async def test_link_and_passphrase_are_shown_once(home: Home) -> None:
    """On standard output they alone; on standard error that it is not destroyed when it is read."""
    done = await run(home, "make", "-l", LABEL, "--door", "page", "--from", "Maya Okafor", "--reads", "3")
    assert done.code == 0
    link, passphrase = given(done)
    assert "not destroyed when it is read" in done.err
    assert "shown this once" in done.err
    assert passphrase not in done.err
    assert link.fragment() not in done.err
    header, value = await seen(home, done)
    assert (header.sender, header.label, value) == ("Maya Okafor", LABEL, VALUE.decode())


async def test_the_page_names_the_server_where_nobody_is_named(home: Home) -> None:
    """Rather than a login name of whoever typed."""
    header, _ = await seen(home, await run(home, "make", "-l", LABEL, "--door", "page"))
    assert header.sender == "localhost"


async def test_a_passphrase_of_ones_own(home: Home, tmp_path: Path) -> None:
    """It is not shown again, opens the page, and is neither told by the label nor the credential itself."""
    file = tmp_path / "passphrase"
    file.write_text("Correct horse!\n")
    page = ("make", "--door", "page", "--passphrase-file", str(file))
    for label, value, said in (
        ("correct HORSE!", VALUE, "The label holds the passphrase"),
        (LABEL, b"Correct horse!", "The passphrase is the credential"),
    ):
        done = await run(home, *page, "-l", label, typed=value)
        assert (done.code, done.out) == (2, "")
        assert said in done.err
    done = await run(home, *page, "-l", LABEL)
    assert done.code == 0
    [address] = done.out.splitlines()
    assert "horse" not in done.err
    form = form_of("Correct horse!")
    shown = replace(done, out=f"{address}\nPassphrase: a b c d\n")
    header, read = await seen(home, shown, passphrase_v1.canon(form, "Correct horse!"))
    assert (header.form, read) == (form, VALUE.decode())


async def test_it_is_rotated_to_another_link(home: Home) -> None:
    """By the door that it has; the old link is dead, and the page says what it said."""
    old = await run(home, "make", "-l", LABEL, "--door", "page", "--from", "Maya Okafor")
    record_id = given(old)[0].id_text
    done = await run(home, "rotate", f"{PUBLIC_URL}/v/{record_id}", typed=b"another")
    assert done.code == 0
    assert f"Record {record_id} has another link and passphrase: {LABEL}." in done.err
    header, value = await seen(home, done)
    assert (header.sender, header.label, value) == ("Maya Okafor", LABEL, "another")
    with pytest.raises(UnknownRecordError):
        await seen(home, old)


@pytest.mark.parametrize("lost", ["page", "header", "names"])
async def test_a_leaked_link_dies_where_its_page_cannot_be_read(home: Home, lost: str) -> None:
    """With the names that are given, else with the record's and the server's; whatever is damaged."""
    old = await run(home, "make", "-l", LABEL, "--door", "page", "--from", "Maya Okafor")
    name = given(old)[0].id_text
    async with home.open("bot") as store, store.db.write() as tx:
        if lost == "page":
            await tx.execute(delete(pages_table))
        else:
            await tx.execute(update(pages_table).values(header=bytes(40)))
        if lost == "names":
            await tx.execute(update(records_table).values(personal=bytes(40)))
    done = await run(home, "rotate", name, typed=b"another")
    assert done.code == 0, done.err
    header, value = await seen(home, done)
    label = "Credential" if lost == "names" else LABEL
    assert (header.sender, header.label, value) == ("localhost", label, "another")
    with pytest.raises(UnknownRecordError):
        await seen(home, old)
    async with home.open("bot") as store, store.db.write() as tx:
        await tx.execute(update(pages_table).values(header=bytes(40)))
    told = await run(home, "rotate", name, "--label", "Key sk_live_canary")
    assert (told.code, told.out) == (2, "")
    assert "The label holds the credential" in told.err
    named = await run(home, "rotate", name, "--from", "Sam Lee", "--label", "Deploy key")
    header, _ = await seen(home, named)
    assert (header.sender, header.label) == ("Sam Lee", "Deploy key")


async def test_a_page_whose_names_cannot_be_kept_is_to_be_revoked(home: Home) -> None:
    """The key of its month is gone: that is said, the old link is as it was, and a revocation needs no key."""
    old = await run(home, "make", "-l", LABEL, "--door", "page")
    name = given(old)[0].id_text
    [month] = (home.keyring / "months").iterdir()
    month.rename(home.keyring / "aside")
    done = await run(home, "rotate", name)
    assert (done.code, done.out) == (3, "")
    assert "Nothing was changed. If the key cannot be put back, revoke the record and make another" in done.err
    assert (await run(home, "revoke", name)).code == 0


async def test_names_are_for_a_page_alone(sqlite_home: Home) -> None:
    """And said before anybody types a credential."""
    key = (await run(sqlite_home, "make", "-l", LABEL)).key
    for words, said in (
        (("--from", "Maya"), "are for a record with a page"),
        (("--label", "a\x1b[2J"), "--label takes"),
    ):
        done = await run(sqlite_home, "rotate", key.id_text, *words)
        assert (done.code, done.out) == (2, "")
        assert said in done.err


async def test_the_list_says_its_door_and_that_it_is_locked(home: Home) -> None:
    """And an unlocking is refused where there is nothing to unlock."""
    made = await run(home, "make", "-l", LABEL, "--door", "page")
    link = given(made)[0]
    key = (await run(home, "make", "-l", "Deploy key")).key
    async with home.open() as store:
        await guess(store, Holder(link), home)
    listed = (await run(home, "list")).out.splitlines()
    assert re.fullmatch(
        f"{link.id_text}  page, locked  until [-0-9]{{10}}  never read  wrong passphrases 5  {LABEL}", listed[0]
    )
    assert listed[1].startswith(f"{key.id_text}  until ")
    unlocked = await run(home, "unlock", link.id_text)
    assert unlocked.code == 0
    said = "5 more tries at its passphrase. You can unlock it once more."
    assert unlocked.out == f"Record {link.id_text} unlocked: {said}\n"
    assert f"{link.id_text}  page  until" in (await run(home, "list")).out
    for name, words in (
        (link.id_text, "It is not locked"),
        (key.id_text, "it has no page, so there is nothing to unlock"),
        ("A" * 22, "no such"),
    ):
        refused = await run(home, "unlock", name)
        assert (refused.code, refused.out) == (2, "")
        assert words in refused.err
        assert "Nothing was changed." in refused.err


async def test_a_handing_over_that_fails_leaves_nothing(sqlite_home: Home) -> None:
    """Without a login nobody is sent anything: the new record is revoked again, and nothing of it is shown."""
    done = await run(sqlite_home, "make", "-l", LABEL, "--door", "page", "--hand-to", "@dana")
    assert (done.code, done.out) == (1, "")
    assert "Link and passphrase were handed to nobody, so the record was revoked again" in done.err
    async with sqlite_home.open("bot") as store:
        [held] = await records.everything(store)
        assert (held.state, held.door) == ("revoked", RecordDoor.PAGE)
        assert await record_pages.locked(store) == set()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--from", "Maya"), "--from takes"),
        (("--door", "page", "--from", "a\x1b[2J"), "--from takes"),
        (("--door", "page", "--from", "x" * 101), "--from takes"),
        (("--door", "both"), "--door"),
    ],
)
async def test_what_cannot_be_is_refused(sqlite_home: Home, words: tuple[str, ...], said: str) -> None:
    """One sentence, exit code 2, and nothing was made."""
    done = await run(sqlite_home, "make", "-l", LABEL, *words)
    assert (done.code, done.out) == (2, "")
    assert said in done.err
    async with sqlite_home.open("bot") as store:
        assert await records.everything(store) == []
