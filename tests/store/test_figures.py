"""How the store stands, in numbers that somebody on call believes."""

import asyncio
from dataclasses import replace

import pytest
from sqlalchemy import insert, update

from store import claims, counted_claims, creation, endings, figures, outbox, readiness, sweeper
from store.errors import StoreUnavailableError, WrongPassphraseError
from store.figures import Outbox, Reading
from store.keyring import Keyring
from store.log.sequencer import Sequencer
from store.metrics import Metrics
from store.opened import Store
from store.schema import log_anchoring
from store.schema_of_webhooks import webhook_deliveries
from store.words import Audience, State
from tests.scraped import scraped
from tests.store.living import SOMEBODY, created
from tests.stores import Home, Sealed, seal


async def test_only_what_is_alive_is_counted_by_its_state(home: Home) -> None:
    """Sealed, claimed and destroyed: two live ones, and none for what is over."""
    async with home.open("bot") as store:
        await created(store)
        claimed, over = await created(store), await created(store)
        await claims.claim(store, claimed.present(), SOMEBODY)
        await endings.revoke(store, over.new.id)
        assert (await figures.read(store)).drops == {
            State.SEALED: 1,
            State.LOCKED: 0,
            State.CLAIMED: 1,
            State.ENDING: 0,
        }


async def test_the_outbox_is_as_old_as_its_oldest_notice(home: Home) -> None:
    """What waits, what of it is parked, and since when, for each audience; what was told does not count."""
    home.hold_clock()
    async with home.open("bot") as store:
        await creation.create(store, seal().new)
        assert (await figures.read(store)).outbox[Audience.AUDIT] == Outbox(1, 0, 0.0)
        home.advance_clock(90)
        await creation.create(store, seal().new)
        [first, second] = await outbox.lease(store, Audience.AUDIT)
        await outbox.park(store, first, "is_archived")
        assert (await figures.read(store)).outbox[Audience.AUDIT] == Outbox(2, 1, 90.0)
        await outbox.unpark(store, Audience.AUDIT)
        await outbox.settle(store, first)
        assert (await figures.read(store)).outbox[Audience.AUDIT] == Outbox(1, 0, 0.0)
        await outbox.settle(store, second)
        assert (await figures.read(store)).outbox[Audience.AUDIT] == Outbox()


async def test_the_log_tells_what_waits_for_it(home: Home) -> None:
    """Events age until they are in the log; checkpoint and anchor age from then on."""
    home.hold_clock()
    async with home.open("bot") as store:
        await created(store)
        home.advance_clock(70)
        seen = await figures.read(store)
        assert seen.log_waiting > 0
        assert seen.log_oldest_seconds == 70
        assert (seen.checkpoint_age, seen.anchor_age, seen.log_refused) == (None, None, 0)
        sequencer = Sequencer(store, home.signing)
        while (await sequencer.step()).more:
            pass
        while (await sequencer.step()).integrated:
            pass
        async with store.db.write() as tx:
            await tx.execute(update(log_anchoring).values(posted_at=store.clock.now()))
        home.advance_clock(5)
        seen = await figures.read(store)
        assert (seen.log_waiting, seen.log_oldest_seconds) == (0, 0)
        assert (seen.checkpoint_age, seen.anchor_age) == (5, 5)


async def test_of_webhooks_only_the_operators_endpoints_are_told(home: Home) -> None:
    """What waits and what was given up, by the names that were asked for; one that is gone from the file is not."""
    async with home.open("bot") as store:
        owed = {"subject": b"x" * 16, "tries": 1, "lease_until": 0}
        rows = [
            {"endpoint": "siem", "position": 1, "failed_at": None, **owed},
            {"endpoint": "siem", "position": 2, "failed_at": 5, **owed},
            {"endpoint": "siem", "position": 3, "failed_at": 5, **owed},
            {"endpoint": "old", "position": 1, "failed_at": None, **owed},
        ]
        async with store.db.write() as tx:
            await tx.execute(insert(webhook_deliveries), rows)
        assert (await figures.read(store, ["siem", "new"])).webhooks == {"siem": (1, 2), "new": (0, 0)}


