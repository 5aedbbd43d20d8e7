"""Anchors: at most one a minute, at least one a day, one program at a time."""

import asyncio

from store.log import anchors, published
from store.log.sequencer import Sequencer
from store.opened import Store
from tests.store.living import created
from tests.store.test_log import drained
from tests.stores import Home


async def grown(bot: Store, home: Home) -> str:
    """One drop more in the log; the checkpoint."""
    await created(bot, lives_seconds=10 * 86_400)
    await drained(Sequencer(bot, home.signing))
    note = await published.checkpoint(bot)
    assert note is not None
    return note


async def test_nothing_is_anchored_before_there_is_a_log(home: Home) -> None:
    """There is nothing to say."""
    async with home.open("bot") as bot:
        assert await anchors.take(bot) is None


async def test_at_most_one_a_minute_and_one_a_day(home: Home) -> None:
    """The first at once; more leaves wait for the minute; without leaves a day goes by."""
    home.hold_clock()
    async with home.open("bot") as bot:
        first = await grown(bot, home)
        taken = await anchors.take(bot)
        assert taken == anchors.Anchor(first, "")
        await anchors.posted(bot, taken)
        second = await grown(bot, home)
        home.advance_clock(59)
        assert await anchors.take(bot) is None
        home.advance_clock(1)
        taken = await anchors.take(bot)
        assert taken == anchors.Anchor(second, first)
        await anchors.posted(bot, taken)
        home.advance_clock(86_399)
        assert await anchors.take(bot) is None
        home.advance_clock(1)
        assert await anchors.take(bot) == anchors.Anchor(second, second)


async def test_of_several_programs_one_has_its_turn_for_a_minute(home: Home) -> None:
    """What it does not get posted in that time another may post; the newest by then."""
    home.hold_clock()
    async with home.open("bot") as one, home.open("bot") as other:
        await grown(one, home)
        taken = await asyncio.gather(*(anchors.take(store) for store in (one, other) * 5))
        assert len([anchor for anchor in taken if anchor is not None]) == 1
        home.advance_clock(59)
        assert await anchors.take(other) is None
        newest = await grown(one, home)
        home.advance_clock(1)
        assert await anchors.take(other) == anchors.Anchor(newest, "")


async def test_a_slow_program_takes_no_anchor_back(home: Home) -> None:
    """It is recorded after a later one that another program posted meanwhile: the later one stays the last."""
    home.hold_clock()
    async with home.open("bot") as one, home.open("bot") as other:
        await grown(one, home)
        slow = await anchors.take(one)
        assert slow is not None
        newest = await grown(one, home)
        home.advance_clock(61)
        fast = await anchors.take(other)
        assert fast == anchors.Anchor(newest, "")
        await anchors.posted(other, fast)
        await anchors.posted(one, slow)
        home.advance_clock(86_400)
        again = await anchors.take(other)
        assert again is not None
        assert again.before == newest


async def test_a_clock_that_was_set_back_keeps_no_anchor_away(home: Home) -> None:
    """Otherwise the missing heartbeat would look like somebody who keeps them away."""
    home.hold_clock()
    async with home.open("bot") as bot:
        note = await grown(bot, home)
        taken = await anchors.take(bot)
        assert taken is not None
        await anchors.posted(bot, taken)
        home.advance_clock(-7200)
        assert await anchors.take(bot) == anchors.Anchor(note, note)
