"""When a drop's sender is told of it in time, as it is decided when the drop is taken in."""

import pytest
from sqlalchemy import select

from store.creation import reminded_at
from store.opened import Store
from store.schema import drops
from store.schema_of_watches import watches
from store.words import Watch
from tests.store.living import created

_DAY = 86_400


@pytest.mark.parametrize(
    ("lives", "after", "told"),
    [
        (2 * _DAY, 3600, {Watch.UNVIEWED: 3600, Watch.HOUR_LEFT: 2 * _DAY - 3600}),
        (2 * _DAY, 2 * _DAY - 3600, {Watch.HOUR_LEFT: 2 * _DAY - 3600}),
        (7300, 3700, {Watch.HOUR_LEFT: 3700}),
        (7199, 3600, {Watch.UNVIEWED: 3600}),
        (3600, 900, {Watch.UNVIEWED: 900}),
        (3600, 3600, {}),
        (3600, None, {}),
    ],
)
async def test_that_nobody_has_opened_it(store: Store, lives: int, after: int | None, told: dict[Watch, int]) -> None:
    """Before the last hour where that is told, and before the end where it is not."""
    sealed = await created(store, lives_seconds=lives, unviewed_after=after)
    async with store.db.read() as tx:
        rows = (await tx.execute(select(watches).where(watches.c.drop_id == sealed.new.id))).all()
        began = await tx.scalar(select(drops.c.created_at).where(drops.c.id == sealed.new.id))
    assert {Watch(row.what): round((row.at - began) / 1000, -1) for row in rows} == {
        what: round(after, -1) for what, after in told.items()
    }


def test_a_day_is_told_in_its_morning_or_at_its_end() -> None:
    """Where nine has passed there is no other time left in it."""
    end = 1_900_000_000_000
    nine = end - (14 * 3600 + 59 * 60) * 1000
    assert reminded_at(end, nine - 1) == nine
    assert reminded_at(end, nine) == end
