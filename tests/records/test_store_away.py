"""`sendsecret record` while the store goes away: what was changed for certain, what was not, and what nobody knows."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from store import events, records
from store.database import Database
from store.errors import StoreUnavailableError
from store.formats import base64url
from tests.records.typing_it import LABEL, run
from tests.stores import Home

AWAY = "the database does not answer"
NOT_KNOWN = f"{AWAY}. It is not known whether anything was changed: look with `sendsecret record list`."


def lose_answers(patch: pytest.MonkeyPatch, *, after: int = 0, is_kept: bool = True) -> None:
    """The database goes away around each commit that has an event, but for the first few: just after it, or before."""
    append, write = events.append_without_drop, Database.write
    said = []

    async def appending(*args: Any, **named: Any) -> Any:
        said.append(args)
        return await append(*args, **named)

    @asynccontextmanager
    async def losing(self: Database) -> AsyncIterator[Any]:
        before = max(after, len(said))
        async with write(self) as tx:
            yield tx
            if len(said) > before and not is_kept:
                raise StoreUnavailableError(AWAY)
        if len(said) > before:
            raise StoreUnavailableError(AWAY)

    patch.setattr(events, "append_without_drop", appending)
    patch.setattr(Database, "write", losing)


async def test_what_is_not_known_is_not_said_to_be_unchanged(
    sqlite_home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The answer to a commit is lost: it may have been made, and what is to be done about it is said."""
    key = (await run(sqlite_home, "make", "-l", LABEL)).key
    lose_answers(monkeypatch)
    again = f"{NOT_KNOWN} Then run the same again: sendsecret record"
    for words, said in (
        (("make", "-l", LABEL), f"{NOT_KNOWN} If the record is there, revoke it: nobody can read it.\n"),
        (("rotate", key.id_text), f"{again} rotate {key.id_text}\n"),
        (("revoke", key.id_text), f"{again} revoke {key.id_text}\n"),
    ):
        done = await run(sqlite_home, *words)
        assert (done.code, done.out, done.err) == (3, "", said)


async def test_what_certainly_changed_nothing_says_so(sqlite_home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """A list, a rotation that did not come as far as the credential, and a store that does not open."""
    key = (await run(sqlite_home, "make", "-l", LABEL)).key
    unchanged = (3, "", f"{AWAY}. Nothing was changed.\n")
    with monkeypatch.context() as looking:
        looking.setattr(records, "find", _away)
        looking.setattr(records, "everything", _away)
        for words in (("list",), ("rotate", key.id_text)):
            done = await run(sqlite_home, *words)
            assert (done.code, done.out, done.err) == unchanged
    monkeypatch.setattr(Database, "require_durable", _away)
    for typed in (("make", "-l", LABEL), ("revoke", key.id_text)):
        done = await run(sqlite_home, *typed)
        assert (done.code, done.out, done.err) == unchanged


@pytest.mark.parametrize("is_kept", [True, False])
async def test_a_record_that_remains_is_named(
    sqlite_home: Home, monkeypatch: pytest.MonkeyPatch, is_kept: bool
) -> None:
    """Its key went to nobody, and the database was away when it was to be revoked: which it is, and how it ends."""
    with monkeypatch.context() as lost:
        lost.setattr("sendsecret.records.handing_over.show", lambda text: False)
        lose_answers(lost, after=1, is_kept=is_kept)
        done = await run(sqlite_home, "make", "-l", LABEL)
    assert (done.code, done.out) == (3, "")
    async with sqlite_home.open("bot") as store:
        [held] = await records.everything(store)
    assert done.err.endswith(f"sendsecret record revoke {base64url.encode(held.id)}\n")
    assert "Nothing was changed" not in done.err
    assert "was revoked again" not in done.err


async def _away(*_: object) -> None:
    raise StoreUnavailableError(AWAY)
