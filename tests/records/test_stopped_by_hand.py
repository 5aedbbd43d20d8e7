"""Ctrl-C at `sendsecret record`: what was made and is lost is said, and what changed nothing says that."""

from typing import Any

import pytest

from sendsecret.records import value_in
from sendsecret.sending import login_file
from store import record_pages, records
from store.database import Database
from store.words import RecordState
from tests.records.typing_it import LABEL, run
from tests.stores import Home

NOT_KNOWN = "Stopped. It is not known whether anything was changed: look with `sendsecret record list`."
UNCHANGED = (2, "", "Stopped. Nothing was changed.\n")


def stop(*_: object, **__: object) -> Any:
    """As the interpreter does where the key is pressed."""
    raise KeyboardInterrupt


@pytest.mark.parametrize("door", ["api", "page"])
@pytest.mark.parametrize("where", ["made", "going_out"])
async def test_a_record_that_nobody_can_read_is_not_left_without_a_word(
    sqlite_home: Home, monkeypatch: pytest.MonkeyPatch, door: str, where: str
) -> None:
    """Just behind the commit, or before its key is printed: it may be there, and is to be revoked."""
    if where == "going_out":
        monkeypatch.setattr("sendsecret.records.handing_over.show", stop)
    else:
        make_for = records.make_for

        async def made(*given: Any, **named: Any) -> None:
            await make_for(*given, **named)
            stop()

        monkeypatch.setattr(records, "make_for", made)
    done = await run(sqlite_home, "make", "-l", LABEL, "--door", door)
    assert (done.code, done.out) == (3, "")
    assert done.err.endswith(f"{NOT_KNOWN} If the record is there, revoke it: nobody can read it.\n")
    assert "Nothing was changed" not in done.err
    async with sqlite_home.open("bot") as store:
        assert [one.state for one in await records.everything(store)] == [RecordState.LIVE]


@pytest.mark.parametrize("where", ["store.record_rotating.erase_every", "sendsecret.records.handing_over.show"])
async def test_a_rotation_is_to_be_typed_again(sqlite_home: Home, monkeypatch: pytest.MonkeyPatch, where: str) -> None:
    """The old key is dead by then."""
    key = (await run(sqlite_home, "make", "-l", LABEL)).key
    monkeypatch.setattr(where, stop)
    done = await run(sqlite_home, "rotate", key.id_text)
    assert (done.code, done.out) == (3, "")
    assert done.err.endswith(f"{NOT_KNOWN} Then run the same again: sendsecret record rotate {key.id_text}\n")


async def test_what_changed_nothing_says_so(sqlite_home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """While the credential is read, before there is a store, and while one only looks."""
    key = (await run(sqlite_home, "make", "-l", LABEL)).key
    with monkeypatch.context() as typing:
        typing.setattr(value_in, "_typed", stop)
        typing.setattr("click.testing._NamedTextIOWrapper.isatty", lambda _: True)
        for words in (("make", "-l", LABEL), ("rotate", key.id_text), ("make", "-l", LABEL, "--with-login")):
            done = await run(sqlite_home, *words)
            assert (done.code, done.out, done.err) == UNCHANGED
    with monkeypatch.context() as looking:
        looking.setattr(records, "everything", stop)
        looking.setattr(records, "find", stop)
        for looked in (("list",), ("rotate", key.id_text)):
            done = await run(sqlite_home, *looked)
            assert (done.code, done.out, done.err) == UNCHANGED
    monkeypatch.setattr(Database, "require_durable", stop)
    for begun in (("make", "-l", LABEL), ("revoke", key.id_text), ("unlock", key.id_text)):
        done = await run(sqlite_home, *begun)
        assert (done.code, done.out, done.err) == UNCHANGED


async def test_an_end_that_is_not_known_is_said(sqlite_home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a revocation and of an unlocking."""
    key = (await run(sqlite_home, "make", "-l", LABEL)).key
    monkeypatch.setattr("store.record_endings.revoke", stop)
    monkeypatch.setattr(record_pages, "unlock", stop)
    revoked = await run(sqlite_home, "revoke", key.id_text)
    assert (revoked.code, revoked.out) == (3, "")
    assert revoked.err.startswith(NOT_KNOWN)
    unlocked = await run(sqlite_home, "unlock", key.id_text)
    assert (unlocked.code, unlocked.out) == (3, "")
    assert unlocked.err.startswith("Stopped. It is not known whether it was unlocked")


async def test_the_same_with_a_login(sqlite_home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """Once a request may be on its way nobody knows; a list changes nothing."""
    monkeypatch.setattr(login_file, "find", stop)
    name = "A" * 22
    for words, code, said in (
        (("make", "-l", LABEL), 3, "Stopped. It is not known whether a record was made"),
        (("revoke", name), 3, "Stopped. It is not known whether it was revoked"),
        (("list",), 2, "Stopped. Nothing was changed."),
    ):
        done = await run(sqlite_home, *words, "--with-login")
        assert (done.code, done.out) == (code, "")
        assert done.err.startswith(said)
