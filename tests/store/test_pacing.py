"""Work that can wait leaves room for readers: sweeps, looks at keys, downloads."""

import os
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from sendsecret.evidence import evidence
from store import endings, events, expiring, pacing, sweeper
from store.evidence import keeping
from store.evidence.keeping import PIECE_BYTES
from store.keyring import KeyState
from store.opened import Store
from store.pacing import LONGEST_REST, unhurried
from store.words import Actor, Event
from tests.store.living import created
from tests.store.packs import kept
from tests.store.reading import require_destroyed, words_of
from tests.stores import Home, key_path

Take = Callable[[], list[float]]


@pytest.fixture
def rests(monkeypatch: pytest.MonkeyPatch) -> Take:
    """How long the rests were since one asked before; nobody really rests."""
    taken: list[float] = []

    async def rest(seconds: float) -> None:
        taken.append(seconds)

    def take() -> list[float]:
        some = taken.copy()
        taken.clear()
        return some

    monkeypatch.setattr(pacing, "asyncio", SimpleNamespace(sleep=rest))
    return take


async def test_a_rest_is_thrice_as_long_as_the_work_and_has_an_end(
    rests: Take, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A quarter of the time goes into it, and on the slowest machine it goes on."""
    now = [0.0]
    monkeypatch.setattr(pacing, "time", SimpleNamespace(perf_counter=lambda: now[0]))
    for work in (0.002, 5.0):
        async with unhurried():
            now[0] += work
    assert rests() == pytest.approx([0.006, LONGEST_REST])


async def test_what_ends_at_the_same_second_ends_one_after_the_other(store: Store, home: Home, rests: Take) -> None:
    """Between them the readers have the program for themselves."""
    several = [await created(store) for _ in range(4)]
    home.advance_clock(4000)
    assert (await sweeper.sweep(store)).ended == 4
    assert len(rests()) == 3
    for sealed in several:
        await require_destroyed(store, sealed.new.id)


async def test_keys_are_looked_at_by_the_dozen(store: Store, rests: Take, monkeypatch: pytest.MonkeyPatch) -> None:
    """A few in each turn of a thread, with a rest between; the one that is zeros is found among them."""
    monkeypatch.setattr(sweeper, "_KEYS_AT_ONCE", 2)
    several = [await created(store) for _ in range(5)]
    lost, stuck = several[3], key_path(store.keyring, several[1].new.id)
    stuck.unlink()
    stuck.mkdir()  # cannot be read, and proves nothing
    store.keyring.erase(lost.new.id)
    assert (await sweeper.sweep_keys(store)).ended == 1
    assert len(rests()) == 2
    await require_destroyed(store, lost.new.id)
    assert store.keyring.state(several[0].new.id) is KeyState.LIVE


async def test_what_can_never_be_ended_keeps_nothing_waiting(
    store: Store, home: Home, rests: Take, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More of it than one sweep takes: the others are come to all the same."""
    monkeypatch.setattr(sweeper, "_BATCH", 2)
    for _ in range(3):
        stuck = await created(store)
        key_path(store.keyring, stuck.new.id).unlink()
        assert await endings.begin_revoking(store, [(stuck.new.id, Actor.SENDER)])
    late = await created(store, lives_seconds=60)
    home.advance_clock(61)
    for _ in range(100):  # each sweep has it with even odds
        if (await sweeper.sweep(store)).ended:
            break
    await require_destroyed(store, late.new.id)


async def test_what_happens_to_a_drop_that_is_ending_has_a_number_of_its_own(
    store: Store, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the look and the ending something else goes on record, and nothing is lost or written twice."""
    sealed = await created(store, lives_seconds=60)
    home.advance_clock(61)
    look, looks = store.db.look, 0

    async def look_and_be_overtaken(*given: object) -> object:
        nonlocal looks
        looks += 1
        row = await look(*given)  # type: ignore[arg-type]
        if looks == 1:
            async with store.db.write() as tx:
                n, at = await events.next_number(tx, store, sealed.new.id)
                await events.append(tx, store, Event.NOT_ME, drop_id=sealed.new.id, n=n, at=at)
        return row

    monkeypatch.setattr(store.db, "look", look_and_be_overtaken)
    assert await expiring.begin(store, sealed.new.id)
    assert not await expiring.begin(store, sealed.new.id)
    assert (await words_of(store, sealed.new.id))[-2:] == ["not_me", "expired"]


async def test_a_download_is_unhurried(store: Store, tmp_path: Path, rests: Take) -> None:
    """After each piece."""
    content = os.urandom(3 * PIECE_BYTES + 11)
    pack = await keeping.find(store.db, await kept(store.db, tmp_path / "zip", content))
    assert pack is not None
    assert b"".join([piece async for piece in keeping.pieces(store.db, pack)]) == content
    assert len(rests()) == 4


def test_whoever_makes_a_pack_by_hand_gives_way(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """Minutes of work on files and signatures, on the host that answers readers."""
    given: list[bool] = []
    monkeypatch.setattr(pacing, "give_way", lambda: given.append(True))
    words = ["--from", "2026-07-01", "--to", "2026-09-30", "--log", "7", "-o", str(home.path / "x")]
    assert CliRunner().invoke(evidence, words, env=home.environment()).exit_code == 2
    assert given == [True]
