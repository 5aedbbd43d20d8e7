"""Months that are over for long enough are forgotten whole: key, names, and what a backup still has of them."""

import asyncio
import shutil
from pathlib import Path

import pytest
from sqlalchemy import BigInteger, func, literal, select

from store import claims, door, drops, endings, receipt_names, receipts, retention
from store.errors import KeyUnreadableError, UnknownDropError
from store.keyring import KeyState
from store.log.sequencer import Sequencer
from store.months import Months, month_of
from store.opened import Store
from store.personal import ERASED
from store.schema import disclosures, events, messages
from store.schema import drops as rows
from store.words import Event
from tests.store.faults import Crash, dying
from tests.store.living import SOMEBODY, created
from tests.store.reading import claims_of, row_of
from tests.store.test_forgetting import PEOPLE, YEARS, over
from tests.store.test_log import drained
from tests.stores import Home
from tests.verifying.attacked import checked, failed
from tests.verifying.lived import either

MONTH_SECONDS = 31 * 86_400
KEEP = 2


async def said(store: Store) -> list[dict[str, object]]:
    """What the events of the installation itself say was forgotten."""
    forgotten = select(events.c.leaf).where(events.c.event == Event.PERSON_FORGOTTEN, events.c.drop_id.is_(None))
    async with store.db.read() as tx:
        return [claims_of(leaf) for leaf in (await tx.execute(forgotten.order_by(events.c.position))).scalars()]


async def left(store: Store, month: str) -> tuple[int, ...]:
    """How many drops of a month still name somebody, how many disclosures there are, and how many places."""
    async with store.db.read() as tx:
        named = select(func.count()).select_from(rows).where(rows.c.personal.is_not(None), rows.c.month == month)
        kept = [
            select(func.count()).select_from(table).where(table.c.month == month) for table in (disclosures, messages)
        ]
        return tuple([int(await tx.scalar(count) or 0) for count in (named, *kept)])


async def months_later(store: Store, home: Home, count: int) -> None:
    """The time goes on, and something happens then: without that, months would not end for ever."""
    home.advance_clock(count * MONTH_SECONDS)
    await endings.revoke(store, (await created(store, lives_seconds=YEARS)).new.id)


@pytest.mark.parametrize(
    ("now", "keep", "oldest"),
    [(1_764_028_800_000, 13, "2024-10"), (1_764_028_800_000, 2, "2025-09"), (1_767_225_600_000, 2, "2025-11")],
)
def test_the_oldest_month_that_is_kept(now: int, keep: int, oldest: str) -> None:
    """Whole months, counted from the present one, which is not among them; also over the turn of a year."""
    assert retention.oldest_kept(now, keep) == oldest


async def test_a_month_is_forgotten_when_it_is_over_for_long_enough(home: Home) -> None:
    """Key, names, pseudonyms, disclosures, places and V1; the tombstone, its events and its receipt stay and hold."""
    async with either(home) as store:
        sealed = await over(store)
        rid = await receipts.of_drop(store, sealed.new.id) or ""
        month = (await row_of(store, sealed.new.id)).month
        assert (await retention.sweep(store, KEEP)).forgotten == []
        home.advance_clock(2 * MONTH_SECONDS)
        assert (await retention.sweep(store, KEEP)).forgotten == []
        kept = await over(store)
        home.advance_clock(MONTH_SECONDS)
        assert (await retention.sweep(store, KEEP)).forgotten == [month]
        assert (await retention.sweep(store, KEEP)).forgotten == []

        assert (home.keyring / "months" / month).read_bytes() == bytes(32)
        row = await row_of(store, sealed.new.id)
        assert (row.personal, row.sender, row.recipient, row.v1, row.outcome) == (None, None, None, None, "viewed")
        drop = await drops.find(store, sealed.new.id)
        assert drop is not None
        assert (drop.sender_id, drop.recipient_name, drop.header.label) == ("", ERASED, ERASED)
        token = receipt_names.token(store, rid, with_label=True)
        assert (await receipt_names.names(store, rid, token)).disclosures == []
        with pytest.raises(UnknownDropError):
            await door.look(store, sealed.new.id, sealed.new.link_proof, SOMEBODY)
        [event] = await said(store)
        assert {name: event[name] for name in ("month", "by", "drops")} == {"month": month, "by": "clock", "drops": 1}
        other = await drops.find(store, kept.new.id)
        assert other is not None
        assert other.recipient_name == "Rosa Recipient"
        await drained(Sequencer(store, home.signing))
    assert failed(await asyncio.to_thread(checked, home)) == []


