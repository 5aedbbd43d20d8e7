"""Clocks that are wrong, that step, and a week in which nobody swept (F17, F18): time is judged in one place."""

import asyncio

import pytest

from store import claims, sweeper
from store.keyring import KeyState
from tests.faults.page import Page, delivered, readers, require_sound, until
from tests.originals import Original
from tests.programs import web
from tests.store.living import SOMEBODY
from tests.store.reading import require_destroyed, row_of, words_of
from tests.stores import Home

HOUR = 3600
WEEK = 7 * 24 * HOUR
SKEWED = "tests.faults.skewed"


@pytest.fixture
def on_another_host(on_postgresql: Original, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """An installation whose database has a clock of its own."""
    return on_postgresql.copied_to(tmp_path_factory.mktemp("skewed"))


@pytest.mark.parametrize("skew", [-HOUR, -300, 300, HOUR])
async def test_the_databases_clock_judges_and_no_programs(on_another_host: Home, skew: int) -> None:
    """A replica that is early or late opens what is open, and nothing that is over, to the second of the others."""
    home = on_another_host
    async with home.open("bot") as store, web(home, module=SKEWED, SKEW_SECONDS=str(skew)) as wrong, web(home) as right:
        living = Page(await delivered(store, lives_seconds=200))
        # Sealed by a host whose clock is right, and long over; only a clock that is late would open it.
        over = Page(await delivered(store, lives_seconds=1))
        await asyncio.sleep(1.1)
        for program in (wrong, right):
            answer = await over.told(program.port)
            assert (answer.status, answer.json()["state"]) == (410, "expired")
        told = (await living.told(wrong.port)).json()
        assert 50 < told["seconds_left"] <= 60
        # The time to ask again is the database's, too: the claim stands for the other replica as for this one.
        assert (await living.told(right.port)).json()["sends_left"] == 1
        assert (await row_of(store, living.sealed.new.id)).state == "claimed"
        assert (await living.told(wrong.port, "acknowledge")).status == 200
        await require_destroyed(store, living.sealed.new.id)
    await require_sound(home)


async def test_a_clock_that_steps_opens_nothing_early_or_twice(home: Home) -> None:
    """An hour on and an hour back, before, during and after a claim: one reader, three sends, and an end."""
    home.hold_clock()
    async with home.open("bot") as store, web(home) as program:
        page, other = Page(sealed := await delivered(store, lives_seconds=2 * HOUR)), Page(sealed)
        home.advance_clock(-HOUR)
        assert (await page.told(program.port)).json()["sends_left"] == 2
        home.advance_clock(HOUR)
        # The step ended the time to ask again: it is never longer than promised by the clock that judges.
        assert (await page.told(program.port)).json()["state"] == "released"
        await require_destroyed(store, sealed.new.id)
        home.advance_clock(-2 * HOUR)
        assert [(await one.told(program.port)).status for one in (page, other)] == [410, 410]
        assert readers([page, other]) == 1

        late = Page(await delivered(store, lives_seconds=2 * HOUR))
        await late.told(program.port)
        home.advance_clock(-HOUR)
        # Back during a claim: its page may still ask, three times in all and no more, and nobody else may.
        assert [(await late.told(program.port)).status for _ in range(3)] == [200, 200, 410]
        assert (await Page(late.sealed).told(program.port)).status == 410
    await require_sound(home, was_set_back=True)


async def test_what_expired_does_not_come_back_with_the_clock(home: Home) -> None:
    """Once a drop has ended because of the time, an earlier time opens nothing."""
    home.hold_clock()
    async with home.open("bot") as store, web(home) as program:
        page = Page(sealed := await delivered(store, lives_seconds=60))
        home.advance_clock(HOUR)
        answer = await page.told(program.port)
        assert (answer.status, answer.json().get("state")) == (410, "expired"), answer.body
        home.advance_clock(-HOUR)
        answer = await page.told(program.port)
        assert (answer.status, answer.json().get("state")) == (410, "expired"), answer.body
        await require_destroyed(store, sealed.new.id)
    await require_sound(home, was_set_back=True)


async def test_a_clock_that_steps_while_a_drop_is_destroyed(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """One statement has one time, however long it took to put together: the row says what its event says."""
    async with home.open("bot") as bot, home.open() as store:
        sealed = await delivered(bot, lives_seconds=HOUR)
        held = sealed.present()
        await claims.claim(store, held, SOMEBODY)
        measured = store.keyring.medium

        def set_back_meanwhile(drop_id: bytes) -> str:
            home.advance_clock(-600)
            return measured(drop_id)

        monkeypatch.setattr(store.keyring, "medium", set_back_meanwhile)
        await claims.acknowledge(store, sealed.new.id, held.link_proof, held.claim)
    await require_sound(home, was_set_back=True)


async def test_a_week_without_a_sweeper(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """No program ran: what is over is unreadable at once, then goes batch by batch, honestly dated."""
    home.hold_clock()
    monkeypatch.setattr(sweeper, "_BATCH", 20)
    async with home.open("bot") as store:
        drops = [await delivered(store, lives_seconds=HOUR) for _ in range(30)]
        claimed = Page(await delivered(store, lives_seconds=HOUR))
        async with web(home) as program:
            await claimed.told(program.port)
        home.advance_clock(WEEK)
        assert (await sweeper.sweep(store)).ended == 1 + 20  # the claim comes before what merely expired
        async with web(home) as program:
            first = Page(drops[-1])
            assert (await first.told(program.port)).status == 410

            async def all_are_gone() -> bool:
                return not store.keyring.ids()

            await until(all_are_gone)
            assert (await claimed.told(program.port)).status == 410
        for sealed in (drops[0], drops[-1]):
            row = await row_of(store, sealed.new.id)
            assert (row.outcome, store.keyring.state(sealed.new.id)) == ("expired", KeyState.ABSENT)
            # When it was over and when that was done are two times, and the later one is not made earlier.
            assert row.destroyed_at >= row.expires_at + (WEEK - 2 * HOUR) * 1000
            words = await words_of(store, sealed.new.id)
            assert (words.count("destroyed"), words.count("receipt")) == (1, 1)
        assert (await row_of(store, claimed.sealed.new.id)).outcome == "released"
    await require_sound(home)
