"""Whoever has one thing to seal does not wait behind everything of somebody who has twenty."""

import asyncio

import pytest

from bot import sealing
from bot.fair_turns import FairTurns
from tests.bot.orders import order


async def told(turns: FairTurns, name: str, began: list[str]) -> None:
    """One who waits, and says that it is their turn."""
    await turns.begin(name)
    began.append(name)
    await asyncio.sleep(0)
    turns.end()


async def all_of(turns: FairTurns, names: str) -> list[str]:
    """Everybody of `names` comes in this order while the only place is taken; the order in which they go on."""
    began: list[str] = []
    await turns.begin("-")
    waiting = [asyncio.create_task(told(turns, name, began)) for name in names]
    await asyncio.sleep(0)
    turns.end()
    await asyncio.gather(*waiting)
    return began


@pytest.mark.parametrize(
    ("came", "went"), [("aaaa", "aaaa"), ("aaab", "abaa"), ("aaabbc", "abcaba"), ("abc", "abc")], ids=str
)
async def test_those_who_wait_take_turns(came: str, went: str) -> None:
    """Each goes on with one before anybody goes on with a second, and several of one in the order of their coming."""
    assert await all_of(FairTurns(1), came) == list(went)


async def test_no_place_is_lost_or_made() -> None:
    """As many as there are, also after some have given up waiting, and one in the moment in which its turn came."""
    turns, began = FairTurns(2), list[str]()
    await turns.begin("a")
    await turns.begin("a")
    gone, late, kept = (asyncio.create_task(told(turns, name, began)) for name in "abc")
    await asyncio.sleep(0)
    gone.cancel()
    await asyncio.sleep(0)
    turns.end()
    late.cancel()
    await asyncio.wait((gone, late, kept), timeout=10)
    assert began == ["c"]
    turns.end()
    for _ in range(2):
        await asyncio.wait_for(turns.begin("d"), 5)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(turns.begin("d"), 0.05)
    assert not turns._lines


async def test_a_turn_is_not_given_to_somebody_who_has_just_given_up() -> None:
    """Also before they have had time to leave the line; the place is not lost."""
    turns, began = FairTurns(1), list[str]()
    await turns.begin("a")
    gone = [asyncio.create_task(told(turns, name, began)) for name in "aab"]
    await asyncio.sleep(0)
    for one in gone:
        one.cancel()
    turns.end()
    await asyncio.wait(gone, timeout=10)
    assert all(one.cancelled() for one in gone)
    await asyncio.wait_for(turns.begin("d"), 5)
    assert began == []


async def test_a_sender_with_many_does_not_hold_up_another_with_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Twenty of one sender's came first; the other's is sealed with the second of them."""
    sealed: list[str] = []
    monkeypatch.setattr(sealing, "_seal", lambda order: sealed.append(order.sender.id))
    pool, start_by = sealing.SealingPool(1), asyncio.get_running_loop().time() + 60
    many = [asyncio.create_task(pool.seal(order("U0DANA"), start_by=start_by)) for _ in range(20)]
    await asyncio.sleep(0)
    await pool.seal(order("U0DANA", sender="U0NOOR"), start_by=start_by)
    assert sealed.index("U0NOOR") <= 2
    await asyncio.gather(*many)
    pool.close()