async def test_a_month_waits_for_its_last_drop(store: Store, home: Home) -> None:
    """A drop that still lives needs its header to be opened, and its people to be told."""
    sealed = await created(store, lives_seconds=10 * MONTH_SECONDS)
    await months_later(store, home, 4)
    swept = await retention.sweep(store, KEEP)
    assert (swept.forgotten, len(swept.held)) == ([], 1)
    assert (await door.look(store, sealed.new.id, sealed.new.link_proof, SOMEBODY)).header == sealed.new.header
    await endings.revoke(store, sealed.new.id)
    assert len((await retention.sweep(store, KEEP)).forgotten) == 1


async def test_a_crash_at_any_moment_is_made_good_by_the_next_sweep(home: Home) -> None:
    """Whatever was done when the program died: one event in the end, no name, and nothing that the check finds."""
    acts = 0
    async with either(home) as store:
        for at in range(1, 5):
            for after in (False, True):
                home.reset_clock()
                home.advance_clock(at * 8 * MONTH_SECONDS + after * 4 * MONTH_SECONDS)
                sealed = await over(store)
                month = (await row_of(store, sealed.new.id)).month
                await months_later(store, home, 3)
                doomed, fate = dying(store, at, after=after)
                try:
                    await retention.sweep(doomed, KEEP)
                except Crash:
                    assert fate.acts == at
                else:
                    assert fate.acts < at
                acts = max(acts, fate.acts)
                await retention.sweep(store, KEEP)
                assert [event["month"] for event in await said(store)].count(month) == 1
                assert await left(store, month) == (0, 0, 0)
        assert acts >= 3
        await drained(Sequencer(store, home.signing))
    assert failed(await asyncio.to_thread(checked, home)) == []


async def test_several_programs_say_it_once(home: Home) -> None:
    """Whoever comes second finds that it was said."""
    async with home.open("bot") as one, home.open("bot") as two:
        await over(one)
        await months_later(one, home, 4)
        done = await asyncio.gather(retention.sweep(one, KEEP), retention.sweep(two, KEEP))
        assert sum(len(swept.forgotten) for swept in done) == 1
        assert len(await said(one)) == 1


async def test_a_backup_is_unreadable_once_the_key_is_erased(sqlite_home: Home, tmp_path: Path) -> None:
    """An old copy of the database, beside the keyring as it is now, names nobody and finds nobody."""
    async with sqlite_home.open("bot") as store:
        sealed = await over(store)
        month = (await row_of(store, sealed.new.id)).month
    shutil.copy(tmp_path / "store.db", tmp_path / "backup.db")
    backup = (tmp_path / "backup.db").read_bytes()
    for name in (*PEOPLE.values(), "Maya", "Stripe", "TWORKSPACE", "198.51", "Firefox"):
        assert name.encode() not in backup
    old = Home(tmp_path, f"sqlite+aiosqlite:///{tmp_path}/backup.db")
    async with old.open("bot") as store:
        drop = await drops.find(store, sealed.new.id)
        assert drop is not None
        assert drop.recipient_name == "Rosa Recipient"
    Months(old.keyring).erase(month)
    async with old.open("bot") as store:
        drop = await drops.find(store, sealed.new.id)
        assert drop is not None
        assert (drop.recipient_name, drop.sender_id, drop.header.label) == (ERASED, "", ERASED)


async def test_a_keyring_that_is_not_mounted_forgets_nothing(store: Store, home: Home) -> None:
    """Nothing is concluded from an empty folder, and nothing is said."""
    await over(store)
    await months_later(store, home, 4)
    (home.keyring / "months").rename(home.path / "elsewhere")
    with pytest.raises(KeyUnreadableError):
        await retention.sweep(store, KEEP)
    assert await said(store) == []
    (home.path / "elsewhere").rename(home.keyring / "months")
    assert len((await retention.sweep(store, KEEP)).forgotten) == 1


