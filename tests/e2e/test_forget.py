"""`sendsecret forget` as its operator types it, beside a bot that runs."""

import asyncio
import sys
from pathlib import Path

import pytest

from store import drops, endings, orders, record_reads, records
from store.door import Visitor
from store.opened import Store
from store.personal import ERASED
from store.records import Named
from store.words import Actor, Event
from tests.store.living import created
from tests.store.reading import events_of
from tests.store.sealing_under_orders import terms
from tests.store.test_forgetting import told
from tests.stores import Home


async def forget(home: Home, *words: str, answer: bytes = b"") -> tuple[int, str, str]:
    """Exit code, standard output, standard error."""
    environment = {"PATH": "/usr/bin:/bin", **home.environment()}
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "sendsecret",
        "forget",
        *words,
        env=environment,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(60):
        out, err = await process.communicate(answer)
    return process.returncode or 0, out.decode(), err.decode()


async def over(store: Store, **fields: object) -> bytes:
    """A drop that was revoked."""
    sealed = await created(store, **fields)
    await endings.revoke(store, sealed.new.id)
    await told(store)
    return sealed.new.id


async def test_an_address_is_known_by_every_spelling_of_its_domain(sqlite_home: Home) -> None:
    """It is kept under one, whichever was typed then and now."""
    async with sqlite_home.open("bot") as store:
        await over(store, recipient_id="Dana@xn--bcher-kva.example")
    code, out, _ = await forget(sqlite_home, "--person", "Dana@B\u00dcCHER.example", "--yes")
    assert code == 0
    assert "Forgotten in 1 drop." in out


async def test_a_person_is_forgotten_in_all_that_is_over(home: Home) -> None:
    """On both engines; the second time there is nobody left, and that is said."""
    async with home.open("bot") as store:
        ids = [await over(store, recipient_id="U0DANA") for _ in range(2)]
        other = await over(store, recipient_id="U0NOOR")
    assert (await forget(home, "--person", "U0DANA"))[0] == 2
    code, out, err = await forget(home, "--person", " <@u0dana|dana>", "--yes")
    assert (code, err) == (0, "")
    assert "Forgotten in 2 drops." in out
    assert "after 13 months" in out
    async with home.open("bot") as store:
        assert [(await events_of(store, one))[-1]["evt"] for one in ids] == [Event.PERSON_FORGOTTEN] * 2
        left = await drops.find(store, other)
    assert left is not None
    assert left.recipient_name == "Dana Petrov"
    code, out, err = await forget(home, "--person", "U0DANA", "--yes")
    assert (code, out) == (2, "")
    assert "No drop names that person" in err


async def test_a_page_that_nobody_has_used_is_deleted(sqlite_home: Home) -> None:
    """It names them until it is over, which may be a week; it is counted in the question too."""
    async with sqlite_home.open("bot") as store:
        await orders.place(store, terms(sender_id="U0PIA"))
    code, _, err = await forget(sqlite_home, "--person", "U0PIA")
    assert code == 2
    assert "in 0 drops and 1 page to seal on" in err
    code, out, err = await forget(sqlite_home, "--person", "U0PIA", "--yes")
    assert (code, err) == (0, "")
    assert "Deleted what nobody had sealed so far: 1 page." in out
    assert (await forget(sqlite_home, "--person", "U0PIA", "--yes"))[0] == 2


async def test_what_is_still_open_is_named(sqlite_home: Home) -> None:
    """Exit code 1: the person is not forgotten everywhere yet."""
    async with sqlite_home.open("bot") as store:
        await over(store)
        await created(store)
    code, out, err = await forget(sqlite_home, "--person", "UDANA", "--yes")
    assert code == 1
    assert "Forgotten in 1 drop." in out
    assert "Not yet, because open" in err


async def test_without_a_yes_nothing_is_done(sqlite_home: Home) -> None:
    """A script that forgot to say --yes is told so; no question is asked that nobody can answer."""
    async with sqlite_home.open("bot") as store:
        drop_id = await over(store)
    code, out, err = await forget(sqlite_home, "--person", "UDANA", answer=b"y\n")
    assert (code, out) == (2, "")
    assert "say --yes" in err
    async with sqlite_home.open("bot") as store:
        assert (await events_of(store, drop_id))[-1]["evt"] == Event.RECEIPT


@pytest.mark.parametrize("gone", ["keyring", "store.db"])
async def test_what_is_missing_is_said_in_words(sqlite_home: Home, tmp_path: Path, gone: str) -> None:
    """No traceback, and nothing new in its place."""
    (tmp_path / gone).rename(tmp_path / "elsewhere")
    code, out, err = await forget(sqlite_home, "--person", "UDANA", "--yes")
    assert (code, out) == (2, "")
    assert "Traceback" not in err
    assert err.strip()


@pytest.mark.parametrize("typed", ["Dana Okafor", "@dana", "dana", "wendy", ""])
async def test_what_is_no_id_is_refused(sqlite_home: Home, typed: str) -> None:
    """A name would find nobody, and "nobody" must not be read as "forgotten"."""
    code, out, err = await forget(sqlite_home, "--person", typed, "--yes")
    assert (code, out) == (2, "")
    assert "takes a user id of Slack" in err


async def test_records_stay_without_a_name(sqlite_home: Home) -> None:
    """Somebody who has a record and no drop is known, asked about, and forgotten; a program reads on."""
    async with sqlite_home.open("bot") as store:
        named = Named("Dana's key", owner="U0DANA")
        key, _ = await records.make(store, named, "value", lives_seconds=3600, by=Actor.SENDER)
    code, _, said = await forget(sqlite_home, "--person", "U0DANA")
    assert (code, "in 0 drops and 1 record." in said) == (2, True)
    code, out, _ = await forget(sqlite_home, "--person", "U0DANA", "--yes")
    assert (code, "Without that name, and read as before: 1 record." in out) == (0, True)
    assert (await forget(sqlite_home, "--person", "U0DANA", "--yes"))[0] == 2
    async with sqlite_home.open() as store:
        assert (await record_reads.read(store, key.id, key, Visitor())).value == "value"
        assert (await records.find(store, key.id)).named == Named(ERASED)
