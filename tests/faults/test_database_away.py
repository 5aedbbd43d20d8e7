"""The database is held, or falls over, while people read (F8, F9, F10): nothing is half done and nobody reads twice."""

import asyncio
import secrets
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress

import pytest

from store import claims, creation
from store.errors import StoreUnavailableError
from store.words import Outcome, State
from tests.faults.page import Page, delivered, readers, require_sound, until
from tests.originals import Original
from tests.postgres import Postgres, running
from tests.programs import at_once, claim_call, web
from tests.store.living import SOMEBODY, refuse
from tests.store.reading import row_of, words_of
from tests.stores import Home, Sealed, seal

CRASHES = 3
PAIRS = 24


@pytest.fixture
def fragile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Home, Postgres]]:
    """An installation on a server of its own, which may be broken."""
    with running() as server:
        original = Original.on_postgresql(tmp_path_factory.mktemp("fragile"), server)
        yield original.home, server


async def test_a_database_that_crashes_under_load(fragile: tuple[Home, Postgres]) -> None:
    """Every process of it dies three times while pairs of pages want the same drops: each drop has one reader."""
    home, server = fragile
    pairs: list[list[Page]] = []
    troubles = Counter[str]()
    async with home.open("bot") as store, web(home) as program:

        async def make_and_read(number: int) -> None:
            await asyncio.sleep(number * 0.2)
            while (sealed := await stored()) is None:
                troubles["not created"] += 1
                await asyncio.sleep(0.2)
            pair = [Page(sealed), Page(sealed)]
            pairs.append(pair)
            answers = await asyncio.gather(*(page.told(program.port) for page in pair))
            assert sorted(answer.status for answer in answers) == [200, 410]

        async def stored() -> Sealed | None:
            sealed = seal()
            with suppress(StoreUnavailableError):
                await creation.create(store, sealed.new)
                return sealed
            return None  # as the bot does: whoever is not told that it is stored seals anew

        async def fall_over() -> None:
            for _ in range(CRASHES):
                await asyncio.sleep(1)
                await asyncio.to_thread(server.crash)
                troubles["crashes"] += 1

        await asyncio.gather(fall_over(), *(make_and_read(number) for number in range(PAIRS)))
        assert troubles["crashes"] == CRASHES
        assert [readers(pair) for pair in pairs] == [1] * PAIRS
        for pair in pairs:
            assert (await words_of(store, pair[0].sealed.new.id)).count("claimed") == 1
        assert "Traceback" not in program.written()
    await require_sound(home)


async def test_a_database_that_crashed_answers_try_again(fragile: tuple[Home, Postgres]) -> None:
    """What meets the crash itself is told "try again", is paid for at most once, and is as good as ever afterwards."""
    home, server = fragile
    async with home.open("bot") as store, web(home) as program:
        page = Page(sealed := await delivered(store))
        await asyncio.to_thread(server.crash)
        with pytest.raises(StoreUnavailableError):  # noqa: PT012 - the database ends inside the block
            async with store.db.write() as tx:
                await asyncio.to_thread(server.crash)
                await tx.exec_driver_sql("SELECT 1")
        assert (await page.told(program.port)).status == 200
        assert (await row_of(store, sealed.new.id)).guesses == 1
    await require_sound(home)


async def test_a_database_that_somebody_holds(sqlite_home: Home) -> None:
    """Another process has `BEGIN EXCLUSIVE`: 503 with Retry-After, nothing paid, and the same request then opens."""
    async with sqlite_home.open("bot") as store, web(sqlite_home) as program:
        page, wrong = Page(sealed := await delivered(store)), Page(sealed, right=False)
        holder = sqlite3.connect(sqlite_home.path / "store.db", isolation_level=None)
        holder.execute("BEGIN EXCLUSIVE")
        try:
            held = await asyncio.gather(page.ask(program.port), wrong.ask(program.port))
            for answer in held:
                assert answer is not None
                assert (answer.status, answer.headers["retry-after"]) == (503, "1")
                assert "Nothing is lost" in answer.json()["title"]
            with pytest.raises(StoreUnavailableError):
                await claims.claim(store, sealed.present(), SOMEBODY)
        finally:
            holder.execute("ROLLBACK")
            holder.close()
        row = await row_of(store, sealed.new.id)
        assert (row.state, row.guesses) == ("sealed", 0)
        assert (await page.told(program.port)).status == 200
    await require_sound(sqlite_home)


async def test_the_last_try_right_and_wrong_at_once(home: Home) -> None:
    """Ten pages at the fifth try, half of them right: it is claimed once or it is locked, and never both."""
    async with home.open("bot") as store, home.open("web") as reader, web(home) as one, web(home) as two:
        ends = Counter[str]()
        for turn in range(8):
            sealed = await delivered(store, lives_seconds=100_000)
            await refuse(reader, sealed, 4, home)
            claim_of_right = secrets.token_bytes(32)
            # Who comes first differs from turn to turn; the first and the last turn have one kind alone in front.
            order = [number % 2 == turn % 2 for number in range(10)]
            calls = [claim_call((one, two)[number % 2].port, sealed, right=right) for number, right in enumerate(order)]
            if turn in (0, 7):
                first = claim_call(one.port, sealed, right=turn == 0, claim=claim_of_right)
                answers = [await first.answer(), *await at_once(calls)]
            else:
                answers = await at_once(calls)
            row, words = await row_of(store, sealed.new.id), await words_of(store, sealed.new.id)
            ends[row.state] += 1
            given = sum(answer.status == 200 for answer in answers)
            assert (row.guesses, words.count("claimed") + words.count("locked")) == (5, 1)
            assert given == (row.state == State.CLAIMED)
            assert row.outcome in (None, Outcome.RELEASED)
        assert ends[State.CLAIMED]
        assert ends[State.LOCKED]
        assert sum(ends.values()) == 8
    await require_sound(home)


async def test_no_request_waits_for_what_is_held(sqlite_home: Home) -> None:
    """Looking takes no writer's lock: the page's shell is served, and the program says that it is alive."""
    async with sqlite_home.open("bot") as store, web(sqlite_home) as program:
        page = Page(await delivered(store))
        await page.ask(program.port, "door")  # the first look is on record, a later one only looks
        holder = sqlite3.connect(sqlite_home.path / "store.db", isolation_level=None)
        holder.execute("BEGIN IMMEDIATE")
        try:
            answer = await page.ask(program.port, "door")
            assert answer is not None
            assert (answer.status, answer.json()["state"]) == (200, "sealed")
        finally:
            holder.execute("ROLLBACK")
            holder.close()

        async def is_well() -> bool:
            answer = await page.ask(program.port)
            return answer is not None and answer.status == 200

        await until(is_well)
    await require_sound(sqlite_home)