async def test_more_than_one_step_of_rows(store: Store, home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """A few at a time, until nothing is left."""
    monkeypatch.setattr(retention, "_AT_ONCE", 2)
    sealed = [await over(store) for _ in range(5)]
    month = (await row_of(store, sealed[0].new.id)).month
    assert await left(store, month) > (4, 4, 1)
    await months_later(store, home, 4)
    await retention.sweep(store, KEEP)
    assert await left(store, month) == (0, 0, 0)


async def test_a_key_that_came_back_is_found(home: Home) -> None:
    """Somebody put an old keyring in place: the month was said to be forgotten, and can be read again."""
    async with either(home) as store:
        await over(store)
        month = month_of(store.clock.now_seconds() * 1000)
        key = (home.keyring / "months" / month).read_bytes()
        await months_later(store, home, 4)
        await retention.sweep(store, KEEP)
        await drained(Sequencer(store, home.signing))
    (home.keyring / "months" / month).write_bytes(key)
    [finding] = failed(await asyncio.to_thread(checked, home))
    assert f"the key of {month} is there, and the month was said to be forgotten" in finding


async def test_a_key_that_was_erased_by_hand_is_found(home: Home) -> None:
    """Nobody said that this month was forgotten."""
    async with either(home) as store:
        await over(store)
        await drained(Sequencer(store, home.signing))
        [month] = store.months.states()
    Months(home.keyring).erase(month)
    assert Months(home.keyring).states() == {month: KeyState.ERASED}
    [finding] = failed(await asyncio.to_thread(checked, home))
    assert f"the key of {month} was erased, and no event says so" in finding


async def test_what_was_begun_is_finished_whatever_is_kept_by_now(store: Store, home: Home) -> None:
    """A crash after the erasure, and RETENTION_MONTHS raised or taken away before the next start."""
    sealed = await over(store)
    month = (await row_of(store, sealed.new.id)).month
    await months_later(store, home, 4)
    doomed, _ = dying(store, 1, after=True)
    with pytest.raises(Crash):
        await retention.sweep(doomed, KEEP)
    assert (await retention.sweep(store, 0)).forgotten == [month]
    assert await left(store, month) == (0, 0, 0)


@pytest.mark.parametrize("ahead", ["host", "database"])
async def test_one_clock_that_is_ahead_forgets_nothing(
    store: Store, ahead: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An erased key does not come back when the clock does."""
    await over(store)
    future = store.clock.now_seconds() + 40 * MONTH_SECONDS
    if ahead == "host":
        monkeypatch.setattr(store.clock, "now_seconds", lambda: future)
    else:
        monkeypatch.setattr(store.clock, "now", lambda: literal(future * 1000, BigInteger))
    assert (await retention.sweep(store, KEEP)).forgotten == []


async def test_all_clocks_ahead_forget_nothing_before_something_happens(store: Store, home: Home) -> None:
    """A machine that starts with a wrong time must not erase what it holds in its first minute."""
    await over(store)
    home.advance_clock(40 * MONTH_SECONDS)
    assert (await retention.sweep(store, KEEP)).forgotten == []


async def test_in_a_month_that_was_erased_too_early_drops_still_end(store: Store, home: Home) -> None:
    """They open and end, and their events name nobody; only a new one cannot be made."""
    sealed, other = await created(store, lives_seconds=YEARS), await created(store, lives_seconds=YEARS)
    home.advance_clock(2 * MONTH_SECONDS)
    store.months.to_write(month_of(store.clock.now_seconds() * 1000))
    store.months.erase(month_of(store.clock.now_seconds() * 1000))
    assert (await claims.claim(store, sealed.present(), SOMEBODY)).envelope == sealed.new.envelope
    await endings.revoke(store, other.new.id)
    assert (await row_of(store, other.new.id)).state == "destroyed"
    with pytest.raises(KeyUnreadableError, match="clock"):
        await created(store)


async def test_a_strange_file_among_the_keys_stops_nothing(store: Store, home: Home) -> None:
    """Somebody's notes, or one damaged key: every other month is forgotten all the same."""
    await over(store)
    (home.keyring / "months" / "README").write_text("do not touch")
    (home.keyring / "months" / "2019-01").write_bytes(b"half")
    await months_later(store, home, 4)
    assert len((await retention.sweep(store, KEEP)).forgotten) == 1