async def test_asking_often_reads_once(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """A hundred questions within ten seconds are one reading, also where it failed."""
    read, count, fails = figures.read, 0, False

    async def counted(store: Store, endpoints: object) -> figures.Figures:
        nonlocal count
        count += 1
        if fails:
            raise StoreUnavailableError("x")
        return await read(store)

    monkeypatch.setattr(figures, "read", counted)
    async with home.open() as store:
        reading = Reading(store)
        found = await asyncio.gather(*(reading.figures() for _ in range(100)))
        assert (count, found[0] is not None) == (1, True)
        fails, reading = True, Reading(store)
        assert await asyncio.gather(*(reading.figures() for _ in range(100))) == [None] * 100
        assert count == 2


async def test_a_database_that_is_away_is_told_and_nothing_of_before(
    sqlite_home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """0 for readable, and no figure that would look as if all were well; with it back, everything again."""
    monkeypatch.setattr(figures, "FRESH_SECONDS", 0)
    async with sqlite_home.open() as store:
        metrics = Metrics(store, sqlite_home.keyring, "web")
        assert scraped(await metrics.text()).value("store_readable") == 1

        async def away(*_: object) -> figures.Figures:
            raise StoreUnavailableError("away")

        with monkeypatch.context() as broken:
            broken.setattr(figures, "read", away)
            told = scraped(await metrics.text())
            assert told.value("store_readable") == 0
            assert told.value("drops", state="sealed") is None
            assert told.value("log_waiting") is None
        assert scraped(await metrics.text()).value("drops", state="sealed") == 0


async def test_a_keyring_that_is_away_or_foreign_is_told(home: Home) -> None:
    """By the word, and as a 0; the database is not blamed for it."""
    async with home.open() as store:
        metrics = Metrics(store, home.keyring, "web")
        assert await readiness.missing(store, home.keyring) == []
        assert scraped(await metrics.text()).value("keyring_readable") == 1
        home.keyring.rename(home.path / "away")
        assert await readiness.missing(store, home.keyring) == [readiness.KEYRING]
        told = scraped(await metrics.text())
        assert (told.value("keyring_readable"), told.value("store_readable")) == (0, 1)
        Keyring.make(home.keyring)
        assert await readiness.missing(store, home.keyring) == [readiness.KEYRING]


async def test_claims_are_counted_by_what_came_of_them(home: Home) -> None:
    """Won, sent again to the page that won, wrong, and ended for everybody else."""
    async with home.open() as store:
        drop = await made(home)
        with pytest.raises(WrongPassphraseError):
            await counted_claims.claim(store, drop.present(right=False), SOMEBODY)
        won = drop.present()
        for _ in range(3):
            await counted_claims.claim(store, won, SOMEBODY)
        with pytest.raises(Exception, match="ended"):
            await counted_claims.claim(store, drop.present(), SOMEBODY)
        assert store.counts.claims == {"wrong": 1, "won": 1, "sent_again": 2, "ended": 1}
        strict = replace(store, redelivery_seconds=0)
        await counted_claims.claim(strict, (await made(home)).present(), SOMEBODY)
        assert store.counts.claims["won"] == 2


async def test_absent_keys_are_told_once_somebody_has_looked(home: Home) -> None:
    """Nothing before the first look at the keyring; then how many live drops have no key."""
    drop = await made(home)
    async with home.open() as store:
        metrics = Metrics(store, home.keyring, "web")
        assert scraped(await metrics.text()).value("keys_absent") is None
        (home.keyring / "drops" / drop.new.id.hex()).rename(home.path / "key")
        await sweeper.sweep_keys(store)
        assert scraped(await metrics.text()).value("keys_absent") == 1
        (home.path / "key").rename(home.keyring / "drops" / drop.new.id.hex())
        await sweeper.sweep_keys(store)
        assert scraped(await metrics.text()).value("keys_absent") == 0


async def made(home: Home) -> Sealed:
    """A drop, made by the bot."""
    async with home.open("bot") as bot:
        return await created(bot)
